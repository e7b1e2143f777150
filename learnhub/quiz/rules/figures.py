"""How a question fared, for its author: about the question, never about a person, and never of fewer than ten."""

import dataclasses
import statistics
from collections import Counter
from collections.abc import Sequence

# Figures move on when ten more have taken the question, so that no two looks tell what one person answered.
STEP = 10


@dataclasses.dataclass(frozen=True, slots=True)
class Taking:
    """One person's first work on one question: half points earned of those possible here and in the rest of the quiz.

    `chosen` are the keys of the options that were chosen, `is_answered` is False where nothing was.
    """

    earned: int
    possible: int
    rest_earned: int
    rest_possible: int
    chosen: tuple[str, ...]
    is_answered: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Figures:
    """Of `takers`, a multiple of ten: how many had it right, in part, wrong, not answered; how often each option.

    percent          of what could be earned with it, in whole per cent rounded down (the difficulty)
    discrimination   the correlation with the rest of the quiz, from -1 to 1; None where all did the same
    chosen           by option key
    """

    takers: int
    right: int
    partly: int
    wrong: int
    unanswered: int
    percent: int
    discrimination: float | None
    chosen: dict[str, int]


def figures(takings: Sequence[Taking]) -> Figures | None:
    """The figures of the first ten, twenty, thirty … of `takings`, which stand in the order of handing in."""
    counted = takings[: len(takings) // STEP * STEP]
    if not counted:
        return None
    right = sum(each.earned == each.possible for each in counted)
    unanswered = sum(not each.is_answered for each in counted)
    partly = sum(0 < each.earned < each.possible for each in counted)
    return Figures(
        takers=len(counted),
        right=right,
        partly=partly,
        wrong=len(counted) - right - partly - unanswered,
        unanswered=unanswered,
        percent=sum(each.earned for each in counted) * 100 // sum(each.possible for each in counted),
        discrimination=_correlation(counted),
        chosen=dict(Counter(key for each in counted for key in each.chosen)),
    )


def _correlation(counted: Sequence[Taking]) -> float | None:
    """Pearson's, between the share earned with the question and with the rest (corrected item-total correlation)."""
    with_rest = [each for each in counted if each.rest_possible]
    own = [each.earned / each.possible for each in with_rest]
    rest = [each.rest_earned / each.rest_possible for each in with_rest]
    if len(set(own)) < 2 or len(set(rest)) < 2:
        return None
    return round(statistics.correlation(own, rest), 2)
