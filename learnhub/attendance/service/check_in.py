"""Check-in by code: switched on by the organization, shown on a screen, claimed, and used once by a member."""

import hashlib
import secrets
from collections.abc import Collection

from sqlalchemy import delete
from sqlalchemy.orm import Session

from learnhub.attendance import queries
from learnhub.attendance.models import CheckInClaim, CheckInScreen, CheckInSwitch
from learnhub.attendance.rules import CLAIM, CodeRefused, check_claim, check_code, check_roll_open
from learnhub.attendance.service.steps import noted, still_on
from learnhub.audit.queries import earlier
from learnhub.audit.rules import Act
from learnhub.audit.service import note
from learnhub.core.errors import DomainError
from learnhub.core.text import N_


def token_hash(token: str) -> str:
    """What is kept of a claim's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def switch_codes(session: Session, act: Act, *, organization_id: int, on: bool) -> None:
    """Switch check-in codes of an organization on or off; who did so and when stays on record."""
    if earlier(session, act.key):
        return
    switch = queries.held_switch(session, organization_id)
    if on == (switch is not None):
        return
    if switch is None:
        session.add(CheckInSwitch(organization_id=organization_id, noted_at=act.at, noted_by=act.actor_id))
    else:
        switch.withdrawn_at, switch.withdrawn_by = act.at, act.actor_id
    session.flush()
    note(session, act, "check-in.on" if on else "check-in.off", f"organization:{organization_id}", organization_id)


def open_screen(session: Session, act: Act, *, occasion_id: int) -> int:
    """Show codes for an occasion, and return the screen's id; opening it anew makes new codes.

    Raises DomainError where the organization has not switched codes on, and once the record is finished; TooEarly before
    the roll opens.
    """
    occasion = still_on(session, occasion_id)
    if not queries.uses_codes(session, occasion.organization_id):
        raise DomainError(N_("本支部没有打开签到码。要用的话先打开，不用也能点名。"))
    if occasion.finished_at:
        raise DomainError(N_("这次活动已经完成记录，不再签到。"))
    check_roll_open(occasion, act.at)
    screen = queries.held_screen(session, occasion_id)
    if screen is None:
        screen = CheckInScreen(occasion_id=occasion_id)
        session.add(screen)
    elif screen.closed_at is None:
        return screen.id
    screen.secret, screen.opened_at, screen.opened_by = secrets.token_hex(32), act.at, act.actor_id
    screen.closed_at = None
    session.flush()
    noted(session, act, "check-in-open", occasion)
    return screen.id


def close_screen(session: Session, act: Act, *, occasion_id: int) -> None:
    """End the codes of an occasion; claims already issued keep their ten minutes."""
    screen = queries.held_screen(session, occasion_id)
    if screen is not None and screen.closed_at is None:
        screen.closed_at = act.at
        noted(session, act, "check-in-close", still_on(session, occasion_id))


def claim_code(session: Session, *, screen_id: int, code: str, act: Act) -> str:
    """Issue a claim for the code just read from a screen, before anybody signs in; returns its token.

    The server's clock alone decides. Raises CodeRefused for a code that is late, of another screen or altered.
    """
    screen = queries.screen(session, screen_id)
    if screen is None or screen.closed_at is not None:
        raise CodeRefused(N_("这个签到码不对，或者已经换了新的。请看屏幕上现在的码，再扫一次。"))
    check_code(screen.secret, code, act.at)
    unused = CheckInClaim.used_at.is_(None)
    session.execute(
        delete(CheckInClaim).where(CheckInClaim.screen_id == screen_id, unused, CheckInClaim.issued_at < act.at - CLAIM)
    )
    token = secrets.token_urlsafe(24)
    session.add(CheckInClaim(screen_id=screen_id, token_hash=token_hash(token), issued_at=act.at))
    session.flush()
    return token


def check_in(session: Session, act: Act, *, token: str, member_id: int, expected: Collection[int]) -> None:
    """Use a claim for a member: a suggestion to the recorder, whose roll always stands above it.

    A member who has checked in already stays so; scanning twice is one record. Raises CodeRefused for a claim that is
    used or older than ten minutes, and for somebody who is not among the `expected` ids; NotFound for an unknown one.
    """
    row = queries.held_claim(session, token_hash(token))
    found = queries.claim(session, row.token_hash)
    if found is None or (row.member_id == member_id and row.used_at is not None):
        return
    check_claim(row.issued_at, row.used_at, act.at)
    if member_id not in expected:
        raise CodeRefused(N_("您不在这次活动的名单里，不能在这里签到。请告诉记录人。"))
    occasion = still_on(session, found.occasion_id)
    if member_id in queries.checked_in(session, found.occasion_id):
        return
    row.member_id, row.used_at = member_id, act.at
    session.flush()
    noted(session, act, "check-in", occasion, member=member_id)
