"""The names behind a number of the coverage of a task, paged by key."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, Subquery, func, or_, select, tuple_
from sqlalchemy.orm import Session

from learnhub.members.models import Member, Membership
from learnhub.members.rules import Sex
from learnhub.members.rules.days import DayPrecision
from learnhub.organizations import queries as organizations
from learnhub.organizations.models import Organization
from learnhub.records.rules import CompletionWay
from learnhub.reports.queries import facts, rollup
from learnhub.reports.queries.facts import Question
from learnhub.reports.rules import WAY_ORDER, Column, CoverageClass

# How many names one page holds.
PAGE = 50
# How many names are shown at once to be printed; longer lists are taken away as a file.
MOST_PRINTED = 2000
# How many branches are classified at first when nothing says which of them matter, and at most.
_HANDFUL, _MOST_AT_ONCE = 16, 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Name:
    """One name behind a number; birth and sex tell people of the same name apart."""

    member_id: int
    name: str
    sex: Sex
    birth_month: str
    joined_on: dt.date
    joined_precision: DayPrecision
    organization_id: int
    organization_name: str
    stands: CoverageClass
    way: CompletionWay | None


@dataclasses.dataclass(frozen=True, slots=True)
class NamePlace:
    """Where somebody stands in the order of names."""

    organization_id: int
    sort_key: str
    member_id: int


def count(session: Session, question: Question, column: Column) -> int:
    """How many names stand behind a number."""
    kept = rollup.rows(session, question)
    if kept is not None:
        return sum(getattr(each, column.value) for each in kept)
    found = facts.everybody(session, question)
    return session.scalar(select(func.count()).select_from(found).where(facts.counted(found, column))) or 0


def names(
    session: Session, question: Question, column: Column, *, after: int | None = None, limit: int = PAGE
) -> tuple[Name, ...]:
    """The next `limit` names behind a number, in organization order and then in roster order.

    `after` is the id of the last member of the page before; someone who is not in question has nobody after them. Only
    the branches of this page are classified, so a page costs the same at any depth: the roll-up tells which they are,
    and where it does not hold for the day, branches are taken in growing handfuls until the page is full.
    """
    place = place_of(session, question.day, after) if after is not None else None
    if after is not None and place is None:
        return ()
    found: list[Name] = []
    for some in _handfuls(session, question, column, place, limit):
        found.extend(_names_in(session, question, column, some, place))
        if len(found) >= limit:
            break
    return tuple(found[:limit])


def _handfuls(
    session: Session, question: Question, column: Column, place: NamePlace | None, limit: int
) -> Iterator[Sequence[int]]:
    """Branches in organization order from `place` on, as many at once as may hold a page."""
    first = place.organization_id if place else None
    kept = rollup.branches(session, question, column, first=first, limit=limit + 1)
    if kept is not None:
        yield kept
        return
    yield from growing(rollup.every_branch(session, question, first=first))


def growing(branches: Sequence[int]) -> Iterator[Sequence[int]]:
    """`branches` in handfuls, each twice as large as the one before: the first names soon, all of them in few statements."""
    start, size = 0, _HANDFUL
    while start < len(branches):
        yield branches[start : start + size]
        start, size = start + size, min(size * 2, _MOST_AT_ONCE)


def _names_in(
    session: Session, question: Question, column: Column, branches: Sequence[int], place: NamePlace | None
) -> list[Name]:
    """The names of `branches`, in their order, after `place`."""
    found = facts.stands(question, facts.only(branches))
    chosen = select(found).where(facts.counted(found, column))
    if place is not None:
        later = tuple_(found.c.sort_key, found.c.member_id) > (place.sort_key, place.member_id)
        chosen = chosen.where(or_(found.c.organization_id != place.organization_id, later))
    order = {branch: number for number, branch in enumerate(branches)}
    names = [_name(row) for row in session.execute(_named(chosen.subquery("page"), question.day))]
    return sorted(names, key=lambda each: order[each.organization_id])  # stable: roster order stays within a branch


def every_name(session: Session, question: Question, column: Column) -> Iterator[Name]:
    """All names behind a number, in the same order, without holding them all."""
    found = facts.everybody(session, question)
    chosen = select(found).where(facts.counted(found, column)).subquery("page")
    return (_name(row) for row in session.execute(_named(chosen, question.day), execution_options={"yield_per": 1000}))


def place_of(session: Session, day: dt.date, member_id: int) -> NamePlace | None:
    """Where a member stands in the order of names, or None for somebody who is on no roster that day."""
    statement = (
        select(Membership.organization_id, Member.sort_key, Member.id)
        .join(Member, Member.id == Membership.member_id)
        .where(Member.id == member_id, Membership.valid_from <= day, Membership.valid_to > day)
    )
    row = session.execute(statement).first()
    return NamePlace(*row) if row else None


def _named(page: Subquery, day: dt.date) -> Select[Any]:
    """What a page shows of each row of `facts.stands`, in order, by the names of `day`."""
    then = organizations.Described(day)
    return (
        select(
            Member.id,
            Member.name,
            Member.sex,
            Member.birth_month,
            Member.joined_on,
            Member.joined_precision,
            Organization.id,
            then.name,
            page.c.class_number,
            page.c.way_number,
        )
        .join(page, page.c.member_id == Member.id)
        .join(Organization, Organization.id == page.c.organization_id)
        .outerjoin(then.former, then.on)
        .order_by(page.c.path, page.c.sort_key, page.c.member_id)
    )


def _name(row: Sequence[Any]) -> Name:
    found = facts.class_of(row[8])
    way = WAY_ORDER[row[9]] if found is CoverageClass.COVERED else None
    return Name(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], found, way)
