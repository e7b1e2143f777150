"""The member's own mark 我学过了: made and taken back freely, and no record of anything."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.study import queries
from learnhub.study.models import Mark


def mark(session: Session, act: Act, *, unit: str, content_hash: str) -> None:
    """Note that the actor says to have studied `unit` (a name of `study.rules`) in the version `content_hash`.

    Marking twice keeps the first mark. The trail learns that a mark was made, not which: what somebody reads is
    theirs (依据: 政务移动互联网应用程序规范化管理办法, no study time, no tracking).
    """
    if trail.earlier(session, act.key) or queries.mark(session, act.actor_id, unit):
        return
    row = Mark(account_id=act.actor_id, unit=unit, marked_at=act.at, content_hash=content_hash)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # marked in another tab at the same moment
        return
    audit.note(session, act, "mark.make", f"account:{act.actor_id}")


def unmark(session: Session, act: Act, *, unit: str) -> None:
    """Take the actor's mark on `unit` back, if there is one."""
    if trail.earlier(session, act.key):
        return
    if row := queries.mark(session, act.actor_id, unit):
        session.delete(row)
        audit.note(session, act, "mark.take_back", f"account:{act.actor_id}")
