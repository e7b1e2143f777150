"""How many questions of each topic an attempt draws: what the front matter of a quiz file asks for, checked."""

from collections import Counter
from collections.abc import Iterable

from learnhub.content.parse import Source
from learnhub.content.problems import Problems
from learnhub.content.schema import Draw, Question
from learnhub.core.text import N_, whole_number


def draw_of(
    source: Source, shares: Iterable[tuple[tuple[int, int], str, str]], found: Iterable[Question], problems: Problems
) -> Draw:
    """The shares of topics as authors wrote them: each with its place, topic and count.

    Problems: a count that is no whole number from 1, a topic with fewer questions than are to be drawn or named twice,
    and a topic of the file that is never drawn from.
    """
    bank = Counter(question.topic for question in found)
    draw: dict[str, int] = {}
    for place, topic, count in shares:
        number = whole_number(count) or 0
        if not number:
            problems.error(source.path, place, N_("“%(topic)s” 要抽几题，请写一个整数，例如 count: 3。"), topic=topic)
        elif topic in draw:
            problems.error(source.path, place, N_("主题 “%(topic)s” 写了两次。"), topic=topic)
        elif bank[topic] < number:
            reason = N_(
                "主题 “%(topic)s” 只有 %(have)s 题，不够抽 %(count)s 题。主题是题目上面的一级标题（# %(topic)s）。"
            )
            problems.error(source.path, place, reason, topic=topic, have=bank[topic], count=number)
        draw[topic] = number
    if draw:
        for topic in bank.keys() - draw.keys():
            problems.warn(
                source.path, (1, 1), N_("主题 “%(topic)s” 的题从来不会抽到；不要主题时请去掉 draw。"), topic=topic
            )
    return tuple((topic, number) for topic, number in draw.items() if number)
