"""Verbs of the reports: files, notes of readings, freezing."""

from learnhub.core.voice import Voice
from learnhub.reports.service.files import (
    name_cells,
    note_reading,
    write_coverage,
    write_names,
)
from learnhub.reports.service.freezing import freeze, note_differences, note_frozen_names, note_why
from learnhub.reports.service.nightly import begin_day, compare, tick
from learnhub.reports.service.papers import coverage_cells, coverage_paper
from learnhub.reports.service.rollup import Difference, advance, check, keep, recount_all, sweep

__all__ = [
    "Difference",
    "Voice",
    "advance",
    "begin_day",
    "check",
    "compare",
    "coverage_cells",
    "coverage_paper",
    "freeze",
    "keep",
    "name_cells",
    "note_differences",
    "note_frozen_names",
    "note_reading",
    "note_why",
    "recount_all",
    "sweep",
    "tick",
    "write_coverage",
    "write_names",
]
