"""Meetings with everything their records say: one for its paper, a year of them for a branch's ledger."""

import dataclasses
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.attendance.queries import AttachmentValue, FollowUpValue, PastMark
from learnhub.attendance.rules import CAME, FollowUpKind, Outcome, RollMark
from learnhub.core import clock
from learnhub.meetings.models import EarlierMinutes, Meeting
from learnhub.meetings.queries.decisions import decided, decisions, nearby, reports_on
from learnhub.meetings.queries.due import BranchYear, branch_year
from learnhub.meetings.queries.meetings import (
    EarlierRecord,
    MeetingValue,
    earlier_minutes,
    of_months,
    organization_of_meeting,
)
from learnhub.meetings.queries.sheets import Line, Sheet, sheet
from learnhub.meetings.rules import Minutes, State
from learnhub.meetings.rules.decisions import Matter, Told, matters
from learnhub.members.queries import RosterMember
from learnhub.members.queries.people import known_in


@dataclasses.dataclass(frozen=True, slots=True)
class Recorded:
    """A meeting as its papers tell it: its people, guests who are no members, what it agreed on and what became of it.

    `asked` is what it told about earlier decisions; then what was corrected since it was finished, and its pictures.
    """

    sheet: Sheet
    guests: tuple[str, ...]
    matters: tuple[Matter, ...]
    asked: tuple[tuple[Matter, Told | None], ...]
    corrected: tuple[EarlierRecord, ...]
    marks_corrected: tuple[PastMark, ...]
    attachments: tuple[AttachmentValue, ...]

    @property
    def meeting(self) -> MeetingValue:
        """The meeting itself."""
        return self.sheet.meeting


@dataclasses.dataclass(frozen=True, slots=True)
class MemberYear:
    """A member's year at the branch's finished meetings, in sessions; `expected` = `came` + `leave` + `absent`."""

    member: RosterMember
    namesake: bool
    expected: int
    came: int
    leave: int
    absent: int
    exempt: int
    made_up: int
    visited: int


@dataclasses.dataclass(frozen=True, slots=True)
class Ledger:
    """A branch's year (年度台账) as of `day`: what was due, every meeting in order of time, every member's sessions."""

    year: BranchYear
    day: dt.date
    meetings: tuple[Recorded, ...]
    members: tuple[MemberYear, ...]


def recorded(session: Session, meeting: MeetingValue) -> Recorded:
    """One meeting with all its record says (a dozen statements)."""
    occasion, agreed = meeting.occasion, decisions(session, meeting, nearby(session, meeting))
    return Recorded(
        sheet(session, meeting),
        attendance.guest_names(session, occasion.id),
        agreed.own,
        agreed.asked,
        earlier_minutes(session, meeting.id),
        tuple(_since(attendance.history(session, occasion.id), occasion.finished_at)),
        attendance.attachments(session, [occasion.id]).get(occasion.id, ()),
    )


def ledger(session: Session, organization_id: int, day: dt.date) -> Ledger:
    """The ledger of the branch's calendar year in which `day` lies, until `day`.

    Fourteen statements, however many meetings and members. Raises NotFound when it is no branch on that day.
    """
    year = branch_year(session, organization_id, day)
    found = of_months(session, organization_id, f"{day.year:04d}-01", f"{day.year:04d}-12")
    occasions = [each.occasion.id for each in found]
    rolls = attendance.rolls(session, occasions)
    follow_ups: dict[int, dict[int, FollowUpValue]] = defaultdict(dict)
    for each in attendance.follow_ups(session, *occasions):
        follow_ups[each.occasion_id][each.member_id] = each
    marked = {member for roll in rolls.values() for member in roll}
    people = known_in(session, organization_id, dt.date(day.year, 1, 1), day, also=marked)
    records = _records(session, found, _Facts(people, rolls, follow_ups))
    own = [each.id for each in people if each.organization_id == organization_id]
    return Ledger(year, day, records, tuple(_years(people, own, records)))


@dataclasses.dataclass(frozen=True, slots=True)
class _Facts:
    """Everybody named in a year, in roster order, and by occasion their marks and follow-ups."""

    people: Sequence[RosterMember]
    rolls: Mapping[int, Mapping[int, RollMark]]
    follow_ups: Mapping[int, Mapping[int, FollowUpValue]]


def _records(session: Session, found: Sequence[MeetingValue], facts: _Facts) -> tuple[Recorded, ...]:
    occasions = [each.occasion.id for each in found]
    guests, past = attendance.guest_names_of(session, occasions), attendance.histories(session, occasions)
    pictures, corrected = attendance.attachments(session, occasions), _corrected(session, [each.id for each in found])
    reports = defaultdict[int, list[Told]](list)
    for each in reports_on(session, [meeting.id for meeting in found]):
        reports[each.decided_in].append(each)
    return tuple(
        Recorded(
            Sheet(meeting, tuple(_lines(meeting, facts))),
            guests.get(meeting.occasion.id, ()),
            matters(decided(meeting), reports[meeting.id]),
            (),
            corrected.get(meeting.id, ()),
            tuple(_since(past.get(meeting.occasion.id, ()), meeting.occasion.finished_at)),
            pictures.get(meeting.occasion.id, ()),
        )
        for meeting in found
    )


