"""Calendar links, what they show, and how a meeting was moved."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learnhub.meetings.models import CalendarFeed, EarlierTime
from learnhub.meetings.queries.meetings import MeetingValue, within
from learnhub.meetings.rules import Owner, is_committee_only
from learnhub.members import queries as members
from learnhub.members.rules import COMMITTEE_POSTS

# A calendar shows the past half year; older meetings leave it, the records stay.
SHOWN_BACK = dt.timedelta(days=183)


@dataclasses.dataclass(frozen=True, slots=True)
class EarlierPlan:
    """When and where a meeting was to be before it was moved."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    replaced_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """A meeting as a calendar shows it: how often it changed, and when last."""

    meeting: MeetingValue
    sequence: int
    changed_at: dt.datetime


def earlier_times(session: Session, meeting_id: int) -> tuple[EarlierPlan, ...]:
    """Where and when the meeting was to be before each move, newest first."""
    columns = (EarlierTime.starts_at, EarlierTime.ends_at, EarlierTime.place, EarlierTime.replaced_at)
    statement = select(*columns).where(EarlierTime.meeting_id == meeting_id).order_by(EarlierTime.id.desc())
    return tuple(EarlierPlan(*row) for row in session.execute(statement))


def standing_feed(session: Session, owner: Owner) -> CalendarFeed | None:
    """The calendar link of `owner` that has not been revoked, or None."""
    return session.scalar(
        select(CalendarFeed).where(
            CalendarFeed.organization_id == owner.organization_id
            if owner.organization_id
            else CalendarFeed.member_id == owner.member_id,
            CalendarFeed.ended_at.is_(None),
        )
    )


def feed_token(session: Session, owner: Owner) -> str | None:
    """The secret part of the calendar link of `owner`, or None where there is no link."""
    row = standing_feed(session, owner)
    return row.token if row else None


def feed_owner(session: Session, token: str) -> Owner | None:
    """Whose calendar the token opens; None for an unknown or revoked one."""
    columns = (CalendarFeed.organization_id, CalendarFeed.member_id)
    row = session.execute(select(*columns).where(CalendarFeed.token == token, CalendarFeed.ended_at.is_(None))).first()
    return Owner(*row) if row else None


def entries(session: Session, owner: Owner, today: dt.date) -> tuple[Entry, ...]:
    """The meetings in the calendar of `owner`, cancelled ones too: a branch's, or those of the branch in which the
    member stands today, without those of a committee to which the member does not belong. Two or three statements."""
    start = today - SHOWN_BACK
    if owner.organization_id:
        return _entries(session, within(session, owner.organization_id, start))
    member = members.members_by_id(session, [owner.member_id or 0], today).get(owner.member_id or 0)
    if member is None or member.organization_id is None:
        return ()
    found = within(session, member.organization_id, start)
    sits = bool(COMMITTEE_POSTS.intersection(member.posts))
    return _entries(session, [each for each in found if sits or not is_committee_only(each.kinds)])


def _entries(session: Session, meetings: Sequence[MeetingValue]) -> tuple[Entry, ...]:
    columns = (EarlierTime.meeting_id, func.count(), func.max(EarlierTime.id))
    ids = [each.id for each in meetings]
    counted = select(*columns).where(EarlierTime.meeting_id.in_(ids)).group_by(EarlierTime.meeting_id).subquery()
    statement = select(counted.c[0], counted.c[1], EarlierTime.replaced_at).join(
        EarlierTime, EarlierTime.id == counted.c[2]
    )
    moves = {meeting_id: (count, at) for meeting_id, count, at in session.execute(statement)}
    return tuple(_entry(each, *moves.get(each.id, (0, each.scheduled_at))) for each in meetings)


def _entry(meeting: MeetingValue, moves: int, moved_at: dt.datetime) -> Entry:
    cancelled = meeting.occasion.cancelled_at
    return Entry(meeting, moves + 1, cancelled) if cancelled else Entry(meeting, moves, moved_at)
