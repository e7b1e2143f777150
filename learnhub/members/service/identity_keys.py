"""The key by which identity numbers are hashed: the first one is remembered, another one is refused."""

from sqlalchemy.orm import Session

from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict
from learnhub.core.text import N_
from learnhub.members import queries
from learnhub.members.models import IdentityKey
from learnhub.members.rules.identity import key_fingerprint


def require_identity_key(session: Session, key: str) -> None:
    """Raise Conflict when the numbers of this roster are hashed by another key than `key`: none of them would match."""
    known = queries.identity_fingerprint(session)
    if known is not None and known != key_fingerprint(key):
        raise Conflict(
            N_("服务器上的身份证号密钥（LEARNHUB_IDENTITY_KEY）和这份名册用的不是同一个，请系统管理员换回原来的。")
        )


def remember_identity_key(session: Session, act: Act, key: str) -> None:
    """Remember `key` as the one of this roster when there is none yet. Raises Conflict as `require_identity_key` does."""
    require_identity_key(session, key)
    if queries.identity_fingerprint(session) is None:
        session.add(IdentityKey(id=1, fingerprint=key_fingerprint(key), since=act.at))
        session.flush()


def replace_identity_key(session: Session, act: Act, key: str) -> bool:
    """Make `key` the one of this roster from now on; False when it is already.

    Numbers hashed by the one before stay, and match nothing that is imported later.
    """
    known, fingerprint = queries.identity_fingerprint(session), key_fingerprint(key)
    if known == fingerprint:
        return False
    session.merge(IdentityKey(id=1, fingerprint=fingerprint, since=act.at))
    audit.note(session, act, "roster.replace-identity-key", "identity-key:1")
    return True
