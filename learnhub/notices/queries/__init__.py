"""Questions about notices: what each person asked for, what their work is, what is on its way out."""

from learnhub.notices.queries.choices import choice_of, due_choice, held_choice, stands_as, value
from learnhub.notices.queries.outbox import (
    Due,
    MessageValue,
    claimable,
    confirmations,
    counts,
    held_message,
    latest,
    listed,
    open_messages,
    told_of,
)
from learnhub.notices.queries.own_data import about_person
from learnhub.notices.queries.work import BranchWork, MeetingNotice, branch_work, coming

__all__ = [
    "BranchWork",
    "Due",
    "MeetingNotice",
    "MessageValue",
    "about_person",
    "branch_work",
    "choice_of",
    "claimable",
    "coming",
    "confirmations",
    "counts",
    "due_choice",
    "held_choice",
    "held_message",
    "latest",
    "listed",
    "open_messages",
    "stands_as",
    "told_of",
    "value",
]
