"""Filling a batch, and single places in it."""

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.orm import changed
from learnhub.core.text import N_
from learnhub.members import queries as members
from learnhub.organizations import queries as organizations
from learnhub.training import queries
from learnhub.training.models import Batch, Place
from learnhub.training.queries import TaskValue
from learnhub.training.service.steps import open_batch_held


def fill(session: Session, act: Act, *, batch_id: int) -> int:
    """Fill the batch up to its capacity with those still waiting, in organization order; returns how many came in.

    Waiting are those due, minus covered, exempt and already placed in an open batch of the task; so filling twice adds
    nobody twice. Raises Conflict for a closed batch.
    """
    if trail.earlier(session, act.key):
        return 0
    task, batch = open_batch_held(session, batch_id)
    free = batch.capacity - len(queries.placed(session, batch_id))
    chosen = queries.waiting(session, task, batch.organization_id, act.day)[: max(free, 0)]
    session.add_all(
        Place(batch_id=batch_id, member_id=each.id, noted_at=act.at, noted_by=act.actor_id) for each in chosen
    )
    session.flush()
    changed(session, members=(each.id for each in chosen))
    audit.note(session, act, "training.fill", f"batch:{batch_id}", batch.organization_id, added=len(chosen))
    return len(chosen)


def place(session: Session, act: Act, *, batch_id: int, member_id: int) -> None:
    """Give one member a place, an exempt one or one already covered too; a place that stands already stays.

    Raises DomainError when the batch is full, the task is not for the member, or the member has a place in another open
    batch of the task; NotFound for somebody from elsewhere; Conflict for a closed batch.
    """
    if trail.earlier(session, act.key):
        return
    task, batch = open_batch_held(session, batch_id)
    standing = queries.placed(session, batch_id)
    if member_id in standing:
        return
    _check_placeable(session, act, task, batch, member_id)
    if len(standing) >= batch.capacity:
        raise DomainError(N_("这一期已经满员。先增加名额，或者编入下一期。"))
    session.add(Place(batch_id=batch_id, member_id=member_id, noted_at=act.at, noted_by=act.actor_id))
    session.flush()
    changed(session, members=[member_id])
    audit.note(session, act, "training.place", f"batch:{batch_id}", batch.organization_id, member=member_id)


def withdraw_place(session: Session, act: Act, *, batch_id: int, member_id: int, reason: str) -> None:
    """Take a member's place back, with a reason; a place that does not stand is no error."""
    if trail.earlier(session, act.key):
        return
    _task, batch = open_batch_held(session, batch_id)
    if not reason.strip():
        raise DomainError(N_("请写明退出的原因。"), field="reason")
    row = queries.standing_place(session, batch_id, member_id)
    if row is None:
        return
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = act.at, act.actor_id, reason.strip()
    session.flush()
    changed(session, members=[member_id])
    audit.note(session, act, "training.withdraw_place", f"batch:{batch_id}", batch.organization_id, member=member_id)


def _check_placeable(session: Session, act: Act, task: TaskValue, batch: Batch, member_id: int) -> None:
    member = members.member(session, member_id, act.day)
    place = organizations.organization(session, member.organization_id, act.day) if member else None
    if member is None or place is None:
        raise NotFound(N_("名册上没有这名党员。"))
    if not organizations.covers(session, [batch.organization_id], member.organization_id, act.day):
        raise NotFound(N_("名册上没有这名党员。"))
    if not task.audience.includes(
        probationary=member.probationary(act.day),
        posts=member.posts,
        domain=place.domain,
        circumstances=member.circumstances,
    ):
        raise DomainError(N_("这项任务的培训对象不包括这名党员。"))
    if member_id in queries.standing_places(session, task.id):
        raise DomainError(N_("这名党员已经编入这项任务的另一期。"))
