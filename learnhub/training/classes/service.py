"""Classes for everybody who waits, in one action; the make-up batch for the remainder of another."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act, subject_id
from learnhub.core.errors import Conflict, DomainError, NotFound
from learnhub.core.text import N_
from learnhub.organizations import queries as organizations
from learnhub.training.batches import queries as batches
from learnhub.training.batches.rules import ClassDates
from learnhub.training.batches.service import open_batch
from learnhub.training.classes import queries
from learnhub.training.classes.rules import MOST_CLASSES, Split, fingerprint
from learnhub.training.enrolment import queries as enrolment
from learnhub.training.enrolment.service import give_places
from learnhub.training.tasks import queries as tasks
from learnhub.training.tasks.rules import Candidate


class ClassesChanged(Conflict):
    """Who waits is not what was looked at any more: somebody else filled a batch, or a fact changed."""

    def __init__(self) -> None:
        super().__init__(N_("名单在您看的时候变了，没有开班。下面是现在的名单，请再核对一次。"))


def open_classes(
    session: Session,
    act: Act,
    *,
    task_id: int,
    organization_id: int,
    by: Split,
    size: int,
    seen: str,
    dates: Sequence[ClassDates],
) -> int:
    """Give everybody who waits a place as `queries.proposal` proposes it; returns how many places.

    First the free places of open batches are filled, then a batch is opened for each of the first MOST_CLASSES classes
    and filled. `seen` is the fingerprint of the proposal as it was looked at and `dates` are those of its classes, in
    the same order. The task is held, so of two organizers the second finds nobody left to place twice. Raises
    ClassesChanged when the proposal is not the one looked at, NotFound when the task is not one for that organization.
    """
    if trail.earlier(session, act.key):
        return 0
    task = tasks.held_task(session, task_id)
    if not organizations.covers(session, [task.organization_id], organization_id, act.day):
        raise NotFound(N_("没有这项轮训任务。"))
    proposal = queries.proposal(session, task, organization_id, act.day, by=by, size=size).first(MOST_CLASSES)
    if not proposal.total or fingerprint(proposal) != seen or len(proposal.classes) != len(dates):
        raise ClassesChanged
    for filling in proposal.fillings:
        give_places(session, act, filling.batch_id, [member.id for member in filling.members])
    for plan, each in zip(proposal.classes, dates, strict=True):
        batch_id = open_batch(
            session,
            act.without_key(),
            task_id=task_id,
            organization_id=plan.organization_id,
            **dataclasses.asdict(each),
            capacity=max(size, len(plan.members)),
        )
        give_places(session, act, batch_id, [member.id for member in plan.members])
    audit.note(
        session, act, "training.open_classes", task.subject, organization_id,
        batches=len(proposal.classes), places=proposal.total, filled=proposal.filled,
    )  # fmt: skip
    return proposal.total


def remainder(session: Session, batch_id: int, day: dt.date) -> tuple[Candidate, ...]:
    """Those who did not complete a closed batch and still wait for another on `day`, in organization order."""
    batch = batches.batch(session, batch_id)
    task = tasks.task(session, batch.task_id) if batch else None
    if batch is None or task is None:
        raise NotFound(N_("没有这一期。"))
    return enrolment.waiting(session, task, batch.organization_id, day, placed_in=batch_id)


def open_remainder(session: Session, act: Act, *, batch_id: int, dates: ClassDates) -> int:
    """Open the make-up batch (补训) for those who did not complete a closed one, filled with them; returns its id.

    Raises DomainError while the batch is open, or when nobody of it waits: the second time they are placed already.
    """
    if subject := trail.earlier(session, act.key):
        return subject_id(subject)
    task, batch = batches.held_batch(session, batch_id)
    if batch.closed_at is None:
        raise DomainError(N_("先结班，才知道谁要补训。"))
    left = remainder(session, batch_id, act.day)
    if not left:
        raise DomainError(N_("这一期没有要补训的人：没有结业的已经编入别的期，或者已经训过。"))
    new_id = open_batch(
        session,
        act.without_key(),
        task_id=task.id,
        organization_id=batch.organization_id,
        **dataclasses.asdict(dates),
        capacity=max(batch.capacity, len(left)),
        quiz_course=batch.quiz_course,
        kind=batch.kind,
        remainder_of=batch_id,
    )
    give_places(session, act, new_id, [each.id for each in left])
    audit.note(
        session, act, "training.open_remainder", f"batch:{new_id}", batch.organization_id, of=batch_id, places=len(left)
    )
    return new_id
