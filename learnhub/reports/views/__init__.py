"""Pages of the reports."""

from learnhub.reports.views import coverage, frozen, projection, situation, why, years
from learnhub.reports.views.blueprint import bp

__all__ = ["bp", "coverage", "frozen", "projection", "situation", "why", "years"]
