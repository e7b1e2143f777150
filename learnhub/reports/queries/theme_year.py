"""Report 3 (主题党日情况): the theme Party days of a year, by month and by unit."""

import dataclasses
import datetime as dt
import enum
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.attendance.models import Attendance, FollowUp
from learnhub.attendance.rules import CAME, FollowUpKind, Outcome
from learnhub.core.text import N_
from learnhub.meetings.models import Meeting
from learnhub.organizations import queries as organizations
from learnhub.reports.queries.units import Units, units


class Theme(enum.Enum):
    """The columns of the report, in its order."""

    BRANCHES = "branches"
    HELD = "held"
    PLANNED = "planned"
    OPEN = "open"
    EXPECTED = "expected"
    CAME = "came"
    MADE_UP = "made_up"
    VISITED = "visited"
    LESSONS = "lessons"
    FILMS = "films"
    PRACTICES = "practices"


THEME_LABELS = {
    Theme.BRANCHES: N_("支部"),
    Theme.HELD: N_("已记录"),
    Theme.PLANNED: N_("已排期还没有记录"),
    Theme.OPEN: N_("没有排期"),
    Theme.EXPECTED: N_("应到"),
    Theme.CAME: N_("实到"),
    Theme.MADE_UP: N_("补课"),
    Theme.VISITED: N_("送学上门"),
    Theme.LESSONS: N_("上党课"),
    Theme.FILMS: N_("看片"),
    Theme.PRACTICES: N_("实践"),
}
Counts = Counter[Theme]


@dataclasses.dataclass(frozen=True, slots=True)
class ThemeYear:
    """The report: one count for each month, one for each unit in organization order (by branch and month), the total."""

    units: Units
    months: tuple[tuple[str, Counts], ...]
    rows: tuple[Counts, ...]
    total: Counts


def theme_year(session: Session, organization_id: int, day: dt.date) -> ThemeYear:
    """The theme days of the branches at and below the organization in the year of `day`, until `day` (five statements).

    Branches by the tree of `day`, each in the months in which it had members. Raises NotFound when there is no such
    organization on that day.
    """
    found = units(session, organization_id, day)
    cells = _cells(session, found)
    months = tuple((month, _sum(cells[branch, month] for branch in found.branches)) for month in found.months)
    rows = tuple(
        _sum(cells[branch, month] for branch in unit.branches for month in found.months) for unit in found.units
    )
    return ThemeYear(found, months, rows, _sum(rows))


def _sum(counts: Iterable[Counts]) -> Counts:
    total = Counts()
    for each in counts:
        total.update(each)
    return total


def _cells(session: Session, found: Units) -> dict[tuple[int, str], Counts]:
    """The counts of each branch and month."""
    cells = {(branch, month): Counts() for branch in found.branches for month in found.months}
    for branch in found.branches:
        for number, month in enumerate(found.months):
            cells[branch, month][Theme.BRANCHES] = int(found.stands(branch, number))
    for branch, month, done, lesson, film, practice in session.execute(_days(found)):
        there = cells[branch, month]
        there[Theme.BRANCHES] = 1  # it met: members or not at the month's end
        there[Theme.HELD if done else Theme.PLANNED] = 1
        there.update({Theme.LESSONS: lesson, Theme.FILMS: film, Theme.PRACTICES: practice} if done else {})
    for branch, month, outcome, heads in session.execute(_by_occasion(found, Attendance, Attendance.outcome)):
        came, expected = outcome in CAME, outcome in CAME or outcome in (Outcome.LEAVE, Outcome.ABSENT)
        cells[branch, month].update({Theme.CAME: came * heads, Theme.EXPECTED: expected * heads})
    for branch, month, kind, heads in session.execute(_by_occasion(found, FollowUp, FollowUp.kind)):
        cells[branch, month][Theme.VISITED if kind is FollowUpKind.HOME_VISIT else Theme.MADE_UP] += heads
    for there in cells.values():
        there[Theme.OPEN] = there[Theme.BRANCHES] - there[Theme.HELD] - there[Theme.PLANNED]
    return cells


def _days(found: Units) -> Select[Any]:
    """Each standing theme day: whether it is recorded, and whether it had a lesson, a film, a practice."""
    below, occasion = organizations.subtree([found.organization.id], found.day), attendance.occasion_rows()
    words = (Meeting.lesson, Meeting.film, Meeting.practice)
    return (
        select(
            Meeting.organization_id,
            Meeting.theme_day_of,
            case((occasion.c.finished_at.is_not(None), 1), else_=0),
            *(case((each != "", 1), else_=0) for each in words),
        )
        .join(below, below.c.id == Meeting.organization_id)
        .join(occasion, occasion.c.id == Meeting.occasion_id)
        .where(Meeting.theme_day_of.between(found.months[0], found.months[-1]))
    )


def _by_occasion(found: Units, table: type[Attendance] | type[FollowUp], kind: Any) -> Select[Any]:
    """Standing facts of recorded theme days, counted by branch, month and kind."""
    below, occasion = organizations.subtree([found.organization.id], found.day), attendance.occasion_rows()
    return (
        select(Meeting.organization_id, Meeting.theme_day_of, kind, func.count())
        .join(below, below.c.id == Meeting.organization_id)
        .join(occasion, occasion.c.id == Meeting.occasion_id)
        .join(table, table.occasion_id == Meeting.occasion_id)
        .where(Meeting.theme_day_of.between(found.months[0], found.months[-1]))
        .where(occasion.c.finished_at.is_not(None), table.withdrawn_at.is_(None))
        .group_by(Meeting.organization_id, Meeting.theme_day_of, kind)
    )
