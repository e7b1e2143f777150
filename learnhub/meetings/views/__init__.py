"""Pages of meetings."""

from learnhub.meetings.views import codes, follow_ups, lists, planning, record, roll
from learnhub.meetings.views.blueprint import bp

__all__ = ["bp", "codes", "follow_ups", "lists", "planning", "record", "roll"]
