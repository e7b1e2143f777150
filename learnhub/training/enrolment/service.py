"""Filling a batch, single members, its waiting list; changing and cancelling a batch."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from learnhub.attendance import service as attendance
from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict, DomainError, NotFound
from learnhub.core.orm import changed
from learnhub.core.text import N_
from learnhub.members import queries as members
from learnhub.organizations import queries as organizations
from learnhub.training.batches import queries as batches
from learnhub.training.batches.models import Batch, Place, Waiting
from learnhub.training.batches.rules import BatchKind, ClassDates
from learnhub.training.batches.service import check_span, open_batch_held
from learnhub.training.enrolment import queries
from learnhub.training.tasks import queries as tasks
from learnhub.training.tasks.queries import TaskValue


def change_batch(
    session: Session, act: Act, *, batch_id: int, dates: ClassDates, capacity: int, kind: BatchKind
) -> tuple[int, ...]:
    """Change what an open batch is called, where and when it is, its kind and its capacity; what was stays on the trail.

    Returns the ids of those whom a larger capacity lets in from the waiting list. Raises DomainError for a capacity
    below the places given.
    """
    if trail.earlier(session, act.key):
        return ()
    _task, batch = open_batch_held(session, batch_id)
    check_span(dates.starts_on, dates.ends_on)
    if capacity < len(batches.placed(session, batch_id)):
        raise DomainError(N_("名额不能少于已经编入的人数。"), field="capacity")
    before = {"capacity": batch.capacity, "starts_on": str(batch.starts_on), "ends_on": str(batch.ends_on)}
    batch.title, batch.place, batch.kind, batch.capacity = dates.title, dates.place, kind, capacity
    batch.starts_on, batch.ends_on = dates.starts_on, dates.ends_on
    session.flush()
    admitted = admit(session, act, batch_id)
    audit.note(
        session, act, "training.change_batch", f"batch:{batch_id}", batch.organization_id, before=before,
        after={"capacity": capacity, "starts_on": str(dates.starts_on), "ends_on": str(dates.ends_on)},
    )  # fmt: skip
    return admitted


def cancel_batch(session: Session, act: Act, *, batch_id: int, reason: str) -> int:
    """Cancel a batch that never began, with a reason; returns how many go back to those who wait.

    Its sessions are cancelled and its places withdrawn for the same reason. Raises Conflict once a roll was called or
    the batch is closed or cancelled.
    """
    if trail.earlier(session, act.key):
        return 0
    _task, batch = open_batch_held(session, batch_id)
    if not reason.strip():
        raise DomainError(N_("请写明取消的原因。"), field="reason")
    check_not_begun(session, batch_id)
    for each in batches.sessions(session, batch_id):
        attendance.cancel(session, act.without_key(), occasion_id=each.occasion.id, reason=reason)
    rows: list[Place | Waiting] = [*batches.place_rows(session, batch_id), *queries.waiting_rows(session, batch_id)]
    for row in rows:
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = act.at, act.actor_id, reason.strip()
    batch.cancelled_at, batch.cancelled_by, batch.cancelled_because = act.at, act.actor_id, reason.strip()
    session.flush()
    changed(session, members=[row.member_id for row in rows])
    audit.note(session, act, "training.cancel_batch", f"batch:{batch_id}", batch.organization_id, back=len(rows))
    return len(rows)


# Why an entry of a waiting list stands no more, as it is kept.
ADMITTED = N_("有了名额，已经编入")
NO_LONGER = N_("已经训过、编入别的期，或者不再是培训对象")


def fill(session: Session, act: Act, *, batch_id: int) -> int:
    """Fill the batch up to its capacity with those still waiting, in organization order; returns how many came in.

    Waiting are those due, minus covered, exempt and already placed in an open batch of the task; so filling twice adds
    nobody twice. Raises Conflict for a closed batch.
    """
    if trail.earlier(session, act.key):
        return 0
    task, batch = open_batch_held(session, batch_id)
    free = batch.capacity - len(batches.placed(session, batch_id))
    chosen = queries.waiting(session, task, batch.organization_id, act.day)[: max(free, 0)]
    give_places(session, act, batch_id, [each.id for each in chosen])
    audit.note(session, act, "training.fill", f"batch:{batch_id}", batch.organization_id, added=len(chosen))
    return len(chosen)


def give_places(session: Session, act: Act, batch_id: int, member_ids: Sequence[int]) -> None:
    """Note a place for each; whoever stood on the batch's waiting list stands there no more."""
    for row in queries.waiting_rows(session, batch_id):
        if row.member_id in member_ids:
            _strike(act, row, ADMITTED)
    session.add_all(
        Place(batch_id=batch_id, member_id=each, noted_at=act.at, noted_by=act.actor_id) for each in member_ids
    )
    session.flush()
    changed(session, members=member_ids)


