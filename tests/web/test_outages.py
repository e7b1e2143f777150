"""When the database is away, locked or full: what pages say, what is read all the same, and that it ends by itself."""

import datetime as dt
import errno
import sqlite3
import time
from collections.abc import Callable

import psycopg
import pytest
from flask import Flask, Response
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError

from learnhub.accounts.models import SignIn
from learnhub.audit.models import AuditEntry
from learnhub.core import clock
from learnhub.core.sqlite import sqlite_module
from learnhub.feedback.models import Complaint
from learnhub.web.db import db
from learnhub.web.errors import say
from learnhub.web.outages import Outage, find_outage, refuses_commit
from tests import cast, databases, outages
from tests.pages import PageClient

SCRIPT = {"X-Requested-By": "script"}
COMPLAINT = {"kind": "suggestion", "words": "石坝村的杨辰建议早上开课", "key": "feedback-key-1"}


@pytest.fixture
def browser(own_app: Flask) -> Callable[[str | None], PageClient]:
    """`browser("member")`: a browser with a token in hand, in which that person of the cast is signed in."""

    def make(person: str | None = None) -> PageClient:
        client = PageClient(own_app, own_app.response_class)
        if person is not None:
            with client.session_transaction() as cookie:
                cookie["_user_id"], cookie["_fresh"] = cast.token(person), True
        client.token()
        return client

    return make


Browser = Callable[[str | None], PageClient]


def count(app: Flask, table: type) -> int:
    with app.app_context():
        found = db.session.scalar(select(func.count()).select_from(table))
        db.session.remove()
    return found or 0


def test_every_page_says_in_words_that_the_database_is_away(
    own_app: Flask, kind: databases.Kind, browser: Browser
) -> None:
    """Signed in or not, reading or writing, known address or not; and all goes on as soon as it is back."""
    member, stranger = browser("member"), browser(None)
    assert member.get("/account").status_code == 200
    with outages.away(own_app, kind):
        for client in (member, stranger):
            assert client.get("/no-such-page").status_code == 404
            assert client.post("/sign-out").status_code == 400, "without a token"
        read = member.get("/account")
        written = member.send("/feedback", COMPLAINT)
        also = stranger.send("/sign-in", {"login_name": "member", "password": "wrong-password"})
        static = stranger.get("/static/css/base.css")
    assert [each.status_code for each in (read, written, also, static)] == [503, 503, 503, 200]
    assert "以前保存的都在" in written.text and "您这一步没有保存" in written.text
    assert "没有保存" not in read.text and "已经保存的都在" in read.text
    assert all(int(each.headers["Retry-After"]) > 0 for each in (read, written, also))
    assert "登录</a>" not in read.text, "whoever is signed in is not asked to sign in"
    assert member.get("/account").status_code == 200
    again = member.send("/feedback", COMPLAINT)
    assert again.status_code == 303
    assert count(own_app, Complaint) == 1


def test_what_was_typed_is_sent_again_by_one_press(own_app: Flask, kind: databases.Kind, browser: Browser) -> None:
    """The page holds it all; a stranger's form is never offered."""
    member = browser("member")
    with outages.away(own_app, kind):
        page = member.send("/feedback", COMPLAINT).text
        foreign = member.send("/feedback", COMPLAINT, headers={"Sec-Fetch-Site": "cross-site"})
    assert COMPLAINT["words"] in page and 'value="feedback-key-1"' in page and "重新提交" in page
    assert COMPLAINT["words"] not in foreign.text


@pytest.mark.parametrize(
    "headers", [SCRIPT, {"Accept": "application/json"}, {"Sec-Fetch-Dest": "empty", "Accept": "*/*"}]
)
def test_scripts_are_answered_in_json(
    own_app: Flask, kind: databases.Kind, browser: Browser, headers: dict[str, str]
) -> None:
    member = browser("member")
    with outages.away(own_app, kind):
        answers = [member.get("/account", headers=headers), member.send("/feedback", COMPLAINT, headers=headers)]
    for answer in answers:
        assert (answer.status_code, answer.mimetype) == (503, "application/json")
        assert answer.headers["Retry-After"] and answer.json and answer.json["error"]


