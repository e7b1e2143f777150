"""Check-in codes: where they are used, the screens, and who checked in."""

import dataclasses
import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.attendance.models import CheckInClaim, CheckInScreen, CheckInSwitch
from learnhub.core import orm
from learnhub.core.text import N_


@dataclasses.dataclass(frozen=True, slots=True)
class ScreenValue:
    """A screen of codes for one occasion."""

    id: int
    occasion_id: int
    secret: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, slots=True)
class ClaimValue:
    """A claim, and the occasion that its screen is for."""

    id: int
    screen_id: int
    occasion_id: int
    issued_at: dt.datetime
    member_id: int | None
    used_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, slots=True)
class SwitchValue:
    """Since when, until when and by whose word (account ids) an organization used codes."""

    noted_at: dt.datetime
    noted_by: int
    withdrawn_at: dt.datetime | None
    withdrawn_by: int | None


_SCREEN = tuple(getattr(CheckInScreen, each.name) for each in dataclasses.fields(ScreenValue))


def uses_codes(session: Session, organization_id: int) -> bool:
    """Whether the organization has switched check-in codes on; off unless it has."""
    statement = select(CheckInSwitch.id).where(
        CheckInSwitch.organization_id == organization_id, CheckInSwitch.withdrawn_at.is_(None)
    )
    return session.scalar(statement) is not None


def held_switch(session: Session, organization_id: int) -> CheckInSwitch | None:
    """The switch that is on, held against other writers, or None."""
    statement = select(CheckInSwitch).where(
        CheckInSwitch.organization_id == organization_id, CheckInSwitch.withdrawn_at.is_(None)
    )
    return session.scalar(statement.with_for_update())


def switches(session: Session, organization_id: int) -> tuple[SwitchValue, ...]:
    """Every time the organization switched codes on or off, the latest first."""
    columns = (getattr(CheckInSwitch, each.name) for each in dataclasses.fields(SwitchValue))
    statement = select(*columns).where(CheckInSwitch.organization_id == organization_id)
    return tuple(SwitchValue(*row) for row in session.execute(statement.order_by(CheckInSwitch.id.desc())))


def screen_of(session: Session, occasion_id: int) -> ScreenValue | None:
    """The occasion's screen, open or closed, or None when there never was one."""
    row = session.execute(select(*_SCREEN).where(CheckInScreen.occasion_id == occasion_id)).first()
    return ScreenValue(*row) if row else None


def screen(session: Session, screen_id: int) -> ScreenValue | None:
    """The screen, or None."""
    row = session.execute(select(*_SCREEN).where(CheckInScreen.id == screen_id)).first()
    return ScreenValue(*row) if row else None


def held_screen(session: Session, occasion_id: int) -> CheckInScreen | None:
    """The occasion's screen for writing, or None."""
    return session.scalar(select(CheckInScreen).where(CheckInScreen.occasion_id == occasion_id).with_for_update())


_CLAIM = (
    CheckInClaim.id,
    CheckInClaim.screen_id,
    CheckInScreen.occasion_id,
    CheckInClaim.issued_at,
    CheckInClaim.member_id,
    CheckInClaim.used_at,
)


def claim(session: Session, token_hash: str) -> ClaimValue | None:
    """The claim whose token has this hash, or None."""
    statement = select(*_CLAIM).join(CheckInScreen, CheckInScreen.id == CheckInClaim.screen_id)
    row = session.execute(statement.where(CheckInClaim.token_hash == token_hash)).first()
    return ClaimValue(*row) if row else None


def held_claim(session: Session, token_hash: str) -> CheckInClaim:
    """The claim for writing; raises NotFound."""
    statement = select(CheckInClaim).where(CheckInClaim.token_hash == token_hash)
    return orm.held(session, statement, N_("没有这次扫码，请再扫一次。"))


def checked_in(session: Session, occasion_id: int) -> dict[int, dt.datetime]:
    """When each member checked in by code; a suggestion to the recorder and no more."""
    statement = (
        select(CheckInClaim.member_id, CheckInClaim.used_at)
        .join(CheckInScreen, CheckInScreen.id == CheckInClaim.screen_id)
        .where(CheckInScreen.occasion_id == occasion_id, CheckInClaim.member_id.is_not(None))
    )
    return dict(row._tuple() for row in session.execute(statement) if row[0])  # type: ignore[misc]
