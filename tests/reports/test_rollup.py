"""The roll-up is what a recount from the facts gives: after every verb, when a day passes, and when all is undone."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core import clock, orm
from learnhub.members import service as members
from learnhub.members.rules import CircumstanceKind, PostKind, Sex
from learnhub.members.service import carrying_out, people, writing
from learnhub.organizations import service as tree
from learnhub.organizations.rules import Domain
from learnhub.records import service as records
from learnhub.records.rules import CompletionWay, NewCompletion
from learnhub.records.service import book
from learnhub.reports import queries, service
from learnhub.reports.models import CoverageRollup, RollupDay
from learnhub.reports.queries import boundaries, keeping
from learnhub.reports.rules import Column
from learnhub.training import service as training
from learnhub.training.rules import Audience, CompletionRule
from learnhub.training.service import closing, places
from learnhub.web.db import db
from tests import cast
from tests.databases import count_statements
from tests.members.files import xlsx
from tests.members.test_import import imported, member_sheet
from tests.training.test_service import a_batch, a_task, roll_all

ACT = Act(1, cast.NOW)
DAY = dt.timedelta(days=1)


class World:
    """Tasks with a roll-up of today: one for all, one for a town, one for the countryside; and a batch with places."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.task = a_task(session, ACT)
        self.town = a_task(session, ACT, organization_id=cast.WILLOW_TOWN)
        self.rural = a_task(session, ACT, audience=Audience(domains=frozenset({Domain.RURAL})))
        self.batch = a_batch(session, ACT, self.task)
        training.place(session, ACT, batch_id=self.batch, member_id=10)
        roll_all(session, ACT, self.batch)
        records.complete(session, ACT, completions=[self.completion(11)])
        members.note_circumstance(
            session, ACT, member_id=1, kind=CircumstanceKind.MOBILE, reason="", on=cast.TODAY - DAY
        )
        service.recount_all(session, cast.TODAY)
        session.commit()

    def completion(self, member_id: int) -> NewCompletion:
        way = CompletionWay.HIGHER_LEVEL
        return NewCompletion(member_id, f"task:{self.task}", "higher:1", way, cast.TODAY, "班")


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def differences(session: Session) -> list[service.Difference]:
    return list(service.check(session))


def particulars(**changes: object) -> members.Particulars:
    facts = {
        "code": "N1",
        "name": "新人",
        "sex": Sex.FEMALE,
        "birth_month": "1960-01",
        "joined_on": dt.date(2020, 1, 1),
    }
    return members.Particulars(**(facts | changes))  # type: ignore[arg-type]


def an_import(world: World) -> None:
    imported(
        world.session, ACT, xlsx({"党员": member_sheet(["", "新人", "女", "2001-02", "2026-07-01", "", "ORG-005"])})
    )


def a_change_by_import(world: World) -> None:
    imported(world.session, ACT, xlsx({"党员": [["名册编号", "姓名", "性别"], ["M000010", "王庚", "女"]]}))


def an_undo(world: World) -> None:
    a_change_by_import(world)
    an_import(world)
    world.session.commit()
    members.undo(world.session, ACT, root_id=cast.COUNTY, on=cast.TODAY)


def a_closing(world: World) -> None:
    """One completes the batch, another, who came too late, does not."""
    training.place(world.session, ACT, batch_id=world.batch, member_id=17)
    world.session.commit()
    training.close(world.session, ACT, batch_id=world.batch)


# Every caller of `changed`: the module that says it, and an act that changes figures.
ACTS: dict[str, tuple[object, Callable[[World], object]]] = {
    "admit": (
        people,
        lambda w: members.admit(w.session, ACT, particulars=particulars(), organization_id=4, on=cast.TODAY),
    ),
    "amend": (people, lambda w: members.amend(w.session, ACT, member_id=3, particulars=particulars())),
    "transfer": (people, lambda w: members.transfer(w.session, ACT, member_id=3, organization_id=5, on=cast.TODAY)),
    "leave": (people, lambda w: members.leave(w.session, ACT, member_id=3, on=cast.TODAY)),
    "hold a post": (
        people,
        lambda w: members.hold_post(
            w.session, ACT, member_id=3, organization_id=4, kind=PostKind.PUBLICITY, on=cast.TODAY
        ),
    ),
    "leave a post": (
        people,
        lambda w: members.leave_post(
            w.session, ACT, member_id=5, organization_id=4, kind=PostKind.SECRETARY, on=cast.TODAY
        ),
    ),
    "note a circumstance": (
        people,
        lambda w: members.note_circumstance(
            w.session, ACT, member_id=3, kind=CircumstanceKind.EXEMPT, reason="", on=cast.TODAY
        ),
    ),
    "end a circumstance": (
        people,
        lambda w: members.end_circumstance(w.session, ACT, member_id=1, kind=CircumstanceKind.MOBILE, on=cast.TODAY),
    ),
    "import": (carrying_out, an_import),
    "change by import": (carrying_out, a_change_by_import),
    "undo": (writing, an_undo),
    "describe": (
        tree.describe.__globals__,
        lambda w: tree.describe(w.session, ACT, organization_id=4, name="甲", domain=Domain.SCHOOL),
    ),
    "move": (
        tree.move.__globals__,
        lambda w: tree.move(w.session, ACT, organization_id=8, parent_id=cast.WILLOW_TOWN, on=cast.TODAY),
    ),
    "complete": (book, lambda w: records.complete(w.session, ACT, completions=[w.completion(3)])),
    "withdraw a completion": (
        book,
        lambda w: records.withdraw_completions(w.session, ACT, source="higher:1", member_ids=[11], reason="更正"),
    ),
    "place": (places, lambda w: training.place(w.session, ACT, batch_id=w.batch, member_id=3)),
    "fill": (places, lambda w: training.fill(w.session, ACT, batch_id=w.batch)),
    "close": (closing, a_closing),
    "take a place back": (
        places,
        lambda w: training.withdraw_place(w.session, ACT, batch_id=w.batch, member_id=10, reason="出差"),
    ),
}


