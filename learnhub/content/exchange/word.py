"""Word-style text, as questions are handed round: numbered, options by letter, `答案：B`, `解析：…`.

Read are single and multiple choice, 判断题 (对/错, √/×), 填空题 (one answer for each blank, parted by `；`) and, under
such headings or tags, 排序题 and 连线题 (one pair a line, `左边 —— 右边`, without an answer). The answer stands on its own
line, in brackets in the question, or in a list at the end (`参考答案`, `答案与解析`) by section and number.
"""

import re

from learnhub.content.exchange.drafts import Draft, Notes
from learnhub.content.exchange.word_answers import AnswerList
from learnhub.content.exchange.word_lines import (
    ANSWER,
    WHY,
    Heading,
    NumberedLine,
    is_answers_heading,
    read_heading,
    read_lines,
    read_number,
    read_options,
    split_inline_options,
    take_tags,
)
from learnhub.content.exchange.written import Written, understood
from learnhub.core.text import N_

_WHY_BEHIND = re.compile(r"\s*[【\[]?解析[】\]]?\s*[:：]\s*|\s*[【\[]解析[】\]]\s*")
# What stands above the questions of a printed paper and is no question.
_FORM_LINE = re.compile(r"姓名|单位|得分|总分|满分|时间|考号|说明|注意|要求|答题")
_PAGE_NUMBER = re.compile(r"[-—–\s]*第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?[-—–\s]*")
_ROW_OF_ANSWERS = re.compile(r"\d{1,3}\s*(?:[-—–~～至]+\s*\d{1,3}\s*[.、．:：]?|[.、．)）:：])\s*[A-Za-z√×对错]")
_NO_HEADING = Heading("", None, is_free=False, is_known=False)


def read(text: str, notes: Notes) -> tuple[str, list[Draft]]:
    """The title, if the first line is one, and the questions; what cannot be read is noted by line."""
    reader = _Reader(notes)
    for number, line in read_lines(text):
        reader.take(number, line)
    drafts = (understood(question, notes) for question in reader.questions)
    return reader.title, [draft for draft in drafts if draft]


class _Reader:
    def __init__(self, notes: Notes) -> None:
        self.questions: list[Written] = []
        self.title = ""
        self._notes = notes
        self._headings = [_NO_HEADING]
        self._answers: AnswerList | None = None
        self._has_begun = False
        self._is_lost = False

    def take(self, number: int, line: str) -> None:
        """One line that is not empty."""
        if _PAGE_NUMBER.fullmatch(line):
            self._notes.warn(number, N_("页码没有读入：%(text)s"), text=line)
        elif self._answers is None or not self._answers.take(number, line):
            self._take_question_line(number, line)

    def _take_question_line(self, number: int, line: str) -> None:
        latest = self.questions[-1] if self.questions else None
        if self._begins_answers(line, latest):
            self._answers = AnswerList(self.questions, self._headings, self._notes)
            if not is_answers_heading(line)[0]:
                self._answers.take(number, _without_answer_word(line))
        elif (heading := read_heading(line)) is not None:
            self._begin_section(number, heading)
        elif (numbered := read_number(line)) is not None and not self._is_within(numbered, latest):
            self._answers = None
            self._begin(number, numbered, latest)
        elif latest is None:
            self._before_all(number, line)
        else:
            self._go_on(latest, number, line)
        self._has_begun = True

    def _begins_answers(self, line: str, latest: Written | None) -> bool:
        """Whether the answers to all questions are listed from here on."""
        is_heading, is_certain = is_answers_heading(line)
        if latest is None:
            return False
        several_open = latest.answer is not None or any(each.answer is None for each in self.questions[:-1])
        if is_heading:
            return is_certain or several_open
        answer = ANSWER.fullmatch(line)
        is_row = answer is not None and _ROW_OF_ANSWERS.match(_without_answer_word(line)) is not None
        return line.startswith(("题号", "序号")) or (is_row and several_open)

    def _begin_section(self, number: int, heading: Heading) -> None:
        self._answers = None
        self._headings.append(heading)
        if not heading.is_known:
            self._notes.warn(number, N_("这个标题没有读入：%(text)s"), text=heading.name)

    def _before_all(self, number: int, line: str) -> None:
        if not self._has_begun:
            self.title = line
        elif _FORM_LINE.search(line):
            self._notes.warn(number, N_("这一行在第一题前面，没有读入：%(text)s"), text=line)
        else:
            self._notes.error(number, N_("这一行不属于任何一题，没有读入：%(text)s"), text=line)

    def _is_within(self, numbered: NumberedLine, latest: Written | None) -> bool:
        """Whether the line is of a list inside a question, whose own number is written in another way."""
        return (
            latest is not None
            and latest.section == len(self._headings) - 1
            and latest.style != numbered.style
            and latest.answer is None
            and not latest.options
        )

    def _begin(self, line: int, numbered: NumberedLine, latest: Written | None) -> None:
        rest, tag = take_tags(numbered.rest)
        heading = self._headings[-1]
        about = tag or heading
        stem, options = split_inline_options(rest)
        if numbered.lead:
            stem = f"{stem}（{numbered.lead}）"
        question = Written(
            numbered.number,
            line,
            stem,
            about.kind,
            about.is_free,
            section=len(self._headings) - 1,
            style=numbered.style,
        )
        question.options = options
        if latest is not None and latest.section == question.section and not latest.is_complete:
            # A list inside a question, or questions left out: what belongs to which nobody can tell.
            question.is_doubtful = numbered.number <= latest.number or latest.is_doubtful
            latest.is_doubtful = question.is_doubtful
        self._is_lost = False
        self.questions.append(question)

    def _go_on(self, latest: Written, number: int, line: str) -> None:
        if self._is_lost:
            self._notes.error(number, N_("这一行不属于任何一题，没有读入：%(text)s"), text=line)
            return
        answer, why = ANSWER.fullmatch(line), WHY.fullmatch(line)
        if why:
            latest.why = (latest.why or []) + [(why["text"] or why["boxed"] or "").strip()]
        elif answer and latest.answer is None:
            self._take_answer(latest, number, (answer["boxed"] or answer["text"] or answer["bare"] or "").strip())
        elif latest.why is not None:
            latest.why.append(line)
        elif latest.answer == "" and latest.answer_line:
            latest.answer = line
        elif latest.answer is not None:
            # What follows it may be another question's.
            self._is_lost = True
            self._notes.error(number, N_("答案后面的这一行不知道是什么，没有读入：%(text)s"), text=line)
        else:
            _add_text(latest, line)

    def _take_answer(self, latest: Written, number: int, text: str) -> None:
        head, *rest = _WHY_BEHIND.split(text, maxsplit=1)
        latest.answer, latest.answer_line = head, number
        if rest:
            latest.why = rest


def _add_text(latest: Written, line: str) -> None:
    """A line of the question itself: its stem where only its number was there, options, or more of what came last."""
    if not latest.stem:
        latest.stem, options = split_inline_options(take_tags(line)[0])
        latest.options += options
    elif options := list(read_options(line, len(latest.options))):
        latest.options += options
    elif latest.options and "\t" in line:
        # A row of a table, which is no option.
        latest.is_doubtful = True
    elif latest.options:
        latest.options[-1] += f" {line}"
    else:
        latest.material.append(line)


def _without_answer_word(line: str) -> str:
    answer = ANSWER.fullmatch(line)
    return (answer["boxed"] or answer["text"] or answer["bare"] or "").strip() if answer else line
