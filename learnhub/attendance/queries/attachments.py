"""Pictures beside the record of an occasion."""

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.attendance.models import Attachment
from learnhub.core import orm
from learnhub.core.text import N_


@dataclasses.dataclass(frozen=True, slots=True)
class AttachmentValue:
    """A picture that was attached: who noted it and when, and when it was withdrawn; `size` is in bytes."""

    id: int
    occasion_id: int
    sha256: str
    size: int
    width: int
    height: int
    caption: str
    noted_at: dt.datetime
    noted_by: int
    withdrawn_at: dt.datetime | None
    withdrawn_because: str | None
    erased_at: dt.datetime | None


_COLUMNS = tuple(getattr(Attachment, each.name) for each in dataclasses.fields(AttachmentValue))


def attachments(session: Session, occasion_ids: Sequence[int]) -> dict[int, tuple[AttachmentValue, ...]]:
    """The standing pictures of several occasions, by occasion, in the order they were noted (one statement)."""
    found: dict[int, list[AttachmentValue]] = defaultdict(list)
    statement = select(*_COLUMNS).where(Attachment.occasion_id.in_(occasion_ids), Attachment.withdrawn_at.is_(None))
    for row in session.execute(statement.order_by(Attachment.id)):
        found[row.occasion_id].append(AttachmentValue(*row))
    return {occasion: tuple(each) for occasion, each in found.items()}


def attachments_ever(session: Session, occasion_id: int) -> tuple[AttachmentValue, ...]:
    """Every picture ever attached to the occasion, the withdrawn ones too, in the order they were noted."""
    statement = select(*_COLUMNS).where(Attachment.occasion_id == occasion_id).order_by(Attachment.id)
    return tuple(AttachmentValue(*row) for row in session.execute(statement))


def attachment(session: Session, attachment_id: int) -> AttachmentValue | None:
    """The picture, withdrawn or not, or None."""
    row = session.execute(select(*_COLUMNS).where(Attachment.id == attachment_id)).first()
    return AttachmentValue(*row) if row else None


def held_attachment(session: Session, attachment_id: int) -> Attachment:
    """A picture's row, held against other writers until the transaction ends; raises NotFound."""
    return orm.held(session, select(Attachment).where(Attachment.id == attachment_id), N_("没有这张照片。"))


def places_taken(session: Session, occasion_id: int) -> dict[int, Attachment]:
    """The rows of the standing pictures by their place, 1 to 3."""
    statement = select(Attachment).where(Attachment.occasion_id == occasion_id, Attachment.withdrawn_at.is_(None))
    return {row.place: row for row in session.scalars(statement)}


def to_erase(session: Session, withdrawn_before: dt.datetime) -> Sequence[Attachment]:
    """Pictures withdrawn before that instant whose files are still there."""
    statement = select(Attachment).where(Attachment.withdrawn_at < withdrawn_before, Attachment.erased_at.is_(None))
    return session.scalars(statement.order_by(Attachment.id)).all()


def kept_pictures(session: Session) -> set[str]:
    """The hashes of all pictures whose files must be there."""
    return set(session.scalars(select(Attachment.sha256).where(Attachment.erased_at.is_(None)).distinct()))
