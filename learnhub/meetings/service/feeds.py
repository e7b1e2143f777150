"""Verbs of calendar links: opening one, ending it."""

import secrets

from sqlalchemy.orm import Session

from learnhub.audit.queries import earlier
from learnhub.audit.rules import Act
from learnhub.audit.service import note
from learnhub.meetings import queries
from learnhub.meetings.models import CalendarFeed
from learnhub.meetings.rules import Owner

TOKEN_BYTES = 24


def open_feed(session: Session, act: Act, owner: Owner) -> None:
    """Give `owner` (a branch or a member) a new secret calendar link; the one before, if any, ends at once."""
    if earlier(session, act.key):
        return
    _end(session, act, owner)
    session.add(
        CalendarFeed(
            token=secrets.token_urlsafe(TOKEN_BYTES),
            organization_id=owner.organization_id,
            member_id=owner.member_id,
            opened_at=act.at,
            opened_by=act.actor_id,
        )
    )
    note(session, act, "calendar-link.open", owner.subject, owner.organization_id)


def end_feed(session: Session, act: Act, owner: Owner) -> None:
    """Revoke the calendar link of `owner`; without one nothing changes."""
    if not earlier(session, act.key) and _end(session, act, owner):
        note(session, act, "calendar-link.end", owner.subject, owner.organization_id)


def _end(session: Session, act: Act, owner: Owner) -> bool:
    row = queries.standing_feed(session, owner)
    if row is None:
        return False
    row.ended_at, row.ended_by = act.at, act.actor_id
    session.flush()
    return True
