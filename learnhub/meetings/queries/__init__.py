"""Questions about meetings."""

from learnhub.meetings.queries.due import DutyState, due
from learnhub.meetings.queries.levels import BranchMonth, LevelRow, branch_months, level
from learnhub.meetings.queries.meetings import (
    EarlierRecord,
    MeetingValue,
    earlier_minutes,
    expected,
    for_month,
    habit,
    held,
    meeting,
    of_member,
    of_occasion,
    organization_of_follow_up,
    organization_of_meeting,
    places,
    tallies,
    theme_day,
    theme_days,
)
from learnhub.meetings.queries.rolls import Guest, Missed, guests, guests_called, missed, roll_sheet
from learnhub.meetings.queries.sheets import Line, Sheet, sheet

__all__ = [
    "BranchMonth",
    "DutyState",
    "EarlierRecord",
    "Guest",
    "LevelRow",
    "Line",
    "MeetingValue",
    "Missed",
    "Sheet",
    "branch_months",
    "due",
    "earlier_minutes",
    "expected",
    "for_month",
    "guests",
    "guests_called",
    "habit",
    "held",
    "level",
    "meeting",
    "missed",
    "of_member",
    "of_occasion",
    "organization_of_follow_up",
    "organization_of_meeting",
    "places",
    "roll_sheet",
    "sheet",
    "tallies",
    "theme_day",
    "theme_days",
]
