"""Word-style text, as questions are handed round: numbered, options by letter, `答案：B`, `解析：…`.

Read are single and multiple choice, 判断题 (对/错, √/×), 填空题 (one answer for each blank, parted by `；`) and, under
such headings, 排序题 and 连线题 (one pair a line, `左边 —— 右边`, without an answer). The answer stands on its own line, in brackets in the question, or in a table at the end
(`参考答案` and then `1-5 ABCDA 6.对`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from learnhub.content.exchange.drafts import BLANK, Draft, Notes, choice, clean, paragraphs, true_false
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
_PAIR = re.compile(r"(?P<left>.*?\S)\s*(?:[—–]{2,}|-{2,}>?|[-—]>|→|⟶)\s*(?P<right>\S.*)")
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
_INSIDE = re.compile(r"[（(]\s*(?P<text>[A-Z](?:[A-Z、,，\s]*[A-Z])?|√|×|✓|✔|✗|✘|对|错|正确|错误)\s*[)）]")
_EMPTY = re.compile(r"[（(]\s*[)）]")
_LETTERS = re.compile(r"[A-Z](?:[\s、,，;；]*[A-Z])*")
_RANGE = re.compile(r"(?P<from>\d{1,4})\s*[-—–~～至]+\s*(?P<to>\d{1,4})\s*[.、．:：]?\s*(?P<answers>[A-Z√×对错\s]+)")
_SINGLE = re.compile(r"(?P<from>\d{1,4})\s*[.、．:：)）]?\s*(?P<answer>[A-Z]{1,10}|√|×|正确|错误|对|错)(?![A-Za-z])")
_RIGHT = frozenset(["对", "正确", "√", "✓", "✔", "T", "TRUE", "是", "Y", "YES"])
_WRONG = frozenset(["错", "错误", "×", "✗", "✘", "X", "F", "FALSE", "否", "N", "NO", "不对", "不正确"])


@dataclass
class _Question:
    number: int
    line: int
    stem: str
    kind: Kind | None
    is_free: bool
    material: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    answer: str | None = None
    answer_line: int = 0
    why: list[str] | None = None


def read(text: str, notes: Notes) -> tuple[str, list[Draft]]:
    """The title, if the first line is one, and the questions; what cannot be read is noted by line."""
    reader = _Reader(notes)
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            reader.take(number, line.strip())
    drafts = (_draft(question, notes) for question in reader.questions)
    return reader.title, [draft for draft in drafts if draft]


class _Reader:
    def __init__(self, notes: Notes) -> None:
        self.questions: list[_Question] = []
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
        question = _Question(number, line, rest, self._kind, self._is_free)
        if (inline := _ALL_INLINE.search(rest)) is not None:
            question.stem = rest[: inline.start() + (rest[inline.start()] in "）)")].strip()
            question.options = list(_options(rest[len(question.stem) :].strip(), 0))
        self.questions.append(question)

    def _go_on(self, now: _Question, number: int, line: str) -> None:
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

    def _take_answer(self, now: _Question, number: int, text: str) -> None:
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


def _draft(question: _Question, notes: Notes) -> Draft | None:
    if question.is_free:
        notes.error(question.line, N_("这种题（简答、论述等）不能从文字读入，请手工录入：%(text)s"), text=question.stem)
        return None
    if question.kind is Kind.MATCHING:
        return _matching(question, notes)
    answer = _answer(question, notes)
    if not answer:
        notes.error(question.line, N_("这道题没有答案，没有读入：%(text)s"), text=question.stem)
        return None
    base = Draft(
        question.kind or Kind.SINGLE,
        clean(question.stem),
        question.line,
        material="\n".join(map(clean, question.material)),
        explanation=paragraphs("\n".join(question.why or [])),
    )
    if question.options:
        return _choice(base, question, answer, notes)
    word = answer.strip("。. ").upper()
    if question.kind in (None, Kind.TRUE_FALSE) and word in _RIGHT | _WRONG:
        return choice(base, true_false(word in _RIGHT))
    if question.kind in (None, Kind.BLANK):
        return _blank(base, answer, question, notes)
    notes.error(question.answer_line or question.line, N_("答案 “%(answer)s” 和这种题对不上。"), answer=answer)
    return None


def _matching(question: _Question, notes: Notes) -> Draft | None:
    """The pairs, one a line after whatever is said before them; an answer of its own is not needed."""
    rows = question.options or question.material
    pairs = [_PAIR.fullmatch(row) for row in rows]
    begins = next((place for place, pair in enumerate(pairs) if pair), len(rows))
    found = [(clean(pair["left"]), clean(pair["right"])) for pair in pairs[begins:] if pair]
    if len(found) < 2 or len(found) < len(rows) - begins or (begins and question.options):
        reason = N_("连线题每对写一行，像 “左边 —— 右边”，至少两对：%(text)s")
        notes.error(question.line, reason, text=question.stem)
        return None
    said = question.material if question.options else rows[:begins]
    return Draft(
        Kind.MATCHING,
        clean(question.stem),
        question.line,
        material="\n".join(map(clean, said)),
        pairs=tuple(found),
        explanation=paragraphs("\n".join(question.why or [])),
    )


def _answer(question: _Question, notes: Notes) -> str:
    """The answer, from its own line or the table, or from the brackets in the question, which are then emptied."""
    if question.kind is Kind.BLANK:
        return question.answer or ""
    inside = list(_INSIDE.finditer(question.stem))
    if not inside:
        return question.answer or ""
    last = inside[-1]
    letters = _LETTERS.fullmatch(last["text"].upper())
    if letters and not question.options:
        return question.answer or ""
    question.stem = f"{question.stem[: last.start()]}（ ）{question.stem[last.end() :]}"
    found = last["text"].strip()
    if question.answer and _letters(question.answer) != _letters(found):
        notes.error(
            question.line, N_("题目里的答案 “%(one)s” 和后面的 “%(other)s” 不一样。"), one=found, other=question.answer
        )
        return ""
    return question.answer or found


def _letters(answer: str) -> list[str]:
    return [letter for letter in answer.upper() if "A" <= letter <= "Z"] or [answer.strip()]


def _choice(base: Draft, question: _Question, answer: str, notes: Notes) -> Draft | None:
    known = [chr(ord("A") + place) for place in range(len(question.options))]
    text = answer.strip("。. ")
    letters = _letters(text) if _LETTERS.fullmatch(text.upper()) else []
    where = question.answer_line or question.line
    if not letters or not set(letters) <= set(known) or len(set(letters)) != len(letters):
        notes.error(where, N_("答案 “%(answer)s” 不是选项里的字母。"), answer=answer)
        return None
    if question.kind is Kind.ORDERING:
        steps = tuple(clean(question.options[known.index(letter)]) for letter in letters)
        if len(steps) == len(known):
            return Draft(
                Kind.ORDERING, base.stem, base.line, material=base.material, steps=steps, explanation=base.explanation
            )
        notes.error(where, N_("排序题的答案要写出全部字母。"))
        return None
    if question.kind is Kind.SINGLE and len(letters) > 1:
        notes.warn(where, N_("单选题有几个答案，按多选题读入。"))
    words = {"正确": "对", "错误": "错"}
    texts = question.options
    if {clean(each) for each in texts} == set(words):
        texts = [words[clean(each)] for each in texts]
    return choice(base, [(each, letter in letters) for each, letter in zip(texts, known, strict=True)])


def _blank(base: Draft, answer: str, question: _Question, notes: Notes) -> Draft | None:
    stem, material = base.stem, base.material
    if BLANK not in stem + material:
        stem = _EMPTY.sub(BLANK, stem)
    count = (stem + material).count(BLANK)
    parts = [answer] if count == 1 else re.split(r"\s*[；;]\s*", answer)
    if count > 1 and len(parts) != count:
        parts = re.split(r"[，,、\s]+", answer)
    if count == 0:
        notes.error(question.line, N_("题目里没有要填的空，请用 ___ 表示。"))
    elif len(parts) != count:
        where = question.answer_line or question.line
        notes.error(
            where,
            N_("题目里有 %(blanks)s 个空，答案有 %(parts)s 个；各空之间用 “；” 隔开。"),
            blanks=count,
            parts=len(parts),
        )
    else:
        blanks = tuple(tuple(clean(one) for one in re.split(r"\s*[|｜]\s*", part)) for part in parts)
        return Draft(Kind.BLANK, stem, base.line, material=material, blanks=blanks, explanation=base.explanation)
    return None
