"""Aiken: a line that asks, options `A.` or `A)`, and `ANSWER: B`. Single choice only."""

import dataclasses
import re

from learnhub.content.exchange.drafts import Draft, Notes, choice, clean
from learnhub.content.schema import Kind
from learnhub.core.text import N_

_OPTION = re.compile(r"\s*([A-Z])[.)]\s*(.*)")
_NO_ANSWER = N_("这道题没有 ANSWER 一行，没有读入。")
_ANSWER = re.compile(r"\s*ANSWER\s*[:：]\s*(.*?)\s*", re.IGNORECASE)


def read(text: str, notes: Notes) -> list[Draft]:
    """The questions of an Aiken file; what cannot be read is noted by line."""
    drafts: list[Draft] = []
    question = _Lines()
    for number, row in enumerate(text.split("\n"), 1):
        option = _OPTION.fullmatch(row)
        if answer := _ANSWER.fullmatch(row):
            if reason := _fault(question, answer[1].upper()):
                notes.error(number, reason)
            else:
                drafts.append(_draft(question, answer[1].upper()))
            question = _Lines()
        elif option and question.stem:
            question.options.append((option[1], option[2]))
        elif row.strip():
            question = _next_line(question, number, row, notes)
    if question.stem:
        notes.error(question.line, _NO_ANSWER)
    return drafts


@dataclasses.dataclass
class _Lines:
    """The lines of one question as far as they are read; `line` is the number of the first."""

    line: int = 1
    stem: list[str] = dataclasses.field(default_factory=list)
    options: list[tuple[str, str]] = dataclasses.field(default_factory=list)


def _next_line(question: _Lines, number: int, row: str, notes: Notes) -> _Lines:
    """The question to which a line of text belongs: after options or an empty line another one begins, and this one had
    no answer."""
    is_apart = bool(question.stem) and number != question.line + len(question.stem)
    if question.options or is_apart:
        notes.error(question.line, _NO_ANSWER)
        question = _Lines()
    if not question.stem:
        question.line = number
    question.stem.append(row)
    return question


def _draft(question: _Lines, answer: str) -> Draft:
    material = "\n".join(map(clean, question.stem[1:]))
    draft = Draft(Kind.SINGLE, clean(question.stem[0]), question.line, material=material)
    return choice(draft, [(words, letter == answer) for letter, words in question.options])


def _fault(question: _Lines, answer: str) -> str:
    letters = [letter for letter, _ in question.options]
    if not question.stem or not letters:
        return N_("ANSWER 前面没有题目和选项。")
    if letters != [chr(ord("A") + place) for place in range(len(letters))]:
        return N_("选项的字母没有按 A、B、C 的顺序。")
    return "" if answer in letters else N_("ANSWER 写的不是选项里的一个字母。")
