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
from learnhub.training.rules import MOST_ATTEMPTS, CompletionRule, NewSession


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


def check_rule(rule: CompletionRule) -> None:
    """Raise DomainError for a rule that says nothing: a leave part, a pass mark or attempts out of their range."""
    if rule.leave_part < 1:
        raise DomainError(N_("请填 1 以上的整数。"), field="leave_part")
    if rule.pass_percent is not None and not 0 <= rule.pass_percent <= 100:
        raise DomainError(N_("合格线要在 0 到 100 之间。"), field="pass_percent")
    if rule.attempts is not None and not 1 <= rule.attempts <= MOST_ATTEMPTS:
        raise DomainError(N_("次数要在 1 到 %(most)s 之间。"), field="attempts", most=MOST_ATTEMPTS)
