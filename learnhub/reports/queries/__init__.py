"""Questions across the rooms: coverage of a training task, as of any day."""

from learnhub.reports.queries.coverage import (
    PAGE,
    Coverage,
    CoverageRow,
    Name,
    ask,
    count,
    coverage,
    every_name,
    name_of,
    names,
)
from learnhub.reports.queries.facts import Question

__all__ = [
    "PAGE",
    "Coverage",
    "CoverageRow",
    "Name",
    "Question",
    "ask",
    "count",
    "coverage",
    "every_name",
    "name_of",
    "names",
]
