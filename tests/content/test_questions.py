"""The six kinds of question as authors write them."""

from pathlib import Path

import pytest

from learnhub.content.load import load
from learnhub.content.schema import Catalogue, Kind, NotInCatalogue, Question

SITES = Path(__file__).parent / "sites"


@pytest.fixture(scope="module")
def small() -> Catalogue:
    catalogue = load(SITES / "small").catalogue
    assert catalogue is not None
    return catalogue


def texts(question: Question, keys: tuple[str, ...]) -> list[str]:
    words = {option.key: option.text for option in (*question.options, *question.targets)}
    return [words[key] for key in keys]


def test_the_kinds_follow_from_the_form(small: Catalogue) -> None:
    assert {question.id: question.kind for question in small.quiz("reading")} == {
        "parts": Kind.SINGLE,
        "which": Kind.MULTIPLE,
        "date": Kind.TRUE_FALSE,
        "founded": Kind.BLANK,
        "steps": Kind.ORDERING,
        "match": Kind.MATCHING,
    }


def test_single_choice(small: Catalogue) -> None:
    question = small.question("reading", "parts")
    assert question.title == "通知一般有几部分？" == question.stem_html
    assert [option.text for option in question.options] == ["两部分", "三部分", "四部分"]
    assert texts(question, question.correct) == ["三部分"]
    assert question.explanation_html == "<p>依据：公文处理工作条例。</p>"


def test_multiple_choice_with_a_picture(small: Catalogue) -> None:
    question = small.question("reading", "which")
    assert texts(question, question.correct) == ["标题", "落款"]
    assert 'alt="一张纸"' in question.material_html


def test_true_or_false_has_keys_that_say_so(small: Catalogue) -> None:
    question = small.question("reading", "date")
    assert [(option.key, option.text) for option in question.options] == [("true", "对"), ("false", "错")]
    assert question.correct == ("false",)


def test_blanks(small: Catalogue) -> None:
    question = small.question("reading", "founded")
    assert question.blanks == (("1921", "一九二一"), ("7", "七"))
    assert question.title == "中国共产党成立于____年____月。"
    assert question.stem_html.count('<span class="blank">') == 2


def test_ordering_does_not_show_its_key(small: Catalogue) -> None:
    question = small.question("reading", "steps")
    assert texts(question, question.correct) == ["看标题", "看正文", "看落款"]
    assert [option.key for option in question.options] == sorted(question.correct)
    assert any(option.html == "看<strong>落款</strong>" for option in question.options)


def test_matching(small: Catalogue) -> None:
    question = small.question("reading", "match")
    words = {option.key: option.text for option in (*question.options, *question.targets)}
    assert [(words[left], words[right]) for left, right in question.pairs] == [
        ("标题", "什么事"),
        ("正文", "怎么办"),
        ("落款", "谁发的"),
    ]


def test_a_question_knows_where_it_stands(small: Catalogue) -> None:
    question = small.question("reading", "which")
    line = (SITES / "small" / question.source).read_text(encoding="utf-8").splitlines()[question.line - 1]
    assert line == "## 下面哪些是通知的部分？ {#which}"


def test_what_is_not_there_is_not_found(small: Catalogue) -> None:
    for look in (
        lambda: small.question("reading", "none"),
        lambda: small.quiz("2026-12"),
        lambda: small.course("none"),
        lambda: small.lesson("reading", "none"),
        lambda: small.unit("2026-12"),
        lambda: small.page("none"),
        lambda: small.media_file("0" * 32),
    ):
        with pytest.raises(NotInCatalogue) as refusal:
            look()
        assert refusal.value.status == 404
