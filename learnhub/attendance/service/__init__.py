"""Verbs of the roll. Whatever proves study is credited in the record book, one floor below."""

from learnhub.attendance.service.attachments import attach, erase_withdrawn, restore_attachment, withdraw_attachment
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
from learnhub.attendance.service.pictures import made_anew, path_of
from learnhub.attendance.service.roll import Overtaken, Saving, call_roll, correct, save_roll

__all__ = [
    "Deed",
    "Overtaken",
    "Saving",
    "attach",
    "call_roll",
    "cancel",
    "check_in",
    "claim_code",
    "close_screen",
    "correct",
    "erase_withdrawn",
    "finish",
    "follow_up",
    "follow_up_together",
    "made_anew",
    "move",
    "open_occasion",
    "open_screen",
    "path_of",
    "restore_attachment",
    "save_roll",
    "switch_codes",
    "token_hash",
    "withdraw_attachment",
    "withdraw_follow_up",
]
