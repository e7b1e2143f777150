"""What saving a meeting's roll needs, and what missed meetings wait for."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, Select, String, and_, bindparam, cast, func, not_, select
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.attendance.queries import FollowUpValue, RollSheet
from learnhub.attendance.rules import ATTENDED, RollMark
from learnhub.core.text import search_key
from learnhub.meetings.models import Meeting, MeetingKindOf
from learnhub.meetings.queries.meetings import MeetingValue, since
from learnhub.meetings.rules import NEVER_EXPECTED, MeetingKind
from learnhub.members import queries as members
from learnhub.members.queries import RosterMember
from learnhub.organizations import queries as organizations


def _sheet_of_meeting() -> Select[Any]:
    meeting = bindparam("meeting", type_=Integer)
    occasion = select(Meeting.occasion_id).where(Meeting.id == meeting).scalar_subquery()
    organization = select(Meeting.organization_id).where(Meeting.id == meeting).scalar_subquery()
    occasions = attendance.occasion_rows()
    day = select(occasions.c.day).where(occasions.c.id == occasion).scalar_subquery()
    word = cast(MeetingKindOf.kind, String)
    alone = and_(func.min(word) == MeetingKind.COMMITTEE.value, func.max(word) == MeetingKind.COMMITTEE.value)
    everybody = select(not_(alone)).where(MeetingKindOf.meeting_id == meeting).scalar_subquery()
    return attendance.sheet_statement(occasion, members.belonging(organization, day, everybody, NEVER_EXPECTED))


_SHEET = _sheet_of_meeting()


def roll_sheet(session: Session, meeting_id: int, key: str | None) -> RollSheet | None:
    """The occasion of the meeting with who is expected and what stands, in one statement; see `meetings.expected`."""
    return attendance.asked_sheet(session, _SHEET, key, meeting=meeting_id)


@dataclasses.dataclass(frozen=True, slots=True)
class Guest:
    """A member of elsewhere, with the name of the branch."""

    member: RosterMember
    branch: str


def guests(session: Session, member_ids: Sequence[int], day: dt.date) -> tuple[Guest, ...]:
    """These members with their branches on `day`; no statement for nobody."""
    return (
        _with_branches(session, tuple(members.members_by_id(session, member_ids, day).values()), day)
        if member_ids
        else ()
    )


def guests_called(session: Session, meeting: MeetingValue, text: str) -> tuple[Guest, ...]:
    """Members of other branches whose whole name, or whose code, is `text`: nobody can be listed by part of a name."""
    day = meeting.occasion.day
    line = organizations.ancestors(session, meeting.organization_id, day)
    wanted = search_key(text)
    if not line or not wanted:
        return ()
    found = members.search(session, line[0].id, text, day)
    same = (each for each in found if search_key(each.name) == wanted or each.code == text.strip())
    return _with_branches(session, tuple(each for each in same if each.organization_id != meeting.organization_id), day)


def _with_branches(session: Session, found: Sequence[RosterMember], day: dt.date) -> tuple[Guest, ...]:
    branches = {each.organization_id for each in found}
    names = {each: organizations.organization(session, each, day) for each in branches}
    return tuple(Guest(each, place.name if (place := names[each.organization_id]) else "") for each in found)


@dataclasses.dataclass(frozen=True, slots=True)
class Missed:
    """A member who missed a meeting, and what followed (None while it waits)."""

    meeting: MeetingValue
    member: RosterMember
    mark: RollMark
    follow_up: FollowUpValue | None


def missed(session: Session, organization_id: int, day: dt.date) -> tuple[Missed, ...]:
    """Whom the branch's called meetings since `day` went without, latest meeting first, in the roster's order.

    Those who are no longer in any branch today are left out. Six statements.
    """
    found = [each for each in since(session, organization_id, day) if each.occasion.called]
    if not found:
        return ()
    by_occasion = {each.occasion.id: each for each in found}
    rolls = attendance.rolls(session, list(by_occasion))
    after = {(each.occasion_id, each.member_id): each for each in attendance.follow_ups(session, *by_occasion)}
    away = {
        (occasion_id, member_id): mark
        for occasion_id, roll in rolls.items()
        for member_id, mark in roll.items()
        if mark.outcome not in ATTENDED
    }
    known = {each.id: each for each in members.members_of(session, organization_id, found[0].occasion.day)}
    others = {member_id for _, member_id in away} - known.keys()
    if others:
        known |= members.members_by_id(session, sorted(others), found[0].occasion.day)
    order = {member_id: place for place, member_id in enumerate(known)}
    return tuple(
        Missed(by_occasion[occasion_id], known[member_id], mark, after.get((occasion_id, member_id)))
        for (occasion_id, member_id), mark in sorted(
            away.items(),
            key=lambda item: (-by_occasion[item[0][0]].occasion.starts_at.timestamp(), order.get(item[0][1], -1)),
        )
        if member_id in known
    )
