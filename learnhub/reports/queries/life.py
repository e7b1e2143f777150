"""Report 2 (三会一课执行情况): what each branch was to hold in a year, and what came of it."""

import dataclasses
import datetime as dt
import enum
from collections import Counter
from collections.abc import Iterator

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.core.text import N_
from learnhub.meetings.models import Meeting, MeetingKindOf
from learnhub.meetings.rules import MeetingKind, Shape, duties, period
from learnhub.organizations import queries as organizations
from learnhub.reports.queries.units import Unit, Units, units


class Held(enum.Enum):
    """What came of one kind of meeting in one period at one branch; each stands in exactly one."""

    ON_TIME = "on_time"
    MADE_UP = "made_up"
    EXPLAINED = "explained"
    MISSING = "missing"
    COMING = "coming"
    NOT_APPLICABLE = "not_applicable"


HELD_LABELS = {
    Held.ON_TIME: N_("已开"),
    Held.MADE_UP: N_("补开"),
    Held.EXPLAINED: N_("有说明"),
    Held.MISSING: N_("未开"),
    Held.COMING: N_("未到期"),
    Held.NOT_APPLICABLE: N_("不适用"),
}
# Those of which a meeting is asked, in the order in which they are shown.
DUE = (Held.ON_TIME, Held.MADE_UP, Held.EXPLAINED, Held.MISSING, Held.COMING)
# The kinds with a period, and how many months it has: what any branch can owe.
PERIODS = {duty.kind: duty.months for duty in duties(Shape(full=1000, probationary=0, groups=1))}
# What happened, by branch, kind and month: held in the period, held after it, called off with a reason, how often held.
Happened = dict[tuple[int, MeetingKind, str], tuple[bool, bool, bool, int]]


@dataclasses.dataclass(frozen=True, slots=True)
class LifeRow:
    """One unit: what came of each kind, counted by the month in which its period ends; `lectures` held, by month.

    A period that still lasts counts under the month of the report's day.
    """

    unit: Unit
    held: Counter[tuple[MeetingKind, str, Held]]
    lectures: Counter[str]

    def of(self, *, kind: MeetingKind | None = None, month: str | None = None) -> Counter[Held]:
        """The six counts, of one kind or all, of one month or all."""
        found = Counter[Held]()
        for (each, at, held), count in self.held.items():
            if kind in (None, each) and month in (None, at):
                found[held] += count
        return found


@dataclasses.dataclass(frozen=True, slots=True)
class Life:
    """The report: its units in organization order, and their total."""

    units: Units
    rows: tuple[LifeRow, ...]
    total: LifeRow


def life(session: Session, organization_id: int, day: dt.date) -> Life:
    """What the branches at and below the organization held in the year of `day`, until `day` (three statements).

    Branches, their groups and their place by the tree of `day`; how many members each had by the end of each month. A
    branch without members then owes nothing. Raises NotFound when there is no such organization on that day.
    """
    found = units(session, organization_id, day)
    happened = _happened(session, found)
    rows = tuple(_row(found, unit, happened) for unit in found.units)
    total = LifeRow(Unit(found.organization, tuple(found.branches)), Counter(), Counter())
    for row in rows:
        total.held.update(row.held)
        total.lectures.update(row.lectures)
    return Life(found, rows, total)


def _happened(session: Session, found: Units) -> Happened:
    below, occasion = organizations.subtree([found.organization.id], found.day), attendance.occasion_rows()
    finished = and_(occasion.c.finished_at.is_not(None), occasion.c.day <= found.day)
    # A period ends with a month: what is held in a later month than it counts for is made up, until its period's end.
    statement = (
        select(
            Meeting.organization_id,
            MeetingKindOf.kind,
            Meeting.month,
            func.min(case((finished, occasion.c.day))),
            func.sum(case((occasion.c.cancelled_because != "", 1), else_=0)),
            func.sum(case((finished, 1), else_=0)),
        )
        .join(below, below.c.id == Meeting.organization_id)
        .join(MeetingKindOf, MeetingKindOf.meeting_id == Meeting.id)
        .join(occasion, occasion.c.id == Meeting.occasion_id)
        .where(Meeting.month.between(found.months[0], found.months[-1]))
        .where(MeetingKindOf.kind.in_([*PERIODS, MeetingKind.LECTURE]))
        .group_by(Meeting.organization_id, MeetingKindOf.kind, Meeting.month)
    )
    return {
        (branch, kind, month): (*_when(kind, month, first), bool(called_off), count)
        for branch, kind, month, first, called_off, count in session.execute(statement)
    }


def _when(kind: MeetingKind, month: str, first: dt.date | None) -> tuple[bool, bool]:
    """Whether the first meeting that counts for `month` was held until its period's end, and whether after it."""
    if first is None:
        return False, False
    in_time = f"{first:%Y-%m}" <= period(month, PERIODS.get(kind, 1))[-1]
    return in_time, not in_time


def _row(found: Units, unit: Unit, happened: Happened) -> LifeRow:
    row = LifeRow(unit, Counter(), Counter())
    for branch in unit.branches:
        row.held.update(_branch(found, branch, happened))
        for month in found.months:
            row.lectures[month] += happened.get((branch, MeetingKind.LECTURE, month), (False, False, False, 0))[3]
    return row


def _branch(found: Units, branch: int, happened: Happened) -> Iterator[tuple[MeetingKind, str, Held]]:
    """What came of each kind in each period of one branch, by the month under which it counts."""
    shapes = found.shapes.get(branch, (Shape(0, 0, 0),) * len(found.months))
    for kind, months in PERIODS.items():
        for first in range(0, len(found.months), months):
            some = found.months[first : first + months]
            shape, last = shapes[first + len(some) - 1], period(some[0], months)[-1]
            due = shape.heads > 0 and kind in {duty.kind for duty in duties(shape)}
            lasts = last >= f"{found.day:%Y-%m}"
            yield kind, some[-1], _came(due, lasts, [happened.get((branch, kind, month)) for month in some])


def _came(due: bool, lasts: bool, happened: list[tuple[bool, bool, bool, int] | None]) -> Held:
    if not due:
        return Held.NOT_APPLICABLE
    in_time, after, called_off = (any(each and each[place] for each in happened) for place in range(3))
    if in_time:
        return Held.ON_TIME
    if after:
        return Held.MADE_UP
    if lasts:
        return Held.COMING
    return Held.EXPLAINED if called_off else Held.MISSING
