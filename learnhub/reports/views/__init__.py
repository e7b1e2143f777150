"""Pages of the reports."""

from learnhub.reports.views import coverage, frozen, projection, questions, situation, why, years
from learnhub.reports.views.blueprint import bp

__all__ = ["bp", "coverage", "frozen", "projection", "questions", "situation", "why", "years"]
