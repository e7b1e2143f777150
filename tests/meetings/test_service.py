"""Scheduling, moving, cancelling and recording, on both databases."""

import dataclasses
import datetime as dt
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.attendance.rules import LeaveReason, Outcome, RollMark, tally
from learnhub.attendance.service import Saving
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.meetings import queries, service
from learnhub.meetings.rules import (
    FIRST_HABIT,
    MeetingKind,
    Minutes,
    MinutesChanged,
    RosterChanged,
    State,
    ThemeDayTaken,
)
from learnhub.members.models import Membership
from learnhub.web.db import db
from tests.cast import BRIDGE, COUNTY, DAM, FIRMS, MILL, WILLOW, WILLOW_TOWN
from tests.databases import count_statements

Acts = Callable[..., Act]
THEME = {MeetingKind.THEME_DAY}
SICK = RollMark(Outcome.LEAVE, LeaveReason.SICK)


def at(day: int, hour: int = 9, minute: int = 0, month: int = 11) -> dt.datetime:
    return clock.instant(dt.date(2026, month, day), dt.time(hour, minute))


def schedule(session: Session, act: Act, **changes: object) -> int:
    starts = changes.pop("starts_at", at(20))
    plain = {
        "organization_id": WILLOW,
        "month": "2026-11",
        "kinds": THEME,
        "theme": "把时间还给群众",
        "starts_at": starts,
        "ends_at": starts + dt.timedelta(hours=2),
        "place": "党群服务中心",
        "minutes": Minutes("周戊", lesson="少填一张表，多走一户门"),
    }
    return service.schedule(session, act, **{**plain, **changes})


def call(session: Session, act: Act, meeting_id: int, base: int = 0, **changes: object) -> int:
    meeting = queries.meeting(session, meeting_id)
    assert meeting is not None
    shown = changes.pop("shown", [each.id for each in queries.expected(session, meeting)])
    saving = Saving(**{"marks": {}, "base_version": base, **changes})
    return service.call_roll(session, act, meeting_id=meeting_id, shown=shown, saving=saving).version


def state(session: Session, meeting_id: int) -> State:
    found = queries.meeting(session, meeting_id)
    assert found is not None
    return found.state


def test_a_branch_has_one_theme_day_a_month(session: Session, act: Acts) -> None:
    first = schedule(session, act())
    with pytest.raises(ThemeDayTaken) as refused:
        schedule(session, act("second_recorder"), kinds={MeetingKind.THEME_DAY, MeetingKind.LECTURE})
    assert refused.value.meeting_id == first
    assert refused.value.values["day"] == "2026-11-20 9:00"
    schedule(session, act(), kinds={MeetingKind.COMMITTEE})
    schedule(session, act(), month="2026-12", starts_at=at(20, month=12))
    schedule(session, act(), organization_id=BRIDGE)
    service.cancel(session, act(), meeting_id=first, reason="防汛")
    assert queries.theme_day(session, WILLOW, "2026-11") is None
    again = schedule(session, act())
    assert queries.theme_day(session, WILLOW, "2026-11").id == again  # type: ignore[union-attr]
    assert [each.state for each in queries.for_month(session, WILLOW, "2026-11")].count(State.CANCELLED) == 1


def test_a_repeated_request_schedules_once(session: Session, act: Acts) -> None:
    assert schedule(session, act(key="same-key")) == schedule(session, act(key="same-key"))
    assert len(queries.for_month(session, WILLOW, "2026-11")) == 1


def test_two_recorders_at_the_same_moment_schedule_one(own_app: Flask, act: Acts) -> None:
    """Real transactions: the table itself refuses the second, and the second is told of the first."""
    gate, results = threading.Barrier(2), []

    def run(person: str) -> None:
        with own_app.app_context():
            session, one = db.session(), act(person)
            gate.wait()
            try:
                results.append(schedule(session, one))
                session.commit()
            except ThemeDayTaken as taken:
                results.append(taken)
                session.rollback()
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=[person]) for person in ("recorder", "second_recorder")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    scheduled = [each for each in results if isinstance(each, int)]
    assert len(scheduled) == 1
    assert [each.meeting_id for each in results if isinstance(each, ThemeDayTaken)] == scheduled


@pytest.mark.parametrize(
    ("starts", "month", "day"),
    [
        (at(1, 0, 5), "2026-11", dt.date(2026, 11, 1)),
        (at(1, 0, 5), "2026-10", dt.date(2026, 11, 1)),  # October's, held five minutes after it ended
        (at(31, 23, 55, month=10), "2026-10", dt.date(2026, 10, 31)),
        (at(31, 23, 55, month=10), "2026-11", dt.date(2026, 10, 31)),
    ],
)
def test_the_month_is_data(session: Session, act: Acts, starts: dt.datetime, month: str, day: dt.date) -> None:
    found = queries.meeting(session, schedule(session, act(), starts_at=starts, month=month))
    assert found is not None
    assert (found.month, found.occasion.day) == (month, day)
    assert queries.theme_day(session, WILLOW, month) == found


