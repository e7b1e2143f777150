"""Report 2 (三会一课执行情况): what each branch was to hold in a year, and what came of it."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterator

from sqlalchemy.orm import Session

from learnhub.meetings import queries as meetings
from learnhub.meetings.queries.duties import Facts
from learnhub.meetings.rules import MeetingKind
from learnhub.meetings.rules.duties import Duty, Happened, Held, Shape, came, duties, period
from learnhub.reports.queries.units import Unit, Units, units


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
    """The report: the kinds that are asked about, its units in organization order, and their total."""

    units: Units
    kinds: tuple[MeetingKind, ...]
    rows: tuple[LifeRow, ...]
    total: LifeRow


def life(session: Session, organization_id: int, day: dt.date) -> Life:
    """What the branches at and below the organization held in the year of `day`, until `day` (five statements).

    Branches, their groups and their place by the tree of `day`; how many members each had by the end of each month; the
    rules in force on `day`. A branch without members then owes nothing. Raises NotFound when there is no such
    organization on that day.
    """
    found = units(session, organization_id, day)
    rules = meetings.duty_rules(session, day)
    lectures = Duty(MeetingKind.LECTURE, 0, "")  # counted, whether a rule asks for them or not
    asked = {each.kind: each for each in (lectures, *rules)}
    facts = _Facts(
        found,
        rules,
        meetings.happened(session, organization_id, day, found.months, asked.values()),
        meetings.explanations(session, organization_id, day, found.months),
    )
    rows = tuple(_row(facts, unit) for unit in found.units)
    total = LifeRow(Unit(found.organization, tuple(found.branches)), Counter(), Counter())
    for row in rows:
        total.held.update(row.held)
        total.lectures.update(row.lectures)
    return Life(found, tuple(each.kind for each in rules), rows, total)


@dataclasses.dataclass(frozen=True, slots=True)
class _Facts:
    units: Units
    rules: tuple[Duty, ...]
    happened: Facts
    explained: set[tuple[int, MeetingKind, str]]


def _row(facts: _Facts, unit: Unit) -> LifeRow:
    row = LifeRow(unit, Counter(), Counter())
    for branch in unit.branches:
        row.held.update(_branch(facts, branch))
        for month in facts.units.months:
            row.lectures[month] += facts.happened.get((branch, MeetingKind.LECTURE, month), Happened()).times
    return row


def _branch(facts: _Facts, branch: int) -> Iterator[tuple[MeetingKind, str, Held]]:
    """What came of each kind in each period of one branch, by the month under which it counts."""
    found = facts.units
    shapes = found.shapes.get(branch, (Shape(0, 0, 0),) * len(found.months))
    for duty in facts.rules:
        for first in range(0, len(found.months), duty.months):
            some = found.months[first : first + duty.months]
            held = came(
                (facts.happened.get((branch, duty.kind, month), Happened()) for month in some),
                due=bool(duties(shapes[first + len(some) - 1], [duty])),
                lasts=period(some[0], duty.months)[-1] >= f"{found.day:%Y-%m}",
                explained=(branch, duty.kind, some[0]) in facts.explained,
            )
            yield duty.kind, some[-1], held
