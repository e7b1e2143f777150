"""Pages of meetings."""

from learnhub.meetings.views import codes, feeds, follow_ups, lists, packs, planning, record, roll, usual, work
from learnhub.meetings.views.blueprint import bp

__all__ = ["bp", "codes", "feeds", "follow_ups", "lists", "packs", "planning", "record", "roll", "usual", "work"]