def test_what_cannot_be_scheduled_is_refused_in_words(session: Session, act: Acts) -> None:
    for changes in (
        {"kinds": set()},
        {"organization_id": WILLOW_TOWN},
        {"organization_id": 999},
        {"month": "2025-11"},  # the year mistyped
        {"ends_at": at(20)},
    ):
        with pytest.raises(DomainError):
            schedule(session, act(), **changes)


def test_the_next_scheduling_starts_from_the_last(session: Session, act: Acts) -> None:
    assert queries.habit(session, WILLOW) is None
    schedule(session, act(), starts_at=at(20, 14, 30), place="老石桥")
    habit = queries.habit(session, WILLOW)
    assert habit is not None
    assert (habit.day_of_month, habit.starts, habit.minutes) == (20, dt.time(14, 30), 120)
    assert (habit.place, habit.chair) == ("老石桥", "周戊")
    schedule(session, act(), kinds={MeetingKind.COMMITTEE}, starts_at=at(3), place="会议室")
    assert queries.habit(session, WILLOW) == habit
    assert queries.places(session, WILLOW) == ("老石桥", "会议室")


def test_a_short_month_does_not_move_the_fixed_day(session: Session, act: Acts) -> None:
    schedule(session, act(), month="2027-01", starts_at=clock.instant(dt.date(2027, 1, 31), dt.time(9)))
    schedule(session, act(), month="2027-02", starts_at=clock.instant(dt.date(2027, 2, 28), dt.time(9)))
    assert queries.habit(session, WILLOW).day_of_month == 31  # type: ignore[union-attr]


def test_the_first_proposal_needs_no_habit() -> None:
    assert 1 <= FIRST_HABIT.day_of_month <= 28


def test_a_moved_meeting_asks_for_membership_on_its_new_day(session: Session, act: Acts) -> None:
    meeting_id = schedule(session, act())
    left = session.query(Membership).filter_by(member_id=9).one()
    left.valid_to = dt.date(2026, 11, 21)
    session.flush()
    before = queries.meeting(session, meeting_id)
    assert 9 in {each.id for each in queries.expected(session, before)}  # type: ignore[arg-type]
    moved = {"starts_at": at(21), "ends_at": at(21, 10), "place": "老石桥"}
    for _ in range(2):
        service.move(session, act(key="same-key"), meeting_id=meeting_id, **moved)
    after = queries.meeting(session, meeting_id)
    assert 9 not in {each.id for each in queries.expected(session, after)}  # type: ignore[arg-type]
    with pytest.raises(DomainError):
        service.move(session, act(), meeting_id=meeting_id, starts_at=at(21, month=7), ends_at=at(22), place="x")


def test_the_committee_alone_is_expected_at_its_meeting(session: Session, act: Acts) -> None:
    found = queries.meeting(session, schedule(session, act(), kinds={MeetingKind.COMMITTEE}))
    assert found is not None
    assert {each.id for each in queries.expected(session, found)} == {4, 5}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    left=st.sets(st.integers(1, 9)),
    marks=st.dictionaries(
        st.integers(1, 9), st.sampled_from([SICK, RollMark(Outcome.ABSENT), RollMark(Outcome.EXEMPT)])
    ),
)
def test_a_roll_lists_exactly_those_who_belonged_on_the_day(
    session: Session, act: Acts, left: set[int], marks: dict[int, RollMark]
) -> None:
    session.query(Membership).filter(Membership.member_id.in_(left)).update({"valid_to": dt.date(2026, 11, 20)})
    meeting_id = schedule(session, act())
    there = set(range(1, 10)) - left
    call(session, act(), meeting_id, marks={member: mark for member, mark in marks.items() if member in there})
    found = queries.meeting(session, meeting_id)
    assert found is not None
    roll = attendance.roll(session, found.occasion.id)
    assert set(roll) == there
    counts = queries.tallies(session, [found]).get(meeting_id, tally([]))
    assert counts.expected + counts.exempt == len(there)
    assert counts.expected == counts.present + counts.leave + counts.absent
    sheet = queries.sheet(session, found)
    assert sheet.tally == counts
    assert sheet.full.expected + sheet.probationary.expected == counts.expected
    session.rollback()


def test_a_list_that_changed_meanwhile_is_shown_again(session: Session, act: Acts) -> None:
    meeting_id = schedule(session, act())
    with pytest.raises(RosterChanged):
        call(session, act(), meeting_id, shown=range(1, 9))


