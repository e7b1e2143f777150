"""The next step of a theme day."""

import datetime as dt

import pytest

from learnhub.home import rules
from learnhub.home.rules import Step
from learnhub.meetings.rules import State

DAY = dt.date(2026, 11, 25)


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
