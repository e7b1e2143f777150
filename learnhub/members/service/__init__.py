"""Verbs of the roster."""

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

__all__ = [
    "Particulars",
    "admit",
    "amend",
    "dissolve",
    "end_circumstance",
    "hold_post",
    "leave",
    "leave_post",
    "note_circumstance",
    "transfer",
]
