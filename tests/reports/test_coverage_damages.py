"""The damages on which the properties of coverage fail: a property that no damage breaks says nothing."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from learnhub.members.rules import CircumstanceKind
from learnhub.reports import queries
from learnhub.reports.queries import Coverage, Name, looking
from learnhub.reports.rules import Column
from tests.reports import worlds
from tests.reports.test_coverage import (
    test_pages_of_names_join_into_the_whole_list as pages_join,
)
from tests.reports.test_coverage import (
    test_sql_says_what_the_pure_rules_say as sql_says,
)
from tests.reports.test_coverage import (
    test_the_algebra_holds as algebra,
)
from tests.reports.worlds import World

_C = CircumstanceKind
DAY = worlds.day(9)
# Worlds in which somebody is lost, somebody exempt, and several stand in most classes.
SEEDS = (1, 10, 23)


def fails(check: Callable[..., None], session: Session, **asked: Any) -> bool:
    """Whether the property fails on any of the worlds; it must hold on each without the damage."""
    inner = check.hypothesis.inner_test  # type: ignore[attr-defined]
    try:
        for seed in SEEDS:
            inner(session, seed=seed, **asked)
    except AssertionError:
        session.rollback()
        return True
    return False


def swapped(first: tuple[_C, ...], second: tuple[_C, ...]) -> dict[tuple[_C, ...], int]:
    """The circumstances as one number, with two of them taken for each other."""
    other = {first: second, second: first}
    return {other.get(words, words): bit for words, bit in looking.MARK_BITS.items()}


def any_column(session: Session) -> bool:
    """Whether SQL and the pure rules differ in any column."""
    return any(fails(sql_says, session, day=DAY, top=worlds.START, domain=None, column=each) for each in Column)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "bits",
    [
        swapped((_C.LOST_CONTACT, _C.SUSPENDED), (_C.EXEMPT,)),
        swapped((_C.EXEMPT,), (_C.IN_TRANSIT,)),
        swapped((_C.EXEMPT,), (_C.MOBILE,)),
    ],
    ids=["lost is exempt", "exempt is in transit", "exempt is mobile"],
)
def test_circumstances_taken_for_each_other_are_noticed(
    session: Session, monkeypatch: pytest.MonkeyPatch, bits: dict[tuple[_C, ...], int]
) -> None:
    monkeypatch.setattr(looking, "MARK_BITS", bits)
    assert any_column(session)


@pytest.mark.one_database
def test_the_day_before_is_not_the_day(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    real = looking.marks
    monkeypatch.setattr(looking, "marks", lambda day: real(day - dt.timedelta(days=400)))
    assert any_column(session)


@pytest.mark.one_database
def test_a_row_that_is_left_out_is_noticed(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    real = queries.coverage

    def without_the_first(session: Session, question: Any) -> Coverage:
        found = real(session, question)
        counted = [each for each in found.rows if each.figures[Column.HEADS]]
        return dataclasses.replace(found, rows=tuple(each for each in found.rows if each is not counted[0]))

    assert not fails(algebra, session, day=DAY, domain=None)
    monkeypatch.setattr(queries, "coverage", without_the_first)
    assert fails(algebra, session, day=DAY, domain=None)


@pytest.mark.one_database
def test_a_page_of_names_that_skips_somebody_is_noticed(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    real = queries.names

    def skips(session: Session, question: Any, column: Column, **how: Any) -> tuple[Name, ...]:
        page = real(session, question, column, **how)
        return page[1:] if how.get("after") is not None and len(page) > 1 else page

    assert not fails(pages_join, session, day=DAY, size=2, column=Column.HEADS)
    monkeypatch.setattr(queries, "names", skips)
    assert fails(pages_join, session, day=DAY, size=2, column=Column.HEADS)


def test_the_worlds_hold_somebody_in_every_class(session: Session) -> None:
    """What the damages above rest on."""
    found = {column for seed in range(30) for column in _filled(worlds.random_world(seed))}
    assert set(Column) <= found


def _filled(world: World) -> set[Column]:
    return {each for where in world.recount(worlds.START, DAY, None).values() for each in where}
