"""By which key the identity numbers of the roster are hashed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.members.models import IdentityKey


def identity_fingerprint(session: Session) -> str | None:
    """The fingerprint of the key that identity numbers are hashed by; None before the first was remembered."""
    return session.scalar(select(IdentityKey.fingerprint))
