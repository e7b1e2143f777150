"""Verbs of the quiz."""

from learnhub.quiz.service.attempts import (
    HIGHEST_REVISION,
    AlreadyHandedIn,
    HandingIn,
    NewAnswer,
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
    "HIGHEST_REVISION",
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
