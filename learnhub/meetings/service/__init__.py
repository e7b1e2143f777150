"""Verbs of meetings."""

from learnhub.meetings.service.feeds import end_feed, open_feed
from learnhub.meetings.service.meetings import call_roll, cancel, fill_in, find_guests, finish, move, schedule
from learnhub.meetings.service.usual import set_usual

__all__ = [
    "call_roll",
    "cancel",
    "end_feed",
    "fill_in",
    "find_guests",
    "finish",
    "move",
    "open_feed",
    "schedule",
    "set_usual",
]
