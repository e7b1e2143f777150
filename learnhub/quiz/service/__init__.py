"""Verbs of the quiz."""

from learnhub.quiz.rules.sent import NewAnswer
from learnhub.quiz.service.attempts import (
    AlreadyHandedIn,
    HandingIn,
    Saved,
    Sheet,
    hand_in,
    hand_in_sheet,
    save_answer,
    save_answers,
    start,
    take_answers,
)
from learnhub.quiz.service.errata import Affected, affected, correct
from learnhub.quiz.service.papers import Paper, course_paper, month_paper

__all__ = [
    "Affected",
    "AlreadyHandedIn",
    "HandingIn",
    "NewAnswer",
    "Paper",
    "Saved",
    "Sheet",
    "affected",
    "correct",
    "course_paper",
    "hand_in",
    "hand_in_sheet",
    "month_paper",
    "save_answer",
    "save_answers",
    "start",
    "take_answers",
]
