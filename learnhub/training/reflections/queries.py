"""Reflections on a reading class."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.training.batches.queries import BatchValue, batch, standing_place
from learnhub.training.reflections.models import Reflection


def reflection(session: Session, batch_id: int, member_id: int) -> Reflection | None:
    """The row of what a member chose to write in a reading class."""
    return session.scalar(select(Reflection).where(Reflection.batch_id == batch_id, Reflection.member_id == member_id))


def own_reflection(session: Session, batch_id: int, member_id: int) -> str:
    """What a member chose to write in a reading class; empty for nothing."""
    row = reflection(session, batch_id, member_id)
    return row.text if row else ""


def reflections(session: Session, batch_id: int) -> dict[int, str]:
    """What members of a reading class chose to write, by member id."""
    rows = session.execute(select(Reflection.member_id, Reflection.text).where(Reflection.batch_id == batch_id))
    return dict(row._tuple() for row in rows)


def own_reading(session: Session, batch_id: int, member_id: int) -> BatchValue:
    """The reading class in which a member has a place; raises NotFound."""
    found = batch(session, batch_id)
    if found is None or not found.is_reading or standing_place(session, batch_id, member_id) is None:
        raise NotFound(N_("没有这个读书班，或者您不在班里。"))
    return found
