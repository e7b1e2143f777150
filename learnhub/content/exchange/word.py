"""Word-style text, as questions are handed round: numbered, options by letter, `答案：B`, `解析：…`.

Read are single and multiple choice, 判断题 (对/错, √/×), 填空题 (one answer for each blank, parted by `；`) and, under
such headings, 排序题 and 连线题 (one pair a line, `左边 —— 右边`, without an answer). The answer stands on its own line, in brackets in the question, or in a table at the end
(`参考答案` and then `1-5 ABCDA 6.对`).
"""

import re
from collections.abc import Iterator

from learnhub.content.exchange.drafts import Draft, Notes
from learnhub.content.exchange.written import Written, understood
from learnhub.content.schema import Kind
from learnhub.core.text import N_

_NUMBER = re.compile(
    r"\s*(?:第\s*(?P<a>\d{1,4})\s*题\s*[.、．:：]?|[（(]\s*(?P<b>\d{1,4})\s*[)）]|(?P<c>\d{1,4})\s*[.、．)）:：](?!\d))\s*(?P<rest>\S.*)"
)
_SECTION = re.compile(r"\s*[一二三四五六七八九十]+\s*[、.．]\s*(?P<name>.*)")
_KINDS = {
    "单选": Kind.SINGLE,
    "单项": Kind.SINGLE,
    "多选": Kind.MULTIPLE,
    "多项": Kind.MULTIPLE,
    "选择": Kind.SINGLE,
    "判断": Kind.TRUE_FALSE,
    "填空": Kind.BLANK,
    "排序": Kind.ORDERING,
    "连线": Kind.MATCHING,
    "配对": Kind.MATCHING,
}
_FREE = re.compile(r"简答|问答|论述|名词解释|案例分析|材料分析|写作|计算")
_ANSWER = re.compile(
    r"\s*[【\[（(]\s*(?:正确|参考|标准)?答案\s*[】\]）)]\s*[:：]?(?P<boxed>.*)"
    r"|\s*(?:(?:正确|参考|标准)?答案|答)\s*[:：](?P<text>.*)"
    r"|\s*(?:正确|参考|标准)?答案\s+(?P<bare>\S.*)"
)
_WHY = re.compile(
    r"\s*[【\[（(]\s*(?:试题|答案)?(?:解析|解释|依据|出处|说明)\s*[】\]）)]\s*[:：]?(?P<boxed>.*)"
    r"|\s*(?:试题|答案)?(?:解析|解释|依据|出处|说明)\s*[:：](?P<text>.*)"
)
_TABLE = re.compile(r"[\s【\[]*(?:参考|标准|正确)?答案(?:和解析)?[\s】\]:：]*")
_OPTION = re.compile(r"(?:^|(?<=\s)|(?<=[）)。；;]))(?:[（(]\s*(?P<a>[A-Z])\s*[)）]|(?P<b>[A-Z])\s*[.、．:：)）])\s*")
_ALL_INLINE = re.compile(r"(?:^|[\s）)])(?:[（(]A[)）]|A\s*[.、．]).*\s(?:[（(]B[)）]|B\s*[.、．])")
_RANGE = re.compile(r"(?P<from>\d{1,4})\s*[-—–~～至]+\s*(?P<to>\d{1,4})\s*[.、．:：]?\s*(?P<answers>[A-Z√×对错\s]+)")
_SINGLE = re.compile(r"(?P<from>\d{1,4})\s*[.、．:：)）]?\s*(?P<answer>[A-Z]{1,10}|√|×|正确|错误|对|错)(?![A-Za-z])")


def read(text: str, notes: Notes) -> tuple[str, list[Draft]]:
    """The title, if the first line is one, and the questions; what cannot be read is noted by line."""
    reader = _Reader(notes)
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            reader.take(number, line.strip())
    drafts = (understood(question, notes) for question in reader.questions)
    return reader.title, [draft for draft in drafts if draft]


