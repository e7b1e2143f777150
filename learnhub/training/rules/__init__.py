"""Rotational training as values and pure functions: whom a task is for, its cycle, timetables, classes, completion."""

from learnhub.training.rules.audience import KIND_LABELS, Audience, MemberKind, months_before
from learnhub.training.rules.classes import SPLIT_LABELS, Candidate, ClassDates, ClassPlan, Split, fingerprint, split
from learnhub.training.rules.completion import (
    MOST_ATTEMPTS,
    SHORTFALL_LABELS,
    CompletionRule,
    NewResult,
    Outcome,
    Shortfall,
    batches_needed,
    shortfall,
)
from learnhub.training.rules.cycle import LONGEST_YEARS, check_cycle
from learnhub.training.rules.timetable import (
    BATCH_LABELS,
    SESSION_LABELS,
    BatchKind,
    Hint,
    NewSession,
    SessionKind,
    Slot,
    hints,
)

__all__ = [
    "BATCH_LABELS",
    "KIND_LABELS",
    "LONGEST_YEARS",
    "MOST_ATTEMPTS",
    "SESSION_LABELS",
    "SHORTFALL_LABELS",
    "SPLIT_LABELS",
    "Audience",
    "BatchKind",
    "Candidate",
    "ClassDates",
    "ClassPlan",
    "CompletionRule",
    "Hint",
    "MemberKind",
    "NewResult",
    "NewSession",
    "Outcome",
    "SessionKind",
    "Shortfall",
    "Slot",
    "Split",
    "batches_needed",
    "check_cycle",
    "fingerprint",
    "hints",
    "months_before",
    "shortfall",
    "split",
]
