"""One branch's meetings."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, String, cast, func, select
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.attendance.queries import OccasionValue
from learnhub.attendance.rules import Tally, tally
from learnhub.core import clock, orm
from learnhub.core.text import N_
from learnhub.meetings.models import EarlierMinutes, Habit, Meeting, MeetingKindOf
from learnhub.meetings.rules import (
    KIND_ORDER,
    HabitValue,
    MeetingKind,
    Minutes,
    State,
    is_committee_only,
    is_expected,
    is_late,
)
from learnhub.members import queries as members
from learnhub.members.queries import RosterMember
from learnhub.members.rules import COMMITTEE_POSTS


@dataclasses.dataclass(frozen=True, slots=True)
class MeetingValue:
    """A meeting with its occasion (when, where, roll) and its minutes. `month` is data: the month it counts for."""

    id: int
    organization_id: int
    month: str
    theme: str
    kinds: tuple[MeetingKind, ...]
    minutes: Minutes
    late_reason: str
    scheduled_at: dt.datetime
    scheduled_by: int
    occasion: OccasionValue

    @property
    def is_theme_day(self) -> bool:
        """Whether this is the month's theme Party day."""
        return MeetingKind.THEME_DAY in self.kinds

    @property
    def state(self) -> State:
        """How far it has come."""
        if self.occasion.cancelled_at:
            return State.CANCELLED
        if self.occasion.finished_at:
            return State.FINISHED
        return State.CALLED if self.occasion.called else State.SCHEDULED

    @property
    def late(self) -> bool:
        """Whether its record was a late entry (补录)."""
        finished = self.occasion.finished_at
        return finished is not None and is_late(self.month, self.occasion.day, clock.local(finished).date())


@dataclasses.dataclass(frozen=True, slots=True)
class EarlierRecord:
    """What a finished record said before a correction."""

    minutes: Minutes
    replaced_at: dt.datetime
    replaced_by: int
    replaced_because: str


_OCCASION = attendance.occasion_rows()
_OWN = (
    Meeting.id,
    Meeting.organization_id,
    Meeting.month,
    Meeting.theme,
    Meeting.late_reason,
    Meeting.scheduled_at,
    Meeting.scheduled_by,
)
_MINUTES = tuple(getattr(Meeting, each.name) for each in dataclasses.fields(Minutes))
_KINDS = (
    select(func.aggregate_strings(cast(MeetingKindOf.kind, String), ","))
    .where(MeetingKindOf.meeting_id == Meeting.id)
    .correlate(Meeting)
    .scalar_subquery()
)


def _with_occasion(*conditions: ColumnElement[bool]) -> Select[Any]:
    columns = (*_OWN, *_MINUTES, _KINDS, *_OCCASION.c)
    return select(*columns).join(_OCCASION, _OCCASION.c.id == Meeting.occasion_id).where(*conditions)


def _value(row: Sequence[Any]) -> MeetingValue:
    """A meeting from a row of `_with_occasion`."""
    own, minutes = len(_OWN), len(_OWN) + len(_MINUTES)
    kinds = [MeetingKind(each) for each in row[minutes].split(",")]
    return MeetingValue(
        **dict(zip((column.key for column in _OWN), row[:own], strict=True)),
        minutes=Minutes(*row[own:minutes]),
        kinds=tuple(sorted(kinds, key=KIND_ORDER.__getitem__)),
        occasion=OccasionValue(*row[minutes + 1 :]),
    )


def _values(session: Session, *conditions: ColumnElement[bool]) -> tuple[MeetingValue, ...]:
    statement = _with_occasion(*conditions).order_by(_OCCASION.c.starts_at, Meeting.id)
    return tuple(_value(row) for row in session.execute(statement))


def meeting(session: Session, meeting_id: int) -> MeetingValue | None:
    """The meeting, or None when there is none (one statement)."""
    return next(iter(_values(session, Meeting.id == meeting_id)), None)


def organization_of_meeting(session: Session, *, meeting_id: int) -> int | None:
    """The branch whose meeting it is, or None; what a guard asks."""
    return session.scalar(select(Meeting.organization_id).where(Meeting.id == meeting_id))


def organization_of_follow_up(session: Session, *, meeting_id: int, follow_up_id: int) -> int | None:
    """The branch of the meeting, when the follow-up is one of its; what a guard asks."""
    organization_id, occasion_id = session.execute(
        select(Meeting.organization_id, Meeting.occasion_id).where(Meeting.id == meeting_id)
    ).first() or (None, None)
    if occasion_id is None or attendance.occasion_of_follow_up(session, follow_up_id) != occasion_id:
        return None
    return organization_id


def held(session: Session, meeting_id: int) -> Meeting:
    """The meeting's row, held against other writers until the transaction ends; raises NotFound."""
    return orm.held(session, select(Meeting).where(Meeting.id == meeting_id), N_("没有这次会议。"))


