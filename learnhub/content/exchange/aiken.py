"""Aiken: a line that asks, options `A.` or `A)`, and `ANSWER: B`. Single choice only."""

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
    stem: list[str] = []
    options: list[tuple[str, str]] = []
    line = 1
    for number, row in enumerate(text.splitlines(), 1):
        answer, option = _ANSWER.fullmatch(row), _OPTION.fullmatch(row)
        if answer and (reason := _fault(stem, options, answer[1].upper())):
            notes.error(number, reason)
        elif answer:
            asked = Draft(Kind.SINGLE, clean(stem[0]), line, material="\n".join(map(clean, stem[1:])))
            drafts.append(choice(asked, [(words, letter == answer[1].upper()) for letter, words in options]))
        elif option and stem:
            options.append((option[1], option[2]))
        elif row.strip():
            if options:
                notes.error(line, _NO_ANSWER)
                stem, options = [], []
            line = line if stem else number
            stem.append(row)
        if answer:
            stem, options = [], []
    if stem:
        notes.error(line, _NO_ANSWER)
    return drafts


def _fault(stem: list[str], options: list[tuple[str, str]], answer: str) -> str:
    letters = [letter for letter, _ in options]
    if not stem or not options:
        return N_("ANSWER 前面没有题目和选项。")
    if letters != [chr(ord("A") + place) for place in range(len(letters))]:
        return N_("选项的字母没有按 A、B、C 的顺序。")
    return "" if answer in letters else N_("ANSWER 写的不是选项里的一个字母。")