def _lines(meeting: MeetingValue, facts: _Facts) -> Iterator[Line]:
    """Everybody on the roll that was called; whoever is on it as non-voting came from elsewhere."""
    roll = facts.rolls.get(meeting.occasion.id, {})
    after = facts.follow_ups.get(meeting.occasion.id, {})
    listed = [each for each in facts.people if each.id in roll]
    names = Counter(each.name for each in listed)
    for each in listed:
        mark = roll[each.id]
        yield Line(
            member=each,
            mark=mark,
            follow_up=after.get(each.id),
            probationary=each.probationary(meeting.occasion.day),
            namesake=names[each.name] > 1,
            is_expected=mark.outcome is not Outcome.NON_VOTING,
        )


def _years(people: Sequence[RosterMember], own: Sequence[int], records: Sequence[Recorded]) -> Iterator[MemberYear]:
    """The sessions of whoever belonged to the branch in the year or was expected at one of its meetings."""
    counts = defaultdict[int, Counter[Outcome | FollowUpKind]](Counter)
    for each in records:
        if each.meeting.state is State.FINISHED:
            for line in each.sheet.expected:
                counts[line.member.id].update([line.mark.outcome] if line.mark else [])
                counts[line.member.id].update([line.follow_up.kind] if line.follow_up else [])
    listed = [each for each in people if each.id in own or each.id in counts]
    names = Counter(each.name for each in listed)
    for member in listed:
        found = counts[member.id]
        came, leave, absent = sum(found[each] for each in CAME), found[Outcome.LEAVE], found[Outcome.ABSENT]
        yield MemberYear(
            member=member,
            namesake=names[member.name] > 1,
            expected=came + leave + absent,
            came=came,
            leave=leave,
            absent=absent,
            exempt=found[Outcome.EXEMPT],
            made_up=sum(found[each] for each in FollowUpKind if each is not FollowUpKind.HOME_VISIT),
            visited=found[FollowUpKind.HOME_VISIT],
        )


def _since(past: Sequence[PastMark], finished_at: dt.datetime | None) -> Iterator[PastMark]:
    """Marks that were corrected after the record was finished."""
    if finished_at is not None:
        yield from (each for each in past if each.withdrawn_at and each.withdrawn_at >= finished_at)


def _corrected(session: Session, meeting_ids: Sequence[int]) -> dict[int, tuple[EarlierRecord, ...]]:
    """What the finished records said before each correction, newest first, by meeting."""
    columns = (
        EarlierMinutes.meeting_id,
        EarlierMinutes.minutes,
        EarlierMinutes.replaced_at,
        EarlierMinutes.replaced_by,
        EarlierMinutes.replaced_because,
    )
    statement = select(*columns).where(EarlierMinutes.meeting_id.in_(meeting_ids)).order_by(EarlierMinutes.id.desc())
    found = defaultdict[int, list[EarlierRecord]](list)
    for meeting_id, words, *rest in session.execute(statement):
        found[meeting_id].append(EarlierRecord(Minutes(**words), *rest))
    return {meeting_id: tuple(each) for meeting_id, each in found.items()}


def organization_of_meeting_attachment(session: Session, *, meeting_id: int, attachment_id: int) -> int | None:
    """The branch of the meeting, when the picture is one of its; what a guard asks."""
    found = attendance.attachment(session, attachment_id)
    if found is None:
        return None
    return session.scalar(
        select(Meeting.organization_id).where(Meeting.id == meeting_id, Meeting.occasion_id == found.occasion_id)
    )


def organization_of_meeting_paper(session: Session, *, meeting_id: int, form: str) -> int | None:
    """The branch whose meeting the paper is about, whatever its form; what a guard asks."""
    return organization_of_meeting(session, meeting_id=meeting_id)


def years_with_meetings(session: Session, organization_id: int, today: dt.date) -> tuple[int, ...]:
    """The calendar years for which the branch has meetings, and the present one, the latest first."""
    months = session.scalars(select(Meeting.month).where(Meeting.organization_id == organization_id).distinct())
    return tuple(sorted({int(each[:4]) for each in months} | {today.year}, reverse=True))


def last_day_of(year: int, today: dt.date) -> dt.date:
    """The day as of which the ledger of `year` is made: its last, or today while it lasts."""
    return min(today, clock.last_day(f"{year:04d}-12"))
