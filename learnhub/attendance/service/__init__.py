"""Verbs of the roll. Whatever proves study is credited in the record book, one floor below."""

from learnhub.attendance.service.follow_ups import follow_up, withdraw_follow_up
from learnhub.attendance.service.occasions import cancel, finish, move, open_occasion
from learnhub.attendance.service.roll import call_roll, correct

__all__ = [
    "call_roll",
    "cancel",
    "correct",
    "finish",
    "follow_up",
    "move",
    "open_occasion",
    "withdraw_follow_up",
]