@pytest.mark.parametrize("name", ACTS)
def test_every_verb_keeps_the_roll_up(world: World, name: str) -> None:
    ACTS[name][1](world)
    world.session.commit()
    assert not differences(world.session)


@pytest.mark.one_database(crossed_by_everything=True)  # what a verb forgets, it forgets on either
@pytest.mark.parametrize("name", ACTS)
def test_a_verb_that_forgets_to_say_whom_it_concerns_is_found(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    where, act = ACTS[name]
    if isinstance(where, dict):
        monkeypatch.setitem(where, "changed", lambda *_, **__: None)
    else:
        monkeypatch.setattr(where, "changed", lambda *_, **__: None)
    act(world)
    world.session.commit()
    assert differences(world.session)


def test_a_page_of_today_is_the_live_count_and_costs_one_statement_more_than_the_task(world: World) -> None:
    training.fill(world.session, ACT, batch_id=world.batch)
    world.session.commit()
    for task in (world.task, world.town, world.rural):
        for domain in (None, Domain.RURAL):
            for top in (cast.COUNTY, cast.WILLOW_TOWN, cast.WILLOW, cast.FIRMS):
                question = queries.ask(world.session, task, top, cast.TODAY, domain)
                with count_statements() as seen:
                    table = queries.coverage(world.session, question)
                assert len(seen) == 1
                assert table == queries.counted_live(world.session, question)
                assert queries.count(world.session, question, Column.DUE) == table.total.figures[Column.DUE]


def test_names_of_today_are_those_of_the_facts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for task in (world.task, world.town, world.rural):
        question = queries.ask(world.session, task, cast.COUNTY, cast.TODAY)
        for column in (Column.NOT_COVERED, Column.WOMEN, Column.COVERED):
            paged: list[queries.Name] = []
            while page := queries.names(
                world.session, question, column, after=paged[-1].member_id if paged else None, limit=3
            ):
                paged.extend(page)
            assert tuple(paged) == tuple(queries.every_name(world.session, question, column))


def test_what_is_undone_leaves_no_trace(world: World) -> None:
    """A rolled back savepoint and a rolled back transaction; and a mark before a savepoint outlives it."""
    session = world.session
    members.leave(session, ACT, member_id=3, on=cast.TODAY)
    nested = session.begin_nested()
    members.leave(session, ACT, member_id=4, on=cast.TODAY)
    session.flush()
    nested.rollback()
    with session.begin_nested():
        members.leave(session, ACT, member_id=6, on=cast.TODAY)
    session.commit()
    assert not differences(session)
    members.leave(session, ACT, member_id=7, on=cast.TODAY)
    session.flush()
    session.rollback()
    assert not orm.touched(session)
    assert not differences(session)
    heads = queries.coverage(session, queries.ask(session, world.task, cast.WILLOW, cast.TODAY)).total.figures
    assert heads[Column.HEADS] == 7


def test_after_midnight_pages_are_counted_live_until_the_roll_up_follows(world: World) -> None:
    """Something written meanwhile is right yesterday, today, and after the roll-up has moved."""
    session, tomorrow = world.session, cast.TODAY + DAY
    clock.fix(cast.NOW + DAY)
    later = Act(1, clock.now())
    members.leave(session, later, member_id=3, on=tomorrow)
    training.place(session, later, batch_id=world.batch, member_id=4)
    members.note_circumstance(session, later, member_id=6, kind=CircumstanceKind.EXEMPT, reason="", on=cast.TODAY - DAY)
    session.commit()
    assert not differences(session), "the roll-up still holds for yesterday"
    yesterday = queries.ask(session, world.task, cast.WILLOW, cast.TODAY)
    today = queries.ask(session, world.task, cast.WILLOW, tomorrow)
    before = {day.day: queries.counted_live(session, day) for day in (yesterday, today)}
    assert before[cast.TODAY] != before[tomorrow]
    for question in (yesterday, today):
        assert queries.coverage(session, question) == before[question.day]
    service.advance(session, tomorrow)
    session.commit()
    assert session.scalar(select(RollupDay.day).where(RollupDay.task_id == world.task)) == tomorrow
    assert not differences(session)
    for question in (yesterday, today):
        assert queries.coverage(session, question) == before[question.day]


def turning(world: World) -> None:
    """Something of every kind turns tomorrow, noted today."""
    session, on = world.session, cast.TODAY + DAY
    members.transfer(session, ACT, member_id=2, organization_id=5, on=on)
    members.hold_post(session, ACT, member_id=7, organization_id=4, kind=PostKind.PUBLICITY, on=on)
    members.note_circumstance(session, ACT, member_id=11, kind=CircumstanceKind.EXEMPT, reason="", on=on)
    members.amend(session, ACT, member_id=14, particulars=particulars(full_on=on))
    new = NewCompletion(17, f"task:{world.task}", "higher:2", CompletionWay.HIGHER_LEVEL, on, "班")
    records.complete(session, ACT, completions=[new])
    tree.move(session, ACT, organization_id=8, parent_id=cast.WILLOW_TOWN, on=on)
    session.commit()


def test_a_new_day_counts_what_turned_and_nothing_else(world: World) -> None:
    turning(world)
    assert not differences(world.session)
    service.advance(world.session, cast.TODAY + DAY)
    assert not differences(world.session)
    assert service.advance(world.session, cast.TODAY + 2 * DAY) == 0


@pytest.mark.parametrize("shift", [-1, 1])
def test_a_boundary_one_day_off_is_found(world: World, shift: int, monkeypatch: pytest.MonkeyPatch) -> None:
    turning(world)
    within = boundaries._within
    monkeypatch.setattr(
        boundaries, "_within", lambda day, since, until: within(day, since + shift * DAY, until + shift * DAY)
    )
    service.advance(world.session, cast.TODAY + DAY)
    assert differences(world.session)


def test_months_that_run_out_and_birthdays_turn_too(session: Session) -> None:
    audience = Audience(posts=frozenset({PostKind.SECRETARY}), post_months=6)
    a_task(session, ACT, audience=audience)
    members.hold_post(session, ACT, member_id=3, organization_id=4, kind=PostKind.SECRETARY, on=dt.date(2026, 11, 1))
    a_task(session, ACT, ends_on=dt.date(2028, 1, 1))
    service.recount_all(session, cast.TODAY)
    for days in (1, 9, 150, 10, 1, 1, 30, 200):
        day = max(session.scalars(select(RollupDay.day))) + days * DAY
        service.advance(session, day)
        assert not differences(session)


def test_a_task_that_ended_long_ago_is_left_to_the_facts(world: World) -> None:
    service.advance(world.session, dt.date(2027, 6, 1))
    assert world.session.scalars(select(RollupDay.task_id)).all() == []
    assert world.session.scalars(select(CoverageRollup.task_id)).all() == []


def test_an_amended_end_keeps_the_roll_up_of_a_task_as_long_as_it_lasts(world: World) -> None:
    rule = CompletionRule(leave_part=7, pass_percent=None)
    training.amend_task(
        world.session, ACT, task_id=world.task, title="延期", ends_on=dt.date(2027, 6, 30), basis="依据", rule=rule,
        because="延期到明年",
    )  # fmt: skip
    assert {each.task.ends_on for each in keeping.kept(world.session)} == {dt.date(2026, 12, 31), dt.date(2027, 6, 30)}
    service.advance(world.session, dt.date(2027, 6, 1))
    assert world.session.scalars(select(RollupDay.task_id)).all() == [world.task]


def test_the_commands_move_recount_and_check(own_app: Flask) -> None:
    with own_app.app_context():
        World(db.session())
    runner = own_app.test_cli_runner()
    clock.fix(cast.NOW + DAY)
    assert "organizations counted: 0" in runner.invoke(args=["reports", "advance"]).output
    assert runner.invoke(args=["reports", "recount", "--check", "--sample", "3"]).exit_code == 0
    with own_app.app_context():
        db.session.execute(update(CoverageRollup).where(CoverageRollup.organization_id == 4).values(due=99))
        db.session.commit()
    failed = runner.invoke(args=["reports", "recount", "--check"])
    assert failed.exit_code == 1
    assert "due: 99 kept, 8 counted" in failed.output
    assert runner.invoke(args=["reports", "recount"]).exit_code == 0
    assert "differences: 0" in runner.invoke(args=["reports", "recount", "--check"]).output


def test_the_table_has_the_columns_of_the_report() -> None:
    assert [each.name for each in CoverageRollup.__table__.columns][2:] == [each.value for each in Column]