def test_a_machine_hears_that_the_database_is_away(own_app: Flask, kind: databases.Kind, browser: Browser) -> None:
    stranger = browser(None)
    with outages.away(own_app, kind):
        answer = stranger.get("/healthz")
    assert answer.status_code == 503 and answer.json and answer.json["schema"] is None
    assert stranger.get("/healthz").status_code == 200


def test_reading_goes_on_while_somebody_else_writes(own_app: Flask, browser: Browser) -> None:
    """Noting when somebody was last seen takes no time from the page, and is made up for later."""
    member = browser("member")
    later = cast.NOW + dt.timedelta(minutes=30)
    clock.fix(later)
    with outages.locked(own_app):
        begun = time.process_time(), time.monotonic()
        answer = member.get("/account")
        spent = time.monotonic() - begun[1]
    assert answer.status_code == 200
    assert spent < 5, "far below the ten seconds that a write waits"
    assert member.get("/account").status_code == 200
    with own_app.app_context():
        seen = db.session.scalar(select(SignIn.seen_at).where(SignIn.account_id == cast.PEOPLE["member"][0]))
    assert seen == later


def test_when_somebody_was_last_seen_is_noted_after_the_answer(own_app: Flask, browser: Browser) -> None:
    member = browser("member")
    clock.fix(cast.NOW + dt.timedelta(minutes=30))
    answer = member.get("/account", buffered=False)
    with own_app.app_context():
        seen = select(SignIn.seen_at).where(SignIn.account_id == cast.PEOPLE["member"][0])
        assert db.session.scalar(seen) == cast.NOW
        db.session.remove()
        answer.close()
        assert db.session.scalar(seen) == clock.now()


