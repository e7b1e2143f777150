"""The names behind a number of report 4, each with the hours of the year and what they were given for; paged by key."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, or_, select, tuple_
from sqlalchemy.orm import Session

from learnhub.members.models import Member, Membership
from learnhub.members.rules import Sex
from learnhub.organizations import queries as organizations
from learnhub.records.models import Credit
from learnhub.records.queries import NeedValue
from learnhub.records.rules import CreditKind
from learnhub.reports.queries.hours import Band, Reached, banded, needs_on
from learnhub.reports.queries.names import PAGE, NamePlace, growing, place_of


@dataclasses.dataclass(frozen=True, slots=True)
class HoursName:
    """One member: quarter hours of the year so far, in all and by what they were given for."""

    member_id: int
    name: str
    sex: Sex
    birth_month: str
    organization_id: int
    organization_name: str
    committee: bool
    reached: Reached
    quarters: int
    sources: tuple[tuple[CreditKind, int], ...]


def hours_names(
    session: Session,
    organization_id: int,
    day: dt.date,
    band: Band,
    *,
    own: bool = False,
    after: int | None = None,
    limit: int = PAGE,
) -> tuple[HoursName, ...]:
    """The next `limit` names of a band, in organization order and then in roster order.

    `own` narrows it to those directly in the organization. `after` is the id of the last member of the page before;
    someone who is not there has nobody after them. Branches are read in growing handfuls until the page is full.
    """
    branches = _branches(session, organization_id, day, own)
    first: NamePlace | None = None
    if after is not None:
        first = place_of(session, day, after)
        if first is None or first.organization_id not in branches:
            return ()
        branches = branches[branches.index(first.organization_id) :]
    found: list[HoursName] = []
    for some in growing(branches):
        found.extend(_names(session, some, day, band, first))
        if len(found) >= limit:
            break
    return tuple(found[:limit])


def every_hours_name(
    session: Session, organization_id: int, day: dt.date, band: Band, *, own: bool = False
) -> Iterator[HoursName]:
    """All names of a band, in the same order, without holding them all."""
    for some in growing(_branches(session, organization_id, day, own)):
        yield from _names(session, some, day, band, None)


def _branches(session: Session, organization_id: int, day: dt.date, own: bool) -> list[int]:
    if own:
        return [organization_id]
    return [row.value.id for row in organizations.whole_tree(session, organization_id, day)]


def _names(
    session: Session, branches: Sequence[int], day: dt.date, band: Band, after: NamePlace | None
) -> list[HoursName]:
    """The names of a band in `branches`, in their order, after a place (two statements)."""
    needs: dict[bool, NeedValue] = needs_on(session, day)
    each, places = banded(Membership.organization_id.in_(branches), day, needs), organizations.names(day)
    statement = (
        select(
            Member.id,
            Member.name,
            Member.sex,
            Member.birth_month,
            each.c.organization_id,
            places.c.name,
            each.c.committee,
            each.c.band,
            each.c.quarters,
        )
        .join(each, each.c.member_id == Member.id)
        .join(places, places.c.id == each.c.organization_id)
        .order_by(Member.sort_key, Member.id)
    )
    if band.committee is not None:
        statement = statement.where(each.c.committee == band.committee)
    if band.reached is not None:
        statement = statement.where(each.c.band == band.reached.value)
    if after is not None:
        later = tuple_(Member.sort_key, Member.id) > (after.sort_key, after.member_id)
        statement = statement.where(or_(each.c.organization_id != after.organization_id, later))
    rows, order = session.execute(statement).all(), {branch: number for number, branch in enumerate(branches)}
    sources = _sources(session, [row[0] for row in rows], day)
    names = [_name(row, sources.get(row[0], ())) for row in rows]
    return sorted(names, key=lambda one: order[one.organization_id])  # stable: roster order stays within a branch


def _name(row: Sequence[Any], sources: tuple[tuple[CreditKind, int], ...]) -> HoursName:
    id_, name, sex, birth_month, place, place_name, committee, reached, quarters = row
    return HoursName(
        id_, name, sex, birth_month, place, place_name, bool(committee), Reached(reached), quarters, sources
    )  # fmt: skip


def _sources(session: Session, ids: Sequence[int], day: dt.date) -> dict[int, tuple[tuple[CreditKind, int], ...]]:
    """What the year's quarter hours of each member were given for, in the order of the kinds."""
    found: dict[int, dict[CreditKind, int]] = {}
    for start in range(0, len(ids), 10_000):
        statement = (
            select(Credit.member_id, Credit.kind, func.sum(Credit.quarters))
            .where(Credit.member_id.in_(ids[start : start + 10_000]), Credit.withdrawn_at.is_(None))
            .where(Credit.day.between(dt.date(day.year, 1, 1), day))
            .group_by(Credit.member_id, Credit.kind)
        )
        for member_id, kind, quarters in session.execute(statement):
            found.setdefault(member_id, {})[kind] = quarters
    return {id_: tuple((kind, each[kind]) for kind in CreditKind if kind in each) for id_, each in found.items()}
