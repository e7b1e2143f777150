"""Scheduling, moving, cancelling and recording, on both databases."""

import datetime as dt
import threading

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.attendance.rules import Outcome, RollMark, tally
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.meetings import queries, service
from learnhub.meetings.rules import (
    FIRST_HABIT,
    MeetingKind,
    RosterChanged,
    State,
    ThemeDayTaken,
)
from learnhub.members.models import Membership
from learnhub.web.db import db
from tests.cast import BRIDGE, COUNTY, DAM, FIRMS, MILL, WILLOW, WILLOW_TOWN
from tests.databases import count_statements
from tests.meetings.verbs import SICK, Acts, at, call, schedule


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
    assert len(seen) <= 3
    assert [(row.branches, row.scheduled, row.finished) for row in rows] == [(3, 1, 1), (1, 0, 0)]
    town = queries.level(session, WILLOW_TOWN, "2026-11", clock.today())
    assert [row.organization.id for row in town] == [WILLOW, BRIDGE, FIRMS]
    assert [row.theme_day.state if row.theme_day else None for row in town] == [State.FINISHED, None, None]


def test_a_year_of_theme_days_by_month(session: Session, act: Acts) -> None:
    schedule(session, act())
    schedule(session, act(), month="2026-12", starts_at=at(25, month=12))
    schedule(session, act(), month="2027-01", starts_at=clock.instant(dt.date(2027, 1, 25), dt.time(9)))
    assert list(queries.theme_days(session, WILLOW, 2026)) == ["2026-11", "2026-12"]