def theme_day(session: Session, organization_id: int, month: str) -> MeetingValue | None:
    """The branch's theme Party day of `month` (`YYYY-MM`) that is not cancelled, or None."""
    found = _values(session, Meeting.organization_id == organization_id, Meeting.theme_day_of == month)
    return next(iter(found), None)


def theme_days(session: Session, organization_id: int, year: int) -> dict[str, MeetingValue]:
    """The branch's theme Party days of a calendar year by month, cancelled ones left out."""
    months = Meeting.theme_day_of.between(f"{year:04d}-01", f"{year:04d}-12")
    found = _values(session, Meeting.organization_id == organization_id, months)
    return {each.month: each for each in found}


def for_month(session: Session, organization_id: int, month: str) -> tuple[MeetingValue, ...]:
    """Every meeting that counts for `month`, cancelled ones too, in order of time (one statement)."""
    return _values(session, Meeting.organization_id == organization_id, Meeting.month == month)


def of_months(session: Session, organization_id: int, first: str, last: str) -> tuple[MeetingValue, ...]:
    """Every meeting that counts for a month from `first` to `last`, cancelled ones too, in order of time."""
    return _values(session, Meeting.organization_id == organization_id, Meeting.month.between(first, last))


def since(session: Session, organization_id: int, day: dt.date) -> tuple[MeetingValue, ...]:
    """The branch's meetings on and after `day` that were not cancelled, the latest first."""
    conditions = (
        Meeting.organization_id == organization_id,
        _OCCASION.c.day >= day,
        _OCCASION.c.cancelled_at.is_(None),
    )
    return tuple(reversed(_values(session, *conditions)))


def within(session: Session, organization_id: int, day: dt.date) -> tuple[MeetingValue, ...]:
    """The branch's meetings on and after `day`, cancelled ones too, in order of time."""
    return _values(session, Meeting.organization_id == organization_id, _OCCASION.c.day >= day)


def of_occasion(session: Session, occasion_id: int) -> MeetingValue | None:
    """The meeting behind an occasion, or None when it is none."""
    return next(iter(_values(session, Meeting.occasion_id == occasion_id)), None)


def of_member(session: Session, occasion_ids: Sequence[int]) -> dict[int, MeetingValue]:
    """The meetings behind `occasion_ids`, by occasion: what a member's record links to."""
    return {each.occasion.id: each for each in _values(session, Meeting.occasion_id.in_(occasion_ids))}


def tallies(session: Session, meetings: Sequence[MeetingValue]) -> dict[int, Tally]:
    """Expected, present, leave and absent of each meeting whose roll has been called, by meeting id."""
    counts = attendance.outcome_counts(session, [each.occasion.id for each in meetings])
    return {
        each.id: tally(outcome for outcome, count in counts[each.occasion.id].items() for _ in range(count))
        for each in meetings
        if each.occasion.id in counts
    }


def expected(session: Session, found: MeetingValue) -> tuple[RosterMember, ...]:
    """Whom the roll lists: who belonged to the branch on the day, in the roster's order; for a meeting of the committee
    alone its members. Who has lost contact or is suspended is never expected."""
    everybody = members.members_of(session, found.organization_id, found.occasion.day)
    roster = tuple(each for each in everybody if is_expected(each.circumstances))
    if is_committee_only(found.kinds):
        return tuple(each for each in roster if COMMITTEE_POSTS.intersection(each.posts))
    return roster


def habit(session: Session, organization_id: int) -> HabitValue | None:
    """When and where the branch last held its theme day, or None before the first."""
    columns = (Habit.day_of_month, Habit.starts, Habit.minutes, Habit.place, Habit.chair)
    row = session.execute(select(*columns).where(Habit.organization_id == organization_id)).first()
    return HabitValue(*row) if row else None


def places(session: Session, organization_id: int, limit: int = 3) -> tuple[str, ...]:
    """At most `limit` places where the branch met, the latest first."""
    latest = func.max(_OCCASION.c.starts_at)
    statement = (
        select(_OCCASION.c.place)
        .join(Meeting, Meeting.occasion_id == _OCCASION.c.id)
        .where(Meeting.organization_id == organization_id)
        .group_by(_OCCASION.c.place)
        .order_by(latest.desc(), _OCCASION.c.place)
        .limit(limit)
    )
    return tuple(session.scalars(statement))


def earlier_minutes(session: Session, meeting_id: int) -> tuple[EarlierRecord, ...]:
    """What the finished record said before each correction, newest first."""
    columns = (
        EarlierMinutes.minutes,
        EarlierMinutes.replaced_at,
        EarlierMinutes.replaced_by,
        EarlierMinutes.replaced_because,
    )
    statement = select(*columns).where(EarlierMinutes.meeting_id == meeting_id).order_by(EarlierMinutes.id.desc())
    return tuple(EarlierRecord(Minutes(**words), *rest) for words, *rest in session.execute(statement))
