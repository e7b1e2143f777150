"""Markdown that does not look as its author means is named at its line, and what looks as it is meant is not."""

import time
from pathlib import Path

import pytest

from learnhub.content.links import Links
from learnhub.content.parse import Node, Source
from learnhub.content.pitfalls import warn_of_pitfalls
from learnhub.content.problems import Problems
from learnhub.content.render import Renderer
from learnhub.content.tree import Trees


def warned(body: str, *, is_quiz: bool = False) -> list[int]:
    """The lines of the body, from 1, of which the author is warned."""
    problems = Problems()
    source = Source("x.md", Node({}, (1, 1)), body, 1)
    renderer = Renderer(Trees(problems), Links(Path(), frozenset(), problems), problems)
    if is_quiz:
        renderer.trees.tree(source, blanks=True)
    else:
        renderer.page(source)
    return [each.line for each in problems.sorted() if each.severity.value == "warning"]


MISLEADING = {
    "（一）": ("（一）甲\n（二）乙\n（三）丙", [2]),
    "(1)": ("先说：\n(1)甲", [2]),
    "1、": ("1、甲\n2、乙\n\n1、甲\n2、乙", [2, 5]),
    "1. without a space": ("1.甲\n2.乙", [2]),
    "1)": ("1) 甲\n2) 乙", [2]),
    "①": ("①甲\n②乙", [2]),
    "一、": ("一、甲\n二、乙", [2]),
    "第一": ("第一，甲\n第二：乙", [2]),
    "A.": ("A.甲\nB.乙", [2]),
    "a bullet from Word": ("• 甲\n• 乙", [2]),
    "a dash without a space": ("-甲\n-乙", [2]),
    "甲：": ("甲：你好。\n乙：您好。", [2]),
    "in a quote": ("> （一）甲\n> （二）乙", [2]),
    "in a box": ("!!! 要点\n    （一）甲\n    （二）乙", [3]),
    "a paragraph that begins with wide spaces": ("甲。\n　　乙。", [2]),
    "four spaces": ("甲\n\n    正文空四格。", [3]),
    "a tab": ("\t正文。", [1]),
    "a box indented by two spaces": ("!!! 要点\n    一\n\n!!! 要点\n  缩进两格。", [4]),
    "a box without indent": ("!!! 案例\n下一行", [1]),
    "wide marks": ("！！！ 要点\n    甲", [1]),
    "a wide heading": ("＃ 甲", [1]),
    "a fence": ("甲\n\n```\n- [ ] 甲\n~~乙~~\n```\n\n~~丙~~", [3, 8]),
    "more cells than heads": ("|a|b|\n|-|-|\n|1|2|3|", [3]),
    "an address with a bar": ("|a|b|\n|-|-|\n|1|[甲](https://a.example/a|b)|", [3]),
    "text below a table": ("|a|b|\n|-|-|\n|1|2|\n下一段", [4]),
    "a rule of another length": ("|a|b|\n|-|\n|1|2|", [2]),
    "a table without a rule": ("|a|b|\n|1|2|\n|3|4|", [2]),
    "struck out": ("甲~~乙~~", [1]),
    "marked": ("甲==乙==", [1]),
    "tasks": ("- [ ] 甲\n- [x] 乙", [1, 2]),
    "a bare link": ("见 https://a.example/b", [1]),
    "a bare host": ("见 www.example.org 。", [1]),
    "wide brackets of a link": ("见[甲]（10-a.md）", [1]),
    "a space in a link": ("见[甲] (10-a.md)", [1]),
    "a backslash at the end": ("甲\\\n乙", [1]),
    "stars without a partner": ("甲\n\n**乙\n\n丙", [3]),
    "a paragraph that left its list": ("* 甲\n\n  甲的第二段\n\n* 乙", [3]),
    "a line under text": ("甲\n---\n乙", [2]),
}


@pytest.mark.parametrize("body, lines", MISLEADING.values(), ids=MISLEADING)
def test_what_would_look_otherwise_is_named_at_its_line(body: str, lines: list[int]) -> None:
    assert warned(body) == lines


FINE = {
    "paragraphs of their own": "（一）甲\n\n（二）乙\n\n1、丙\n\n甲：丁",
    "lines with two spaces at the end": "（一）甲  \n（二）乙",
    "one speaker": "甲村的人说：\n依据：条例第一条，\n以及第二条。",
    "wrapped text": "这一段有两行，\n第十六条规定每月一次，\n2026年起施行。",
    "lists": "看：\n- 甲\n    - 乙\n\n        乙的第二段\n- 丙\n1. 丁\n2. 戊\n\n    戊的第二段",
    "a list that begins with numbers": "- （一）甲\n- （二）乙",
    "code": "    print(1)\n    ~~x~~",
    "code in a line": "`~~甲~~` 和 `https://a.example` 和 `a|b`",
    "links": "[甲](https://a.example/b) <https://a.example/c>\n\n[d]: https://a.example/d\n\n见 [d]。",
    "escapes": "\\~~甲~~ 和 \\*\\*",
    "tables": "|a|b|\n|-|-|\n|1|`x|y`|\n|1|\\||\n> 引文\n\na|b\n:-|-:\n1|2",
    "boxes": "!!! 要点\n\n    甲\n\n!!! 案例 \"乙\"\n    丙",
    "definitions and notes": "甲\n:   乙[^1]\n\n[^1]: 丙",
    "a line": "甲\n\n---\n\n乙\n***\n丙",
}  # fmt: skip


@pytest.mark.parametrize("body", FINE.values(), ids=FINE)
def test_what_looks_as_it_is_meant_is_not_named(body: str) -> None:
    assert warned(body) == []


def test_the_boxes_of_a_choice_are_no_tasks() -> None:
    assert warned("## 甲？ {#a}\n- [ ] 一\n- [x] 二\n> 见 https://a.example/b\n", is_quiz=True) == [4]


PIECES = [
    "(",
    "（一）\n",
    "!!! 要点\n",
    "\n",
    " ",
    "|",
    "|\n",
    "`",
    "~",
    "=",
    "[",
    "](",
    "**",
    "- 甲\n",
    "  甲\n",
    "甲：\n",
    "1",
    "\\",
]


@pytest.mark.parametrize("piece", PIECES)
def test_no_text_keeps_the_look_at_it_for_long(piece: str) -> None:
    """256 KB, which is the most that a file has, in the longest blocks that are read; the time is the processor's."""
    block = piece * min(10_000 // len(piece), 400)
    body = f"{block}\n\n" * (250_000 // len(block))
    began = time.process_time()
    warn_of_pitfalls(Source("x.md", Node({}, (1, 1)), body, 1), Problems(), is_quiz=False)
    assert time.process_time() - began < 5
