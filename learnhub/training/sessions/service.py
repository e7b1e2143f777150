"""The timetable of a batch and the rolls of its sessions."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance_queries
from learnhub.attendance import service as attendance
from learnhub.attendance.rules import RollMark, RollSaved, has_ended
from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act, subject_id
from learnhub.core.errors import Conflict, DomainError, NotFound
from learnhub.core.text import N_
from learnhub.training.batches import queries as batches
from learnhub.training.batches.models import Batch
from learnhub.training.batches.queries import SessionValue
from learnhub.training.batches.rules import NewSession
from learnhub.training.batches.service import correctable_batch_held, open_batch_held, put_on_timetable
from learnhub.training.results.service import decide_anew


def call_roll(
    session: Session,
    act: Act,
    *,
    session_id: int,
    marks: Mapping[int, RollMark],
    base_version: int,
    register: bool,
    because: str = "",
) -> RollSaved:
    """Save the roll of a session for everybody with a place; with `register`, credit its hours too if it has ended.

    `base_version` and `because` are those of `attendance.service.call_roll`, and so is RollChanged, which is raised when
    somebody else saved another roll meanwhile. In a closed batch it is a correction, after which the completion of
    those whose mark changed is decided anew. Raises Conflict for a cancelled batch.
    """
    found = batches.session_of(session, session_id)
    if found is None:
        raise NotFound(N_("没有这次课。"))
    task, batch = correctable_batch_held(session, found.batch_id, because)
    before = attendance_queries.roll(session, found.occasion.id)
    saved = attendance.call_roll(
        session,
        act,
        occasion_id=found.occasion.id,
        expected=batches.placed(session, found.batch_id),
        marks=marks,
        base_version=base_version,
        because=because,
    )
    if register and has_ended(found.occasion, act.at):
        attendance.finish(session, act.without_key(), occasion_id=found.occasion.id)
    if batch.closed_at is not None:
        after = attendance_queries.roll(session, found.occasion.id)
        marked = [each for each in before.keys() | after.keys() if before.get(each) != after.get(each)]
        decide_anew(session, act, task=task, batch=batch, member_ids=marked, because=because)
    return saved


def add_session(session: Session, act: Act, *, batch_id: int, new: NewSession) -> int:
    """Put one more session on the timetable of an open batch; returns its id."""
    if subject := trail.earlier(session, act.key):
        return subject_id(subject)
    _task, batch = open_batch_held(session, batch_id)
    session_id = put_on_timetable(session, act, batch, new)
    audit.note(
        session, act, "training.add_session", f"batch_session:{session_id}", batch.organization_id, batch=batch_id
    )
    return session_id


def change_session(session: Session, act: Act, *, session_id: int, new: NewSession, reason: str) -> int:
    """Put `new` in the place of a session that was not held yet; returns the id of the new one.

    The one before stays in the history, cancelled for `reason`. Raises DomainError without a reason or once the roll is
    called, Conflict when somebody else has changed or cancelled it meanwhile or the batch is closed.
    """
    if subject := trail.earlier(session, act.key):
        return subject_id(subject)
    found, batch = _still_to_come(session, session_id)
    attendance.cancel(session, act.without_key(), occasion_id=found.occasion.id, reason=reason)
    new_id = put_on_timetable(session, act, batch, new, replaces=session_id)
    audit.note(
        session, act, "training.change_session", f"batch_session:{new_id}", batch.organization_id, replaces=session_id
    )
    return new_id


def cancel_session(session: Session, act: Act, *, session_id: int, reason: str) -> None:
    """Take a session that was not held yet off the timetable, with a reason. Raises as `change_session` does."""
    if trail.earlier(session, act.key):
        return
    found, batch = _still_to_come(session, session_id)
    attendance.cancel(session, act.without_key(), occasion_id=found.occasion.id, reason=reason)
    audit.note(
        session, act, "training.cancel_session", f"batch_session:{session_id}", batch.organization_id, batch=batch.id
    )


def _still_to_come(session: Session, session_id: int) -> tuple[SessionValue, Batch]:
    batch_id = batches.batch_of_session(session, session_id)
    if batch_id is None:
        raise NotFound(N_("没有这次课。"))
    _task, batch = open_batch_held(session, batch_id)
    found = batches.session_of(session, session_id)
    if found is None:
        raise Conflict(N_("这次课刚刚被别人改过或者取消了。请回到课程表看现在的安排。"))
    if found.occasion.called:
        raise DomainError(N_("这次课已经点过名，不能再改时间、换人或者取消。点名可以更正。"))
    return found, batch
