"""What is due by a branch's shape, periods of a year, and the next step of a theme day."""

import datetime as dt

import pytest

from learnhub.content.publish import EMPTY
from learnhub.home import rules
from learnhub.home.rules import Step
from learnhub.meetings import rules as meeting_rules
from learnhub.meetings.rules import MeetingKind, Shape, State

DAY = dt.date(2026, 11, 25)


@pytest.mark.parametrize(
    ("shape", "kinds"),
    [
        (Shape(full=6, probationary=9, groups=0), [MeetingKind.GENERAL]),
        (Shape(full=7, probationary=0, groups=0), [MeetingKind.COMMITTEE, MeetingKind.GENERAL]),
        (Shape(full=30, probationary=1, groups=2), [MeetingKind.COMMITTEE, MeetingKind.GROUP, MeetingKind.GENERAL]),
        (Shape(full=3, probationary=0, groups=1), [MeetingKind.GROUP, MeetingKind.GENERAL]),
    ],
)
def test_a_branch_owes_only_what_its_shape_allows(shape, kinds):
    assert [each.kind for each in meeting_rules.duties(shape)] == kinds


def test_every_duty_names_its_basis():
    assert all("条例" in each.basis for each in meeting_rules.duties(Shape(30, 0, 3)))


@pytest.mark.parametrize(
    ("month", "months", "expected"),
    [
        ("2026-11", 1, ("2026-11",)),
        ("2026-11", 3, ("2026-10", "2026-11", "2026-12")),
        ("2026-01", 3, ("2026-01", "2026-02", "2026-03")),
        ("2026-03", 3, ("2026-01", "2026-02", "2026-03")),
        ("2026-12", 6, ("2026-07", "2026-08", "2026-09", "2026-10", "2026-11", "2026-12")),
    ],
)
def test_periods_are_counted_from_january(month, months, expected):
    assert meeting_rules.period(month, months) == expected


@pytest.mark.parametrize(
    ("state", "today", "step"),
    [
        (State.CANCELLED, 20, Step.SCHEDULE),
        (State.SCHEDULED, 24, Step.PRINT),
        (State.SCHEDULED, 25, Step.CALL),
        (State.SCHEDULED, 26, Step.CALL),
        (State.CALLED, 25, Step.FINISH),
        (State.FINISHED, 26, Step.NOTHING),
    ],
)
def test_the_next_step_follows_from_what_is_done_and_the_day(state, today, step):
    assert rules.next_step(state, DAY, DAY.replace(day=today)) is step


def test_a_month_without_content_has_no_unit():
    assert rules.unit_of(EMPTY, "2030-01") is None