def test_finishing_waits_for_the_meeting_and_its_roll(session: Session, act: Acts) -> None:
    meeting_id = schedule(session, act(), starts_at=at(25))
    with pytest.raises(DomainError):  # it has not begun
        service.finish(session, act(), meeting_id=meeting_id)
    clock.fix(at(25, 11))
    with pytest.raises(DomainError):  # nobody called the roll
        service.finish(session, act(), meeting_id=meeting_id)
    call(session, act(), meeting_id, marks={1: SICK})
    session.query(Membership).filter_by(member_id=9).one().valid_to = dt.date(2026, 11, 21)
    session.flush()
    with pytest.raises(DomainError):  # the list changed after the roll
        service.finish(session, act(), meeting_id=meeting_id)
    call(session, act(), meeting_id, 1, marks={1: SICK})
    assert service.finish(session, act(key="same-key"), meeting_id=meeting_id) == 7
    assert service.finish(session, act(key="same-key"), meeting_id=meeting_id) == 7
    assert state(session, meeting_id) is State.FINISHED


def test_a_late_entry_needs_a_reason_and_keeps_its_time(session: Session, act: Acts) -> None:
    meeting_id = schedule(session, act())
    call(session, act(), meeting_id)
    clock.fix(at(3, 10, 20, month=12))
    with pytest.raises(DomainError) as refused:
        service.finish(session, act(), meeting_id=meeting_id)
    assert refused.value.field == "late_reason"
    service.finish(session, act(), meeting_id=meeting_id, late_reason="村里停电")
    found = queries.meeting(session, meeting_id)
    assert found is not None
    assert (found.late, found.late_reason, found.occasion.finished_at) == (True, "村里停电", clock.now())


def test_a_record_changed_by_another_is_not_overwritten(session: Session, act: Acts) -> None:
    meeting_id = schedule(session, act())
    started = queries.meeting(session, meeting_id).minutes  # type: ignore[union-attr]
    mine, theirs = dataclasses.replace(started, summary="我的"), dataclasses.replace(started, summary="他的")
    service.fill_in(session, act(), meeting_id=meeting_id, minutes=theirs, started_from=started.mark)
    with pytest.raises(MinutesChanged) as refused:
        service.fill_in(session, act(), meeting_id=meeting_id, minutes=mine, started_from=started.mark)
    assert refused.value.theirs == theirs
    service.fill_in(session, act(), meeting_id=meeting_id, minutes=theirs, started_from=started.mark)  # the same words
    service.fill_in(session, act(), meeting_id=meeting_id, minutes=mine, started_from=theirs.mark)
    assert queries.meeting(session, meeting_id).minutes == mine  # type: ignore[union-attr]
    assert queries.earlier_minutes(session, meeting_id) == ()


def test_a_finished_record_keeps_what_it_said(session: Session, act: Acts) -> None:
    meeting_id = schedule(session, act())
    call(session, act(), meeting_id)
    service.finish(session, act(), meeting_id=meeting_id)
    said = queries.meeting(session, meeting_id).minutes  # type: ignore[union-attr]
    better = dataclasses.replace(said, decisions="给老桥装护栏，郑伟办")
    with pytest.raises(DomainError) as refused:
        service.fill_in(session, act(), meeting_id=meeting_id, minutes=better, started_from=said.mark)
    assert refused.value.field == "because"
    for _ in range(2):
        service.fill_in(session, act(), meeting_id=meeting_id, minutes=better, started_from=said.mark, because="漏记了")
    [earlier] = queries.earlier_minutes(session, meeting_id)
    assert (earlier.minutes, earlier.replaced_because) == (said, "漏记了")


def test_a_level_counts_branches_in_organization_order(session: Session, act: Acts) -> None:
    done = schedule(session, act())
    call(session, act(), done)
    service.finish(session, act(), meeting_id=done)
    schedule(session, act(), organization_id=MILL, starts_at=at(25))
    cancelled = schedule(session, act(), organization_id=DAM)
    service.cancel(session, act(), meeting_id=cancelled, reason="防汛")
    session.commit()
    with count_statements() as seen:
        rows = queries.level(session, COUNTY, "2026-11", clock.today())
    assert len(seen) <= 2
    assert [(row.branches, row.scheduled, row.finished) for row in rows] == [(3, 1, 1), (1, 0, 0)]
    town = queries.level(session, WILLOW_TOWN, "2026-11", clock.today())
    assert [row.organization.id for row in town] == [WILLOW, BRIDGE, FIRMS]
    assert [row.theme_day.state if row.theme_day else None for row in town] == [State.FINISHED, None, None]


def test_a_year_of_theme_days_by_month(session: Session, act: Acts) -> None:
    schedule(session, act())
    schedule(session, act(), month="2026-12", starts_at=at(25, month=12))
    schedule(session, act(), month="2027-01", starts_at=clock.instant(dt.date(2027, 1, 25), dt.time(9)))
    assert list(queries.theme_days(session, WILLOW, 2026)) == ["2026-11", "2026-12"]
