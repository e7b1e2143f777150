"""Pages of meetings."""

from learnhub.meetings.views import lists, planning, record, roll
from learnhub.meetings.views.blueprint import bp

__all__ = ["bp", "lists", "planning", "record", "roll"]
