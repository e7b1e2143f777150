"""The organizer's journey through the service: open, fill, call the rolls, test, close, fill the next one."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from learnhub.attendance.rules import LeaveReason, Outcome, RollChanged, RollMark
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.members.models import Circumstance, Membership
from learnhub.members.rules import CircumstanceKind, PostKind
from learnhub.records import service as record_book
from learnhub.records.rules import CompletionWay, NewCompletion
from learnhub.training.batches import queries as batches
from learnhub.training.batches import service as batches_service
from learnhub.training.batches.rules import NewSession
from learnhub.training.enrolment import service as enrolment_service
from learnhub.training.results import queries as results
from learnhub.training.sessions import service as sessions_service
from learnhub.training.tasks import queries as tasks
from learnhub.training.tasks import service as tasks_service
from learnhub.training.tasks.rules import Audience, CompletionRule
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
    return tasks_service.open_task(session, act, **(facts | changes))  # type: ignore[arg-type]


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
    return batches_service.open_batch(session, act, **(facts | changes))  # type: ignore[arg-type]


def roll_all(session: Session, act: Act, batch_id: int, marks: dict[int, RollMark] | None = None) -> None:
    """Everybody present in every session, except as marked."""
    for each in batches.sessions(session, batch_id):
        sessions_service.call_roll(session, act, session_id=each.id, marks=marks or {}, base_version=0, register=True)


def test_a_batch_is_filled_in_organization_order_and_never_twice(session: Session, act: Acts) -> None:
    batch_id = a_batch(session, act("organizer"), a_task(session, act("organizer")), capacity=12)
    assert enrolment_service.fill(session, act("organizer"), batch_id=batch_id) == 12
    assert batches.placed(session, batch_id) == DUE[:12]
    assert enrolment_service.fill(session, act("organizer"), batch_id=batch_id) == 0
    batch = batches.batch(session, batch_id)
    assert batch is not None
    assert batch.placed == 12


def test_the_next_batch_takes_the_remainder(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    first, second = (a_batch(session, act("organizer"), task_id, capacity=12) for _ in range(2))
    enrolment_service.fill(session, act("organizer"), batch_id=first)
    assert enrolment_service.fill(session, act("organizer"), batch_id=second) == 7
    assert batches.placed(session, second) == DUE[12:]
    assert batches.standing_places(session, task_id) == set(DUE)


def test_a_town_fills_from_its_own_members_only(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("town_organizer"), task_id, organization_id=cast.EAST_TOWN)
    enrolment_service.fill(session, act("town_organizer"), batch_id=batch_id)
    assert batches.placed(session, batch_id) == (17, 18, 19, 20)


def test_covered_lost_and_suspended_members_are_not_filled_in(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    for member_id, kind in ((18, CircumstanceKind.LOST_CONTACT), (19, CircumstanceKind.SUSPENDED)):
        session.add(Circumstance(member_id=member_id, kind=kind, reason="", valid_from=cast.SINCE))
    done = NewCompletion(17, f"task:{task_id}", "list:1", CompletionWay.HIGHER_LEVEL, cast.TODAY, "省委党校")
    record_book.complete(session, act("organizer"), completions=[done])
    batch_id = a_batch(session, act("organizer"), task_id, organization_id=cast.EAST_TOWN)
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    assert batches.placed(session, batch_id) == (20,)


def test_an_audience_narrows_the_fill(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"), audience=Audience(posts=frozenset({PostKind.SECRETARY})))
    batch_id = a_batch(session, act("organizer"), task_id)
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    assert batches.placed(session, batch_id) == (5, 10, 17)
    with pytest.raises(DomainError):
        enrolment_service.place(session, act("organizer"), batch_id=batch_id, member_id=1)


def test_a_single_place(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id, capacity=2)
    enrolment_service.place(session, act("organizer"), batch_id=batch_id, member_id=2)  # exempt, and comes all the same
    enrolment_service.place(session, act("organizer"), batch_id=batch_id, member_id=2)
    enrolment_service.place(session, act("organizer"), batch_id=batch_id, member_id=5)
    assert not enrolment_service.place(session, act("organizer"), batch_id=batch_id, member_id=6), (
        "full: in line for a place"
    )
    other = a_batch(session, act("organizer"), task_id)
    with pytest.raises(DomainError):
        enrolment_service.place(session, act("organizer"), batch_id=other, member_id=5)
    with pytest.raises(DomainError):
        enrolment_service.withdraw_place(session, act("organizer"), batch_id=batch_id, member_id=5, reason=" ")
    enrolment_service.withdraw_place(session, act("organizer"), batch_id=batch_id, member_id=5, reason="出差")
    enrolment_service.withdraw_place(session, act("organizer"), batch_id=batch_id, member_id=5, reason="出差")
    assert batches.placed(session, batch_id) == (2, 6), "the first in line comes in at once"
    enrolment_service.place(session, act("organizer"), batch_id=other, member_id=5)


def test_nobody_from_elsewhere_gets_a_place(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id, organization_id=cast.EAST_TOWN)
    for member_id in (1, 999):
        with pytest.raises(NotFound):
            enrolment_service.place(session, act("organizer"), batch_id=batch_id, member_id=member_id)


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


def test_two_rolls_at_once(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id)
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    first, _second = batches.sessions(session, batch_id)
    saved = sessions_service.call_roll(
        session, act("organizer"), session_id=first.id, marks={1: ABSENT}, base_version=0, register=False
    )
    with pytest.raises(RollChanged):
        sessions_service.call_roll(
            session, act("organizer"), session_id=first.id, marks={}, base_version=0, register=False
        )
    again = sessions_service.call_roll(
        session, act("organizer"), session_id=first.id, marks={1: ABSENT}, base_version=0, register=False
    )
    assert again == saved
    with pytest.raises(NotFound):
        sessions_service.call_roll(session, act("organizer"), session_id=999, marks={}, base_version=0, register=False)


def test_a_repeated_request_opens_one_task_and_one_batch(session: Session, act: Acts) -> None:
    key = act("organizer", key="open-the-task")
    task_id = a_task(session, key)
    assert a_task(session, key) == task_id
    key = act("organizer", key="open-the-batch")
    batch_id = a_batch(session, key, task_id)
    assert a_batch(session, key, task_id) == batch_id
    key = act("organizer", key="add-a-session")
    new = some_sessions(3)[2]
    added = sessions_service.add_session(session, key, batch_id=batch_id, new=new)
    assert sessions_service.add_session(session, key, batch_id=batch_id, new=new) == added
    assert [each.id for each in batches.sessions(session, batch_id)][-1] == added
    key = act("organizer", key="fill-it-once")
    assert enrolment_service.fill(session, key, batch_id=batch_id) == 19
    enrolment_service.withdraw_place(session, act("organizer"), batch_id=batch_id, member_id=1, reason="出差")
    assert enrolment_service.fill(session, key, batch_id=batch_id) == 0


def test_tasks_are_found_from_above_and_from_below(session: Session, act: Acts) -> None:
    county = a_task(session, act("organizer"))
    town = a_task(session, act("organizer"), organization_id=cast.WILLOW_TOWN)
    found = {
        place: {each.id for each in tasks.tasks_for(session, [place], cast.TODAY)}
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
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    first, second = batches.sessions(session, batch_id)
    sessions_service.call_roll(session, act("organizer"), session_id=first.id, marks={}, base_version=0, register=True)
    (mine,) = results.for_member(session, 1, cast.TODAY)
    assert mine.next_session == second
    assert (mine.attended, mine.total, mine.quarters_attended, mine.quarters_total) == (1, 2, 16, 32)
    assert mine.has_test and mine.percent is None and not mine.closed
    assert results.for_member(session, 2, cast.TODAY) == ()


def test_a_member_who_moved_away_keeps_the_place_but_is_not_filled_in_again(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    session.query(Membership).filter_by(member_id=20).update({"valid_to": cast.TODAY})
    batch_id = a_batch(session, act("organizer"), task_id)
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    assert 20 not in batches.placed(session, batch_id)
