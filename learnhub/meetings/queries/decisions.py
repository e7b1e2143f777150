"""What a branch agreed on and what was told about it since."""

import dataclasses
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.core import clock
from learnhub.meetings.models import DecisionReport, Meeting
from learnhub.meetings.queries.meetings import MeetingValue, since
from learnhub.meetings.rules import State
from learnhub.meetings.rules.decisions import ASKED_MONTHS, Decision, Matter, Told, lines, matters, to_ask


def reports_on(session: Session, decided_in: Sequence[int]) -> list[Told]:
    """What was told about decisions of these meetings, as it stands (one statement)."""
    occasion = attendance.occasion_rows()
    statement = (
        select(
            DecisionReport.decided_in,
            DecisionReport.key,
            DecisionReport.decision,
            DecisionReport.told_in,
            occasion.c.day,
            DecisionReport.progress,
            DecisionReport.words,
        )
        .join(Meeting, Meeting.id == DecisionReport.told_in)
        .join(occasion, occasion.c.id == Meeting.occasion_id)
        .where(DecisionReport.decided_in.in_(decided_in), DecisionReport.withdrawn_at.is_(None))
    )
    return [Told(*row) for row in session.execute(statement)]


@dataclasses.dataclass(frozen=True, slots=True)
class Decisions:
    """What a meeting has to do with decisions: its own, and those of earlier meetings it asks after.

    `own` says what became of each; `asked` are those open before it, each with what this meeting told about it.
    """

    own: tuple[Matter, ...]
    asked: tuple[tuple[Matter, Told | None], ...]


def nearby(session: Session, meeting: MeetingValue) -> tuple[MeetingValue, ...]:
    """The branch's other meetings since a year before this one that were not cancelled, the latest first."""
    start = clock.first_day(clock.next_month(clock.month_of(meeting.occasion.day), -ASKED_MONTHS))
    return tuple(each for each in since(session, meeting.organization_id, start) if each.id != meeting.id)


def decided(meeting: MeetingValue) -> tuple[Decision, ...]:
    """What the meeting agreed on by its record, line by line."""
    return tuple(Decision(meeting.id, meeting.occasion.day, each) for each in lines(meeting.minutes.decisions))


def decisions(session: Session, meeting: MeetingValue, others: Sequence[MeetingValue]) -> Decisions:
    """The decisions of the meeting and those it asks after, the oldest first; `others` are those `nearby`.

    At most a year back. One statement, none when nothing was agreed on.
    """
    before = [
        each
        for each in reversed(others)
        if each.state is State.FINISHED and each.occasion.starts_at < meeting.occasion.starts_at
    ]
    own, earlier = decided(meeting), [decision for each in before for decision in decided(each)]
    if not own and not earlier:
        return Decisions((), ())
    told = reports_on(session, [meeting.id, *(each.id for each in before)])
    since_own = [each for each in told if each.decided_in == meeting.id]
    until = [each for each in told if each.decided_in != meeting.id and each.day <= meeting.occasion.day]
    return Decisions(matters(own, since_own), tuple(to_ask(matters(earlier, until), meeting.id)))


def held_reports(session: Session, told_in: int) -> list[DecisionReport]:
    """The rows of what a meeting told about earlier decisions, held against other writers."""
    statement = select(DecisionReport).where(DecisionReport.told_in == told_in, DecisionReport.withdrawn_at.is_(None))
    return list(session.scalars(statement.with_for_update()))
