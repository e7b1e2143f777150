"""A generated town in a real database: what it says agrees with what the rooms' own services would have written."""

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from learnhub.accounts import service as accounts
from learnhub.accounts.models import Account, RoleBinding, SignIn
from learnhub.accounts.rules import Role
from learnhub.app import create_app
from learnhub.attendance import queries as attendance
from learnhub.attendance.models import Occasion
from learnhub.attendance.service.credits import earned
from learnhub.audit import queries as trail
from learnhub.audit.models import AuditEntry
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.demo import service
from learnhub.demo.rules import LABELS
from learnhub.meetings import queries as meetings
from learnhub.meetings.models import Meeting
from learnhub.members import queries as members
from learnhub.members.models import Circumstance, Member, Membership, Post
from learnhub.organizations.models import Organization, OrganizationLink
from learnhub.records import queries as records
from learnhub.records.models import Completion, Credit
from learnhub.reports import queries as reports
from learnhub.reports.rules import Column
from learnhub.training.batches import queries as batches
from learnhub.training.recognition import queries as recognition
from learnhub.training.recognition.models import Recognition
from learnhub.training.recognition.rules import WAYS, completing, recognition_source
from learnhub.training.recognition.service import withdraw_recognition
from learnhub.training.results import queries as results
from learnhub.training.tasks import queries as tasks
from learnhub.training.tasks.queries import held_task
from learnhub.web.db import db
from tests.cast import NOW, TODAY
from tests.databases import Kind, settings

CAST = (SignIn, RoleBinding, Account, Circumstance, Post, Membership, Member, OrganizationLink, Organization)


@pytest.fixture
def empty(session: Session) -> Session:
    """A database without the cast."""
    for table in CAST:
        session.execute(delete(table))
    return session


@pytest.fixture(scope="session")
def built(kind: Kind) -> Iterator[Engine]:
    """A database of its own with a town in it; built once, for tests that leave it as it is."""
    clock.fix(NOW)
    with create_app(settings(kind.copy(), kind.folder)).app_context():
        engine = db.engine
    with Session(engine) as session:
        for table in CAST:
            session.execute(delete(table))
        service.build(session, seed=3)
        session.commit()
    yield engine
    engine.dispose()


@pytest.fixture
def town(built: Engine) -> Iterator[Session]:
    with Session(built) as session:
        yield session


def test_nothing_is_built_where_there_is_somebody(session: Session) -> None:
    assert not service.is_empty(session)
    with pytest.raises(DomainError):
        service.build(session)


def test_a_town_is_built_once_with_one_entry_in_the_trail(empty: Session) -> None:
    assert service.is_empty(empty)
    written = service.build(empty, seed=3)
    assert not service.is_empty(empty)
    assert (written["member"], written["account"]) == (820, 8)
    assert empty.scalar(select(func.count()).select_from(Member)) == 820
    entries = empty.scalars(select(AuditEntry)).all()
    assert [each.action for each in entries] == ["demo.build"]
    assert trail.first_broken(empty) is None


def test_links_sign_each_role_in(town: Session) -> None:
    found = service.links(town)
    assert [label for label, _token in found] == list(LABELS.values())
    for _label, token in found:
        assert accounts.redeem_link(town, token=token, agent="test", at=clock.now())
    town.add(Account(name="新来的", created_at=clock.now()))
    town.flush()  # what comes after the generation finds an id behind it
    roles = set(town.scalars(select(RoleBinding.role)))
    assert roles == set(Role)
    assert town.scalar(select(func.count()).select_from(Account).where(Account.password_hash.is_not(None))) == 0


def test_the_record_book_says_what_the_services_would_have_written(town: Session) -> None:
    known: dict[str, dict[int, Credit]] = {}
    for credit in town.scalars(select(Credit)):
        known.setdefault(credit.source, {})[credit.member_id] = credit
    for occasion in town.scalars(select(Occasion).where(Occasion.id % 7 == 0)):
        due = earned(town, occasion, attendance.roll(town, occasion.id)) if occasion.finished_at else {}
        found = known.get(f"occasion:{occasion.id}", {})
        assert found.keys() == due.keys()
        for member, wanted in due.items():
            credit = found[member]
            assert (credit.kind, credit.quarters, credit.day) == (wanted.kind, wanted.quarters, wanted.day)
            assert (credit.title, credit.basis) == (wanted.title, wanted.basis)


