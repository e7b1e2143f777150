"""The list of holidays: days are added and taken back, never overwritten."""

import datetime as dt

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict, DomainError
from learnhub.core.text import N_
from learnhub.training.calendar import queries
from learnhub.training.calendar.models import Holiday

# A notice speaks of some days at a time; more is a slip of the hand.
LONGEST_DAYS = 31


def add_holidays(
    session: Session, act: Act, *, first: dt.date, last: dt.date, working: bool, basis: str
) -> tuple[int, ...]:
    """Put every day from `first` to `last`, both included, on the list; returns the ids of the new rows.

    Raises DomainError for days in the wrong order or too many, or without a basis, and Conflict, changing nothing, when
    one of them stands on the list already.
    """
    if trail.earlier(session, act.key):
        return ()
    if not 0 <= (last - first).days < LONGEST_DAYS:
        raise DomainError(N_("最后一天不能早于第一天，一次最多 %(most)s 天。"), field="last", most=LONGEST_DAYS)
    if not basis.strip():
        raise DomainError(N_("请写明依据。"), field="basis")
    days = [first + dt.timedelta(days=step) for step in range((last - first).days + 1)]
    if have := queries.standing_days(session, days):
        raise Conflict(N_("%(day)s 已经在表里，没有覆盖。要改，请点那一天。"), field="first", day=have[0].isoformat())
    rows = [
        Holiday(day=day, working=working, basis=basis.strip(), noted_at=act.at, noted_by=act.actor_id) for day in days
    ]
    try:
        with session.begin_nested():
            session.add_all(rows)
    except IntegrityError as error:
        # Somebody else put one of them on the list since we looked: the table's own index tells it.
        raise Conflict(N_("刚才有人把这些天里的一天加进表里了，这一次没有保存。请看一下现在的表。")) from error
    audit.note(
        session, act, "training.add_holidays", f"holiday:{rows[0].id}", queries.top(session),
        first=first.isoformat(), last=last.isoformat(), working=working,
    )  # fmt: skip
    return tuple(row.id for row in rows)


def withdraw_holiday(session: Session, act: Act, *, holiday_id: int, reason: str) -> dt.date:
    """Take a day back from the list, with a reason; returns the day. Raises Conflict when it was taken back before."""
    row = queries.holiday_row(session, holiday_id)
    if trail.earlier(session, act.key):
        return row.day
    if not reason.strip():
        raise DomainError(N_("请写明原因。"), field="because")
    if row.withdrawn_at:
        raise Conflict(N_("这一天已经撤回了。"))
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = act.at, act.actor_id, reason.strip()
    session.flush()
    audit.note(session, act, "training.withdraw_holiday", f"holiday:{row.id}", queries.top(session))
    return row.day


def replace_holiday(session: Session, act: Act, *, holiday_id: int, working: bool, basis: str, reason: str) -> None:
    """Take a day back and put it on the list anew as it should be; what it said before stays, with the reason."""
    if trail.earlier(session, act.key):
        return
    part = act.without_key()
    day = withdraw_holiday(session, part, holiday_id=holiday_id, reason=reason)
    add_holidays(session, part, first=day, last=day, working=working, basis=basis)
    audit.note(session, act, "training.replace_holiday", f"holiday:{holiday_id}", queries.top(session))
