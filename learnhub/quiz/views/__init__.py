"""Pages of quizzes."""

from learnhub.quiz.views import attempts, errata, files
from learnhub.quiz.views.blueprint import bp

__all__ = ["attempts", "bp", "errata", "files"]
