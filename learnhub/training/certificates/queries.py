"""What certificates are made from: the batch that proves a completion, and the hours each member has from it."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.organizations import queries as organizations
from learnhub.records import queries as records
from learnhub.records.queries import CompletionValue
from learnhub.records.rules import NewCertificate, batch_source
from learnhub.training.batches.models import Batch
from learnhub.training.batches.queries import sessions
from learnhub.training.tasks.queries import task


def to_certify(session: Session, completions: Sequence[CompletionValue]) -> tuple[NewCertificate, ...]:
    """A certificate to be issued for each of `completions` that a batch held here proves, in their order.

    What a higher level taught is certified by it; the others are left out.
    """
    sources = {each.source for each in completions}
    found: dict[str, list[NewCertificate]] = {}
    for batch in _batches(session, sources):
        source = batch_source(batch.id)
        found[source] = _of_batch(session, batch, [each for each in completions if each.source == source])
    return tuple(each for source in sorted(found) for each in found[source])


def _batches(session: Session, sources: set[str]) -> Sequence[Batch]:
    ids = [int(each.removeprefix("batch:")) for each in sources if each.removeprefix("batch:").isdigit()]
    return session.scalars(select(Batch).where(Batch.id.in_(ids))).all() if ids else ()


def _of_batch(session: Session, batch: Batch, completions: Sequence[CompletionValue]) -> list[NewCertificate]:
    last = completions[0].completed_on
    timetable = sessions(session, batch.id)
    held = organizations.organization(session, batch.organization_id, last)
    hours = records.earned(session, [each.occasion.source for each in timetable])
    of = task(session, batch.task_id)
    first = min([each.occasion.day for each in timetable] or [batch.starts_on])
    name = held.name if held else ""
    return [
        NewCertificate(
            completion_id=each.id,
            member_id=each.member_id,
            task=of.title if of else each.title,
            organizer=name,
            batch=batch.title,
            starts_on=min(first, each.completed_on),
            ends_on=each.completed_on,
            quarters=hours.get(each.member_id, 0),
            way=each.way,
            issuer=name,
        )
        for each in completions
    ]
