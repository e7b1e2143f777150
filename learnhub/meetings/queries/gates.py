"""What the three gates ask of a meeting, gathered for the branch itself."""

from collections.abc import Iterable, Sequence

from learnhub.attendance.rules import Outcome
from learnhub.core import clock
from learnhub.meetings.queries.decisions import Decisions
from learnhub.meetings.queries.meetings import MeetingValue
from learnhub.meetings.queries.sheets import Line, Sheet
from learnhub.meetings.rules import MeetingKind, State
from learnhub.meetings.rules.duties import COMMITTEE_FROM
from learnhub.meetings.rules.gates import GateFacts, Near, Quorum, Remark, remarks
from learnhub.members.rules import COMMITTEE_POSTS

_NOT_COUNTED = frozenset({Outcome.EXEMPT, Outcome.RECEIVING_PLACE, Outcome.NON_VOTING})
_HERE = frozenset({Outcome.PRESENT, Outcome.ONLINE})


def gates(sheet: Sheet, others: Sequence[MeetingValue], known: Decisions) -> tuple[Remark, ...]:
    """What the branch reads about this meeting's record; nothing before it began or once cancelled.

    `others` are the meetings `nearby`, the latest first, `known` its `decisions`.
    """
    meeting = sheet.meeting
    if meeting.state is State.CANCELLED or meeting.occasion.starts_at > clock.now():
        return ()
    called = meeting.occasion.called
    return remarks(
        GateFacts(
            kinds=frozenset(meeting.kinds),
            minutes=meeting.minutes,
            finished=meeting.state is State.FINISHED,
            has_committee=sum(not each.probationary for each in sheet.expected) >= COMMITTEE_FROM,
            voters=_quorum(each for each in sheet.lines if not each.probationary) if called else None,
            committee=_quorum(each for each in sheet.lines if _sits(each)) if called else None,
            committee_meeting=_committee_meeting(others, meeting),
            asked=bool(known.asked),
            told=any(told for _matter, told in known.asked),
            settled=bool(known.own) and not any(each.open for each in known.own),
            after=_after(others, meeting),
        )
    )


def _quorum(lines: Iterable[Line]) -> Quorum:
    outcomes = [each.mark.outcome for each in lines if each.mark and each.mark.outcome not in _NOT_COUNTED]
    return Quorum(len(outcomes), sum(each in _HERE for each in outcomes))


def _sits(line: Line) -> bool:
    return bool(COMMITTEE_POSTS.intersection(line.member.posts))


def _near(meeting: MeetingValue) -> Near:
    return Near(meeting.id, meeting.occasion.day, meeting.state is State.FINISHED)


def _committee_meeting(others: Sequence[MeetingValue], meeting: MeetingValue) -> Near | None:
    """The month's committee meeting, one with a finished record first."""
    found = [each for each in others if MeetingKind.COMMITTEE in each.kinds and each.month == meeting.month]
    return min((_near(each) for each in found), key=lambda near: not near.finished, default=None)


def _after(others: Sequence[MeetingValue], meeting: MeetingValue) -> Near | None:
    found = (
        each
        for each in reversed(others)
        if each.state is State.FINISHED and each.occasion.starts_at > meeting.occasion.starts_at
    )
    return next((_near(each) for each in found), None)
