"""The organizer's journey through the service: open, fill, call the rolls, test, close, fill the next one."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from learnhub.attendance import service as attendance
from learnhub.attendance.rules import FollowUpKind, LeaveReason, Outcome, RollChanged, RollMark
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import Conflict, DomainError, NotFound
from learnhub.members.models import Circumstance, Membership
from learnhub.members.rules import CircumstanceKind, PostKind
from learnhub.quiz.models import Attempt
from learnhub.records import queries as records
from learnhub.records import service as record_book
from learnhub.records.rules import CompletionWay, NewCompletion
from learnhub.training import queries, service
from learnhub.training.rules import Audience, CompletionRule, NewSession, Shortfall
from tests import cast

Acts = Callable[..., Act]
ABSENT = RollMark(Outcome.ABSENT)
SICK = RollMark(Outcome.LEAVE, LeaveReason.SICK)
# Of the twenty members one is exempt (2); the rest are due.
DUE = tuple(number for number in range(1, 21) if number != 2)


def a_task(session: Session, act: Act, **changes: object) -> int:
    facts = {
        "organization_id": cast.COUNTY,
        "title": "2026 年党员集中轮训",
        "starts_on": dt.date(2026, 1, 1),
        "ends_on": dt.date(2026, 12, 31),
        "quarters": 64,
        "basis": "县委组织部 2026 年党员教育培训计划",
        "audience": Audience(),
        "rule": CompletionRule(7, None),
    }
    return service.open_task(session, act, **(facts | changes))  # type: ignore[arg-type]


def some_sessions(count: int = 2) -> list[NewSession]:
    days = [dt.date(2026, 11, 10) + dt.timedelta(days=number) for number in range(count)]
    return [
        NewSession(
            title=f"第 {number} 课",
            starts_at=clock.instant(day, dt.time(14)),
            ends_at=clock.instant(day, dt.time(17)),
            place="",
            lecturer="县委党校",
            quarters=16,
        )
        for number, day in enumerate(days, 1)
    ]


def a_batch(session: Session, act: Act, task_id: int, **changes: object) -> int:
    facts = {
        "task_id": task_id,
        "organization_id": cast.COUNTY,
        "title": "第 1 期",
        "place": "县委党校第二教室",
        "starts_on": dt.date(2026, 11, 10),
        "ends_on": dt.date(2026, 11, 20),
        "capacity": 50,
        "sessions": some_sessions(),
    }
    return service.open_batch(session, act, **(facts | changes))  # type: ignore[arg-type]


def roll_all(session: Session, act: Act, batch_id: int, marks: dict[int, RollMark] | None = None) -> None:
    """Everybody present in every session, except as marked."""
    for each in queries.sessions(session, batch_id):
        service.call_roll(session, act, session_id=each.id, marks=marks or {}, base_version=0, register=True)


def test_a_batch_is_filled_in_organization_order_and_never_twice(session: Session, act: Acts) -> None:
    batch_id = a_batch(session, act("organizer"), a_task(session, act("organizer")), capacity=12)
    assert service.fill(session, act("organizer"), batch_id=batch_id) == 12
    assert queries.placed(session, batch_id) == DUE[:12]
    assert service.fill(session, act("organizer"), batch_id=batch_id) == 0
    batch = queries.batch(session, batch_id)
    assert batch is not None
    assert batch.placed == 12


def test_the_next_batch_takes_the_remainder(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    first, second = (a_batch(session, act("organizer"), task_id, capacity=12) for _ in range(2))
    service.fill(session, act("organizer"), batch_id=first)
    assert service.fill(session, act("organizer"), batch_id=second) == 7
    assert queries.placed(session, second) == DUE[12:]
    assert queries.standing_places(session, task_id) == set(DUE)


def test_a_town_fills_from_its_own_members_only(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("town_organizer"), task_id, organization_id=cast.EAST_TOWN)
    service.fill(session, act("town_organizer"), batch_id=batch_id)
    assert queries.placed(session, batch_id) == (17, 18, 19, 20)


def test_covered_lost_and_suspended_members_are_not_filled_in(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    for member_id, kind in ((18, CircumstanceKind.LOST_CONTACT), (19, CircumstanceKind.SUSPENDED)):
        session.add(Circumstance(member_id=member_id, kind=kind, reason="", valid_from=cast.SINCE))
    done = NewCompletion(17, f"task:{task_id}", "list:1", CompletionWay.HIGHER_LEVEL, cast.TODAY, "省委党校")
    record_book.complete(session, act("organizer"), completions=[done])
    batch_id = a_batch(session, act("organizer"), task_id, organization_id=cast.EAST_TOWN)
    service.fill(session, act("organizer"), batch_id=batch_id)
    assert queries.placed(session, batch_id) == (20,)


def test_an_audience_narrows_the_fill(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"), audience=Audience(posts=frozenset({PostKind.SECRETARY})))
    batch_id = a_batch(session, act("organizer"), task_id)
    service.fill(session, act("organizer"), batch_id=batch_id)
    assert queries.placed(session, batch_id) == (5, 10, 17)
    with pytest.raises(DomainError):
        service.place(session, act("organizer"), batch_id=batch_id, member_id=1)


def test_a_single_place(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id, capacity=2)
    service.place(session, act("organizer"), batch_id=batch_id, member_id=2)  # exempt, and comes all the same
    service.place(session, act("organizer"), batch_id=batch_id, member_id=2)
    service.place(session, act("organizer"), batch_id=batch_id, member_id=5)
    assert not service.place(session, act("organizer"), batch_id=batch_id, member_id=6), "full: in line for a place"
    other = a_batch(session, act("organizer"), task_id)
    with pytest.raises(DomainError):
        service.place(session, act("organizer"), batch_id=other, member_id=5)
    with pytest.raises(DomainError):
        service.withdraw_place(session, act("organizer"), batch_id=batch_id, member_id=5, reason=" ")
    service.withdraw_place(session, act("organizer"), batch_id=batch_id, member_id=5, reason="出差")
    service.withdraw_place(session, act("organizer"), batch_id=batch_id, member_id=5, reason="出差")
    assert queries.placed(session, batch_id) == (2, 6), "the first in line comes in at once"
    service.place(session, act("organizer"), batch_id=other, member_id=5)


def test_nobody_from_elsewhere_gets_a_place(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id, organization_id=cast.EAST_TOWN)
    for member_id in (1, 999):
        with pytest.raises(NotFound):
            service.place(session, act("organizer"), batch_id=batch_id, member_id=member_id)


def test_a_batch_is_opened_only_for_a_task_above_it(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("town_organizer"), organization_id=cast.WILLOW_TOWN)
    for organization_id in (cast.EAST_TOWN, cast.COUNTY):
        with pytest.raises(NotFound):
            a_batch(session, act("organizer"), task_id, organization_id=organization_id)
    assert a_batch(session, act("organizer"), task_id, organization_id=cast.WILLOW)


def test_dates_must_run_forward(session: Session, act: Acts) -> None:
    with pytest.raises(DomainError):
        a_task(session, act("organizer"), ends_on=dt.date(2025, 1, 1))
    task_id = a_task(session, act("organizer"))
    with pytest.raises(DomainError):
        a_batch(session, act("organizer"), task_id, ends_on=dt.date(2025, 1, 1))


def test_closing_covers_exactly_those_who_complete(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"), rule=CompletionRule(7, 60))
    batch_id = a_batch(session, act("organizer"), task_id, organization_id=cast.WILLOW)
    assert service.fill(session, act("organizer"), batch_id=batch_id) == 8
    roll_all(session, act("organizer"), batch_id, {3: ABSENT, 4: SICK})
    percents: dict[int, int | None] = {1: 90, 3: 90, 4: 90, 5: 59, 6: 60}
    assert service.enter_results(session, act("organizer"), batch_id=batch_id, percents=percents) == 5
    task = queries.task(session, task_id)
    assert task is not None
    review = {each.member_id: each.shortfall for each in queries.outcomes(session, batch_id)}
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
    before = {each.id for each in queries.waiting(session, task, cast.COUNTY, cast.TODAY)}
    assert service.close(session, act("organizer"), batch_id=batch_id) == 2
    assert records.completed(session, task.subject) == {1, 6}
    after = {each.id for each in queries.waiting(session, task, cast.COUNTY, cast.TODAY)}
    assert after - before == {3, 4, 5, 7, 8, 9}, "those who did not complete wait again"
    assert before | {1, 3, 4, 5, 6, 7, 8, 9} == after | {1, 6}
    (completion,) = records.completions_of(session, 1)
    assert (completion.way, completion.completed_on) == (CompletionWay.CENTRALIZED, dt.date(2026, 11, 11))
    assert records.ledger(session, 1, 2026).total_quarters == 32


def test_a_batch_closes_once_and_for_good(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id)
    service.fill(session, act("organizer"), batch_id=batch_id)
    roll_all(session, act("organizer"), batch_id)
    first = act("organizer", key="close-it-once")
    assert service.close(session, first, batch_id=batch_id) == 19
    assert service.close(session, first, batch_id=batch_id) == 19
    again = act("organizer")
    (one, *_rest) = queries.sessions(session, batch_id)
    refused: list[Callable[[], object]] = [
        lambda: service.close(session, again, batch_id=batch_id),
        lambda: service.fill(session, again, batch_id=batch_id),
        lambda: service.place(session, again, batch_id=batch_id, member_id=2),
        lambda: service.withdraw_place(session, again, batch_id=batch_id, member_id=1, reason="x"),
        lambda: service.enter_results(session, again, batch_id=batch_id, percents={1: 3}),
        lambda: service.call_roll(session, again, session_id=one.id, marks={}, base_version=1, register=True),
        lambda: service.add_session(session, again, batch_id=batch_id, new=some_sessions()[0]),
    ]
    for verb in refused:
        with pytest.raises(Conflict):
            verb()


def test_closing_waits_for_every_roll(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    empty = a_batch(session, act("organizer"), task_id, sessions=())
    with pytest.raises(DomainError):
        service.close(session, act("organizer"), batch_id=empty)
    batch_id = a_batch(session, act("organizer"), task_id)
    service.fill(session, act("organizer"), batch_id=batch_id)
    first, second = queries.sessions(session, batch_id)
    service.call_roll(session, act("organizer"), session_id=first.id, marks={}, base_version=0, register=False)
    with pytest.raises(DomainError):
        service.close(session, act("organizer"), batch_id=batch_id)
    service.call_roll(session, act("organizer"), session_id=second.id, marks={}, base_version=0, register=False)
    assert records.ledger(session, 1, 2026).entries == ()
    assert service.close(session, act("organizer"), batch_id=batch_id) == 19
    assert records.ledger(session, 1, 2026).total_quarters == 32, "closing registers what was only called"


def test_a_follow_up_makes_up_for_a_missed_session(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id, organization_id=cast.WILLOW, sessions=some_sessions(1))
    service.fill(session, act("organizer"), batch_id=batch_id)
    roll_all(session, act("organizer"), batch_id, {1: SICK, 3: SICK})
    (only,) = queries.sessions(session, batch_id)
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
    service.close(session, act("organizer"), batch_id=batch_id)
    assert records.completed(session, f"task:{task_id}") == {1, 4, 5, 6, 7, 8, 9}


def test_two_rolls_at_once(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id)
    service.fill(session, act("organizer"), batch_id=batch_id)
    first, _second = queries.sessions(session, batch_id)
    saved = service.call_roll(
        session, act("organizer"), session_id=first.id, marks={1: ABSENT}, base_version=0, register=False
    )
    with pytest.raises(RollChanged):
        service.call_roll(session, act("organizer"), session_id=first.id, marks={}, base_version=0, register=False)
    again = service.call_roll(
        session, act("organizer"), session_id=first.id, marks={1: ABSENT}, base_version=0, register=False
    )
    assert again == saved
    with pytest.raises(NotFound):
        service.call_roll(session, act("organizer"), session_id=999, marks={}, base_version=0, register=False)


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
    service.fill(session, act("organizer"), batch_id=batch_id)
    roll_all(session, act("organizer"), batch_id)
    an_attempt(session, batch_id, 1, 1, earned=8)
    an_attempt(session, batch_id, 4, 2, earned=3)
    an_attempt(session, batch_id, 5, 3, earned=9)
    service.enter_results(session, act("organizer"), batch_id=batch_id, percents={5: 40})
    assert queries.results(session, batch_id) == {1: 80, 4: 30, 5: 40}
    service.close(session, act("organizer"), batch_id=batch_id)
    assert records.completed(session, f"task:{task_id}") == {1}
    assert queries.standing_results(session, batch_id)[1].attempt_id is not None


def test_results_are_replaced_not_overwritten(session: Session, act: Acts) -> None:
    batch_id = a_batch(session, act("organizer"), a_task(session, act("organizer")))
    service.fill(session, act("organizer"), batch_id=batch_id)
    organizer = act("organizer")
    once = dataclasses.replace(organizer, key="entered-once")
    assert service.enter_results(session, once, batch_id=batch_id, percents={1: 50, 3: 70}) == 2
    assert service.enter_results(session, once, batch_id=batch_id, percents={1: 99}) == 0
    assert service.enter_results(session, organizer, batch_id=batch_id, percents={1: 80, 3: None, 4: None}) == 2
    assert queries.results(session, batch_id) == {1: 80}
    service.record_result(session, organizer, batch_id=batch_id, member_id=1, percent=70, attempt_id=7)
    assert queries.results(session, batch_id) == {1: 80}, "the better one stays"
    service.record_result(session, organizer, batch_id=batch_id, member_id=1, percent=90, attempt_id=7)
    assert queries.results(session, batch_id) == {1: 90}
    for percents in ({1: 101}, {2: 50}):
        with pytest.raises(DomainError):
            service.enter_results(session, organizer, batch_id=batch_id, percents=percents)


def test_a_repeated_request_opens_one_task_and_one_batch(session: Session, act: Acts) -> None:
    key = act("organizer", key="open-the-task")
    task_id = a_task(session, key)
    assert a_task(session, key) == task_id
    key = act("organizer", key="open-the-batch")
    batch_id = a_batch(session, key, task_id)
    assert a_batch(session, key, task_id) == batch_id
    key = act("organizer", key="add-a-session")
    new = some_sessions(3)[2]
    added = service.add_session(session, key, batch_id=batch_id, new=new)
    assert service.add_session(session, key, batch_id=batch_id, new=new) == added
    assert [each.id for each in queries.sessions(session, batch_id)][-1] == added
    key = act("organizer", key="fill-it-once")
    assert service.fill(session, key, batch_id=batch_id) == 19
    service.withdraw_place(session, act("organizer"), batch_id=batch_id, member_id=1, reason="出差")
    assert service.fill(session, key, batch_id=batch_id) == 0


def test_tasks_are_found_from_above_and_from_below(session: Session, act: Acts) -> None:
    county = a_task(session, act("organizer"))
    town = a_task(session, act("organizer"), organization_id=cast.WILLOW_TOWN)
    found = {
        place: {each.id for each in queries.tasks_for(session, [place], cast.TODAY)}
        for place in (cast.COUNTY, cast.WILLOW, cast.EAST_TOWN)
    }
    assert found == {cast.COUNTY: {county, town}, cast.WILLOW: {county, town}, cast.EAST_TOWN: {county}}


def test_a_member_sees_the_own_batch(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"), rule=CompletionRule(7, 60))
    coming = dt.date(2026, 11, 27)
    later = NewSession(
        "第 3 课", clock.instant(coming, dt.time(14)), clock.instant(coming, dt.time(17)), "礼堂", quarters=16
    )
    batch_id = a_batch(
        session, act("organizer"), task_id, sessions=[*some_sessions(1), later], quiz_course="first-response"
    )
    service.fill(session, act("organizer"), batch_id=batch_id)
    first, second = queries.sessions(session, batch_id)
    service.call_roll(session, act("organizer"), session_id=first.id, marks={}, base_version=0, register=True)
    (mine,) = queries.for_member(session, 1, cast.TODAY)
    assert mine.next_session == second
    assert (mine.attended, mine.total, mine.quarters_attended, mine.quarters_total) == (1, 2, 16, 32)
    assert mine.has_test and mine.percent is None and not mine.closed
    assert queries.for_member(session, 2, cast.TODAY) == ()


def test_a_member_who_moved_away_keeps_the_place_but_is_not_filled_in_again(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    session.query(Membership).filter_by(member_id=20).update({"valid_to": cast.TODAY})
    batch_id = a_batch(session, act("organizer"), task_id)
    service.fill(session, act("organizer"), batch_id=batch_id)
    assert 20 not in queries.placed(session, batch_id)
