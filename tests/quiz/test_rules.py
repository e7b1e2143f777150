"""Grading: what each kind of answer earns, and that nothing odd gets through."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnhub.content.schema import Kind, Option, Question
from learnhub.core.errors import DomainError
from learnhub.quiz.rules import (
    POSSIBLE,
    Grade,
    MalformedAnswer,
    comparable,
    grade,
    normalise,
    restore,
    right_answer,
    shown,
    snapshot,
    total,
)


def question(kind: Kind, **parts: Any) -> Question:
    empty: dict[str, Any] = {"options": (), "targets": (), "correct": (), "blanks": (), "pairs": ()}
    texts = {"id": "q", "title": "题", "stem_html": "题", "explanation_html": "", "hash": "0" * 32, "source": "q.md"}
    return Question(kind=kind, line=1, **{**texts, **empty, **parts})


def options(*keys: str) -> tuple[Option, ...]:
    return tuple(Option(key=key, html=key.upper(), text=key.upper()) for key in keys)


SINGLE = question(Kind.SINGLE, options=options("a", "b", "c"), correct=("b",))
MULTIPLE = question(Kind.MULTIPLE, options=options("a", "b", "c", "d"), correct=("a", "c"))
TRUE_FALSE = question(Kind.TRUE_FALSE, options=options("true", "false"), correct=("false",))
BLANK = question(Kind.BLANK, blanks=(("1921",), ("七", "July"), ("南湖",)))
ORDERING = question(Kind.ORDERING, options=options("a", "b", "c"), correct=("c", "a", "b"))
MATCHING = question(
    Kind.MATCHING, options=options("a", "b", "c"), targets=options("x", "y"), pairs=(("a", "x"), ("b", "y"), ("c", "x"))
)
ALL = [SINGLE, MULTIPLE, TRUE_FALSE, BLANK, ORDERING, MATCHING]


@pytest.mark.parametrize(
    "one, answer, earned",
    [
        (SINGLE, "b", 2),
        (SINGLE, "a", 0),
        (SINGLE, None, 0),
        (SINGLE, "", 0),
        (TRUE_FALSE, "false", 2),
        (TRUE_FALSE, "true", 0),
        (MULTIPLE, ["a", "c"], 2),
        (MULTIPLE, ["c", "a"], 2),
        (MULTIPLE, ["a"], 1),
        (MULTIPLE, ["a", "b"], 0),
        (MULTIPLE, ["a", "b", "c", "d"], 0),
        (MULTIPLE, ["b"], 0),
        (MULTIPLE, [], 0),
        (BLANK, ["1921", "7", "南湖"], 2),
        (BLANK, ["一九二一", " ｊｕｌｙ ", "南 湖。"], 2),
        (BLANK, ["1921", "8", "南湖"], 1),
        (BLANK, ["1921", "", ""], 0),
        (BLANK, ["1921"], 0),
        (BLANK, ["", "", ""], 0),
        (ORDERING, ["c", "a", "b"], 2),
        (ORDERING, ["a", "c", "b"], 0),
        (ORDERING, ["c", "a"], 0),
        (MATCHING, {"a": "x", "b": "y", "c": "x"}, 2),
        (MATCHING, {"a": "x", "b": "y", "c": "y"}, 1),
        (MATCHING, {"a": "x", "b": ""}, 0),
        (MATCHING, {}, 0),
    ],
)
def test_what_an_answer_earns(one: Question, answer: object, earned: int) -> None:
    assert grade(one, answer) == Grade(earned, POSSIBLE)


@pytest.mark.parametrize(
    "one, answer",
    [
        (SINGLE, "z"),
        (SINGLE, ["b"]),
        (SINGLE, 1),
        (SINGLE, {"b": "b"}),
        (MULTIPLE, "a"),
        (MULTIPLE, ["a", "a"]),
        (MULTIPLE, ["z"]),
        (MULTIPLE, [["a"]]),
        (MULTIPLE, [None]),
        (MULTIPLE, ["a"] * 100),
        (TRUE_FALSE, True),
        (BLANK, "1921"),
        (BLANK, ["1", "2", "3", "4"]),
        (BLANK, ["x" * 201]),
        (BLANK, ["a\0b"]),
        (BLANK, ["\ud800"]),
        (BLANK, [1921]),
        (ORDERING, ["a", "a", "b"]),
        (ORDERING, ["a", "b", "c", "a"]),
        (ORDERING, {"a": 1}),
        (MATCHING, ["a"]),
        (MATCHING, {"a": "z"}),
        (MATCHING, {"z": "x"}),
        (MATCHING, {"a": ["x"]}),
        (MATCHING, {"a": None}),
    ],
)
def test_a_malformed_answer_is_refused(one: Question, answer: object) -> None:
    with pytest.raises(MalformedAnswer) as refusal:
        grade(one, answer)
    assert isinstance(refusal.value, DomainError) and isinstance(refusal.value, ValueError)


@pytest.mark.parametrize(
    "one, other",
    [
        ("一九二一", "1921"),
        ("二十一", "21"),
        ("二〇二六年", "2026年"),
        ("十", "10"),
        ("十五天", "15 天"),
        ("一百零八", "108"),
        ("三千二百", "3200"),
        ("两万", "20000"),
        ("三万五千", "35000"),
        ("四万三千零二十", "43020"),
        ("一亿零三百万", "103000000"),
        ("第 十六 条", "第16条"),
        ("ＡＢＣ", "abc"),
        ("１９２１", "1921"),
        ("三分之一。", "3分之1"),
    ],
)
def test_the_same_answer_written_otherwise(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(
    "one, other", [("一五", "十五"), ("十四五", "十五"), ("三四", "34"), ("百姓", "100姓"), ("1921", "1922")]
)
def test_different_answers_stay_different(one: str, other: str) -> None:
    assert comparable(one) != comparable(other)


@given(st.integers(0, 99_999_999))
def test_numbers_read_as_they_are_spoken(number: int) -> None:
    assert comparable(spoken(number)) == str(number)


def spoken(number: int) -> str:
    """A number as Chinese say it; written independently of the code under test."""
    if number < 10:
        return "零一二三四五六七八九"[number]
    for unit, name in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= unit:
            head, rest = divmod(number, unit)
            zero = "零" if rest and rest < unit // 10 else ""
            return spoken(head) + name + (zero + spoken(rest) if rest else "")
    raise AssertionError


@given(st.text())
def test_comparing_twice_changes_nothing_much(text: str) -> None:
    assert comparable(text) == comparable(f" {text}\u3000")


answers = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=3)
    | st.sampled_from(["a", "b", "c", "x", "y", "true", "false"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from("abcz"), inner, max_size=4),
    max_leaves=8,
)


@given(st.sampled_from(ALL), answers)
def test_any_json_is_graded_or_refused(one: Question, answer: object) -> None:
    """Never another error, never more than there is, and the stored form is worth the same and stays as it is."""
    try:
        value = normalise(one, answer)
    except MalformedAnswer:
        return
    earned = grade(one, answer)
    assert 0 <= earned.earned <= earned.possible == POSSIBLE
    assert normalise(one, value) == value and grade(one, value) == earned
    assert json.loads(json.dumps(value)) == value


@given(st.sampled_from(ALL), st.text(), st.booleans())
def test_a_snapshot_grades_and_shows_as_the_question_did(one: Question, seed: str, shuffle: bool) -> None:
    seed = seed.encode("utf-8", "replace").decode()
    order = shown(one, seed, shuffle_choices=shuffle)
    assert order == shown(one, seed, shuffle_choices=shuffle)
    kept = restore(json.loads(json.dumps(snapshot(one, order))))
    assert tuple(option.key for option in kept.options) == order.options
    assert tuple(target.key for target in kept.targets) == order.targets
    assert grade(kept, right_answer(kept)).is_right and grade(one, right_answer(kept)).is_right
    assert sorted(order.options) == sorted(option.key for option in one.options)


def test_choices_keep_their_order_unless_asked_and_true_false_always() -> None:
    assert all(shown(SINGLE, str(seed)).options == ("a", "b", "c") for seed in range(20))
    assert len({shown(SINGLE, str(seed), shuffle_choices=True).options for seed in range(50)}) == 6
    assert {shown(TRUE_FALSE, str(seed), shuffle_choices=True).options for seed in range(20)} == {("true", "false")}


def test_orderings_and_matchings_are_mixed_the_same_way_for_ever() -> None:
    assert len({shown(ORDERING, str(seed)).options for seed in range(50)}) == 6
    assert shown(ORDERING, "attempt-1") == shown(ORDERING, "attempt-1")
    assert len({shown(MATCHING, str(seed)).targets for seed in range(20)}) == 2


def test_a_snapshot_of_another_version_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="version"):
        restore({"v": 2})


def test_totals_never_round_up() -> None:
    whole = total([Grade(2, 2)] * 199 + [Grade(1, 2)])
    assert (whole.earned, whole.possible, whole.percent, whole.is_right) == (399, 400, 99, False)
    assert total([]).percent == 0
