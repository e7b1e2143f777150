"""Verbs of the reports: files, notes of readings, freezing."""

from learnhub.reports.service.files import (
    MOST_ROWS,
    Voice,
    coverage_cells,
    name_cells,
    note_reading,
    write_coverage,
    write_names,
)

__all__ = [
    "MOST_ROWS",
    "Voice",
    "coverage_cells",
    "name_cells",
    "note_reading",
    "write_coverage",
    "write_names",
]
