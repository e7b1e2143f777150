"""The arithmetic of meetings."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.attendance.rules import PRESENT, Outcome
from learnhub.core import clock
from learnhub.meetings.rules import (
    HabitValue,
    MeetingKind,
    Minutes,
    calendar_days,
    credit_kind,
    day_in,
    default_mark,
    is_committee_only,
    is_expected,
    is_late,
    proposals,
)
from learnhub.members.rules import CircumstanceKind
from learnhub.records.rules import CreditKind

months = st.builds(lambda year, month: f"{year:04d}-{month:02d}", st.integers(2020, 2099), st.integers(1, 12))
HABIT = HabitValue(day_of_month=25, starts=dt.time(9), minutes=120)


@given(months, st.integers(1, 31))
def test_the_fixed_day_always_lies_in_the_month(month: str, number: int) -> None:
    day = day_in(month, number)
    assert clock.month_of(day) == month
    assert day.day == number or day == clock.last_day(month)


@given(months)
def test_a_calendar_has_whole_weeks_and_the_whole_month(month: str) -> None:
    days = calendar_days(month)
    assert len(days) % 7 == 0
    assert days[0].weekday() == 0
    assert {clock.first_day(month), clock.last_day(month)} <= set(days)
    assert all(later - earlier == dt.timedelta(days=1) for earlier, later in itertools.pairwise(days))


def test_today_is_proposed_once_the_fixed_day_has_passed() -> None:
    nine = dt.time(9)
    before, after = dt.date(2026, 11, 22), dt.date(2026, 11, 28)
    fixed = dt.datetime.combine(dt.date(2026, 11, 25), nine)
    assert proposals("2026-11", HABIT, before) == (fixed,)
    assert proposals("2026-11", HABIT, after) == (fixed, dt.datetime.combine(after, nine))
    assert len(proposals("2026-12", HABIT, after)) == 1


def test_one_meeting_is_credited_as_one_kind() -> None:
    assert credit_kind({MeetingKind.GENERAL, MeetingKind.THEME_DAY, MeetingKind.LECTURE}) is CreditKind.THEME_DAY
    assert credit_kind({MeetingKind.GENERAL, MeetingKind.LECTURE}) is CreditKind.LECTURE
    assert credit_kind({MeetingKind.COMMITTEE}) is CreditKind.MEETING
    assert is_committee_only({MeetingKind.COMMITTEE})
    assert not is_committee_only({MeetingKind.COMMITTEE, MeetingKind.GENERAL})


@pytest.mark.parametrize("kind", list(CircumstanceKind))
def test_of_whom_nothing_is_required_is_not_proposed_as_present(kind: CircumstanceKind) -> None:
    required = kind is not CircumstanceKind.EXEMPT
    assert default_mark([kind]).outcome is (Outcome.PRESENT if required else Outcome.EXEMPT)
    assert is_expected([kind]) is (kind not in {CircumstanceKind.LOST_CONTACT, CircumstanceKind.SUSPENDED})
    assert default_mark([]) == PRESENT


def test_a_late_entry_is_one_finished_after_its_month_and_its_day() -> None:
    assert not is_late("2026-11", dt.date(2026, 11, 25), dt.date(2026, 11, 30))
    assert is_late("2026-11", dt.date(2026, 11, 25), dt.date(2026, 12, 1))
    assert not is_late("2026-11", dt.date(2026, 12, 1), dt.date(2026, 12, 1))  # November's, held at 00:05 on the first


def test_the_mark_of_minutes_changes_with_their_words() -> None:
    assert Minutes("李丁").mark == Minutes("李丁").mark
    assert Minutes("李丁").mark != Minutes("李丁", summary="读了微党课").mark
