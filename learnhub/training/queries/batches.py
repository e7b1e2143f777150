"""Tasks, batches and their timetables."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.attendance.queries import OccasionValue
from learnhub.organizations import queries as organizations
from learnhub.records.rules import batch_source, task_subject
from learnhub.training.models import Batch, BatchSession, Place, Task
from learnhub.training.rules import Audience, CompletionRule


@dataclasses.dataclass(frozen=True, slots=True)
class TaskValue:
    """A training task. `quarters` are quarter hours."""

    id: int
    organization_id: int
    title: str
    starts_on: dt.date
    ends_on: dt.date
    quarters: int
    basis: str
    audience: Audience
    rule: CompletionRule

    @property
    def subject(self) -> str:
        """How the record book names it."""
        return task_subject(self.id)


@dataclasses.dataclass(frozen=True, slots=True)
class BatchValue:
    """A batch of a task, and how many places in it stand."""

    id: int
    task_id: int
    organization_id: int
    title: str
    place: str
    starts_on: dt.date
    ends_on: dt.date
    capacity: int
    quiz_course: str | None
    closed_at: dt.datetime | None
    placed: int

    @property
    def is_open(self) -> bool:
        """Whether it is not closed yet."""
        return self.closed_at is None

    @property
    def source(self) -> str:
        """How the record book names it as a proof."""
        return batch_source(self.id)


@dataclasses.dataclass(frozen=True, slots=True)
class SessionValue:
    """One session on a batch's timetable; time, place and roll are the occasion's."""

    id: int
    batch_id: int
    lecturer: str
    course: str | None
    occasion: OccasionValue


def task_value(row: Task) -> TaskValue:
    """The value of a task's row."""
    return TaskValue(
        id=row.id,
        organization_id=row.organization_id,
        title=row.title,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        quarters=row.quarters,
        basis=row.basis,
        audience=Audience.from_json(row.audience),
        rule=CompletionRule(row.leave_part, row.pass_percent),
    )


def task(session: Session, task_id: int) -> TaskValue | None:
    """The task, or None when there is none."""
    row = session.get(Task, task_id)
    return task_value(row) if row else None


def tasks_for(session: Session, organization_ids: Sequence[int], day: dt.date) -> tuple[TaskValue, ...]:
    """The tasks of the organizations given, of those above and of those below them on `day`; newest period first."""
    below = organizations.subtree(organization_ids, day)
    above = {value.id for each in organization_ids for value in organizations.ancestors(session, each, day)}
    own = or_(Task.organization_id.in_(select(below.c.id)), Task.organization_id.in_(above))
    rows = session.scalars(select(Task).where(own).order_by(Task.starts_on.desc(), Task.id.desc()))
    return tuple(task_value(row) for row in rows)


def _batches() -> Select[tuple[Batch, int]]:
    placed = select(func.count()).where(Place.batch_id == Batch.id, Place.withdrawn_at.is_(None)).scalar_subquery()
    return select(Batch, placed)


def _batch(row: Batch, placed: int) -> BatchValue:
    return BatchValue(
        id=row.id,
        task_id=row.task_id,
        organization_id=row.organization_id,
        title=row.title,
        place=row.place,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        capacity=row.capacity,
        quiz_course=row.quiz_course,
        closed_at=row.closed_at,
        placed=placed,
    )


def batch(session: Session, batch_id: int) -> BatchValue | None:
    """The batch, or None when there is none."""
    row = session.execute(_batches().where(Batch.id == batch_id)).first()
    return _batch(*row) if row else None


def batches(session: Session, task_ids: Sequence[int], organization_id: int, day: dt.date) -> tuple[BatchValue, ...]:
    """The batches of these tasks held at `organization_id` or below it on `day`, by date."""
    below = organizations.subtree([organization_id], day)
    statement = _batches().where(Batch.task_id.in_(task_ids), Batch.organization_id.in_(select(below.c.id)))
    return tuple(_batch(*row) for row in session.execute(statement.order_by(Batch.starts_on, Batch.id)))


def newest_capacity(session: Session, task_id: int) -> int | None:
    """How many places the task's newest batch has, the class size a projection reckons with."""
    statement = select(Batch.capacity).where(Batch.task_id == task_id).order_by(Batch.starts_on.desc(), Batch.id.desc())
    return session.scalar(statement.limit(1))


def sessions(session: Session, batch_id: int) -> tuple[SessionValue, ...]:
    """The sessions on the batch's timetable that were not cancelled, by time."""
    rows = session.execute(
        select(BatchSession.id, BatchSession.lecturer, BatchSession.course, BatchSession.occasion_id).where(
            BatchSession.batch_id == batch_id
        )
    ).all()
    occasions = attendance.occasions(session, [row.occasion_id for row in rows])
    found = [SessionValue(row.id, batch_id, row.lecturer, row.course, occasions[row.occasion_id]) for row in rows]
    standing = [each for each in found if each.occasion.cancelled_at is None]
    return tuple(sorted(standing, key=lambda each: (each.occasion.starts_at, each.id)))


def session_of(session: Session, session_id: int) -> SessionValue | None:
    """One session, or None when there is none or it was cancelled."""
    row = session.get(BatchSession, session_id)
    occasion = attendance.occasion(session, row.occasion_id) if row else None
    if row is None or occasion is None or occasion.cancelled_at:
        return None
    return SessionValue(row.id, row.batch_id, row.lecturer, row.course, occasion)


def organization_of_batch(session: Session, *, batch_id: int, **_others: int) -> int | None:
    """Where the batch is held; a guard's place. Other parts of an address make no difference."""
    return session.scalar(select(Batch.organization_id).where(Batch.id == batch_id))


def organization_of_session(session: Session, *, session_id: int) -> int | None:
    """Where the session's batch is held; a guard's place."""
    return session.scalar(
        select(Batch.organization_id)
        .join(BatchSession, BatchSession.batch_id == Batch.id)
        .where(BatchSession.id == session_id)
    )
