"""The list of holidays: which days are worked or not, otherwise than the week says, and by which notice."""

import dataclasses
import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.organizations import queries as organizations
from learnhub.training.calendar.models import Holiday


@dataclasses.dataclass(frozen=True, slots=True)
class HolidayValue:
    """A day of the list, with what became of it when it was taken back."""

    id: int
    day: dt.date
    working: bool
    basis: str
    noted_at: dt.datetime
    withdrawn_at: dt.datetime | None
    withdrawn_because: str | None


def top(session: Session, **_arguments: Any) -> int | None:
    """The organization at the root of the tree; a guard's place: one calendar holds for everybody."""
    found = organizations.roots(session, clock.today())
    return found[0].id if found else None


def holidays(session: Session, *, standing: bool = True) -> tuple[HolidayValue, ...]:
    """The days that stand, or those that were taken back; the newest day first."""
    wanted = Holiday.withdrawn_at.is_(None) if standing else Holiday.withdrawn_at.is_not(None)
    rows = session.scalars(select(Holiday).where(wanted).order_by(Holiday.day.desc(), Holiday.id.desc()))
    return tuple(_value(row) for row in rows)


def holiday(session: Session, holiday_id: int) -> HolidayValue:
    """One day of the list, taken back or not; raises NotFound."""
    return _value(holiday_row(session, holiday_id))


def holiday_row(session: Session, holiday_id: int) -> Holiday:
    """Its row, held against other writers until the transaction ends, for the service to withdraw; raises NotFound."""
    row = session.get(Holiday, holiday_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(N_("节假日表里没有这一条。"))
    return row


def standing_days(session: Session, days: Collection[dt.date]) -> list[dt.date]:
    """Which of `days` stand on the list, by date."""
    found = select(Holiday.day).where(Holiday.day.in_(days), Holiday.withdrawn_at.is_(None))
    return list(session.scalars(found.order_by(Holiday.day)))


def _value(row: Holiday) -> HolidayValue:
    return HolidayValue(row.id, row.day, row.working, row.basis, row.noted_at, row.withdrawn_at, row.withdrawn_because)
