"""What a member of a reading class chooses to write: no duty, no length, no count."""

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.training.reflections import queries
from learnhub.training.reflections.models import Reflection


def write_reflection(session: Session, act: Act, *, batch_id: int, member_id: int, text: str) -> None:
    """Keep what a member of a reading class wrote; an empty `text` takes it away altogether.

    What it says is never on the trail. Raises NotFound for somebody who is not in such a class.
    """
    if trail.earlier(session, act.key):
        return
    batch = queries.own_reading(session, batch_id, member_id)
    row = queries.reflection(session, batch_id, member_id)
    if row is not None and not text:
        session.delete(row)
    elif row is not None:
        row.text, row.written_at = text, act.at
    elif text:
        session.add(Reflection(batch_id=batch_id, member_id=member_id, text=text, written_at=act.at))
    session.flush()
    audit.note(session, act, "training.write_reflection", f"batch:{batch_id}", batch.organization_id)
