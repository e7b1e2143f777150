"""A meeting with its people: what the sign-in sheet, the roll, the follow-ups and the record are printed from."""

import dataclasses
from collections import Counter
from collections.abc import Iterable

from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.attendance.queries import FollowUpValue
from learnhub.attendance.rules import Outcome, RollMark, Tally, tally
from learnhub.meetings.queries.meetings import MeetingValue, expected
from learnhub.meetings.rules import default_mark
from learnhub.members import queries as members
from learnhub.members.queries import RosterMember


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One member on the roll: the mark that stands (None before the roll is called) and what followed it.

    `namesake` tells that another one on this sheet has the same name; `is_expected` is False for somebody who no longer
    belongs to those expected.
    """

    member: RosterMember
    mark: RollMark | None
    follow_up: FollowUpValue | None
    probationary: bool
    namesake: bool
    is_expected: bool

    @property
    def proposed(self) -> RollMark:
        """The mark a roll shows: the one that stands, or what is proposed for this member."""
        return self.mark or default_mark(self.member.circumstances)

    @property
    def missed(self) -> bool:
        """Whether the roll is called and the member did not take part."""
        return self.mark is not None and not self.mark.attended


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    """A meeting and its lines, in the roster's order."""

    meeting: MeetingValue
    lines: tuple[Line, ...]

    @property
    def expected(self) -> tuple[Line, ...]:
        """The lines of those expected on the day."""
        return tuple(each for each in self.lines if each.is_expected)

    @property
    def on_roll(self) -> tuple[Line, ...]:
        """The lines that a roll shows: at first everybody expected; once it is called, those it was called for."""
        if not self.meeting.occasion.called:
            return self.expected
        finished = self.meeting.occasion.finished_at is not None
        return tuple(
            each
            for each in self.lines
            if each.mark and each.mark.outcome is not Outcome.NON_VOTING and (finished or each.is_expected)
        )

    @property
    def listed_later(self) -> tuple[Line, ...]:
        """Those whom the roster lists for the day since the roll was called: nobody has said whether they came."""
        if not self.meeting.occasion.called:
            return ()
        guests = {each.member.id for each in self.guests}
        return tuple(
            each
            for each in self.expected
            if each.member.id not in guests and (each.mark is None or each.mark.outcome is Outcome.NON_VOTING)
        )

    @property
    def guests(self) -> tuple[Line, ...]:
        """Members of elsewhere who sit in; on a finished roll whoever did, wherever the roster lists them now."""
        finished = self.meeting.occasion.finished_at is not None
        return tuple(
            each
            for each in self.lines
            if (finished or not each.is_expected) and each.mark and each.mark.outcome is Outcome.NON_VOTING
        )

    @property
    def tally(self) -> Tally:
        """Everyone on the roll, counted by outcome."""
        return _tally(self.lines)

    @property
    def full(self) -> Tally:
        """Full members on the roll, counted by outcome."""
        return _tally(each for each in self.lines if not each.probationary)

    @property
    def probationary(self) -> Tally:
        """Probationary members on the roll, counted by outcome."""
        return _tally(each for each in self.lines if each.probationary)

    @property
    def proposed(self) -> Tally:
        """The counts of the roll as it is proposed, or as it stands."""
        return tally(each.proposed.outcome for each in self.expected)

    @property
    def waiting(self) -> tuple[Line, ...]:
        """Those who missed it and have no make-up and no home visit yet."""
        return tuple(each for each in self.lines if each.missed and each.follow_up is None)

    @property
    def followed_up(self) -> tuple[Line, ...]:
        """Those with a make-up or a home visit."""
        return tuple(each for each in self.lines if each.follow_up is not None)

    def of(self, *outcomes: Outcome) -> tuple[Line, ...]:
        """The lines with one of `outcomes`."""
        return tuple(each for each in self.lines if each.mark is not None and each.mark.outcome in outcomes)


def sheet(session: Session, meeting: MeetingValue) -> Sheet:
    """The meeting's people with their marks and follow-ups: five statements, eight when somebody left the list since."""
    listed = expected(session, meeting)
    roll = attendance.roll(session, meeting.occasion.id) if meeting.occasion.called else {}
    follow_ups = {}
    if meeting.occasion.called:
        follow_ups = {each.member_id: each for each in attendance.follow_ups(session, meeting.occasion.id)}
    known = {each.id for each in listed}
    gone = roll.keys() - known
    beyond = members.members_by_id(session, sorted(gone), meeting.occasion.day).values() if gone else ()
    everyone = (*listed, *beyond)
    names = Counter(each.name for each in everyone)
    return Sheet(
        meeting,
        tuple(
            Line(
                member=each,
                mark=roll.get(each.id),
                follow_up=follow_ups.get(each.id),
                probationary=each.probationary(meeting.occasion.day),
                namesake=names[each.name] > 1,
                is_expected=each.id in known,
            )
            for each in everyone
        ),
    )


def _tally(lines: Iterable[Line]) -> Tally:
    return tally(each.mark.outcome for each in lines if each.mark is not None)
