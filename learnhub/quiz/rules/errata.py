"""Errata: what an old attempt earns by a corrected key. It can only gain; what was shown and earned stays as it was."""

import dataclasses
import datetime as dt

from learnhub.content.schema import Kind, Question
from learnhub.quiz import rules
from learnhub.quiz.rules import POSSIBLE


@dataclasses.dataclass(frozen=True, slots=True)
class Raise:
    """What an erratum gave an attempt for one question: half points before and after, the reason, and when."""

    question_id: str
    title: str
    before: int
    after: int
    words: str
    noted_at: dt.datetime


def fits(old: Question, new: Question) -> bool:
    """Whether the key of `new` can be put to `old`: the same things to choose from, or blanks to fill."""
    if old.kind is Kind.BLANK or new.kind is Kind.BLANK:
        return old.kind is new.kind and len(old.blanks) == len(new.blanks)
    kinds = {old.kind, new.kind}
    if len(kinds) > 1 and kinds != {Kind.SINGLE, Kind.MULTIPLE}:
        return False
    return _keys(old) == _keys(new)


def regraded(old: Question, answer: object, new: Question | None) -> int:
    """Half points that `answer`, given to `old`, earns by the key of `new`; all of them when the question is void (None).

    A single choice whose corrected key has several right options is right with any of them. 0 where the key does not fit
    or the answer has another form: nothing is ever lost by an erratum.
    """
    if new is None:
        return POSSIBLE
    if answer is None or not fits(old, new):
        return 0
    if old.kind is Kind.SINGLE and new.kind is Kind.MULTIPLE:
        return POSSIBLE if answer in new.correct else 0
    if old.kind is Kind.MULTIPLE and new.kind is Kind.SINGLE:
        return POSSIBLE if answer == list(new.correct) else 0
    corrected = old.model_copy(update={"correct": new.correct, "blanks": new.blanks, "pairs": new.pairs})
    try:
        return rules.grade(corrected, answer).earned
    except rules.MalformedAnswer:
        return 0


def _keys(question: Question) -> tuple[frozenset[str], frozenset[str]]:
    options, targets = question.options, question.targets
    return frozenset(each.key for each in options), frozenset(each.key for each in targets)
