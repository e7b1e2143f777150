"""The algebra of coverage on random worlds: what SQL says is what the pure rules say, at any date, in any subtree."""

import datetime as dt
import os
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core.errors import NotFound
from learnhub.organizations.rules import Domain
from learnhub.records.rules import CompletionWay
from learnhub.reports import queries
from learnhub.reports.queries import Coverage, Question, facts
from learnhub.reports.rules import (
    NONE,
    SIX,
    WAYS,
    Column,
    CoverageClass,
    Facts,
    Figures,
    classify,
    columns,
    older_born_until,
)
from tests import cast
from tests.databases import count_statements
from tests.reports import worlds
from tests.reports.worlds import World
from tests.training.test_service import a_task

SEEDS = st.integers(0, 2**32)
DAYS = st.integers(-2, worlds.SPAN + 2).map(worlds.day)
DOMAINS = st.sampled_from([None, None, Domain.RURAL, Domain.SCHOOL])
TOPS = st.integers(0, 9).map(lambda number: worlds.START + number)
# `make properties` asks for many more.
EXAMPLES = int(os.environ.get("LEARNHUB_EXAMPLES", "0")) or 8
on_both = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class Undone(Exception):
    """Ends an example: everything of its world is rolled back."""


def world_of(session: Session, seed: int) -> Iterator[World]:
    """A world that is gone after the example."""
    world = worlds.random_world(seed)
    try:
        with session.begin_nested():
            world.insert(session)
            yield world
            raise Undone
    except Undone:
        session.expire_all()


def asked(session: Session, world: World, top: int, day: dt.date, domain: Domain | None) -> Question | None:
    """The question, or None when the task has nothing to do with that organization on that day."""
    try:
        return queries.ask(session, worlds.TASK, top, day, domain)
    except NotFound:
        scope = world.task["organization_id"]
        assert scope not in world.line(top, day)
        assert top not in world.line(scope, day)
        return None


@on_both
@given(seed=SEEDS, day=DAYS, top=TOPS, domain=DOMAINS, column=st.sampled_from(Column))
@example(seed=1, day=worlds.day(9), top=worlds.START, domain=None, column=Column.LOST)
@example(seed=10, day=worlds.day(9), top=worlds.START, domain=None, column=Column.EXEMPT)
def test_sql_says_what_the_pure_rules_say(
    session: Session, *, seed: int, day: dt.date, top: int, domain: Domain | None, column: Column
) -> None:
    for world in world_of(session, seed):
        question = asked(session, world, top, day, domain)
        if question is None:
            continue
        recount = world.recount(top, day, domain)
        expected = Counter(each for where in recount.values() for each in where)
        table = queries.coverage(session, question)
        assert table.total.figures == Figures({each: expected[each] for each in Column})
        names = queries.names(session, question, column, limit=1000)
        assert {each.member_id for each in names} == {who for who, where in recount.items() if column in where}
        assert len(names) == queries.count(session, question, column) == table.total.figures[column]
        ways = [facts.stands(question, facts.tree(question), at_once=each) for each in (False, True)]
        looked_up, gathered = (set(session.execute(select(each))) for each in ways)
        assert looked_up == gathered, "how the facts are taken does not change them"


@on_both
@given(seed=SEEDS, day=DAYS, domain=DOMAINS)
def test_the_algebra_holds(session: Session, seed: int, day: dt.date, domain: Domain | None) -> None:
    for world in world_of(session, seed):
        question = asked(session, world, worlds.START, day, domain)
        assert question is not None, "the root covers every task"
        table = queries.coverage(session, question)
        assert sum((row.figures for row in table.rows), NONE) == table.total.figures, "a parent is the sum of its rows"
        for row in (*table.rows, table.total):
            heads = row.figures
            assert sum(heads[column] for column in SIX) == heads[Column.HEADS]
            assert sum(heads[column] for column in WAYS) == heads[Column.COVERED]
            due = (Column.COVERED, Column.IN_TRAINING, Column.IN_TRANSIT, Column.NOT_COVERED)
            assert sum(heads[column] for column in due) == heads[Column.DUE]
        for row in table.rows:
            below = asked(session, world, row.organization_id, day, domain)
            if below is None or row.own:
                assert row.own or row.figures == NONE
            else:
                assert queries.coverage(session, below).total.figures == row.figures, "a row is its own page's total"


