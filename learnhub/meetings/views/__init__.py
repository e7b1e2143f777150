"""Pages of meetings."""

from learnhub.meetings.views import check_in, follow_ups, lists, planning, record, roll
from learnhub.meetings.views.blueprint import bp

__all__ = ["bp", "check_in", "follow_ups", "lists", "planning", "record", "roll"]
