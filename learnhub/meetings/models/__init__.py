"""Tables of meetings."""

from learnhub.meetings.models.meetings import DecisionReport, EarlierMinutes, EarlierTime, Meeting, MeetingKindOf
from learnhub.meetings.models.planning import CalendarFeed, Habit, MonthPack, OwnPart, UsualDay
from learnhub.meetings.models.work import DutyExplanation, DutyRule, HelpRequest, HintDismissal

__all__ = [
    "CalendarFeed",
    "DecisionReport",
    "DutyExplanation",
    "DutyRule",
    "EarlierMinutes",
    "EarlierTime",
    "Habit",
    "HelpRequest",
    "HintDismissal",
    "Meeting",
    "MeetingKindOf",
    "MonthPack",
    "OwnPart",
    "UsualDay",
]