def test_a_note_that_fails_is_told_once(
    own_app: Flask, kind: databases.Kind, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    member = browser("member")
    clock.fix(cast.NOW + dt.timedelta(minutes=30))
    with outages.locked(own_app):
        for _ in range(3):
            assert member.get("/account").status_code == 200
    assert len([each for each in caplog.records if "last seen" in each.getMessage()]) == 1
    assert member.get("/account").status_code == 200


@pytest.mark.one_database  # PostgreSQL has no such limit; its state for a full disk is told below
def test_a_full_disk_is_told_and_reading_goes_on(own_app: Flask, browser: Browser) -> None:
    """Nobody is told that anything was saved; with room again it goes on without a restart."""
    member, organizer = browser("member"), browser("organizer")
    clock.fix(cast.NOW + dt.timedelta(minutes=30))
    before = count(own_app, AuditEntry)
    with outages.full(own_app):
        words = {**COMPLAINT, "words": "长" * 1000}
        written = next(
            answer
            for number in range(100)
            if (answer := member.send("/feedback", {**words, "key": f"feedback-{number:03}"})).status_code != 303
        )
        stored = count(own_app, Complaint)
        read = member.get("/account")
    assert (written.status_code, read.status_code) == (503, 200)
    assert "没有保存" in written.text and "硬盘满了" in written.text and "系统管理员" in written.text
    assert count(own_app, Complaint) == stored
    assert member.send("/feedback", COMPLAINT).status_code == 303
    assert organizer.get("/roster?organization=4").status_code == 200
    assert count(own_app, AuditEntry) > before


def test_a_list_of_names_that_cannot_be_noted_is_not_shown(own_app: Flask, browser: Browser) -> None:
    """Reading it is put on the audit trail first; without that nobody reads it."""
    organizer = browser("organizer")
    assert "赵甲" in organizer.page("/roster?organization=4")
    with own_app.app_context():
        if db.engine.dialect.name == "sqlite":
            refuse = "CREATE TRIGGER full_disk BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'x'); END"
            db.session.execute(text(refuse))
        else:
            db.session.execute(
                text(
                    "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
                    "$$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = 'disk_full'; END $$"
                )
            )
            refuse = "CREATE TRIGGER full_disk BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION full_disk()"
            db.session.execute(text(refuse))
        db.session.commit()
        db.session.remove()
    answer = organizer.get("/roster?organization=4")
    assert "赵甲" not in answer.text
    assert answer.status_code in {503, 500}
    if own_app.config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        assert "要先留下记录" in answer.text and answer.status_code == 503


def test_a_commit_without_an_answer_is_not_called_unsaved(
    own_app: Flask, kind: databases.Kind, browser: Browser
) -> None:
    """The connection breaks between the COMMIT and its answer: the page says so, and sending again counts once."""
    member = browser("member")
    with own_app.app_context():
        engine = db.engine
    real = engine.dialect.do_commit

    def lose_answer(raw: object) -> None:
        real(raw)  # type: ignore[arg-type]
        engine.dialect.do_commit = real  # type: ignore[method-assign]
        if kind.name == "sqlite":
            error = sqlite_module().OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise error
        raise psycopg.OperationalError("the connection is lost")

    engine.dialect.do_commit = lose_answer  # type: ignore[method-assign]
    try:
        answer = member.send("/feedback", COMPLAINT)
    finally:
        engine.dialect.do_commit = real  # type: ignore[method-assign]
    assert answer.status_code == 503
    assert "可能已经保存，也可能没有。再提交一次也只算一次" in answer.text and "这一步没有保存" not in answer.text
    assert member.send("/feedback", COMPLAINT).status_code == 303
    assert count(own_app, Complaint) == 1


def test_what_was_to_be_said_is_not_said_when_saving_failed(own_app: Flask, browser: Browser) -> None:
    """A message prepared before a commit that then fails stands neither on the page nor on the next one."""

    def half_way() -> Response:
        say("已经保存好了")
        error = sqlite_module().OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise error

    own_app.view_functions["home.set_mode"] = half_way
    member = browser("member")
    assert "已经保存好了" not in member.send("/mode", {"mode": "elder"}).text
    assert "已经保存好了" not in member.page("/account")


def _postgresql(state: str | None) -> DBAPIError:
    error = psycopg.errors.lookup(state)("words") if state else psycopg.OperationalError("connection refused")
    return OperationalError("UPDATE", {}, error)


@pytest.mark.parametrize(
    ("state", "outage"),
    [
        (None, Outage.AWAY),
        ("57P01", Outage.AWAY),
        ("57P03", Outage.AWAY),
        ("08006", Outage.AWAY),
        ("08P01", Outage.AWAY),
        ("53300", Outage.AWAY),
        ("53100", Outage.FULL),
        ("25006", Outage.READ_ONLY),
        ("55P03", Outage.BUSY),
        ("40P01", Outage.BUSY),
        ("40001", Outage.BUSY),
        ("58030", Outage.DAMAGED),
        ("XX001", Outage.DAMAGED),
        ("42P01", None),
        ("23505", None),
        ("22021", None),
    ],
)
def test_states_of_postgresql_are_told_apart(state: str | None, outage: Outage | None) -> None:
    assert find_outage(_postgresql(state)) is outage


@pytest.mark.parametrize(
    ("number", "outage"),
    [
        (errno.ENOSPC, Outage.FULL),
        (errno.EDQUOT, Outage.FULL),
        (errno.EROFS, Outage.READ_ONLY),
        (errno.EIO, Outage.DAMAGED),
        (errno.ENOENT, None),
        (errno.ECONNRESET, None),
    ],
)
def test_errors_of_a_disk_are_told_apart(number: int, outage: Outage | None) -> None:
    assert find_outage(OSError(number, "words")) is outage


def test_only_what_the_database_itself_refused_counts_as_refused() -> None:
    """A connection that broke during a COMMIT, or a disk that failed in it, leaves open what was kept."""
    assert refuses_commit(_postgresql("40001")) and refuses_commit(_postgresql("23505"))
    assert not refuses_commit(_postgresql("57P01")) and not refuses_commit(_postgresql(None))
