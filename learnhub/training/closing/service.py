"""Closing a batch, and taking that back while nothing rests on it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from learnhub.attendance import service as attendance
from learnhub.attendance.rules import check_ended
from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict, DomainError, Forbidden
from learnhub.core.orm import changed
from learnhub.core.text import N_
from learnhub.quiz import queries as quizzes
from learnhub.records import queries as record_queries
from learnhub.records.rules import batch_source
from learnhub.training.batches import queries as batches
from learnhub.training.batches.queries import BatchValue
from learnhub.training.batches.service import open_batch_held
from learnhub.training.results import queries as results
from learnhub.training.results.rules import NewResult, Outcome, Shortfall, list_digest
from learnhub.training.results.service import complete_batch, replace_result, withdraw_batch_completions


def close(session: Session, act: Act, *, batch_id: int, seen: str | None = None, without_results: bool = False) -> int:
    """Close the batch; returns how many completed it.

    Sessions whose roll was called are registered, results taken here are kept, and those whom nothing is missing are
    registered as covered, as of the last session. The others wait for another batch again, and so does who stood on the
    waiting list. `seen` is the `list_digest` of the list that was looked at (None for a caller without one);
    `without_results` says that it is closed although results of the test are missing. Raises DomainError before the
    last session has ended, while a session has no roll, and for missing results; Conflict when the batch is closed
    already or the list is another one by now.
    """
    if subject := trail.earlier(session, act.key):
        return len(record_queries.completed_by(session, subject))
    task, batch = open_batch_held(session, batch_id)
    _register_sessions(session, act, batch_id)
    _keep_results(session, act, batch_id)
    outcomes = results.outcomes(session, batch_id)
    _check_list(outcomes, seen, without_results)
    source = batch_source(batch_id)
    count = complete_batch(session, act, task=task, batch=batch, outcomes=outcomes)
    batch.closed_at, batch.closed_by = act.at, act.actor_id
    session.flush()
    changed(session, members=batches.placed(session, batch_id))
    audit.note(session, act, "training.close", source, batch.organization_id, completed=count)
    return count


def reopen(session: Session, act: Act, *, batch_id: int, because: str) -> int:
    """Take the closing of a batch back; returns how many completions are withdrawn by that.

    `because` stands beside what is withdrawn. Hours and results stay: they are facts of their own. Raises Forbidden for another person than who closed it,
    Conflict when it is not closed, once certificates were issued, and once another batch took the remainder: from then
    on a correction of a roll or a result is the way.
    """
    if trail.earlier(session, act.key):
        return 0
    _task, batch = batches.held_batch(session, batch_id)
    source = batch_source(batch_id)
    _check_reopen(session, act, batch_id=batch_id, closed_by=batch.closed_by)
    completed = record_queries.completed_by(session, source)
    if completed:
        withdraw_batch_completions(session, act, source=source, member_ids=completed, because=because)
    batch.closed_at = batch.closed_by = None
    batch.reopened_at, batch.reopened_by = act.at, act.actor_id
    session.flush()
    changed(session, members=batches.placed(session, batch_id))
    audit.note(session, act, "training.reopen", source, batch.organization_id, withdrawn=len(completed))
    return len(completed)


def may_reopen(session: Session, act: Act, batch: BatchValue) -> bool:
    """Whether this person may take the closing of the batch back now."""
    try:
        _check_reopen(session, act, batch_id=batch.id, closed_by=batch.closed_by)
    except (Conflict, Forbidden):
        return False
    return True


def _check_reopen(session: Session, act: Act, *, batch_id: int, closed_by: int | None) -> None:
    if closed_by is None:
        raise Conflict(N_("这一期没有结班。"))
    if closed_by != act.actor_id:
        raise Forbidden(N_("结班由办理的人自己撤销；别人要改，请更正点名或者成绩。"))
    if record_queries.certificates_of_batch(session, batch_source(batch_id)):
        raise Conflict(N_("已经发过证书，不能撤销结班。要改的，请更正点名或者成绩，结业和证书跟着改。"))
    if batches.remainders(session, batch_id):
        raise Conflict(N_("已经开了补训班，不能撤销结班。要改的，请更正点名或者成绩。"))


def _check_list(outcomes: Sequence[Outcome], seen: str | None, without_results: bool) -> None:
    if seen is not None and seen != list_digest(outcomes):
        raise Conflict(N_("核对以后名单有了变化，请再看一遍，然后结班。"))
    missing = sum(each.shortfall is Shortfall.NO_TEST for each in outcomes)
    if missing and not without_results:
        raise DomainError(
            N_("还有 %(count)s 人没有测试成绩。先登记成绩；确实没有成绩的，勾选确认以后再结班。"), count=missing
        )


def _register_sessions(session: Session, act: Act, batch_id: int) -> None:
    """Finish every session. Raises DomainError for one without a roll or that has not ended, and without any."""
    timetable = batches.sessions(session, batch_id)
    if not timetable:
        raise DomainError(N_("这一期还没有排课，不能结班。"))
    uncalled = sum(not each.occasion.called for each in timetable)
    if uncalled:
        raise DomainError(N_("还有 %(count)s 次课没有点名，点名以后才能结班。"), count=uncalled)
    for each in timetable:
        check_ended(each.occasion, act.at)
        if each.occasion.finished_at is None:
            attendance.finish(session, act.without_key(), occasion_id=each.occasion.id)


def _keep_results(session: Session, act: Act, batch_id: int) -> None:
    """Keep what was taken here as the batch's own result, where none was entered."""
    standing = results.standing_results(session, batch_id)
    known = set(batches.placed(session, batch_id))
    for member_id, best in quizzes.results_of_batch(session, batch_id).items():
        if member_id in known and member_id not in standing:
            replace_result(session, act, batch_id, NewResult(member_id, best.percent, best.attempt_id), standing)
    session.flush()
