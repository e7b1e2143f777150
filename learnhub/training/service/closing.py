"""Closing a batch, for good."""

import datetime as dt

from sqlalchemy.orm import Session

from learnhub.attendance import service as attendance
from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError
from learnhub.core.orm import changed
from learnhub.core.text import N_
from learnhub.quiz import queries as quizzes
from learnhub.records import queries as record_queries
from learnhub.records import service as records
from learnhub.records.rules import CompletionWay, NewCompletion
from learnhub.training import queries
from learnhub.training.rules import NewResult
from learnhub.training.service.results import replace_result
from learnhub.training.service.steps import open_batch_held


def close(session: Session, act: Act, *, batch_id: int) -> int:
    """Close the batch for good; returns how many completed it.

    Sessions whose roll was called are registered, results taken here are kept, and those whom nothing is missing are
    registered as covered, as of the last session: centralized (集中), or made up for (补训) in a batch that takes another
    one's remainder. The others wait for another batch again, and so does who stood on the waiting list. Raises DomainError while a session has no roll, Conflict when the batch is closed already.
    """
    if subject := trail.earlier(session, act.key):
        return len(record_queries.completed_by(session, subject))
    task, batch = open_batch_held(session, batch_id)
    last_day = _register_sessions(session, act, batch_id)
    _keep_results(session, act, batch_id)
    done = [each.member_id for each in queries.outcomes(session, batch_id) if each.completes]
    source = f"batch:{batch_id}"
    title = f"{task.title} {batch.title}"[:200]
    way = CompletionWay.CENTRALIZED if batch.remainder_of is None else CompletionWay.MAKE_UP
    completions = [NewCompletion(member_id, task.subject, source, way, last_day, title) for member_id in done]
    count = records.complete(session, act.without_key(), completions=completions)
    batch.closed_at, batch.closed_by = act.at, act.actor_id
    session.flush()
    changed(session, members=queries.placed(session, batch_id))
    audit.note(session, act, "training.close", source, batch.organization_id, completed=count)
    return count


def _register_sessions(session: Session, act: Act, batch_id: int) -> dt.date:
    """Finish every session; the day of the last one. Raises DomainError for one without a roll, or without any."""
    timetable = queries.sessions(session, batch_id)
    if not timetable:
        raise DomainError(N_("这一期还没有排课，不能结班。"))
    uncalled = sum(not each.occasion.called for each in timetable)
    if uncalled:
        raise DomainError(N_("还有 %(count)s 次课没有点名，点名以后才能结班。"), count=uncalled)
    for each in timetable:
        if each.occasion.finished_at is None:
            attendance.finish(session, act.without_key(), occasion_id=each.occasion.id)
    return min(timetable[-1].occasion.day, act.day)


def _keep_results(session: Session, act: Act, batch_id: int) -> None:
    """Keep what was taken here as the batch's own result, where none was entered."""
    standing = queries.standing_results(session, batch_id)
    known = set(queries.placed(session, batch_id))
    for member_id, best in quizzes.results_of_batch(session, batch_id).items():
        if member_id in known and member_id not in standing:
            replace_result(session, act, batch_id, NewResult(member_id, best.percent, best.attempt_id), standing)
    session.flush()
