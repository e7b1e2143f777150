"""Grading: pure functions over a question of the catalogue, or over one restored from a stored attempt.

An answer is a JSON value, by kind of question:

    single, true_false   the key of one option                  multiple   a list of option keys
    blank                a list of strings, one for each blank  ordering   a list of option keys, first to last
    matching             a mapping from option key to target key

`None` (or an empty value) means not answered; an unfinished answer can be saved and earns what it is worth.

Scoring, in half points so that no fraction is ever rounded; `SCORING` says the same to those who take the quiz:
every question has two halves. Single, true-false and ordering: all or nothing. Multiple: all when exactly the right
options are chosen, half when some of them and no wrong one, otherwise nothing. Blank and matching: all, or half when at
least half of the blanks (pairs) are right.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from learnhub.content.schema import Kind, Option, Question
from learnhub.core.errors import DomainError
from learnhub.core.text import N_, is_storable, normalize

Answer = str | list[str] | dict[str, str]

POSSIBLE = 2
LONGEST_BLANK = 200

KIND_NAMES: Mapping[Kind, str] = {
    Kind.SINGLE: N_("单选题"),
    Kind.MULTIPLE: N_("多选题"),
    Kind.TRUE_FALSE: N_("判断题"),
    Kind.BLANK: N_("填空题"),
    Kind.ORDERING: N_("排序题"),
    Kind.MATCHING: N_("连线题"),
}
SCORING: Mapping[Kind, str] = {
    Kind.SINGLE: N_("选一个，选对得分。"),
    Kind.MULTIPLE: N_("可以选多个。全对得满分；少选而没有选错得一半；有一个选错就不得分。"),
    Kind.TRUE_FALSE: N_("选对或错，选对得分。"),
    Kind.BLANK: N_("全对得满分，对了一半以上得一半。空格、全角半角和大小写不影响，数字写汉字也可以。"),
    Kind.ORDERING: N_("按先后排好，全对得分。"),
    Kind.MATCHING: N_("全对得满分，对了一半以上得一半。"),
}


class MalformedAnswer(DomainError, ValueError):
    """The answer does not have the form its question asks for: a damaged or a made-up request."""

    def __init__(self) -> None:
        super().__init__(N_("这道题的答案读不出来，请重新作答。"))


@dataclass(frozen=True, slots=True)
class Grade:
    """`earned` of `possible` half points."""

    earned: int
    possible: int

    @property
    def is_right(self) -> bool:
        """Whether everything there was to earn was earned."""
        return self.earned == self.possible

    @property
    def percent(self) -> int:
        """Whole per cent, never rounded up; 0 when there was nothing to earn."""
        return self.earned * 100 // self.possible if self.possible else 0


@dataclass(frozen=True, slots=True)
class Order:
    """In which order the options and the targets of a question were shown, by their keys."""

    options: tuple[str, ...]
    targets: tuple[str, ...]


def total(grades: Iterable[Grade]) -> Grade:
    """The sum over a quiz; an erased or unanswered question must be passed as `Grade(0, POSSIBLE)` to count."""
    rows = list(grades)
    return Grade(sum(row.earned for row in rows), sum(row.possible for row in rows))


def grade(question: Question, answer: object) -> Grade:
    """What `answer` earns. Raises MalformedAnswer when it does not have the form of an answer to `question`."""
    value = normalise(question, answer)
    return Grade(0 if value is None else _EARN[question.kind](question, value), POSSIBLE)


def normalise(question: Question, answer: object) -> Answer | None:
    """`answer` in the form in which it is stored, or None when nothing was answered.

    Unknown and doubled keys, wrong types, too many or too long strings raise MalformedAnswer. Doing it twice changes
    nothing more.
    """
    if answer is None or answer in ("", [], {}):
        return None
    return _NORMALISE[question.kind](question, answer)


def right_answer(question: Question) -> Answer:
    """The key in the form of an answer, for showing it after the quiz."""
    if question.kind is Kind.BLANK:
        return [accepted[0] for accepted in question.blanks]
    if question.kind is Kind.MATCHING:
        return dict(question.pairs)
    if question.kind in (Kind.SINGLE, Kind.TRUE_FALSE):
        return question.correct[0]
    return list(question.correct)


def shown(question: Question, seed: str, *, shuffle_choices: bool = False) -> Order:
    """The order in which an attempt shows the question: the same for the same `seed` (of the attempt), everywhere.

    Orderings and the right side of matchings are always mixed, single and multiple choices only when asked, 对/错
    never.
    """
    options = [option.key for option in question.options]
    targets = [target.key for target in question.targets]
    choices = question.kind in (Kind.SINGLE, Kind.MULTIPLE) and shuffle_choices
    if choices or question.kind is Kind.ORDERING:
        options = _mixed(options, seed, question.id)
    return Order(tuple(options), tuple(_mixed(targets, seed, question.id)))


def snapshot(question: Question, order: Order) -> dict[str, Any]:
    """The question as shown, with its key, as a JSON value: what an attempt keeps, whatever becomes of the catalogue.

    Never send it to a browser: it holds the key.
    """
    options = {option.key: option for option in question.options}
    targets = {target.key: target for target in question.targets}
    kept = question.model_copy(
        update={
            "options": tuple(options[key] for key in order.options),
            "targets": tuple(targets[key] for key in order.targets),
        }
    )
    return {"v": 1, **kept.model_dump(mode="json")}


def restore(stored: Mapping[str, Any]) -> Question:
    """The question of a snapshot, its options and targets in the order shown; grade and render it like any other."""
    if stored.get("v") != 1:
        raise ValueError(f"unknown snapshot version {stored.get('v')!r}")
    return Question.model_validate({name: value for name, value in stored.items() if name != "v"}, strict=False)


def comparable(text: str) -> str:
    """What two written answers are compared by: width, spaces, case, a last full stop and the form of numbers ignored.

    一九二一 is 1921 and 二十一 is 21; two numerals side by side (一五, 三四) are left alone: more often they are words.
    """
    folded = "".join(normalize("NFKC", text).casefold().split()).rstrip(".,;\u3002")
    return _NUMERALS.sub(lambda run: _number(run.group()), folded)


def _single(question: Question, answer: object) -> Answer:
    if not isinstance(answer, str) or answer not in _keys(question.options):
        raise MalformedAnswer
    return answer


def _multiple(question: Question, answer: object) -> Answer:
    chosen = _distinct(question, answer)
    return [option.key for option in question.options if option.key in chosen]


def _distinct(question: Question, answer: object) -> list[str]:
    if not isinstance(answer, list) or len(answer) > len(question.options):
        raise MalformedAnswer
    known = _keys(question.options)
    if not all(isinstance(key, str) and key in known for key in answer) or len(set(answer)) != len(answer):
        raise MalformedAnswer
    return list(answer)


def _blank(question: Question, answer: object) -> Answer | None:
    if not isinstance(answer, list) or len(answer) > len(question.blanks):
        raise MalformedAnswer
    if not all(isinstance(text, str) and len(text) <= LONGEST_BLANK and is_storable(text) for text in answer):
        raise MalformedAnswer
    written = [text.strip() for text in answer] + [""] * (len(question.blanks) - len(answer))
    return written if any(written) else None


def _matching(question: Question, answer: object) -> Answer | None:
    if not isinstance(answer, dict):
        raise MalformedAnswer
    made = {left: right for left, right in answer.items() if right != ""}
    lefts, rights = _keys(question.options), _keys(question.targets)
    if not all(left in lefts and isinstance(right, str) and right in rights for left, right in made.items()):
        raise MalformedAnswer
    return made or None


def _earn_choice(question: Question, answer: Answer) -> int:
    return POSSIBLE if answer == question.correct[0] else 0


def _earn_multiple(question: Question, answer: Answer) -> int:
    chosen, correct = set(answer), set(question.correct)
    if chosen == correct:
        return POSSIBLE
    return 1 if chosen < correct else 0


def _earn_blank(question: Question, answer: Answer) -> int:
    pairs = zip(answer, question.blanks, strict=True)
    return _share([comparable(text) in {comparable(one) for one in accepted} for text, accepted in pairs])


def _earn_ordering(question: Question, answer: Answer) -> int:
    return POSSIBLE if answer == list(question.correct) else 0


def _earn_matching(question: Question, answer: Answer) -> int:
    made = answer if isinstance(answer, dict) else {}
    return _share([made.get(left) == right for left, right in question.pairs])


def _share(right: list[bool]) -> int:
    if all(right):
        return POSSIBLE
    return 1 if sum(right) * 2 >= len(right) else 0


_NORMALISE: Mapping[Kind, Callable[[Question, object], Answer | None]] = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.TRUE_FALSE: _single,
    Kind.BLANK: _blank,
    Kind.ORDERING: _distinct,
    Kind.MATCHING: _matching,
}
_EARN: Mapping[Kind, Callable[[Question, Answer], int]] = {
    Kind.SINGLE: _earn_choice,
    Kind.MULTIPLE: _earn_multiple,
    Kind.TRUE_FALSE: _earn_choice,
    Kind.BLANK: _earn_blank,
    Kind.ORDERING: _earn_ordering,
    Kind.MATCHING: _earn_matching,
}


def _keys(options: tuple[Option, ...]) -> frozenset[str]:
    return frozenset(option.key for option in options)


def _mixed(keys: list[str], seed: str, question_id: str) -> list[str]:
    # By hash, not by `random`: the order must not depend on the version of Python that shows an attempt again.
    return sorted(keys, key=lambda key: hashlib.sha256(f"{seed}\n{question_id}\n{key}".encode()).digest())


# By code point, as these are no words to translate: the numerals 〇零一二三四五六七八九两, the units 十百千万亿.
_POINTS = (0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D)
_VALUES = {chr(point): value for value, point in enumerate(_POINTS)} | {chr(0x96F6): 0, chr(0x4E24): 2}
_UNITS = {chr(0x5341): 10, chr(0x767E): 100, chr(0x5343): 1000, chr(0x4E07): 10_000, chr(0x4EBF): 100_000_000}
_NUMERALS = re.compile(f"[{''.join(_VALUES)}{''.join(_UNITS)}]+")


def _number(run: str) -> str:
    """A run of Chinese numerals in digits, or the run itself when it is no number."""
    if not any(character in _UNITS for character in run):
        is_word = len(run) == 2 and all(_VALUES[character] for character in run)
        return run if is_word else "".join(str(_VALUES[character]) for character in run)
    value = _with_units(run)
    return run if value is None else str(value)


def _with_units(run: str) -> int | None:
    whole, section, digit, big, small = 0, 0, None, 10**12, 10_000
    for place, character in enumerate(run):
        unit = _UNITS.get(character)
        if unit is None:
            if digit:
                return None
            digit = _VALUES[character]
        elif unit >= 10_000:
            if unit >= big or not (section or digit):
                return None
            whole, section, digit, big, small = whole + (section + (digit or 0)) * unit, 0, None, unit, 10_000
        else:
            if unit >= small or not (digit or (unit == 10 and place == 0)):
                return None
            section, digit, small = section + (digit or 1) * unit, None, unit
    return whole + section + (digit or 0)
