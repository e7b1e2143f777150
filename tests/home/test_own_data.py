"""One's own copy of everything: complete over all tables, only one's own, confirmed, and on the trail."""

import importlib
import json

import pytest
import sqlalchemy as sa

from learnhub.accounts import service as accounts
from learnhub.app import KEEPERS
from learnhub.audit.models import AuditEntry
from learnhub.core.orm import Base
from learnhub.home.rules import COLUMN_LABELS
from learnhub.study.models import Mark
from tests import cast
from tests.security import world

PERSONAL = {"member_id", "account_id", "actor_id"}
# Tables that name a person in a column and are no part of their copy, and why.
NOT_EXPORTED = {}
# Columns of exported tables that stay here, and why.
KEPT_BACK = {
    ("account", "password_hash"): "a secret",
    ("sign_in", "token_hash"): "a secret",
    ("sign_in_link", "token_hash"): "a secret",
    ("check_in_claim", "token_hash"): "a secret",
    ("calendar_feed", "token"): "a secret; its page shows the link",
    ("notice_choice", "secret"): "a secret",
    ("member", "identity_hash"): "tells nobody anything; the last four characters are exported",
    ("member", "search_key"): "the name once more, for searching",
    ("audit_entry", "actor_id"): "somebody else, or the person (own_act)",
    ("audit_entry", "key"): "made by the browser for one sending",
    ("audit_entry", "previous_hash"): "belongs to the chain",
    ("audit_entry", "hash"): "belongs to the chain",
}
# Read by machines, or shown in other words: in the JSON alone.
ONLY_JSON = {
    "id", "questions", "carried", "grades", "content_hash", "value", "revision", "question_id", "look_at", "version", "message_id",
    "until", "arguments", "permission", "beat_at", "done", "total",
}  # fmt: skip


def personal_tables():
    """Tables with a column for a person, and those that hang on one of them alone."""
    for room in KEEPERS:
        importlib.import_module(f"learnhub.{room}.queries")
    direct = {
        table.name
        for table in Base.metadata.sorted_tables
        if PERSONAL & set(table.columns.keys()) or table.name in {"member", "account"}
    }
    below = {
        table.name
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name in direct - {"member", "account"}
    }
    return direct | below


def holdings(session, account_id, member_id):
    sources = [importlib.import_module(f"learnhub.{room}.queries").about_person for room in KEEPERS]
    return [each for source in sources for each in source(session, account_id, member_id)]


@pytest.fixture
def things(session):
    """One of each thing, in the member's branch and of somebody elsewhere."""
    number, _name, member_id, *_rest = cast.PEOPLE["member"]
    own = world.build(session, cast.WILLOW, cast.WILLOW_TOWN, member_id, number)
    world.build(session, cast.DAM, cast.EAST_TOWN, 17, cast.PEOPLE["foreign_recorder"][0])
    session.add(Mark(account_id=number, unit="month:2026-11:film", marked_at=cast.NOW, content_hash="0" * 64))
    session.commit()
    return own


@pytest.mark.one_database  # what is selected is the same on both
def test_every_table_that_names_a_person_is_exported_or_has_a_reason(session):
    found = {each.table for each in holdings(session, 1, 1)}
    assert personal_tables() - found == set(NOT_EXPORTED)


@pytest.mark.one_database
def test_every_column_is_exported_or_has_a_reason_and_a_name(session, things):
    number, _name, member_id, *_rest = cast.PEOPLE["member"]
    for each in holdings(session, number, member_id):
        columns = {name for name in set(Base.metadata.tables[each.table].columns.keys()) if not name.endswith("_by")}
        kept = {name for table, name in KEPT_BACK if table == each.table}
        for row in each.rows:
            assert columns - set(row) == kept, each.table
            unnamed = {key for key in row if key not in COLUMN_LABELS and not key.endswith("_id")} - ONLY_JSON
            assert not unnamed, (each.table, unnamed)


def test_the_json_holds_everything_of_one_person_and_nothing_of_another(client_as, things, session):
    member = client_as("member")
    answer = member.send("/my-data", {"sure": "y", "form": "json"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "attachment" in answer.headers["Content-Disposition"]
    tables = {each["table"]: each["rows"] for each in json.loads(answer.data)["tables"]}
    for name in ("attendance", "follow_up", "credit", "completion", "certificate", "objection", "place", "attempt",
                 "complaint", "mark", "recognition", "membership", "sign_in", "job"):  # fmt: skip
        assert tables[name], name
    assert tables["member"][0]["name"] == "赵甲"
    assert tables["membership"][0]["organization"] == "柳树村党支部"
    assert tables["membership"][0]["valid_to"] is None
    own = {row["member_id"] for rows in tables.values() for row in rows if row.get("member_id")}
    assert own == {cast.PEOPLE["member"][2]}
    text = answer.get_data(as_text=True)
    assert "token_hash" not in text
    assert "password_hash" not in text
    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "own-data.take")).one()
    assert entry.subject == f"account:{cast.PEOPLE['member'][0]}"
    assert entry.details["form"] == "json"


@pytest.mark.one_database  # the same value
def test_the_paper_says_it_in_words(client_as, things):
    answer = client_as("member").send("/my-data", {"sure": "y", "form": "pdf"})
    assert answer.data.startswith(b"%PDF")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.one_database
def test_nothing_is_handed_out_unconfirmed(client_as, session):
    member = client_as("member")
    assert member.send("/my-data", {"form": "json"}).status_code == 422
    assert not session.scalar(sa.select(sa.func.count()).where(AuditEntry.action == "own-data.take"))
    assert member.post("/my-data", data={"sure": "y", "form": "json"}).status_code == 400


@pytest.mark.one_database
def test_who_has_a_password_confirms_by_it(client_as, session, act):
    accounts.set_password(
        session,
        act("organizer"),
        account_id=cast.PEOPLE["organizer"][0],
        password_hash=accounts.hash_password("green-river-78", ""),
    )
    session.execute(sa.text("UPDATE sign_in SET ended_at = NULL"))
    session.commit()
    organizer = client_as("organizer")
    assert "再输一次密码" in organizer.page("/my-data")
    assert organizer.send("/my-data", {"sure": "y", "form": "json"}).status_code == 422
    assert organizer.send("/my-data", {"password": "wrong", "form": "json"}).status_code == 422
    assert organizer.send("/my-data", {"password": "green-river-78", "form": "json"}).status_code == 200


@pytest.mark.one_database
def test_an_attempt_that_is_not_handed_in_keeps_its_keys(client_as):
    member = client_as("member")
    member.send("/months/2026-11/quiz")
    answer = member.send("/my-data", {"sure": "y", "form": "json"})
    tables = {each["table"]: each["rows"] for each in json.loads(answer.data)["tables"]}
    questions = tables["attempt"][0]["questions"]
    assert questions
    assert not any(each["correct"] or each["explanation_html"] for each in questions)
