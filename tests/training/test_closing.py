"""Closing a batch: who completes it, what is made up for, the test, and that it is once and for good."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from learnhub.attendance import service as attendance
from learnhub.attendance.rules import FollowUpKind
from learnhub.core.errors import Conflict, DomainError
from learnhub.quiz.models import Attempt
from learnhub.records import queries as records
from learnhub.records.rules import CompletionWay
from learnhub.training.batches import queries as batches
from learnhub.training.closing import service as closing_service
from learnhub.training.enrolment import queries as enrolment
from learnhub.training.enrolment import service as enrolment_service
from learnhub.training.results import queries as results
from learnhub.training.results import service as results_service
from learnhub.training.results.rules import Shortfall
from learnhub.training.sessions import service as sessions_service
from learnhub.training.tasks import queries as tasks
from learnhub.training.tasks.rules import CompletionRule
from tests import cast
from tests.training.test_service import ABSENT, SICK, Acts, a_batch, a_task, roll_all, some_sessions


def test_closing_covers_exactly_those_who_complete(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"), rule=CompletionRule(7, 60))
    batch_id = a_batch(session, act("organizer"), task_id, organization_id=cast.WILLOW)
    assert enrolment_service.fill(session, act("organizer"), batch_id=batch_id) == 8
    roll_all(session, act("organizer"), batch_id, {3: ABSENT, 4: SICK})
    percents: dict[int, int | None] = {1: 90, 3: 90, 4: 90, 5: 59, 6: 60}
    assert results_service.enter_results(session, act("organizer"), batch_id=batch_id, percents=percents) == 5
    task = tasks.task(session, task_id)
    assert task is not None
    review = {each.member_id: each.shortfall for each in results.outcomes(session, batch_id)}
    assert review == {
        1: None,
        3: Shortfall.MISSED,
        4: Shortfall.MISSED,
        5: Shortfall.NOT_PASSED,
        6: None,
        7: Shortfall.NO_TEST,
        8: Shortfall.NO_TEST,
        9: Shortfall.NO_TEST,
    }
    before = {each.id for each in enrolment.waiting(session, task, cast.COUNTY, cast.TODAY)}
    with pytest.raises(DomainError, match="还有 3 人没有测试成绩"):
        closing_service.close(session, act("organizer"), batch_id=batch_id)
    assert closing_service.close(session, act("organizer"), batch_id=batch_id, without_results=True) == 2
    assert records.completed(session, task.subject) == {1, 6}
    after = {each.id for each in enrolment.waiting(session, task, cast.COUNTY, cast.TODAY)}
    assert after - before == {3, 4, 5, 7, 8, 9}, "those who did not complete wait again"
    assert before | {1, 3, 4, 5, 6, 7, 8, 9} == after | {1, 6}
    (completion,) = records.completions_of(session, 1)
    assert (completion.way, completion.completed_on) == (CompletionWay.CENTRALIZED, dt.date(2026, 11, 11))
    assert records.ledger(session, 1, 2026).total_quarters == 32


def test_a_batch_closes_once(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id)
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    roll_all(session, act("organizer"), batch_id)
    first = act("organizer", key="close-it-once")
    assert closing_service.close(session, first, batch_id=batch_id) == 19
    assert closing_service.close(session, first, batch_id=batch_id) == 19
    again = act("organizer")
    refused: list[Callable[[], object]] = [
        lambda: closing_service.close(session, again, batch_id=batch_id),
        lambda: enrolment_service.fill(session, again, batch_id=batch_id),
        lambda: enrolment_service.place(session, again, batch_id=batch_id, member_id=2),
        lambda: enrolment_service.withdraw_place(session, again, batch_id=batch_id, member_id=1, reason="x"),
        lambda: sessions_service.add_session(session, again, batch_id=batch_id, new=some_sessions()[0]),
    ]
    for verb in refused:
        with pytest.raises(Conflict):
            verb()


def test_closing_waits_for_every_roll(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    empty = a_batch(session, act("organizer"), task_id, sessions=())
    with pytest.raises(DomainError):
        closing_service.close(session, act("organizer"), batch_id=empty)
    batch_id = a_batch(session, act("organizer"), task_id)
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    first, second = batches.sessions(session, batch_id)
    sessions_service.call_roll(session, act("organizer"), session_id=first.id, marks={}, base_version=0, register=False)
    with pytest.raises(DomainError):
        closing_service.close(session, act("organizer"), batch_id=batch_id)
    sessions_service.call_roll(
        session, act("organizer"), session_id=second.id, marks={}, base_version=0, register=False
    )
    assert records.ledger(session, 1, 2026).entries == ()
    assert closing_service.close(session, act("organizer"), batch_id=batch_id) == 19
    assert records.ledger(session, 1, 2026).total_quarters == 32, "closing registers what was only called"


def test_a_follow_up_makes_up_for_a_missed_session(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id, organization_id=cast.WILLOW, sessions=some_sessions(1))
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    roll_all(session, act("organizer"), batch_id, {1: SICK, 3: SICK})
    (only,) = batches.sessions(session, batch_id)
    attendance.follow_up(
        session,
        act("organizer"),
        occasion_id=only.occasion.id,
        member_id=1,
        kind=FollowUpKind.GROUP_MAKE_UP,
        day=dt.date(2026, 11, 15),
        visitor="",
        content="集中补课半天",
    )
    closing_service.close(session, act("organizer"), batch_id=batch_id)
    assert records.completed(session, f"task:{task_id}") == {1, 4, 5, 6, 7, 8, 9}


def an_attempt(session: Session, batch_id: int, member_id: int, account_id: int, earned: int) -> int:
    row = Attempt(
        account_id=account_id,
        member_id=member_id,
        unit="course:first-response",
        title="测试",
        batch_id=batch_id,
        content_hash="0" * 64,
        questions=[],
        started_at=cast.NOW,
        handed_in_at=cast.NOW,
        earned=earned,
        possible=10,
    )
    session.add(row)
    session.flush()
    return row.id


def test_a_test_taken_here_counts_unless_a_result_was_entered(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"), rule=CompletionRule(7, 60))
    batch_id = a_batch(session, act("organizer"), task_id, organization_id=cast.WILLOW)
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    roll_all(session, act("organizer"), batch_id)
    an_attempt(session, batch_id, 1, 1, earned=8)
    an_attempt(session, batch_id, 4, 2, earned=3)
    an_attempt(session, batch_id, 5, 3, earned=9)
    results_service.enter_results(session, act("organizer"), batch_id=batch_id, percents={5: 40})
    assert results.results(session, batch_id) == {1: 80, 4: 30, 5: 40}
    closing_service.close(session, act("organizer"), batch_id=batch_id, without_results=True)
    assert records.completed(session, f"task:{task_id}") == {1}
    assert results.standing_results(session, batch_id)[1].attempt_id is not None


def test_results_are_replaced_not_overwritten(session: Session, act: Acts) -> None:
    batch_id = a_batch(session, act("organizer"), a_task(session, act("organizer")))
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    organizer = act("organizer")
    once = dataclasses.replace(organizer, key="entered-once")
    assert results_service.enter_results(session, once, batch_id=batch_id, percents={1: 50, 3: 70}) == 2
    assert results_service.enter_results(session, once, batch_id=batch_id, percents={1: 99}) == 0
    assert results_service.enter_results(session, organizer, batch_id=batch_id, percents={1: 80, 3: None, 4: None}) == 2
    assert results.results(session, batch_id) == {1: 80}
    results_service.record_result(session, organizer, batch_id=batch_id, member_id=1, percent=70, attempt_id=7)
    assert results.results(session, batch_id) == {1: 80}, "the better one stays"
    results_service.record_result(session, organizer, batch_id=batch_id, member_id=1, percent=90, attempt_id=7)
    assert results.results(session, batch_id) == {1: 90}
    for percents in ({1: 101}, {2: 50}):
        with pytest.raises(DomainError):
            results_service.enter_results(session, organizer, batch_id=batch_id, percents=percents)
