"""Moodle GIFT, read: single and multiple choice, true or false, short answers, matching, numbers without tolerance.

A question is read to the meaning that it has in Moodle, or refused at its line; what Moodle knows besides the key
(partial credit, penalties, comments) is left behind with a warning.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from learnhub.content.exchange.drafts import Draft, Notes, choice, clean, true_false
from learnhub.content.exchange.gift_block import GiftAnswer, GiftBlock, read_answer
from learnhub.content.exchange.gift_text import (
    Refusal,
    hide_escapes,
    reduce_text,
    show_escapes,
    take_format,
)
from learnhub.content.schema import Kind
from learnhub.core.text import N_

_TRUE = re.compile(r"(?P<word>T|TRUE|F|FALSE)\s*(?:#(?P<wrong>[^#]*)(?:#(?P<right>.*))?)?", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"(?P<value>-?\d+(?:\.\d+)?)(?:\s*:\s*0*(?:\.0*)?)?")
_WILDCARD = re.compile(r"(?<!\\)\*")
# How far the shares of a multiple choice may miss 100 in sum: three times 33 is meant to be all.
_ROUNDING = 1.0


def read(text: str, notes: Notes) -> list[Draft]:
    """The questions of a GIFT file; what cannot be read is noted by line."""
    blocks = list(_blocks(text, notes))
    only = len({topic for _line, _block, topic in blocks}) == 1
    drafts = []
    for line, block, topic in blocks:
        try:
            draft = _draft(GiftBlock(line, block, notes))
        except Refusal as refusal:
            notes.error(line, refusal.reason, **refusal.values)
        else:
            drafts.append(replace(draft, topic=_topic(topic, only=only)))
    return drafts


def _topic(category: str, *, only: bool) -> str:
    """The topic that a category names: its last part where it is a path of Moodle's, which says nothing when it is the
    only one."""
    if not category.startswith("$"):
        return clean(category)
    return "" if only else clean(category.rpartition("/")[2])


def _blocks(text: str, notes: Notes) -> Iterator[tuple[int, str, str]]:
    """Each question with the line it begins on and its category."""
    rows = text.split("\n")
    block: list[str] = []
    begin, comment, category = 0, 0, ""
    for number, row in enumerate([*rows, ""], 1):
        stripped = row.strip()
        if stripped.startswith("//"):
            comment = comment or number
        elif stripped.startswith("$CATEGORY:") and not block:
            category = stripped.partition(":")[2].strip()
        elif stripped:
            begin = begin if block else number
            block.append(hide_escapes(row))
        elif block and not _goes_on(block, rows[number:]):
            yield begin, "\n".join(block), category
            block = []
    if comment:
        notes.warn(comment, N_("“//” 开头的注释没有带过来。"))


def _goes_on(block: Sequence[str], rows: Sequence[str]) -> bool:
    """Whether an empty line stands between answers: braces are open, and what follows is an answer or their end."""
    text = "".join(block)
    following = next((row.strip() for row in rows if row.strip()), "")
    return text.count("{") > text.count("}") and following.startswith(("=", "~", "#", "}"))


def _draft(block: GiftBlock) -> Draft:
    if not block.answer:
        raise Refusal(
            N_("这种题（问答）没有可以判分的答案，没有读入：%(text)s"), text=block.draft("").stem or block.title
        )
    if match := _TRUE.fullmatch(block.answer):
        return _true_false(block, match)
    if block.answer.startswith("#"):
        return _numerical(block, block.answer[1:])
    if "~" in block.answer:
        return _choice(block, block.answers(block.answer))
    if "->" in block.answer:
        return _matching(block)
    if "=" not in block.answer:
        # `{One}`: a short answer alone needs no mark.
        return _short(block, [read_answer("=", block.answer)])
    return _short(block, block.answers(block.answer))


def _true_false(block: GiftBlock, match: re.Match[str]) -> Draft:
    """The first feedback is for who is wrong, the second for who is right."""
    is_right = match["word"].upper().startswith("T")
    options = true_false(is_right)
    wrong, right = (next(text for text, is_key in options if is_key is wanted) for wanted in (False, True))
    feedback = [(wrong, match["wrong"] or ""), (right, match["right"] or "")]
    return choice(block.with_feedback(block.draft("（ ）"), feedback), options)


def _choice(block: GiftBlock, answers: list[GiftAnswer]) -> Draft:
    texts = [block.line_of(answer.text) for answer in answers]
    right = _right_with_equals(answers) if any(answer.mark == "=" for answer in answers) else _right_by_shares(answers)
    for answer, text, is_right in zip(answers, texts, right, strict=True):
        if not is_right and answer.percent and answer.percent != -100:
            block.warn(N_("只给一部分分数或者扣一部分分数的选项，读入以后就是错的：%(text)s"), text=text)
    shares = {round(answer.percent) for answer, is_right in zip(answers, right, strict=True) if is_right}
    if len(shares) > 1:
        block.warn(N_("各个对的选项权重不同，读入以后一样算。"))
    feedback = [(text, answer.feedback) for text, answer in zip(texts, answers, strict=True)]
    draft = block.with_feedback(block.draft("（ ）"), feedback)
    return choice(draft, list(zip(texts, right, strict=True)))


def _right_with_equals(answers: list[GiftAnswer]) -> list[bool]:
    """One answer is to be chosen: the one with `=`. Moodle takes any of several; we have no such question."""
    if sum(answer.percent == 100 for answer in answers) != 1 or any(
        answer.mark == "=" and answer.percent != 100 for answer in answers
    ):
        raise Refusal(
            N_(
                "有几个 “=”：在 Moodle 里选哪个都对，这里没有这样的题。要全选才对，请每个写成 “~%%50%%” 这样，合起来 100。"
            )
        )
    return [answer.mark == "=" for answer in answers]


def _right_by_shares(answers: list[GiftAnswer]) -> list[bool]:
    """Those that together make up 100 are all to be chosen."""
    total = sum(answer.percent for answer in answers if answer.percent > 0)
    if abs(total - 100) > _ROUNDING:
        raise Refusal(N_("对的选项的权重合起来要正好 100，这里是 %(total)s。"), total=f"{total:g}")
    return [answer.percent > 0 for answer in answers]


def _matching(block: GiftBlock) -> Draft:
    pairs = []
    for answer in block.answers(block.answer):
        left, *rest = answer.text.split("->")
        sides = [block.line_of(left), *map(_right_side, rest)]
        if len(sides) != 2 or answer.weight is not None or answer.feedback:
            raise Refusal(
                N_("连线题每对写成 “=左边 -> 右边”，不能有权重和反馈：%(text)s"), text=show_escapes(answer.text)
            )
        if not all(sides):
            raise Refusal(N_("连线题里多出来的一边没有配对，这里没有这样的题：%(text)s"), text=" -> ".join(sides))
        pairs.append((sides[0], sides[1]))
    return replace(block.draft("（ ）"), kind=Kind.MATCHING, pairs=tuple(pairs))


def _right_side(text: str) -> str:
    """Plain text whatever the format of the question; Moodle would show a mark or a tag in it as it stands."""
    shown = clean(show_escapes(text))
    if take_format(shown)[1] != shown or reduce_text(shown) != shown:
        raise Refusal(N_("连线题的右边只能是文字，不能有格式标记和 HTML：%(text)s"), text=shown)
    return shown


def _short(block: GiftBlock, answers: list[GiftAnswer]) -> Draft:
    full = _fully_right(block, answers)
    texts = [block.line_of(answer.text) for answer in full]
    if any(map(_WILDCARD.search, texts)):
        raise Refusal(N_("答案里的 * 代表任意文字，填空题没有这种写法；真的星号写成 \\*。"))
    return _blank(block, [text.replace("\\*", "*") for text in texts], full)


def _numerical(block: GiftBlock, text: str) -> Draft:
    kept, wrong, said = text.partition("~")
    if wrong and show_escapes(said).strip(" #\n"):
        block.warn(N_("答错时的反馈没有带过来：%(text)s"), text=show_escapes(said))
    answers = block.answers(kept if kept.lstrip().startswith("=") else f"={kept}")
    full = _fully_right(block, answers)
    numbers = [_exact_number(show_escapes(answer.text).strip()) for answer in full]
    if not all(numbers):
        raise Refusal(N_("数值题带范围或误差，填空题没有这种写法，没有读入：%(text)s"), text=block.draft("").stem)
    return _blank(block, numbers, full)


def _exact_number(text: str) -> str:
    """The one number that is right, or nothing where a range is."""
    low, dots, high = text.partition("..")
    if dots:
        return low.strip() if low.strip() == high.strip() and _NUMBER.fullmatch(low.strip()) else ""
    match = _NUMBER.fullmatch(text)
    return match["value"] if match else ""


def _fully_right(block: GiftBlock, answers: list[GiftAnswer]) -> list[GiftAnswer]:
    """The answers that bring all there is; of the others it is told that they are not taken."""
    for answer in answers:
        if answer.percent != 100:
            block.warn(N_("不给满分的答案没有读入：%(text)s"), text=show_escapes(answer.text))
    full = [answer for answer in answers if answer.percent == 100]
    if not full or not all(answer.text for answer in full):
        raise Refusal(N_("没有一个答案给满分，或者有一个是空的，没有读入。"))
    return full


def _blank(block: GiftBlock, texts: list[str], answers: list[GiftAnswer]) -> Draft:
    feedback = [(text, answer.feedback) for text, answer in zip(texts, answers, strict=True)]
    draft = block.with_feedback(block.blank_draft(), feedback)
    return replace(draft, kind=Kind.BLANK, blanks=(tuple(texts),))
