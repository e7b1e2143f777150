"""Batches, their timetables, and who is enrolled in them."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.attendance.queries import OccasionValue
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.members import queries as members
from learnhub.members.queries import RosterMember
from learnhub.organizations import queries as organizations
from learnhub.records.rules import batch_source
from learnhub.training.batches.models import Batch, BatchSession, Place
from learnhub.training.batches.rules import BatchKind, SessionKind
from learnhub.training.tasks.models import Task
from learnhub.training.tasks.queries import TaskValue, amended, task_value
from learnhub.training.tasks.rules import CompletionRule


def placed(session: Session, batch_id: int) -> tuple[int, ...]:
    """The ids of the members with a standing place in the batch."""
    statement = select(Place.member_id).where(Place.batch_id == batch_id, Place.withdrawn_at.is_(None))
    return tuple(session.scalars(statement.order_by(Place.id)))


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


def standing_places(session: Session, task_id: int) -> frozenset[int]:
    """The ids of the members who have a place in a batch of the task that is not closed."""
    statement = (
        select(Place.member_id)
        .join(Batch, Batch.id == Place.batch_id)
        .where(Batch.task_id == task_id, Batch.closed_at.is_(None), Place.withdrawn_at.is_(None))
    )
    return frozenset(session.scalars(statement))


def held_batch(session: Session, batch_id: int) -> tuple[TaskValue, Batch]:
    """The row of a batch and its task, held against other writers until the transaction ends; raises NotFound.

    The task is held too, so that two batches of one task filled at once never share a member.
    """
    statement = amended().join(Batch, Batch.task_id == Task.id).add_columns(Batch).where(Batch.id == batch_id)
    held = statement.with_for_update(of=(Task, Batch)).execution_options(populate_existing=True)
    row = session.execute(held).first()
    if row is None:
        raise NotFound(N_("没有这一期。"))
    return task_value(row[0], row[1]), row[2]


def place_rows(session: Session, batch_id: int) -> list[Place]:
    """The rows of the places that stand, for the service to withdraw."""
    return list(session.scalars(select(Place).where(Place.batch_id == batch_id, Place.withdrawn_at.is_(None))))


def standing_place(session: Session, batch_id: int, member_id: int) -> Place | None:
    """The row of a member's standing place, for the service to withdraw."""
    return session.scalar(
        select(Place).where(Place.batch_id == batch_id, Place.member_id == member_id, Place.withdrawn_at.is_(None))
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Student:
    """Somebody with a place in a batch; `member` is None for one who left every roster since."""

    member_id: int
    member: RosterMember | None
    branch: str

    @property
    def name(self) -> str:
        """The name, or a dash for one who left every roster since."""
        return self.member.name if self.member else "—"


def students(session: Session, batch_id: int, organization_id: int, day: dt.date) -> tuple[Student, ...]:
    """Everybody with a standing place in a batch held at `organization_id`, as the roster of `day` knows them.

    In the order of the places; `branch` is the name of the member's own.
    """
    return list_students(session, placed(session, batch_id), organization_id, day)


def list_students(session: Session, ids: Sequence[int], organization_id: int, day: dt.date) -> tuple[Student, ...]:
    """The members with these ids in their order, as they stand on `day` at `organization_id`."""
    if not ids:
        return ()
    known = members.members_by_id(session, ids, day)
    names = {row.value.id: row.value.name for row in organizations.whole_tree(session, organization_id, day)}
    found = ((each, known.get(each)) for each in ids)
    return tuple(
        Student(each, member, names.get(member.organization_id, "") if member else "") for each, member in found
    )
