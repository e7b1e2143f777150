"""Verbs of the roll. Whatever proves study is credited in the record book, one floor below."""

from learnhub.attendance.service.check_in import (
    check_in,
    claim_code,
    close_screen,
    open_screen,
    switch_codes,
    token_hash,
)
from learnhub.attendance.service.follow_ups import Deed, follow_up, follow_up_together, withdraw_follow_up
from learnhub.attendance.service.occasions import cancel, finish, move, open_occasion
from learnhub.attendance.service.roll import Overtaken, Saving, call_roll, correct, save_roll

__all__ = [
    "Deed",
    "Overtaken",
    "Saving",
    "call_roll",
    "cancel",
    "check_in",
    "claim_code",
    "close_screen",
    "correct",
    "finish",
    "follow_up",
    "follow_up_together",
    "move",
    "open_occasion",
    "open_screen",
    "save_roll",
    "switch_codes",
    "token_hash",
    "withdraw_follow_up",
]
