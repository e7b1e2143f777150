"""Opening a batch, and what the verbs on a batch share."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from learnhub.attendance import service as attendance
from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act, subject_id
from learnhub.core.errors import Conflict, DomainError, NotFound
from learnhub.core.text import N_
from learnhub.organizations import queries as organizations
from learnhub.records.rules import CreditKind
from learnhub.training.batches import queries
from learnhub.training.batches.models import Batch, BatchSession
from learnhub.training.batches.rules import BatchKind, NewSession
from learnhub.training.tasks import queries as tasks
from learnhub.training.tasks.queries import TaskValue


def open_batch_held(session: Session, batch_id: int) -> tuple[TaskValue, Batch]:
    """The batch and its task, held; raises NotFound, or Conflict when it is closed or cancelled."""
    task, batch = queries.held_batch(session, batch_id)
    if batch.closed_at is not None:
        raise Conflict(N_("这一期已经结班，不能再改动。"))
    if batch.cancelled_at is not None:
        raise Conflict(N_("这一期已经取消，不能再改动。"))
    return task, batch


def correctable_batch_held(session: Session, batch_id: int, because: str) -> tuple[TaskValue, Batch]:
    """The batch and its task, held, for a change of a roll or a result.

    In a closed batch that is a correction: it needs `because` (DomainError). Raises NotFound, or Conflict when the batch
    is cancelled.
    """
    task, batch = queries.held_batch(session, batch_id)
    if batch.cancelled_at is not None:
        raise Conflict(N_("这一期已经取消，不能再改动。"))
    if batch.closed_at is not None and not because.strip():
        raise DomainError(N_("这一期已经结班。改动是更正，请写明理由。"), field="because")
    return task, batch


def put_on_timetable(session: Session, act: Act, batch: Batch, new: NewSession, replaces: int | None = None) -> int:
    """Open the occasion of a session and put it on the batch's timetable; returns the session's id.

    `replaces` is the id of the session it stands in for.
    """
    occasion_id = attendance.open_occasion(
        session,
        act.without_key(),
        organization_id=batch.organization_id,
        title=new.title,
        place=new.place or batch.place,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        credit_kind=CreditKind.TRAINING,
        quarters=new.quarters,
    )
    row = BatchSession(
        batch_id=batch.id,
        occasion_id=occasion_id,
        kind=new.kind,
        lecturer=new.lecturer,
        course=new.course,
        replaces=replaces,
    )
    session.add(row)
    session.flush()
    return row.id


def check_span(starts_on: dt.date, ends_on: dt.date) -> None:
    """Raise DomainError when the end lies before the beginning."""
    if ends_on < starts_on:
        raise DomainError(N_("结束的日子不能早于开始的日子。"), field="ends_on")


def open_batch(
    session: Session,
    act: Act,
    *,
    task_id: int,
    organization_id: int,
    title: str,
    place: str,
    starts_on: dt.date,
    ends_on: dt.date,
    capacity: int,
    kind: BatchKind = BatchKind.TRAINING,
    quiz_course: str | None = None,
    remainder_of: int | None = None,
    sessions: Sequence[NewSession] = (),
) -> int:
    """Open a batch of a task with its timetable; returns its id. The task's completion rule is stamped on it.

    `quiz_course` is the slug of the course whose quiz is the completion test, None for a test on paper or none at all;
    `remainder_of` the closed batch whose remainder it takes. Raises NotFound when the task is not one for that organization, DomainError for dates that cannot be.
    """
    if subject := trail.earlier(session, act.key):
        return subject_id(subject)
    task = tasks.task(session, task_id)
    if task is None or not organizations.covers(session, [task.organization_id], organization_id, act.day):
        raise NotFound(N_("没有这项轮训任务。"))
    check_span(starts_on, ends_on)
    batch = Batch(
        task_id=task_id,
        organization_id=organization_id,
        kind=kind,
        title=title,
        place=place,
        starts_on=starts_on,
        ends_on=ends_on,
        capacity=capacity,
        quiz_course=quiz_course,
        leave_part=task.rule.leave_part,
        pass_percent=task.rule.pass_percent,
        attempts=task.rule.attempts,
        remainder_of=remainder_of,
        opened_at=act.at,
        opened_by=act.actor_id,
    )
    session.add(batch)
    session.flush()
    for each in sessions:
        put_on_timetable(session, act, batch, each)
    audit.note(session, act, "training.open_batch", f"batch:{batch.id}", organization_id, task=task_id)
    return batch.id
