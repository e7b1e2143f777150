"""The part of a Word-style question file that lists the answers: by section and number, in rows, grids or paragraphs."""

import re
from collections.abc import Sequence

from learnhub.content.exchange.drafts import Notes
from learnhub.content.exchange.word_lines import ANSWER, WHY, Heading, read_heading, read_number
from learnhub.content.exchange.written import Written
from learnhub.core.text import N_

_JUDGEMENT = "√×✓✔✗✘对错"
_RANGE = re.compile(
    rf"(?P<from>\d{{1,4}})\s*[-—–~～至]+\s*(?P<to>\d{{1,4}})\s*[.、．:：]?\s*(?P<answers>[A-Za-z{_JUDGEMENT}\s]+)"
)
_SINGLE = re.compile(
    rf"(?P<from>\d{{1,4}})\s*[.、．:：)）]?\s*(?P<answer>[A-Z](?:[、,，]?[A-Z]){{0,9}}|[a-z]{{1,10}}|正确|错误|[{_JUDGEMENT}])(?![A-Za-z])"
)
_NEXT = re.compile(r"(?:^|(?<=\s))(?P<number>\d{1,4})\s*[.、．](?!\d)\s*")
_SPLIT_WHY = re.compile(r"\s*(?:[【\[]解析[】\]]\s*[:：]?|解析\s*[:：])\s*")
# What only a question has: a gap, or a question mark at its end.
_ASKS = re.compile(r"_{2,}|[（(]\s*[)）]|[？?]\s*$")


class AnswerList:
    """Gives the answers to the questions above it; `take` says whether a line still belongs to the list."""

    def __init__(self, questions: Sequence[Written], headings: Sequence[Heading], notes: Notes) -> None:
        self._questions, self._headings, self._notes = questions, headings, notes
        self._sections: list[int] | None = None
        self._numbers: list[int] = []
        self._latest: Written | None = None

    def take(self, number: int, line: str) -> bool:
        """One line that is not empty."""
        heading, why = read_heading(line), WHY.fullmatch(line)
        if heading is not None and heading.is_known:
            return self._begin_section(heading)
        if why:
            return self._explain((why["text"] or why["boxed"] or "").strip())
        return self._take_grid(number, line) or self._take_row(number, line) or self._take_paragraph(number, line)

    def _begin_section(self, heading: Heading) -> bool:
        """Whether questions under a heading of this kind still wait for their answers."""
        alike = [
            place
            for place, each in enumerate(self._headings)
            if each.kind is heading.kind and each.is_free == heading.is_free and self._open(place)
        ]
        same_name = [place for place in alike if self._headings[place].name == heading.name]
        self._sections = same_name if len(alike) > 1 and same_name else alike
        self._latest = None
        return bool(alike)

    def _open(self, section: int) -> bool:
        return any(each.section == section and each.answer is None for each in self._questions)

    def _candidates(self, number: int) -> list[Written]:
        return [
            each
            for each in self._questions
            if each.number == number
            and each.answer is None
            and (self._sections is None or each.section in self._sections)
        ]

    def _answer(self, line: int, number: int, answer: str) -> Written | None:
        candidates = self._candidates(number)
        if len(candidates) != 1:
            self._notes.error(line, N_("答案表里的第 %(number)s 题对不上唯一的一道题。"), number=number)
            return None
        candidates[0].answer, candidates[0].answer_line = answer, line
        return candidates[0]

    def _explain(self, text: str) -> bool:
        if self._latest is None:
            return False
        self._latest.why = [*(self._latest.why or []), text]
        return True

    def _take_grid(self, line_number: int, line: str) -> bool:
        """A table of two rows, numbers above and answers below."""
        head, *cells = re.split(r"[\s|｜]+", line.strip(" \t|｜"))
        if head in ("题号", "序号") and cells and all(cell.isdecimal() for cell in cells):
            self._numbers = list(map(int, cells))
            return True
        if head != "答案" or not self._numbers:
            return False
        if len(cells) != len(self._numbers):
            self._notes.error(line_number, N_("答案和题号的个数不一样，这一行没有读入：%(text)s"), text=line)
        else:
            for number, cell in zip(self._numbers, cells, strict=True):
                self._answer(line_number, number, cell)
        self._numbers = []
        return True

    def _take_row(self, line_number: int, line: str) -> bool:
        """`1-5 ABCDA 6.对`: numbers with letters or judgements and nothing else."""
        left, answers = line, list[tuple[int, str]]()
        for match in _RANGE.finditer(line):
            inner = match["answers"].strip()
            letters = inner.split() if len(inner.split()) > 1 else list(inner)
            numbers = range(int(match["from"]), int(match["to"]) + 1)
            if len(letters) != len(numbers):
                letters = list("".join(inner.split()))
            if len(letters) == len(numbers):
                answers += zip(numbers, letters, strict=True)
                left = left.replace(match.group(), " ", 1)
        answers += [(int(match["from"]), match["answer"]) for match in _SINGLE.finditer(left)]
        if not answers or _SINGLE.sub(" ", left).strip(" 、,，;；。.\t"):
            return False
        taken = [self._answer(line_number, number, answer) for number, answer in answers]
        self._latest = taken[0] if len(taken) == 1 else None
        return True

    def _take_paragraph(self, line_number: int, line: str) -> bool:
        """`1. 共产主义 解析：…`, several in a row when their numbers go on; or one more line of what was said last."""
        first = read_number(line)
        if first is None:
            return self._latest is not None and (self._latest.is_free or self._explain(line))
        if _ASKS.search(first.rest) or not self._candidates(first.number):
            return False
        for number, text in _split_numbers(line, first.number, first.rest):
            answer, *why = _SPLIT_WHY.split(text, maxsplit=1)
            named = ANSWER.fullmatch(answer)
            if named:
                answer = named["boxed"] or named["text"] or named["bare"] or ""
            self._latest = self._answer(line_number, number, answer.strip())
            if self._latest and why:
                self._latest.why = why
        return True


def _split_numbers(line: str, first: int, rest: str) -> list[tuple[int, str]]:
    """The numbered parts of a line whose numbers go on one by one."""
    marks = list(_NEXT.finditer(line))
    if not marks or [int(mark["number"]) for mark in marks] != list(range(first, first + len(marks))):
        return [(first, rest)]
    ends = [*(mark.start() for mark in marks[1:]), len(line)]
    return [(int(mark["number"]), line[mark.end() : end].strip()) for mark, end in zip(marks, ends, strict=True)]
