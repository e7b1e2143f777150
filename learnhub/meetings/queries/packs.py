"""What a branch does in a month: the nearest published pack above it and its own parts."""

import dataclasses
import datetime as dt
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from learnhub.meetings.models import MonthPack, OwnPart
from learnhub.meetings.rules.packs import OwnValue, PackWords, Part
from learnhub.organizations import queries as organizations

_NAMES = tuple(field.name for field in dataclasses.fields(PackWords))
_WORDS = tuple(getattr(MonthPack, name) for name in _NAMES)
_PUBLISHED = MonthPack.published_at.is_not(None)


@dataclasses.dataclass(frozen=True, slots=True)
class PackValue:
    """One pack as it was prepared, with when it was published and withdrawn (None while it was not), and why."""

    organization_id: int
    month: str
    noted_at: dt.datetime
    published_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    because: str | None
    words: PackWords


_VALUE = (
    MonthPack.organization_id,
    MonthPack.month,
    MonthPack.noted_at,
    MonthPack.published_at,
    MonthPack.withdrawn_at,
    MonthPack.withdrawn_because,
)


def pack_for(session: Session, organization_id: int, month: str, day: dt.date) -> PackValue | None:
    """The published pack for `month` of the organization itself or the nearest above it on `day` (one statement)."""
    above = organizations.line_above()
    statement = (
        select(*_VALUE, *_WORDS)
        .join(above, above.c.id == MonthPack.organization_id)
        .where(MonthPack.month == month, _PUBLISHED, MonthPack.withdrawn_at.is_(None))
        .order_by(above.c.steps)
        .limit(1)
    )
    row = session.execute(statement, {"start": organization_id, "day": day}).first()
    return _value(tuple(row)) if row else None


def packs_of(session: Session, organization_id: int, month: str | None = None) -> tuple[PackValue, ...]:
    """Every pack the organization itself prepared, of one month or of all, published or not, also what was replaced.

    The latest month and the latest pack of it first.
    """
    statement = select(*_VALUE, *_WORDS).where(MonthPack.organization_id == organization_id)
    if month is not None:
        statement = statement.where(MonthPack.month == month)
    statement = statement.order_by(MonthPack.month.desc(), MonthPack.id.desc())
    return tuple(_value(tuple(row)) for row in session.execute(statement))


def own_parts(session: Session, organization_id: int, month: str) -> dict[Part, OwnValue]:
    """What the branch chose itself for `month` (one statement)."""
    statement = select(OwnPart.part, OwnPart.words, OwnPart.source).where(
        OwnPart.organization_id == organization_id, OwnPart.month == month, OwnPart.withdrawn_at.is_(None)
    )
    return {row[0]: OwnValue(row[1], row[2]) for row in session.execute(statement)}


def held_draft(session: Session, organization_id: int, month: str) -> MonthPack | None:
    """The unpublished pack, for a verb to change."""
    return session.scalar(_standing(organization_id, month).where(~_PUBLISHED))


def held_pack(session: Session, organization_id: int, month: str) -> MonthPack | None:
    """The published pack, for a verb to change."""
    return session.scalar(_standing(organization_id, month).where(_PUBLISHED))


def held_own(session: Session, organization_id: int, month: str, part: Part) -> OwnPart | None:
    """The branch's own part, for a verb to change."""
    statement = select(OwnPart).where(
        OwnPart.organization_id == organization_id,
        OwnPart.month == month,
        OwnPart.part == part,
        OwnPart.withdrawn_at.is_(None),
    )
    return session.scalar(statement.with_for_update())


def _standing(organization_id: int, month: str) -> Select[tuple[MonthPack]]:
    return (
        select(MonthPack)
        .where(MonthPack.organization_id == organization_id, MonthPack.month == month, MonthPack.withdrawn_at.is_(None))
        .with_for_update()
    )


def _value(row: tuple[Any, ...]) -> PackValue:
    organization_id, month, noted_at, published_at, withdrawn_at, because, *words = row
    return PackValue(organization_id, month, noted_at, published_at, withdrawn_at, because, PackWords(*words))
