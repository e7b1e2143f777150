"""Days pass: the roll-up follows, counting only what turned, and pages are right before and after."""

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.members import service as members
from learnhub.members.rules import CircumstanceKind, PostKind
from learnhub.organizations import service as tree
from learnhub.organizations.rules import Domain
from learnhub.records import service as records
from learnhub.records.rules import CompletionWay, NewCompletion
from learnhub.reports import queries, service
from learnhub.reports.models import CoverageRollup, RollupDay
from learnhub.reports.queries import boundaries, keeping
from learnhub.training.enrolment import service as enrolment_service
from learnhub.training.tasks import service as tasks_service
from learnhub.training.tasks.rules import Audience, CompletionRule
from tests import cast
from tests.reports.rollup_world import ACT, DAY, World, differences, particulars, tried
from tests.training.test_service import a_task


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def test_after_midnight_pages_are_counted_live_until_the_roll_up_follows(world: World) -> None:
    """Something written meanwhile is right yesterday, today, and after the roll-up has moved."""
    session, tomorrow = world.session, cast.TODAY + DAY
    clock.fix(cast.NOW + DAY)
    later = Act(1, clock.now())
    members.leave(session, later, member_id=3, on=tomorrow)
    enrolment_service.place(session, later, batch_id=world.batch, member_id=4)
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
    records.complete(session, dataclasses.replace(ACT, at=ACT.at + DAY), completions=[new])
    tree.move(session, ACT, organization_id=8, parent_id=cast.WILLOW_TOWN, on=on)
    tree.describe(session, ACT, organization_id=7, name="学校党支部", domain=Domain.SCHOOL, on=on)
    session.commit()


def test_a_new_day_counts_what_turned_and_nothing_else(world: World) -> None:
    turning(world)
    assert not differences(world.session)
    service.advance(world.session, cast.TODAY + DAY)
    assert not differences(world.session)
    assert service.advance(world.session, cast.TODAY + 2 * DAY) == 0


@pytest.mark.one_database(crossed_by_everything=True)
def test_a_boundary_one_day_off_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    turning(world)
    service.sweep(world.session, cast.TODAY)
    within = boundaries._within
    for shift in (-DAY, DAY):
        with tried(world) as here, monkeypatch.context() as patch:
            patch.setattr(
                boundaries, "_within", lambda day, *span, by=shift: within(day, *(each + by for each in span))
            )
            service.advance(here.session, cast.TODAY + DAY)
            assert differences(here.session), shift


def test_months_that_run_out_and_birthdays_turn_too(session: Session) -> None:
    audience = Audience(posts=frozenset({PostKind.SECRETARY}), post_months=6)
    a_task(session, ACT, audience=audience)
    members.hold_post(session, ACT, member_id=3, organization_id=4, kind=PostKind.SECRETARY, on=dt.date(2026, 11, 1))
    a_task(session, ACT, ends_on=dt.date(2028, 1, 1))
    session.commit()
    service.recount_all(session, cast.TODAY)
    for days in (1, 9, 150, 11, 1, 230):
        day = max(session.scalars(select(RollupDay.day))) + days * DAY
        service.advance(session, day)
        assert not differences(session)


def test_a_task_that_ended_long_ago_is_left_to_the_facts(world: World) -> None:
    service.advance(world.session, dt.date(2027, 6, 1))
    assert world.session.scalars(select(RollupDay.task_id)).all() == []
    assert world.session.scalars(select(CoverageRollup.task_id)).all() == []


def test_an_amended_end_keeps_the_roll_up_of_a_task_as_long_as_it_lasts(world: World) -> None:
    rule = CompletionRule(leave_part=7, pass_percent=None)
    tasks_service.amend_task(
        world.session, ACT, task_id=world.task, title="延期", ends_on=dt.date(2027, 6, 30), basis="依据", rule=rule,
        because="延期到明年",
    )  # fmt: skip
    assert {each.task.ends_on for each in keeping.kept(world.session)} == {dt.date(2026, 12, 31), dt.date(2027, 6, 30)}
    service.advance(world.session, dt.date(2027, 6, 1))
    assert world.session.scalars(select(RollupDay.task_id)).all() == [world.task]
