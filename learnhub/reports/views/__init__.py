"""Pages of the reports."""

from learnhub.reports.views import coverage, frozen
from learnhub.reports.views.blueprint import bp

__all__ = ["bp", "coverage", "frozen"]
