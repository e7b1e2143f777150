"""A question as it was written line by line, and what it means once its answer is put to it."""

import re
from dataclasses import dataclass, field

from learnhub.content.exchange.drafts import BLANK, Draft, Notes, choice, clean, paragraphs, true_false
from learnhub.content.questions import TRUE_FALSE
from learnhub.content.schema import Kind
from learnhub.core.text import N_

_JUDGEMENT_WORDS = tuple(TRUE_FALSE)
# Stands for what a document has besides text; the object replacement character.
NOT_TEXT = "\ufffc"
_PAIR = re.compile(r"(?P<left>.*?\S)\s*(?:[—–]{2,}|-{2,}>?|[-—]>|→|⟶)\s*(?P<right>\S.*)")
_INSIDE = re.compile(r"[（(]\s*(?P<text>[A-Z](?:[A-Z、,，\s]*[A-Z])?|√|×|✓|✔|✗|✘|对|错|正确|错误)\s*[)）]")
_EMPTY = re.compile(r"[（(]\s*[)）]")
_RIGHT = frozenset(["对", "正确", "√", "✓", "✔", "T", "TRUE", "是", "Y", "YES"])
_WRONG = frozenset(["错", "错误", "×", "✗", "✘", "X", "F", "FALSE", "否", "N", "NO", "不对", "不正确"])
_LETTERS = re.compile(r"[A-Z](?:[\s、,，;；]*[A-Z])*")


@dataclass
class Written:
    """A numbered question with the lines that belong to it.

    kind           what the heading above it or its tag says, if they say
    section, style the part it stands in, how its number is written
    is_doubtful    what belongs to it cannot be told
    """

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
    section: int = 0
    style: str = "c"
    is_doubtful: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether it has what ends a question: options, an answer of its own, or one in brackets."""
        return bool(self.options) or self.answer is not None or _INSIDE.search(self.stem) is not None


def understood(question: Written, notes: Notes) -> Draft | None:
    """The question in plain text; None, with a note, when it cannot be made out."""
    if question.is_free:
        notes.error(question.line, N_("这种题（简答、论述等）不能从文字读入，请手工录入：%(text)s"), text=question.stem)
        return None
    if reason := _unfit(question):
        notes.error(question.line, reason, text=question.stem)
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


def _unfit(question: Written) -> str:
    """Why the lines of a question cannot be trusted, or nothing."""
    texts = (question.stem, *question.material, *question.options, *(question.why or ()))
    if any(NOT_TEXT in text for text in texts):
        return N_("这道题里有图片、公式、删除线等，只用文字放不下，没有读入：%(text)s")
    if question.is_doubtful:
        return N_("题号没有接着往下排，或者夹着表格，分不清哪些行是一题，没有读入：%(text)s")
    return "" if question.stem else N_("这道题没有题目，没有读入。")


def _matching(question: Written, notes: Notes) -> Draft | None:
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


def _answer(question: Written, notes: Notes) -> str:
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


def _choice(base: Draft, question: Written, answer: str, notes: Notes) -> Draft | None:
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
        notes.error(where, N_("单选题有几个答案，没有读入：%(text)s"), text=base.stem)
        return None
    if question.kind is Kind.MULTIPLE and len(letters) == 1:
        notes.warn(where, N_("多选题只有一个答案，按单选题读入：%(text)s"), text=base.stem)
    texts = _judgements(question.options)
    return choice(base, [(each, letter in letters) for each, letter in zip(texts, known, strict=True)])


def _judgements(options: list[str]) -> list[str]:
    """The options of a true-or-false in our words (√ and ×, 正确 and 错误); others as they are."""
    words = dict.fromkeys(("正确", "√"), _JUDGEMENT_WORDS[0]) | dict.fromkeys(("错误", "×"), _JUDGEMENT_WORDS[1])
    known = [words.get(clean(each), clean(each)) for each in options]
    return known if set(known) == set(_JUDGEMENT_WORDS) else options


def _blank(base: Draft, answer: str, question: Written, notes: Notes) -> Draft | None:
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