@on_both
@given(seed=SEEDS, day=DAYS, size=st.integers(1, 4), column=st.sampled_from(Column))
def test_pages_of_names_join_into_the_whole_list(
    session: Session, seed: int, day: dt.date, size: int, column: Column
) -> None:
    for world in world_of(session, seed):
        question = asked(session, world, worlds.START, day, None)
        assert question is not None
        whole = queries.names(session, question, column, limit=1000)
        assert tuple(queries.every_name(session, question, column)) == whole
        paged: list[queries.Name] = []
        while page := queries.names(
            session, question, column, after=paged[-1].member_id if paged else None, limit=size
        ):
            paged.extend(page)
        assert tuple(paged) == whole


@given(
    st.builds(
        Facts,
        lost=st.booleans(),
        ways=st.frozensets(st.sampled_from(CompletionWay)),
        exempt=st.booleans(),
        placed=st.booleans(),
        in_transit=st.booleans(),
    )
)
def test_everybody_stands_in_exactly_one_class(facts: Facts) -> None:
    counted = columns(facts)
    assert len(counted & set(SIX)) == 1
    assert len(counted & set(WAYS)) == (1 if classify(facts) is CoverageClass.COVERED else 0)


@pytest.mark.parametrize(
    ("known", "found"),
    [
        (Facts(lost=True, ways=frozenset({CompletionWay.CENTRALIZED})), CoverageClass.LOST),
        (Facts(exempt=True, ways=frozenset({CompletionWay.HOME_DELIVERED})), CoverageClass.COVERED),
        (Facts(exempt=True, placed=True), CoverageClass.EXEMPT),
        (Facts(placed=True, in_transit=True), CoverageClass.IN_TRAINING),
        (Facts(in_transit=True), CoverageClass.IN_TRANSIT),
        (Facts(), CoverageClass.NOT_COVERED),
    ],
)
def test_the_classes_are_tested_in_their_order(known: Facts, found: CoverageClass) -> None:
    assert classify(known) is found


def test_somebody_covered_twice_is_shown_under_the_first_way() -> None:
    twice = Facts(ways=frozenset({CompletionWay.HIGHER_LEVEL, CompletionWay.CENTRALIZED}))
    assert Column.CENTRALIZED in columns(twice)
    assert Column.HIGHER_LEVEL not in columns(twice)


def test_sixty_one_begins_with_the_month_of_birth() -> None:
    assert older_born_until(dt.date(2026, 6, 30)) == "1965-06"


def test_a_page_of_coverage_costs_the_same_whatever_its_size(session: Session) -> None:
    for world in world_of(session, 7):
        day = worlds.day(5)
        counts = []
        for top in (worlds.START, world.task["organization_id"]):
            question = queries.ask(session, worlds.TASK, top, day)
            with count_statements() as seen:
                queries.coverage(session, question)
            counts.append(len(seen))
        sized = session.get_bind().dialect.name == "postgresql"
        assert counts == [2 + sized] * 2, "whether there is a roll-up, how much there is to read, and the facts"


def test_organization_order_is_position_then_id(session: Session) -> None:
    task_id = a_task(session, Act(1, cast.NOW))
    table: Coverage = queries.coverage(session, queries.ask(session, task_id, cast.WILLOW_TOWN, cast.TODAY))
    assert [row.organization_id for row in table.rows] == [cast.WILLOW, cast.BRIDGE, cast.FIRMS]
    assert [row.figures[Column.HEADS] for row in table.rows] == [9, 4, 3]
    assert table.total.figures[Column.DUE] == 15
