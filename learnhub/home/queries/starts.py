"""What the start pages show, gathered from the rooms below through their own questions."""

import dataclasses
import datetime as dt

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.home import rules
from learnhub.home.queries.own import post_of
from learnhub.home.rules import Step
from learnhub.meetings import queries as meetings
from learnhub.meetings.queries import DutyState, HelpValue, Hint, MeetingValue, Missed
from learnhub.meetings.rules import work_list_since
from learnhub.meetings.rules.duties import Shape, period
from learnhub.members import queries as members
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue
from learnhub.records import queries as records
from learnhub.records.queries import Ledger, NeedValue
from learnhub.study import queries as study
from learnhub.study import rules as studying
from learnhub.training.batches import queries as batches_queries
from learnhub.training.batches.queries import BatchValue
from learnhub.training.recognition.queries import count_waiting_recognitions
from learnhub.training.results import queries as results
from learnhub.training.results.queries import MyTraining
from learnhub.training.tasks import queries as tasks_queries
from learnhub.training.tasks.queries import TaskValue


@dataclasses.dataclass(frozen=True, slots=True)
class MemberStart:
    """A member's own month, training and record; nothing of other people."""

    month: str
    lesson_at: dt.datetime | None
    film_at: dt.datetime | None
    theme_day: MeetingValue | None
    trainings: tuple[MyTraining, ...]
    ledger: Ledger
    need: NeedValue


@dataclasses.dataclass(frozen=True, slots=True)
class BranchStart:
    """A branch's month: the theme day and its next step, what is due by the branch's shape, whom to follow up.

    `hints` are the private ones that nobody put aside; `help` is what the branch asks the level above.
    """

    organization: OrganizationValue
    month: str
    shape: Shape
    theme_day: MeetingValue | None
    step: Step
    duties: tuple[DutyState, ...]
    missed: tuple[Missed, ...]
    year: tuple[tuple[str, MeetingValue | None], ...]
    tasks: tuple[TaskValue, ...]
    objections: int
    hints: tuple[Hint, ...]
    help: HelpValue | None


@dataclasses.dataclass(frozen=True, slots=True)
class TaskStart:
    """A training task and its batches at one place."""

    task: TaskValue
    batches: tuple[BatchValue, ...]

    @property
    def open(self) -> tuple[BatchValue, ...]:
        """The batches that are not closed."""
        return tuple(each for each in self.batches if each.is_open)


@dataclasses.dataclass(frozen=True, slots=True)
class PlaceStart:
    """The training at one organization at which the visitor has a role."""

    organization: OrganizationValue
    tasks: tuple[TaskStart, ...]
    objections: int
    recognitions: int


def member_start(session: Session, account_id: int, member_id: int, day: dt.date) -> MemberStart:
    """What the member's start page shows on `day`."""
    month = clock.month_of(day)
    lesson, film = studying.month_part(month, "lesson"), studying.month_part(month, "film")
    marks = study.marks(session, account_id, [lesson, film])
    member = members.member(session, member_id, day)
    return MemberStart(
        month=month,
        lesson_at=marks.get(lesson),
        film_at=marks.get(film),
        theme_day=meetings.theme_day(session, member.organization_id, month) if member else None,
        trainings=results.for_member(session, member_id, day),
        ledger=records.ledger(session, member_id, day.year),
        need=records.yearly_need(session, post_of(member), day),
    )


def branch_start(session: Session, organization_id: int, day: dt.date) -> BranchStart | None:
    """What the recorder's start page shows on `day`; None when the organization is not a branch."""
    organization = organizations.organization(session, organization_id, day)
    if organization is None or not organization.is_branch:
        return None
    month = clock.month_of(day)
    shape = meetings.shape(session, organization, day)
    theme_days = meetings.theme_days(session, organization_id, day.year)
    theme_day = theme_days.get(month)
    return BranchStart(
        organization=organization,
        month=month,
        shape=shape,
        theme_day=theme_day,
        step=rules.next_step(theme_day.state, theme_day.occasion.day, day) if theme_day else Step.SCHEDULE,
        duties=meetings.due(session, organization_id, shape, month),
        missed=tuple(
            each for each in meetings.missed(session, organization_id, work_list_since(day)) if each.follow_up is None
        ),
        year=tuple((each, theme_days.get(each)) for each in period(month, 12)),
        tasks=_lasting(session, organization_id, day),
        objections=records.waiting_objections(session, [organization_id], above=False),
        hints=tuple(each for each in meetings.hints(session, organization_id, day) if each.dismissal is None),
        help=meetings.asked_help(session, organization_id),
    )


def place_start(session: Session, organization_id: int, day: dt.date) -> PlaceStart | None:
    """The training tasks at the organization that have not ended by `day`; None when there is no such organization."""
    organization = organizations.organization(session, organization_id, day)
    if organization is None:
        return None
    tasks = _lasting(session, organization_id, day)
    batches = batches_queries.batches(session, [each.id for each in tasks], organization_id, day) if tasks else ()
    starts = [TaskStart(task, tuple(each for each in batches if each.task_id == task.id)) for task in tasks]
    return PlaceStart(
        organization,
        tuple(starts),
        objections=records.waiting_objections(session, [organization_id], above=True),
        recognitions=count_waiting_recognitions(session, organization_id, day),
    )


def _lasting(session: Session, organization_id: int, day: dt.date) -> tuple[TaskValue, ...]:
    return tuple(each for each in tasks_queries.tasks_for(session, [organization_id], day) if each.ends_on >= day)


def schema(session: Session) -> str | None:
    """The version of the database's tables, or None when the database does not answer."""
    try:
        return str(session.scalar(text("SELECT version_num FROM alembic_version")))
    except SQLAlchemyError:
        return None