def test_a_closed_batch_covers_exactly_those_whom_nothing_is_missing(town: Session) -> None:
    """And every column of the coverage table has somebody in it."""
    (task,) = tasks.tasks_for(town, [1], TODAY)
    closed = next(each for each in batches.batches(town, [task.id], 1, TODAY) if not each.is_open)
    done = {each.member_id for each in results.outcomes(town, closed.id) if each.completes}
    assert done == records.completed_by(town, f"batch:{closed.id}")
    titles = set(town.scalars(select(Completion.title).where(Completion.source == f"batch:{closed.id}")))
    assert titles == {f"{task.title} {closed.title}"}
    coverage = reports.coverage(town, reports.ask(town, task.id, 1, TODAY))
    assert coverage.total.figures[Column.HEADS] == 820
    assert all(coverage.total.figures[column] for column in Column)


def test_the_recorder_finds_this_month_open_and_the_year_behind(town: Session) -> None:
    branch = town.scalar(select(RoleBinding.organization_id).where(RoleBinding.role == Role.RECORDER))
    assert branch is not None
    assert meetings.theme_day(town, branch, "2026-11") is None
    assert meetings.habit(town, branch)
    last = meetings.for_month(town, branch, "2026-10")
    assert any(each.is_theme_day for each in last)
    for each in last:
        listed = {member.id for member in meetings.expected(town, each)}
        assert listed == set(attendance.roll(town, each.occasion.id))
    assert len(members.members_of(town, branch, TODAY)) == 25


def test_the_commands_refuse_without_the_setting(app: Flask) -> None:
    runner = app.test_cli_runner()
    for command in ("build", "links"):
        done = runner.invoke(args=["demo", command])
        assert done.exit_code == 1 and "LEARNHUB_DEMO=1" in done.output


def test_the_commands_build_a_town_and_print_links(own_app: Flask) -> None:
    own_app.config["SETTINGS"] = dataclasses.replace(own_app.config["SETTINGS"], demo=True)
    runner = own_app.test_cli_runner()
    refused = runner.invoke(args=["demo", "build"])
    assert refused.exit_code == 1 and "Traceback" not in refused.output
    with own_app.app_context():
        for table in CAST:
            db.session.execute(delete(table))
        db.session.commit()
    built = runner.invoke(args=["demo", "build", "--seed", "3"])
    assert built.exit_code == 0, built.output
    assert "820" in built.output
    printed = runner.invoke(args=["demo", "links"])
    assert printed.output.count("/sign-in/link/") == len(LABELS)
    with own_app.app_context():
        titles = set(db.session.scalars(select(Meeting.theme).where(Meeting.month == "2026-10")))
        assert own_app.extensions["shelf"].current().unit("2026-10").title in titles


def test_what_was_studied_elsewhere_is_listed_and_can_be_withdrawn(town: Session) -> None:
    rows = town.scalars(select(Recognition).order_by(Recognition.id)).all()
    assert {each.way for each in rows} == set(WAYS)
    sources = {(each.member_id, recognition_source(each.id)) for each in rows}
    assert sources == set(
        town.execute(
            select(Completion.member_id, Completion.source).where(Completion.source.like("recognition:%"))
        ).tuples()
    )
    assert recognition.recognitions(town, 1, 1, TODAY)
    assert recognition.count_waiting_recognitions(town, 1, TODAY) == 0
    task = held_task(town, 1)
    for member_id, studies in recognition.studies(town, 1, [each.member_id for each in rows]).items():
        assert completing(studies, task.quarters) == tuple(studies), member_id
    first = rows[0]
    withdraw_recognition(town, Act(3, clock.now()), recognition_id=first.id, reason="名单有误")
    left = (
        select(func.count())
        .select_from(Credit)
        .where(
            Credit.member_id == first.member_id,
            Credit.source == recognition_source(first.id),
            Credit.withdrawn_at.is_(None),
        )
    )
    assert first.withdrawn_at and not town.scalar(left)
