"""A quiz whose keys can be guessed is named, and our own gives nothing away."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from learnhub.content.bias import are_right_options_first, find_right_place, is_right_option_longest
from learnhub.content.load import load
from learnhub.content.schema import Kind, Question
from tests.content.publishing import ROOT


def single(number: int, place: int, right: str = "对的那个", wrong: str = "错的那个") -> str:
    texts = [f"{wrong}{letter}" for letter in "甲乙丙"]
    texts.insert(place, right)
    rows = "\n".join(f"- [{'x' if n == place else ' '}] {text}" for n, text in enumerate(texts))
    return f"## 第{number}题？ {{#s{number}}}\n{rows}\n"


def judgement(number: int, is_right: bool) -> str:
    marks = ("x", " ") if is_right else (" ", "x")
    return f"## 第{number}句。 {{#t{number}}}\n- [{marks[0]}] 对\n- [{marks[1]}] 错\n"


def multiple(number: int, is_first: bool) -> str:
    rows = ["- [x] 甲", "- [x] 乙", "- [ ] 丙"] if is_first else ["- [x] 甲", "- [ ] 丙", "- [x] 乙"]
    return "\n".join([f"## 第{number}问？ {{#m{number}}}", *rows, ""])


QUIZZES: list[tuple[list[str], str]] = [
    ([single(n, n % 4, right="这一个写得最长最仔细") for n in range(6)], "对的选项最长"),
    ([single(n, n % 4, right="这一个写得最长最仔细" if n < 4 else "短") for n in range(6)], "对的选项最长"),
    ([single(n, n % 4, right="这一个写得最长最仔细" if n < 3 else "短") for n in range(6)], ""),
    ([single(n, n % 4, right="这一个写得最长最仔细") for n in range(5)], ""),
    ([single(n, 1) for n in range(6)], "同一个位置"),
    ([single(n, 1 if n < 8 else 0) for n in range(10)], "同一个位置"),
    ([single(n, n % 4) for n in range(10)], ""),
    ([judgement(n, is_right=False) for n in range(6)], "答案一样"),
    ([judgement(n, is_right=n < 3) for n in range(17)], "答案一样"),
    ([judgement(n, is_right=n < 3) for n in range(8)], ""),
    ([judgement(n, is_right=False) for n in range(5)], ""),
    ([multiple(n, is_first=True) for n in range(6)], "都排在前面"),
    ([multiple(n, is_first=n % 2 == 0) for n in range(6)], ""),
]


@pytest.mark.parametrize("quiz, reason", QUIZZES)
def test_a_quiz_whose_keys_can_be_guessed_is_named(site: Path, quiz: list[str], reason: str) -> None:
    (site / "courses/reading/quiz.md").write_text("---\ntitle: 小测\n---\n\n" + "\n".join(quiz), encoding="utf-8")
    problems = load(site).problems
    assert [(each.severity.value, each.line) for each in problems] == ([("warning", 4)] if reason else [])
    assert all(reason in each.reason for each in problems)


@pytest.fixture(scope="module")
def own() -> Callable[[Kind], list[Question]]:
    catalogue = load(ROOT / "content").catalogue
    assert catalogue is not None
    quizzes = [*catalogue.courses, *catalogue.units]
    return lambda kind: [each for unit in quizzes for each in unit.quiz if each.kind is kind]


def test_our_own_questions_give_nothing_away(own: Callable[[Kind], list[Question]]) -> None:
    """Over all our quizzes, which are too short to show a habit one by one."""
    singles, judgements, multiples = own(Kind.SINGLE), own(Kind.TRUE_FALSE), own(Kind.MULTIPLE)
    by_chance = sum(1 / len(each.options) for each in singles)
    assert by_chance / 2 < sum(map(is_right_option_longest, singles)) < by_chance * 1.25
    assert max(Counter(map(find_right_place, singles)).values()) <= len(singles) / 3
    assert max(Counter(each.correct for each in judgements).values()) <= len(judgements) * 0.6
    assert sum(map(are_right_options_first, multiples)) <= len(multiples) / 3


def test_our_own_content_has_no_warning() -> None:
    assert load(ROOT / "content").problems == ()
