"""Pages while something is marked: never stale, in few statements; and the sweep, which takes the marks it has read."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.members import service as members
from learnhub.members.rules import CircumstanceKind
from learnhub.organizations.rules import Domain
from learnhub.reports import queries, service
from learnhub.reports.models import RollupDay, RollupMark
from learnhub.reports.queries import rollup
from learnhub.reports.rules import Column
from learnhub.training.enrolment import service as enrolment_service
from learnhub.training.tasks import service as tasks_service
from tests import cast
from tests.databases import count_statements
from tests.reports.rollup_world import ACT, World, differences, pages_are_right, swept
from tests.training.test_service import a_task


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def test_a_page_is_the_live_count_and_costs_one_statement_more_while_something_is_marked(world: World) -> None:
    enrolment_service.fill(world.session, ACT, batch_id=world.batch)
    world.session.commit()
    for statements in (2, 1):
        for task in (world.task, world.town, world.rural):
            for domain in (None, Domain.RURAL):
                for top in (cast.COUNTY, cast.WILLOW_TOWN, cast.WILLOW, cast.FIRMS):
                    question = queries.ask(world.session, task, top, cast.TODAY, domain)
                    with count_statements() as seen:
                        table = queries.coverage(world.session, question)
                    assert len(seen) == statements
                    assert table == queries.counted_live(world.session, question)
                    assert queries.count(world.session, question, Column.DUE) == table.total.figures[Column.DUE]
        service.sweep(world.session, cast.TODAY)
        world.session.commit()


@pytest.mark.parametrize("many", [False, True])
def test_names_of_today_are_those_of_the_facts(world: World, monkeypatch: pytest.MonkeyPatch, many: bool) -> None:
    """While everybody in one branch is marked, and nobody there is counted any more."""
    for member_id in (17, 18, 19, 20):
        members.leave(world.session, ACT, member_id=member_id, on=cast.TODAY)
    members.note_circumstance(
        world.session, ACT, member_id=3, kind=CircumstanceKind.EXEMPT, reason="", on=cast.TODAY
    )  # fmt: skip
    world.session.commit()
    monkeypatch.setattr(rollup, "_MANY", 0 if many else 1000)
    for task in (world.task, world.town, world.rural):
        question = queries.ask(world.session, task, cast.COUNTY, cast.TODAY)
        for column in (Column.NOT_COVERED, Column.WOMEN, Column.COVERED):
            paged: list[queries.Name] = []
            while page := queries.names(
                world.session, question, column, after=paged[-1].member_id if paged else None, limit=3
            ):
                paged.extend(page)
            assert tuple(paged) == tuple(queries.every_name(world.session, question, column))


def test_a_write_marks_and_counts_nothing(world: World) -> None:
    members.leave(world.session, ACT, member_id=3, on=cast.TODAY)
    with count_statements() as seen:
        world.session.commit()
    assert [each.split()[:3] for each in seen] == [["INSERT", "INTO", "rollup_mark"]]


def test_a_new_task_is_counted_live_until_a_sweep_counts_it_whole(world: World) -> None:
    session = world.session
    task = a_task(session, ACT, organization_id=cast.EAST_TOWN)
    members.leave(session, ACT, member_id=18, on=cast.TODAY)
    session.commit()
    assert pages_are_right(session, [task, world.task], (cast.COUNTY, cast.EAST_TOWN))
    assert swept(session)
    assert session.get_one(RollupDay, task).day == cast.TODAY
    question = queries.ask(session, task, cast.EAST_TOWN, cast.TODAY)
    with count_statements() as seen:
        found = queries.coverage(session, question)
    assert len(seen) == 1
    assert found == queries.counted_live(session, question)


def test_a_task_that_was_amended_is_counted_live_until_a_sweep(world: World) -> None:
    session, task = world.session, queries.ask(world.session, world.town, cast.WILLOW_TOWN, cast.TODAY).task
    tasks_service.amend_task(
        session, ACT, task_id=world.town, title="延期", ends_on=task.ends_on, basis="依据", rule=task.rule, because="改"
    )
    session.commit()
    assert rollup.rows(session, queries.ask(session, world.town, cast.WILLOW_TOWN, cast.TODAY)) is None
    assert pages_are_right(session, [world.town, world.task])
    assert swept(session)
    assert rollup.rows(session, queries.ask(session, world.town, cast.WILLOW_TOWN, cast.TODAY)) is not None


def test_a_sweep_without_marks_does_nothing(world: World) -> None:
    with count_statements() as seen:
        assert service.sweep(world.session, clock.today()) == 0
    assert len(seen) == 1
    assert not differences(world.session)
    assert world.session.scalar(select(func.count()).select_from(RollupMark)) == 0
