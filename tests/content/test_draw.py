"""A bank of questions by topic, and how many of each an attempt draws."""

from pathlib import Path

import pytest

from learnhub.content.load import load
from learnhub.content.schema import Course
from learnhub.quiz.service import Paper

QUESTION = """## {topic}第{number}题？ {{#{id}}}
- [x] 对的
- [ ] 不对的
> 解析。

"""


def bank(site: Path, front: str, **topics: int) -> None:
    """Write the quiz of the course `reading` anew, with so many questions of each topic."""
    text = f"---\ntitle: 题库\n{front}---\n\n"
    for topic, count in topics.items():
        text += f"# {topic}\n\n"
        text += "".join(QUESTION.format(topic=topic, number=n, id=f"q-{len(topic)}-{n}") for n in range(count))
    (site / "courses" / "reading" / "quiz.md").write_text(text, "utf-8")


def course(site: Path) -> Course:
    """The course as loaded; it must have no errors."""
    loaded = load(site)
    assert loaded.catalogue, [each.reason for each in loaded.problems]
    return loaded.catalogue.course("reading")


FRONT = "draw:\n  - topic: 急救\n    count: 2\n  - topic: 防火须知\n    count: 1\n"


def test_an_attempt_draws_its_share_of_each_topic(site: Path) -> None:
    bank(site, FRONT, 急救=6, 防火须知=4)
    found = course(site)
    assert found.draw == (("急救", 2), ("防火须知", 1)) and found.questions_asked == 3
    paper = Paper("course:reading", "题库", found.hash, found.quiz, found.draw)
    draws = [paper.drawn(f"somebody {number}") for number in range(60)]
    for drawn in draws:
        assert [each.topic for each in drawn] == ["急救", "急救", "防火须知"]
    assert paper.drawn("somebody 1") == draws[1], "the same seed draws the same"
    assert {each.id for drawn in draws for each in drawn} == {each.id for each in found.quiz}, "everything may be drawn"
    assert len({tuple(each.id for each in drawn) for drawn in draws}) > 10


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ("draw:\n  - topic: 急救\n    count: 9\n", "只有 6 题"),
        ("draw:\n  - topic: 急救\n    count: 两题\n", "整数"),
        ("draw:\n  - topic: 急救\n    count: 1\n  - topic: 急救\n    count: 1\n", "写了两次"),
        ("draw:\n  - topic: 没有的\n    count: 1\n", "只有 0 题"),
        ("draw:\n  - topic: 急救\n    count: 1\n", "从来不会抽到"),
        ("", "一级标题"),
    ],
)
def test_a_draw_that_cannot_be_is_named(site: Path, front: str, words: str) -> None:
    bank(site, front, 急救=6, 防火须知=4)
    said = [each.reason % each.values for each in load(site).problems]
    assert any(words in each for each in said), said
