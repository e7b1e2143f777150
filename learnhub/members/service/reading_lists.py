"""Reading personal data in bulk is an act of its own and goes on the audit trail (docs/promises.md, S13)."""

from sqlalchemy.orm import Session

from learnhub.audit import service as audit
from learnhub.audit.rules import Act


def note_reading(session: Session, act: Act, *, organization_id: int, how: str) -> None:
    """Note that the names of an organization's members were read: `how` is `list`, `search`, `xlsx` or `csv`."""
    audit.note(session, act, "roster.read", f"organization:{organization_id}", organization_id, how=how)
