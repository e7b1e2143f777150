"""Questions to the record book. Withdrawn facts are left out unless they are asked for."""

from learnhub.records.queries.book import (
    CompletionValue,
    HourRuleValue,
    KindSum,
    Ledger,
    LedgerEntry,
    NeedValue,
    completed,
    completed_by,
    completions_of,
    credited,
    hour_rule,
    ledger,
    yearly_need,
    years,
)

__all__ = [
    "CompletionValue",
    "HourRuleValue",
    "KindSum",
    "Ledger",
    "LedgerEntry",
    "NeedValue",
    "completed",
    "completed_by",
    "completions_of",
    "credited",
    "hour_rule",
    "ledger",
    "yearly_need",
    "years",
]