class _Reader:
    def __init__(self, notes: Notes) -> None:
        self.questions: list[Written] = []
        self.title = ""
        self._notes = notes
        self._kind: Kind | None = None
        self._is_free = False
        self._in_table = False
        self._has_begun = False

    def take(self, number: int, line: str) -> None:
        """One line that is not empty."""
        now = self.questions[-1] if self.questions else None
        section, table = _SECTION.fullmatch(line), _TABLE.fullmatch(line)
        if section and not self._in_table:
            self._begin_section(number, section["name"])
        elif table and (
            now is None or now.answer is not None or any(each.answer is None for each in self.questions[:-1])
        ):
            self._in_table = True
        elif self._in_table and self._table_row(number, line):
            pass
        elif (match := _NUMBER.fullmatch(line)) is not None:
            self._in_table = False
            self._begin(number, int(match["a"] or match["b"] or match["c"]), match["rest"])
        elif now is None:
            self._before_all(number, line)
        else:
            self._go_on(now, number, line)
        self._has_begun = True

    def _begin_section(self, number: int, name: str) -> None:
        self._is_free = _FREE.search(name) is not None
        self._kind = next((kind for word, kind in _KINDS.items() if word in name), None)
        if self._kind is None and not self._is_free:
            self._notes.warn(number, N_("这个标题没有读入：%(text)s"), text=name)

    def _before_all(self, number: int, line: str) -> None:
        if self._has_begun:
            self._notes.error(number, N_("这一行不属于任何一题，没有读入：%(text)s"), text=line)
        else:
            self.title = line

    def _begin(self, line: int, number: int, rest: str) -> None:
        question = Written(number, line, rest, self._kind, self._is_free)
        if (inline := _ALL_INLINE.search(rest)) is not None:
            question.stem = rest[: inline.start() + (rest[inline.start()] in "）)")].strip()
            question.options = list(_options(rest[len(question.stem) :].strip(), 0))
        self.questions.append(question)

    def _go_on(self, now: Written, number: int, line: str) -> None:
        answer, why = _ANSWER.fullmatch(line), _WHY.fullmatch(line)
        if why:
            now.why = (now.why or []) + [(why["text"] or why["boxed"] or "").strip()]
        elif answer and now.answer is None:
            self._take_answer(now, number, (answer["boxed"] or answer["text"] or answer["bare"] or "").strip())
        elif now.why is not None:
            now.why.append(line)
        elif now.answer == "" and now.answer_line:
            now.answer = line
        elif now.answer is not None:
            self._notes.error(number, N_("答案后面的这一行不知道是什么，没有读入：%(text)s"), text=line)
        elif found := list(_options(line, len(now.options))):
            now.options += found
        elif now.options:
            now.options[-1] += f" {line}"
        else:
            now.material.append(line)

    def _take_answer(self, now: Written, number: int, text: str) -> None:
        head, *rest = re.split(r"\s*[【\[]?解析[】\]]?\s*[:：]\s*", text, maxsplit=1)
        now.answer, now.answer_line = head, number
        if rest:
            now.why = rest

    def _table_row(self, number: int, line: str) -> bool:
        """Whether `line` is of a table of answers; those it names get theirs."""
        left, answers = line, list[tuple[int, str]]()
        for match in _RANGE.finditer(line):
            letters = match["answers"].split() if " " in match["answers"].strip() else list(match["answers"].strip())
            numbers = range(int(match["from"]), int(match["to"]) + 1)
            if len(letters) == len(numbers):
                answers += zip(numbers, letters, strict=True)
                left = left.replace(match.group(), " ", 1)
        for match in _SINGLE.finditer(left):
            answers.append((int(match["from"]), match["answer"]))
        left = _SINGLE.sub(" ", left).strip(" 、,，;；。.\t")
        if not answers or left:
            return False
        for wanted, answer in answers:
            open_ones = [each for each in self.questions if each.number == wanted and each.answer is None]
            if len(open_ones) == 1:
                open_ones[0].answer, open_ones[0].answer_line = answer, number
            else:
                self._notes.error(number, N_("答案表里的第 %(number)s 题对不上唯一的一道题。"), number=wanted)
        return True


def _options(line: str, known: int) -> Iterator[str]:
    """The options that begin in `line`, when they go on from the `known` ones in the order of the letters."""
    starts: list[tuple[int, int]] = []
    for match in _OPTION.finditer(line):
        if ord(match["a"] or match["b"]) - ord("A") == known + len(starts) and (starts or match.start() == 0):
            starts.append((match.start(), match.end()))
    for place, (_, begin) in enumerate(starts):
        end = starts[place + 1][0] if place + 1 < len(starts) else len(line)
        yield line[begin:end].strip()
