"""Members by the credit hours they have reached in a year, against the yearly need of their post."""

import dataclasses
import datetime as dt
import enum
from collections import Counter

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, select
from sqlalchemy.orm import Session

from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.members.models import Membership, Post
from learnhub.members.rules import COMMITTEE_POSTS
from learnhub.organizations import queries as organizations
from learnhub.records import queries as records
from learnhub.records.models import Credit
from learnhub.records.queries import NeedValue


class Reached(enum.Enum):
    """How far a year's credit hours go; each member stands in exactly one."""

    NONE = "none"
    PART = "part"
    ALL = "all"


REACHED_LABELS = {Reached.NONE: N_("还没有学时"), Reached.PART: N_("有学时，未满"), Reached.ALL: N_("已满")}
# The heads of one row, by whether they are of the committee, and by how far they are.
Heads = Counter[tuple[bool, Reached]]


@dataclasses.dataclass(frozen=True, slots=True)
class Band:
    """Which heads a number counts: of the committee or the others, and how far they are; None for both and for any."""

    committee: bool | None = None
    reached: Reached | None = None

    def holds(self, committee: bool, reached: Reached) -> bool:
        """Whether it counts a head of that kind."""
        return self.committee in (None, committee) and self.reached in (None, reached)


@dataclasses.dataclass(frozen=True, slots=True)
class HoursRow:
    """One organization with the heads of everything below it; `own` for members directly in the top one."""

    organization_id: int
    name: str
    heads: Heads
    own: bool = False

    def of(self, band: "Band") -> int:
        """The heads of a band."""
        return sum(count for (committee, reached), count in self.heads.items() if band.holds(committee, reached))


@dataclasses.dataclass(frozen=True, slots=True)
class Hours:
    """The table: one row for each direct sub-organization in organization order, their total, and both needs."""

    day: dt.date
    member_need: NeedValue
    committee_need: NeedValue
    rows: tuple[HoursRow, ...]
    total: HoursRow

    def row(self, own: bool) -> HoursRow:
        """The total, or the row of those directly in the top organization; raises NotFound when there is none."""
        found = next((each for each in self.rows if each.own), None) if own else self.total
        if found is None:
            raise NotFound(N_("表中没有这个单位。"))
        return found


def hours(session: Session, organization_id: int, day: dt.date) -> Hours:
    """Report 4 (学时情况) of the calendar year of `day`, credits up to `day`, roster of `day`.

    Four statements, whatever the size. Raises NotFound when there is no such organization on that day.
    """
    needs = needs_on(session, day)
    tree = organizations.whole_tree(session, organization_id, day)
    if not tree:
        raise NotFound(N_("那一天没有这个组织。"))
    counted = _counted(session, organization_id, day, needs)
    top, total, rows = tree[0].value, Heads(), list[HoursRow]()
    for each in tree:
        found = counted.get(each.value.id, Heads())
        total.update(found)
        if each.depth == 1:
            rows.append(HoursRow(each.value.id, each.value.name, Heads()))
        if each.depth:
            rows[-1].heads.update(found)
    if rows and counted.get(top.id):
        rows.insert(0, HoursRow(top.id, top.name, counted[top.id], own=True))
    return Hours(day, needs[False], needs[True], tuple(rows), HoursRow(top.id, top.name, total))


def needs_on(session: Session, day: dt.date) -> dict[bool, NeedValue]:
    """What a year asks of the committee's members (True) and of the others, as of `day`."""
    return {False: records.yearly_need(session, "any", day), True: records.yearly_need(session, "committee", day)}


def _counted(session: Session, organization_id: int, day: dt.date, needs: dict[bool, NeedValue]) -> dict[int, Heads]:
    """The heads that stand directly in each organization at and below the one asked for (one statement)."""
    below = organizations.subtree([organization_id], day)
    each = banded(Membership.organization_id.in_(select(below.c.id)), day, needs)
    columns = (each.c.organization_id, each.c.committee, each.c.band)
    found: dict[int, Heads] = {}
    for place, committee, reached, heads in session.execute(select(*columns, func.count()).group_by(*columns)):
        found.setdefault(place, Heads())[bool(committee), Reached(reached)] = heads
    return found


def banded(where: ColumnElement[bool], day: dt.date, needs: dict[bool, NeedValue]) -> Subquery:
    """Who belongs to the branches of `where` (of Membership) on `day`, with credit of the year so far and its band.

    Columns: organization_id, member_id, committee, quarters (quarter hours), band (a value of `Reached`).
    """
    holds = exists().where(
        Post.member_id == Membership.member_id,
        Post.kind.in_(COMMITTEE_POSTS),
        Post.valid_from <= day,
        Post.valid_to > day,
    )
    credited = and_(
        Credit.member_id == Membership.member_id,
        Credit.day.between(dt.date(day.year, 1, 1), day),
        Credit.withdrawn_at.is_(None),
    )
    own = func.coalesce(func.sum(Credit.quarters), 0)
    each = (
        select(Membership.organization_id, Membership.member_id, holds.label("committee"), own.label("quarters"))
        .outerjoin(Credit, credited)
        .where(where, Membership.valid_from <= day, Membership.valid_to > day)
        .group_by(Membership.organization_id, Membership.member_id)
        .subquery("each")
    )
    need = case((each.c.committee, needs[True].quarters), else_=needs[False].quarters)
    band = case(
        (each.c.quarters == 0, Reached.NONE.value),
        (each.c.quarters < need, Reached.PART.value),
        else_=Reached.ALL.value,
    )
    return select(*each.c, band.label("band")).subquery("banded")
