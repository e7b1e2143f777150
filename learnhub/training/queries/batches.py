"""Tasks, batches and their timetables."""

import dataclasses
import datetime as dt
import functools
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from learnhub.attendance import queries as attendance
from learnhub.attendance.queries import OccasionValue
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.organizations import queries as organizations
from learnhub.records.rules import batch_source, task_subject
from learnhub.training.models import Batch, BatchSession, Place, Task, TaskAmendment
from learnhub.training.rules import Audience, BatchKind, CompletionRule, SessionKind


@dataclasses.dataclass(frozen=True, slots=True)
class TaskValue:
    """A training task as it is now, amendments included. `quarters` are quarter hours."""

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
    """A batch of a task, and how many places in it stand. `rule` is the one stamped on it when it was opened."""

    id: int
    task_id: int
    organization_id: int
    kind: BatchKind
    title: str
    place: str
    starts_on: dt.date
    ends_on: dt.date
    capacity: int
    quiz_course: str | None
    rule: CompletionRule
    remainder_of: int | None
    closed_at: dt.datetime | None
    closed_by: int | None
    cancelled_at: dt.datetime | None
    cancelled_because: str | None
    placed: int

    @property
    def is_open(self) -> bool:
        """Whether it is neither closed nor cancelled."""
        return self.closed_at is None and self.cancelled_at is None

    @property
    def is_reading(self) -> bool:
        """Whether it is a reading class."""
        return self.kind is BatchKind.READING

    @property
    def free(self) -> int:
        """How many places are left."""
        return max(self.capacity - self.placed, 0)

    @property
    def source(self) -> str:
        """How the record book names it as a proof."""
        return batch_source(self.id)


@dataclasses.dataclass(frozen=True, slots=True)
class SessionValue:
    """One session on a batch's timetable; time, place and roll are the occasion's."""

    id: int
    batch_id: int
    kind: SessionKind
    lecturer: str
    course: str | None
    replaces: int | None
    occasion: OccasionValue


@dataclasses.dataclass(frozen=True, slots=True)
class AmendmentValue:
    """One amendment of a task: what it said from then on, and why."""

    title: str
    ends_on: dt.date
    basis: str
    rule: CompletionRule
    because: str
    amended_at: dt.datetime


@functools.cache
def amended() -> Select[Any]:
    """Tasks, each with the amendment that holds (None without one); built once, that costs more than running it."""
    other = aliased(TaskAmendment)
    newest = select(func.max(other.id)).where(other.task_id == Task.id).scalar_subquery()
    return select(Task, TaskAmendment).select_from(Task).outerjoin(TaskAmendment, TaskAmendment.id == newest)


def task_value(row: Task, amendment: TaskAmendment | None = None) -> TaskValue:
    """The value of a task's row under the amendment that holds; without one, as the task was opened."""
    said = amendment or row
    return TaskValue(
        id=row.id,
        organization_id=row.organization_id,
        title=said.title,
        starts_on=row.starts_on,
        ends_on=said.ends_on,
        quarters=row.quarters,
        basis=said.basis,
        audience=Audience.from_json(row.audience),
        rule=CompletionRule(said.leave_part, said.pass_percent, said.attempts),
    )


def task(session: Session, task_id: int) -> TaskValue | None:
    """The task, or None when there is none."""
    row = session.execute(_one(), {"task": task_id}).first()
    return task_value(*row) if row else None


@functools.cache
def _one() -> Select[Any]:
    return amended().where(Task.id == bindparam("task", type_=Integer))


