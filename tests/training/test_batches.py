"""Batches as they live: amended tasks, waiting lists, changed timetables, classes for all, make-up, cancelling."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from learnhub.attendance import service as attendance
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import Conflict, DomainError, NotFound
from learnhub.members.models import Member
from learnhub.records import queries as records
from learnhub.records import service as record_book
from learnhub.records.rules import CompletionWay, NewCompletion
from learnhub.training.batches import queries as batches
from learnhub.training.batches.rules import BatchKind, ClassDates, NewSession, SessionKind
from learnhub.training.classes import service as classes_service
from learnhub.training.closing import service as closing_service
from learnhub.training.enrolment import queries as enrolment
from learnhub.training.enrolment import service as enrolment_service
from learnhub.training.reflections import queries as reflections
from learnhub.training.reflections import service as reflections_service
from learnhub.training.results import queries as results
from learnhub.training.sessions import service as sessions_service
from learnhub.training.tasks import queries as tasks
from learnhub.training.tasks import service as tasks_service
from learnhub.training.tasks.rules import Audience, CompletionRule
from tests import cast
from tests.training.test_service import ABSENT, DUE, a_batch, a_task, roll_all, some_sessions

Acts = Callable[..., Act]
DATES = ClassDates("第 1 期", "党校", dt.date(2026, 12, 1), dt.date(2026, 12, 4))


def test_an_amendment_never_decides_a_batch_opened_before_it(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"), rule=CompletionRule(7, None))
    old = a_batch(session, act("organizer"), task_id, organization_id=cast.WILLOW)
    tasks_service.amend_task(
        session, act("organizer"), task_id=task_id, title="轮训（调整）", ends_on=dt.date(2027, 12, 31), basis="通知",
        rule=CompletionRule(2, 90, 3), because="计划调整",
    )  # fmt: skip
    task = tasks.task(session, task_id)
    assert task is not None
    assert (task.title, task.ends_on, task.rule) == ("轮训（调整）", dt.date(2027, 12, 31), CompletionRule(2, 90, 3))
    assert [each.because for each in tasks.amendments(session, task_id)] == ["计划调整"]
    new = a_batch(session, act("organizer"), task_id, organization_id=cast.DAM)
    stamped = [batch.rule for each in (old, new) if (batch := batches.batch(session, each))]
    assert stamped == [CompletionRule(7, None), CompletionRule(2, 90, 3)]
    enrolment_service.fill(session, act("organizer"), batch_id=old)
    roll_all(session, act("organizer"), old)
    assert closing_service.close(session, act("organizer"), batch_id=old) == 8, (
        "no test was asked for when it was opened"
    )
    for wrong in ({"because": " "}, {"ends_on": dt.date(2032, 1, 1)}, {"rule": CompletionRule(7, None, 99)}):
        facts = {"title": "x", "ends_on": task.ends_on, "basis": "x", "rule": task.rule, "because": "x"}
        with pytest.raises(DomainError):
            tasks_service.amend_task(session, act("organizer"), task_id=task_id, **(facts | wrong))  # type: ignore[arg-type]


def test_completing_on_probation_does_not_cover_the_year_after(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"), audience=Audience(full_months=12))
    task = tasks.task(session, task_id)
    assert task is not None
    for number, full_on in (
        (17, None),
        (18, dt.date(2026, 10, 1)),
        (19, dt.date(2026, 10, 1)),
        (20, dt.date(2025, 1, 1)),
    ):
        member = session.get(Member, number)
        assert member is not None
        member.full_on = full_on
    session.flush()
    days = {17: dt.date(2026, 9, 1), 18: dt.date(2026, 9, 1), 19: dt.date(2026, 10, 2)}
    done = [
        NewCompletion(number, task.subject, "list:1", CompletionWay.CENTRALIZED, day, "班")
        for number, day in days.items()
    ]
    record_book.complete(session, act("organizer"), completions=done)
    assert [each.id for each in enrolment.waiting(session, task, cast.EAST_TOWN, cast.TODAY)] == [18]


def test_who_withdraws_lets_the_next_in_line_in(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id, capacity=2)
    come = [
        enrolment_service.place(session, act("organizer"), batch_id=batch_id, member_id=each)
        for each in (1, 3, 4, 5, 5, 6)
    ]
    assert come == [True, True, False, False, False, False]
    other = a_batch(session, act("organizer"), task_id)
    enrolment_service.place(session, act("organizer"), batch_id=other, member_id=4)
    withdrawn = enrolment_service.withdraw_place(
        session, act("organizer"), batch_id=batch_id, member_id=1, reason="出差"
    )
    assert withdrawn == (5,), "4 has found a place elsewhere and is passed over"
    assert batches.placed(session, batch_id) == (3, 5)
    assert [row.member_id for row in enrolment.waiting_rows(session, batch_id)] == [6]
    assert (
        enrolment_service.withdraw_place(session, act("organizer"), batch_id=batch_id, member_id=6, reason="不等了")
        == ()
    )
    enrolment_service.place(session, act("organizer"), batch_id=batch_id, member_id=7)
    with pytest.raises(DomainError):
        enrolment_service.change_batch(
            session, act("organizer"), batch_id=batch_id, dates=DATES, capacity=1, kind=BatchKind.TRAINING
        )
    larger = enrolment_service.change_batch(
        session, act("organizer"), batch_id=batch_id, dates=DATES, capacity=5, kind=BatchKind.READING
    )
    assert larger == (7,)


def test_a_changed_session_keeps_its_history(session: Session, act: Acts) -> None:
    batch_id = a_batch(session, act("organizer"), a_task(session, act("organizer")))
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    first, second = batches.sessions(session, batch_id)
    when = clock.instant(dt.date(2026, 11, 12), dt.time(9))
    new = NewSession("交流", when, when + dt.timedelta(hours=2), "会议室", "李老师", kind=SessionKind.EXCHANGE)
    changed = sessions_service.change_session(
        session, act("organizer"), session_id=first.id, new=new, reason="老师有事"
    )
    assert [each.id for each in batches.sessions(session, batch_id)] == [second.id, changed]
    (gone,) = [each for each in batches.all_sessions(session, batch_id) if each.occasion.cancelled_at]
    assert (gone.id, gone.occasion.cancelled_because) == (first.id, "老师有事")
    moved = batches.session_of(session, changed)
    assert moved is not None
    assert (moved.replaces, moved.kind, moved.occasion.place) == (first.id, SessionKind.EXCHANGE, "会议室")
    with pytest.raises(Conflict):
        sessions_service.change_session(session, act("organizer"), session_id=first.id, new=new, reason="别人不知道")
    with pytest.raises(NotFound):
        sessions_service.cancel_session(session, act("organizer"), session_id=999, reason="x")
    sessions_service.call_roll(
        session, act("organizer"), session_id=second.id, marks={}, base_version=0, register=False
    )
    with pytest.raises(DomainError):
        sessions_service.cancel_session(session, act("organizer"), session_id=second.id, reason="已经上过")
    with pytest.raises(DomainError):
        sessions_service.cancel_session(session, act("organizer"), session_id=changed, reason=" ")
    sessions_service.cancel_session(session, act("organizer"), session_id=changed, reason="不上了")
    assert [each.id for each in batches.sessions(session, batch_id)] == [second.id]


def test_leave_left_is_shown_while_the_batch_runs(session: Session, act: Acts) -> None:
    batch_id = a_batch(
        session,
        act("organizer"),
        a_task(session, act("organizer")),
        organization_id=cast.WILLOW,
        sessions=some_sessions(7),
    )
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    first, second, *_rest = batches.sessions(session, batch_id)
    sessions_service.call_roll(
        session, act("organizer"), session_id=first.id, marks={1: ABSENT}, base_version=0, register=True
    )
    left = {each.member_id: (each.missed, each.leave_left) for each in results.outcomes(session, batch_id)}
    assert (left[1], left[3]) == ((16, 0), (0, 16)), "one seventh of 28 hours is one session"
    sessions_service.call_roll(
        session, act("organizer"), session_id=second.id, marks={1: ABSENT}, base_version=0, register=True
    )
    left = {each.member_id: (each.missed, each.leave_left) for each in results.outcomes(session, batch_id)}
    assert left[1] == (32, -16)


def test_the_remainder_makes_up_and_is_opened_once(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id, organization_id=cast.WILLOW)
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    roll_all(session, act("organizer"), batch_id, {1: ABSENT, 3: ABSENT})
    with pytest.raises(DomainError):
        classes_service.open_remainder(session, act("organizer"), batch_id=batch_id, dates=DATES)
    closing_service.close(session, act("organizer"), batch_id=batch_id)
    assert [each.id for each in classes_service.remainder(session, batch_id, cast.TODAY)] == [1, 3]
    new = classes_service.open_remainder(session, act("organizer"), batch_id=batch_id, dates=DATES)
    assert batches.placed(session, new) == (1, 3)
    with pytest.raises(DomainError):
        classes_service.open_remainder(session, act("organizer"), batch_id=batch_id, dates=DATES)
    assert batches.remainders(session, batch_id) == (new,)
    sessions_service.add_session(session, act("organizer"), batch_id=new, new=some_sessions(1)[0])
    roll_all(session, act("organizer"), new)
    closing_service.close(session, act("organizer"), batch_id=new)
    assert {each.way for each in records.completions_of(session, 1)} == {CompletionWay.MAKE_UP}


def test_a_batch_that_never_began_can_be_cancelled(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id, capacity=2)
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    enrolment_service.place(session, act("organizer"), batch_id=batch_id, member_id=10)
    with pytest.raises(DomainError):
        enrolment_service.cancel_batch(session, act("organizer"), batch_id=batch_id, reason="")
    assert enrolment_service.cancel_batch(session, act("organizer"), batch_id=batch_id, reason="场地不能用") == 3
    assert batches.standing_places(session, task_id) == frozenset()
    assert batches.sessions(session, batch_id) == ()
    with pytest.raises(Conflict):
        enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    begun = a_batch(session, act("organizer"), task_id)
    enrolment_service.fill(session, act("organizer"), batch_id=begun)
    (first, _second) = batches.sessions(session, begun)
    attendance.call_roll(
        session, act("organizer"), occasion_id=first.occasion.id, expected=DUE, marks={}, base_version=0
    )
    with pytest.raises(Conflict):
        enrolment_service.cancel_batch(session, act("organizer"), batch_id=begun, reason="晚了")


def test_a_reflection_is_the_member_s_own(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id, kind=BatchKind.READING)
    enrolment_service.place(session, act("organizer"), batch_id=batch_id, member_id=1)
    for text in ("读后感", "改过的读后感"):
        reflections_service.write_reflection(session, act("member"), batch_id=batch_id, member_id=1, text=text)
    assert reflections.reflections(session, batch_id) == {1: "改过的读后感"}
    reflections_service.write_reflection(session, act("member"), batch_id=batch_id, member_id=1, text="")
    assert reflections.reflections(session, batch_id) == {}
    with pytest.raises(NotFound):
        reflections_service.write_reflection(session, act("member"), batch_id=batch_id, member_id=17, text="不在班里")
