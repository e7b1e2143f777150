"""Verbs of the roster: about one member, and about files of many."""

from learnhub.members.service.columns_by_hand import set_columns
from learnhub.members.service.exporting import delimited, workbook
from learnhub.members.service.identity_keys import remember_identity_key, replace_identity_key, require_identity_key
from learnhub.members.service.importing import confirm, undo
from learnhub.members.service.keeping import Kept, drop_old, forget, held, held_sheets, keep, keep_again
from learnhub.members.service.people import (
    Particulars,
    admit,
    amend,
    dissolve,
    end_circumstance,
    hold_post,
    leave,
    leave_post,
    note_circumstance,
    transfer,
)
from learnhub.members.service.planning import plan
from learnhub.members.service.reading import read
from learnhub.members.service.reading_lists import note_reading

__all__ = [
    "Kept",
    "Particulars",
    "admit",
    "amend",
    "confirm",
    "delimited",
    "dissolve",
    "drop_old",
    "end_circumstance",
    "forget",
    "held",
    "held_sheets",
    "hold_post",
    "keep",
    "keep_again",
    "leave",
    "leave_post",
    "note_circumstance",
    "note_reading",
    "plan",
    "read",
    "remember_identity_key",
    "replace_identity_key",
    "require_identity_key",
    "set_columns",
    "transfer",
    "undo",
    "workbook",
]
