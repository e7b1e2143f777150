"""What became of earlier decisions, as a meeting's record tells it."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from learnhub.audit.queries import earlier
from learnhub.audit.rules import Act
from learnhub.audit.service import note
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_
from learnhub.meetings import queries
from learnhub.meetings.models import DecisionReport
from learnhub.meetings.rules import State
from learnhub.meetings.rules.decisions import Decision, Progress

# How far a decision is and a few words, by the meeting that agreed on it and the key of its line; None for nothing told.
Telling = Mapping[tuple[int, str], tuple[Progress, str] | None]


def tell_decisions(session: Session, act: Act, *, meeting_id: int, telling: Telling, because: str = "") -> None:
    """Write what a meeting told about decisions that were open before it.

    What is not in `telling` stays as it was. In a finished record a change is a correction and needs `because`; what
    stood there is withdrawn and kept. Raises DomainError for a cancelled meeting, NotFound for a decision that is not
    open for this meeting.
    """
    if earlier(session, act.key):
        return
    row = queries.held(session, meeting_id)
    meeting = queries.meeting(session, meeting_id)
    if meeting is None or meeting.state is State.CANCELLED:
        raise DomainError(N_("这次会议已经取消。"))
    open_before = queries.decisions(session, meeting, queries.nearby(session, meeting)).asked
    asked = {(each.decision.meeting_id, each.decision.key): each.decision for each, _told in open_before}
    standing = {(each.decided_in, each.key): each for each in queries.held_reports(session, meeting_id)}
    news = {key: value for key, value in telling.items() if value != _stands(standing.get(key))}
    if not news:
        return
    if meeting.state is State.FINISHED and not because.strip():
        raise DomainError(N_("记录已经完成。改动是更正，请写明理由。"), field="because")
    if unknown := news.keys() - asked.keys():
        raise NotFound(N_("有 %(count)s 件以前定的事已经办完或者改过，请重新打开再填。"), count=len(unknown))
    for key in news.keys() & standing.keys():
        _take_back(session, act, standing[key], because)
    session.add_all(_report(act, meeting_id, asked[key], *value) for key, value in news.items() if value)
    note(session, act, "meeting.tell-decisions", f"meeting:{row.id}", row.organization_id, count=len(news))


def _stands(row: DecisionReport | None) -> tuple[Progress, str] | None:
    return (row.progress, row.words) if row else None


def _take_back(session: Session, act: Act, row: DecisionReport, because: str) -> None:
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = act.at, act.actor_id, because.strip() or None
    session.flush()


def _report(act: Act, told_in: int, decision: Decision, progress: Progress, words: str) -> DecisionReport:
    return DecisionReport(
        decided_in=decision.meeting_id,
        key=decision.key,
        decision=decision.words,
        told_in=told_in,
        progress=progress,
        words=words,
        noted_at=act.at,
        noted_by=act.actor_id,
    )
