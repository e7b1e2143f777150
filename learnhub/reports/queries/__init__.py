"""Questions across the rooms: coverage of a training task, as of any day."""

from learnhub.reports.queries.coverage import Coverage, CoverageRow, ask, counted_live, coverage, name_of
from learnhub.reports.queries.facts import Question
from learnhub.reports.queries.names import MOST_PRINTED, PAGE, Name, count, every_name, names

__all__ = [
    "MOST_PRINTED",
    "PAGE",
    "Coverage",
    "CoverageRow",
    "Name",
    "Question",
    "ask",
    "count",
    "counted_live",
    "coverage",
    "every_name",
    "name_of",
    "names",
]
