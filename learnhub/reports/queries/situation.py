"""What a quarter came to (季度情况) and what this month asks for (月度工作清单), from the rooms' own questions."""

import dataclasses
import datetime as dt

from sqlalchemy.orm import Session

from learnhub.meetings import queries as meetings
from learnhub.meetings.queries import DutyState, HelpValue, LevelRow, MeetingValue, Need
from learnhub.meetings.rules import work_list_since
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue
from learnhub.records import queries as records
from learnhub.reports.queries.breakdowns import breakdown
from learnhub.reports.queries.coverage import Coverage, ask, coverage
from learnhub.reports.queries.facts import Question
from learnhub.reports.rules import Column
from learnhub.reports.rules.breakdown import By, Part
from learnhub.reports.rules.quarter import Quarter
from learnhub.training.batches import queries as batches_queries
from learnhub.training.batches.queries import BatchValue
from learnhub.training.tasks import queries as tasks_queries
from learnhub.training.tasks.queries import TaskValue


@dataclasses.dataclass(frozen=True, slots=True)
class ThemeMonth:
    """One month's theme days below an organization: of how many branches, in how many held, in how many only planned."""

    month: str
    branches: int
    finished: int
    scheduled: int


@dataclasses.dataclass(frozen=True, slots=True)
class TaskSituation:
    """A task at the end of the quarter: its coverage, by domain, and the classes that begin in the quarter after."""

    coverage: Coverage
    domains: tuple[Part, ...]
    coming: tuple[BatchValue, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Situation:
    """A quarter of one organization; `day` is the roster date, the quarter's last day or today if that is earlier."""

    organization: OrganizationValue
    quarter: Quarter
    day: dt.date
    tasks: tuple[TaskSituation, ...]
    months: tuple[ThemeMonth, ...]
    rows: tuple[LevelRow, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class ChildWork:
    """What waits one level down: branches without a theme day, planned ones, and people not covered, by task."""

    row: LevelRow
    not_covered: tuple[int, ...]

    @property
    def unplanned(self) -> int:
        """Branches whose theme day of the month is neither planned nor held."""
        return self.row.branches - self.row.finished - self.row.scheduled


@dataclasses.dataclass(frozen=True, slots=True)
class BranchWork:
    """What a branch has to do this month itself."""

    theme_day: MeetingValue | None
    duties: tuple[DutyState, ...]
    absences: int
    objections: int
    help: HelpValue | None


@dataclasses.dataclass(frozen=True, slots=True)
class WorkList:
    """The work of one month, for the unit itself and the level directly below; `branch` is set for a branch.

    `needs` are those one level down that may need help, in organization order.
    """

    organization: OrganizationValue
    month: str
    tasks: tuple[Coverage, ...]
    children: tuple[ChildWork, ...]
    needs: tuple[Need, ...]
    branch: BranchWork | None


def situation(session: Session, organization: OrganizationValue, quarter: Quarter, today: dt.date) -> Situation:
    """The quarter as of its last day (today while it lasts). Nobody is named in it, and nothing is ranked."""
    day = min(quarter.last, today)
    organization = organizations.organization(session, organization.id, day) or organization  # as it was called then
    found = _tasks(session, organization.id, quarter.first, day)
    batches = batches_queries.batches(session, [each.id for each in found], organization.id, day) if found else ()
    coming = [each for each in batches if quarter.following.first <= each.starts_on <= quarter.following.last]
    tasks = tuple(
        _task(session, ask(session, each.id, organization.id, day), [one for one in coming if one.task_id == each.id])
        for each in found
    )
    levels = {month: meetings.level(session, organization.id, month, day) for month in quarter.months}
    past = [month for month in quarter.months if month <= f"{day:%Y-%m}"]
    months = tuple(_theme_month(month, levels[month]) for month in past)
    return Situation(organization, quarter, day, tasks, months, levels[past[-1]] if past else ())


def _tasks(session: Session, organization_id: int, first: dt.date, day: dt.date) -> list[TaskValue]:
    found = tasks_queries.tasks_for(session, [organization_id], day)
    return [each for each in found if each.starts_on <= day and each.ends_on >= first]


def _task(session: Session, question: Question, coming: list[BatchValue]) -> TaskSituation:
    parts = breakdown(session, question)
    domains = tuple(part for part in parts if part.by is By.DOMAIN)
    return TaskSituation(coverage(session, question), domains, tuple(coming))


def _theme_month(month: str, rows: tuple[LevelRow, ...]) -> ThemeMonth:
    return ThemeMonth(
        month,
        sum(row.branches for row in rows),
        sum(row.finished for row in rows),
        sum(row.scheduled for row in rows),
    )


def work_list(session: Session, organization: OrganizationValue, month: str, today: dt.date) -> WorkList:
    """What `month` asks for. One level down at most: who stands lower is looked after by the level between."""
    tasks = tuple(
        coverage(session, ask(session, task.id, organization.id, today))
        for task in _tasks(session, organization.id, today, today)
    )
    if organization.is_branch:
        return WorkList(organization, month, tasks, (), (), _branch(session, organization, month, today))
    by_task = [{row.organization_id: row.figures for row in each.rows if not row.own} for each in tasks]
    children = tuple(
        ChildWork(
            row,
            tuple(
                figures[row.organization.id][Column.NOT_COVERED] if row.organization.id in figures else 0
                for figures in by_task
            ),
        )
        for row in meetings.level(session, organization.id, month, today)
    )
    needs = meetings.needs(session, organization.id, today)
    return WorkList(organization, month, tasks, children, needs, None)


def _branch(session: Session, organization: OrganizationValue, month: str, today: dt.date) -> BranchWork:
    shape = meetings.shape(session, organization, today)
    theme_day = meetings.theme_day(session, organization.id, month)
    return BranchWork(
        theme_day=theme_day,
        duties=meetings.due(session, organization.id, shape, month),
        absences=sum(
            each.follow_up is None for each in meetings.missed(session, organization.id, work_list_since(today))
        ),
        objections=records.waiting_objections(session, [organization.id], above=False),
        help=meetings.asked_help(session, organization.id),
    )