def place(session: Session, act: Act, *, batch_id: int, member_id: int) -> bool:
    """Give one member a place, an exempt one or one already covered too; returns False where the batch is full.

    The member then waits in line for a place in it. A place that stands already stays, and so does a place in the line.
    Raises DomainError when the task is not for the member or the member has a place in another open batch of the task;
    NotFound for somebody from elsewhere; Conflict for a closed batch.
    """
    if trail.earlier(session, act.key):
        return member_id in batches.placed(session, batch_id)
    task, batch = open_batch_held(session, batch_id)
    standing = batches.placed(session, batch_id)
    if member_id in standing:
        return True
    _check_placeable(session, act, task, batch, member_id)
    free = len(standing) < batch.capacity
    if free:
        give_places(session, act, batch_id, [member_id])
    elif member_id not in {row.member_id for row in queries.waiting_rows(session, batch_id)}:
        session.add(Waiting(batch_id=batch_id, member_id=member_id, noted_at=act.at, noted_by=act.actor_id))
        session.flush()
    verb = "training.place" if free else "training.wait"
    audit.note(session, act, verb, f"batch:{batch_id}", batch.organization_id, member=member_id)
    return free


def withdraw_place(session: Session, act: Act, *, batch_id: int, member_id: int, reason: str) -> tuple[int, ...]:
    """Take back a member's place, or place in the line, with a reason; one that does not stand is no error.

    Returns the ids of those whom the freed place lets in: the first in line, at once, so that no place stays empty
    because nobody looked.
    """
    if trail.earlier(session, act.key):
        return ()
    _task, batch = open_batch_held(session, batch_id)
    if not reason.strip():
        raise DomainError(N_("请写明退出的原因。"), field="reason")
    row: Place | Waiting | None = batches.standing_place(session, batch_id, member_id)
    if row is None:
        row = next((each for each in queries.waiting_rows(session, batch_id) if each.member_id == member_id), None)
    if row is None:
        return ()
    _strike(act, row, reason.strip())
    session.flush()
    changed(session, members=[member_id])
    admitted = admit(session, act, batch_id)
    audit.note(session, act, "training.withdraw_place", f"batch:{batch_id}", batch.organization_id, member=member_id)
    return admitted


def admit(session: Session, act: Act, batch_id: int) -> tuple[int, ...]:
    """Let the first in line in while there are free places; returns their ids.

    Whoever could not be given a place any more is struck off the line. The batch must be held by the caller.
    """
    task, batch = open_batch_held(session, batch_id)
    free = batch.capacity - len(batches.placed(session, batch_id))
    admitted: list[int] = []
    for row in queries.waiting_rows(session, batch_id):
        if len(admitted) >= free:
            break
        try:
            _check_placeable(session, act, task, batch, row.member_id)
        except DomainError:
            _strike(act, row, NO_LONGER)
            continue
        admitted.append(row.member_id)
    session.flush()
    if admitted:
        give_places(session, act, batch_id, admitted)
        again = act.without_key()
        audit.note(session, again, "training.admit", f"batch:{batch_id}", batch.organization_id, members=admitted)
    return tuple(admitted)


def check_not_begun(session: Session, batch_id: int) -> None:
    """Raise Conflict once a roll of the batch was called."""
    if any(each.occasion.called for each in batches.sessions(session, batch_id)):
        raise Conflict(N_("这一期已经开课点名，不能取消；可以结班。"))


def _strike(act: Act, row: Place | Waiting, because: str) -> None:
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = act.at, act.actor_id, because


def _check_placeable(session: Session, act: Act, task: TaskValue, batch: Batch, member_id: int) -> None:
    member = members.member(session, member_id, act.day)
    if member is None or not organizations.covers(session, [batch.organization_id], member.organization_id, act.day):
        raise NotFound(N_("名册上没有这名党员。"))
    if not tasks.includes(session, task.audience, member_id, act.day, organization_id=member.organization_id):
        raise DomainError(N_("这项任务的培训对象不包括这名党员。"))
    if member_id in batches.standing_places(session, task.id):
        raise DomainError(N_("这名党员已经编入这项任务的另一期。"))
