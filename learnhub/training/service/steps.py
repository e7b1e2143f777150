"""What the verbs of rotational training share."""

import datetime as dt

from sqlalchemy.orm import Session

from learnhub.attendance import service as attendance
from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict, DomainError
from learnhub.core.text import N_
from learnhub.records.rules import CreditKind
from learnhub.training import queries
from learnhub.training.models import Batch, BatchSession
from learnhub.training.queries import TaskValue
from learnhub.training.rules import NewSession


def open_batch_held(session: Session, batch_id: int) -> tuple[TaskValue, Batch]:
    """The batch and its task, held; raises NotFound, or Conflict when it is closed."""
    task, batch = queries.held_batch(session, batch_id)
    if batch.closed_at is not None:
        raise Conflict(N_("这一期已经结班，不能再改动。"))
    return task, batch


def put_on_timetable(session: Session, act: Act, batch: Batch, new: NewSession) -> int:
    """Open the occasion of a session and put it on the batch's timetable; returns the session's id."""
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
    row = BatchSession(batch_id=batch.id, occasion_id=occasion_id, lecturer=new.lecturer, course=new.course)
    session.add(row)
    session.flush()
    return row.id


def check_span(starts_on: dt.date, ends_on: dt.date) -> None:
    """Raise DomainError when the end lies before the beginning."""
    if ends_on < starts_on:
        raise DomainError(N_("结束的日子不能早于开始的日子。"), field="ends_on")
