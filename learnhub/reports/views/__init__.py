"""Pages of the reports."""

from learnhub.reports.views import coverage, frozen, hours, projection, situation, why
from learnhub.reports.views.blueprint import bp

__all__ = ["bp", "coverage", "frozen", "hours", "projection", "situation", "why"]