def held_task(session: Session, task_id: int) -> TaskValue:
    """The task, held against other writers until the transaction ends; raises NotFound."""
    statement = amended().where(Task.id == task_id).with_for_update(of=Task)
    row = session.execute(statement.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound(N_("没有这项轮训任务。"))
    return task_value(*row)


def amendments(session: Session, task_id: int) -> tuple[AmendmentValue, ...]:
    """What was amended of a task, oldest first."""
    rows = session.scalars(select(TaskAmendment).where(TaskAmendment.task_id == task_id).order_by(TaskAmendment.id))
    return tuple(
        AmendmentValue(
            title=row.title,
            ends_on=row.ends_on,
            basis=row.basis,
            rule=CompletionRule(row.leave_part, row.pass_percent, row.attempts),
            because=row.because,
            amended_at=row.amended_at,
        )
        for row in rows
    )


def tasks_for(session: Session, organization_ids: Sequence[int], day: dt.date) -> tuple[TaskValue, ...]:
    """The tasks of the organizations given, of those above and of those below them on `day`; newest period first."""
    below = organizations.subtree(organization_ids, day)
    above = {value.id for each in organization_ids for value in organizations.ancestors(session, each, day)}
    own = or_(Task.organization_id.in_(select(below.c.id)), Task.organization_id.in_(above))
    rows = session.execute(amended().where(own).order_by(Task.starts_on.desc(), Task.id.desc()))
    return tuple(task_value(*row) for row in rows)


def _batches() -> Select[tuple[Batch, int]]:
    placed = select(func.count()).where(Place.batch_id == Batch.id, Place.withdrawn_at.is_(None)).scalar_subquery()
    return select(Batch, placed)


def _batch(row: Batch, placed: int) -> BatchValue:
    return BatchValue(
        id=row.id,
        task_id=row.task_id,
        organization_id=row.organization_id,
        kind=row.kind,
        title=row.title,
        place=row.place,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        capacity=row.capacity,
        quiz_course=row.quiz_course,
        rule=CompletionRule(row.leave_part, row.pass_percent, row.attempts),
        remainder_of=row.remainder_of,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        cancelled_at=row.cancelled_at,
        cancelled_because=row.cancelled_because,
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


def with_room(batches: Sequence[BatchValue], day: dt.date) -> tuple[BatchValue, ...]:
    """Those of `batches` into which somebody may still be let on `day`."""
    return tuple(each for each in batches if each.is_open and each.free and each.ends_on >= day)


def newest_capacity(session: Session, task_id: int) -> int | None:
    """How many places the task's newest batch has, the class size a projection reckons with."""
    statement = (
        select(Batch.capacity)
        .where(Batch.task_id == task_id, Batch.cancelled_at.is_(None))
        .order_by(Batch.starts_on.desc(), Batch.id.desc())
    )
    return session.scalar(statement.limit(1))


def sessions(session: Session, batch_id: int) -> tuple[SessionValue, ...]:
    """The sessions on the batch's timetable that were not cancelled, by time."""
    return tuple(each for each in all_sessions(session, batch_id) if each.occasion.cancelled_at is None)


def all_sessions(session: Session, batch_id: int) -> tuple[SessionValue, ...]:
    """Every session that ever stood on the batch's timetable, the cancelled ones too, by time."""
    rows = session.scalars(select(BatchSession).where(BatchSession.batch_id == batch_id)).all()
    occasions = attendance.occasions(session, [row.occasion_id for row in rows])
    found = [_session(row, occasions[row.occasion_id]) for row in rows]
    return tuple(sorted(found, key=lambda each: (each.occasion.starts_at, each.id)))


def _session(row: BatchSession, occasion: OccasionValue) -> SessionValue:
    return SessionValue(row.id, row.batch_id, row.kind, row.lecturer, row.course, row.replaces, occasion)


def session_of(session: Session, session_id: int) -> SessionValue | None:
    """One session, or None when there is none or it was cancelled."""
    row = session.get(BatchSession, session_id)
    occasion = attendance.occasion(session, row.occasion_id) if row else None
    if row is None or occasion is None or occasion.cancelled_at:
        return None
    return _session(row, occasion)


def session_of_occasion(session: Session, occasion_id: int) -> int | None:
    """The id of the session of a class that an occasion is, None for any other occasion."""
    return session.scalar(select(BatchSession.id).where(BatchSession.occasion_id == occasion_id))


def batch_of_session(session: Session, session_id: int) -> int | None:
    """The batch a session belongs to, cancelled or not; None when there is no such session."""
    return session.scalar(select(BatchSession.batch_id).where(BatchSession.id == session_id))


def remainders(session: Session, batch_id: int) -> tuple[int, ...]:
    """The ids of the batches opened for those who did not complete this one."""
    return tuple(session.scalars(select(Batch.id).where(Batch.remainder_of == batch_id).order_by(Batch.id)))


def organization_of_task(session: Session, *, task_id: int) -> int | None:
    """The organization that opened the task; the place of a guard over what changes the task itself."""
    return session.scalar(select(Task.organization_id).where(Task.id == task_id))


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
