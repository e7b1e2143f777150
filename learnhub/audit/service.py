"""Writing the audit trail."""

from typing import Any

from sqlalchemy.orm import Session

from learnhub.audit import queries
from learnhub.audit.models import AuditEntry
from learnhub.audit.rules import Act, chained


def note(
    session: Session, act: Act, action: str, subject: str, organization_id: int | None = None, **details: Any
) -> None:
    """Append one entry: `action` such as `meeting.schedule` on `subject` such as `meeting:12`.

    `details` are plain JSON values and hold no names and no reasons of health. The entry carries the act's key, so one
    request notes itself once; further entries of the same act are made with `act` without its key.
    """
    previous = queries.last_hash(session)
    entry = AuditEntry(
        at=act.at,
        actor_id=act.actor_id,
        action=action,
        subject=subject,
        organization_id=organization_id,
        details=details,
        key=act.key,
        previous_hash=previous,
    )
    entry.hash = chained(previous, queries.content(entry))
    session.add(entry)
    session.flush()
