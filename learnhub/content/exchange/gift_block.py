"""One question of a GIFT file taken apart: what is asked before and after its braces, and the answers in them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from learnhub.content.exchange.drafts import BLANK, Draft, Notes, clean, paragraphs
from learnhub.content.exchange.gift_text import Refusal, reduce_text, show_escapes, take_format
from learnhub.content.schema import Kind
from learnhub.core.text import N_

_TITLE = re.compile(r"\s*::(?P<title>.*?)::", re.DOTALL)
_ANCHOR = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ANSWER = re.compile(r"([=~])([^=~]*)")
_WEIGHT = re.compile(r"%(?P<percent>-?\d{1,3}(?:\.\d*)?)%")
_NO_WEIGHT = re.compile(r"%\s*-?\d")


@dataclass(frozen=True, slots=True)
class GiftAnswer:
    """One answer as it stands in braces: its mark, its weight in percent where one is written, text and feedback."""

    mark: str
    weight: float | None
    text: str
    feedback: str

    @property
    def percent(self) -> float:
        """What the answer brings, of 100."""
        return self.weight if self.weight is not None else 100.0 if self.mark == "=" else 0.0


class GiftBlock:
    """One question taken apart: what is asked before and after the answer, and what stands in the braces."""

    def __init__(self, line: int, text: str, notes: Notes) -> None:
        self.line, self._notes = line, notes
        title = _TITLE.match(text)
        if title is None and text.lstrip().startswith("::"):
            raise Refusal(N_("题名的 “::” 没有配对：%(text)s"), text=show_escapes(text))
        body = text[title.end() :] if title else text
        self.title = show_escapes(title["title"]).strip() if title else ""
        if "\n$CATEGORY:" in body:
            raise Refusal(N_("$CATEGORY 的前后要空一行。"))
        self.format, body = take_format(body)
        self._before, self._after, self.answer = _part_at_braces(body)
        self.answer, _, general = self.answer.rpartition("####") if "####" in self.answer else (self.answer, "", "")
        self.answer = self.answer.strip()
        self.general = self.words(general)

    def words(self, text: str) -> str:
        """The words of one text of the question, one paragraph a line."""
        return reduce_text(text.strip(), self.format)

    def line_of(self, text: str) -> str:
        """The same as one line."""
        return clean(self.words(text))

    def draft(self, gap: str, *, is_needed: bool = False) -> Draft:
        """What is asked; `gap` stands for the answer where it `is_needed` or the text goes on after it."""
        shown = gap if is_needed or self._after.strip() else ""
        # The format of the whole is known by now, and what looks like another mark at its beginning is text.
        asked = reduce_text(f"[{self.format}]{self._before}{shown}{self._after}")
        stem, _, material = asked.partition("\n")
        id = self.title if _ANCHOR.fullmatch(self.title) else ""
        if self.title and not id and clean(self.title) != stem:
            self.warn(N_("题名 “%(title)s” 没有带过来，编号另起了一个。"), title=self.title)
        return Draft(Kind.SINGLE, stem, self.line, id, material, explanation=self.general)

    def blank_draft(self) -> Draft:
        """What is asked, with exactly one gap: where the answer stands, or the one that was drawn with underscores."""
        draft = self.draft(BLANK, is_needed=BLANK not in clean(self._before))
        if (draft.stem + draft.material).count(BLANK) > 1:
            raise Refusal(N_("题目里有几个空，答案只有一处：%(text)s"), text=draft.stem)
        return draft

    def answers(self, text: str) -> list[GiftAnswer]:
        """The answers in `text`; raises Refusal when something stands before the first mark."""
        first = re.search(r"[=~]", text)
        if first is None or text[: first.start()].strip():
            raise Refusal(N_("答案前面要有 “=” 或 “~”：%(text)s"), text=show_escapes(text))
        return [read_answer(mark, words.strip()) for mark, words in _ANSWER.findall(text)]

    def with_feedback(self, draft: Draft, answers: Iterable[tuple[str, str]]) -> Draft:
        """`draft` with what is said to each answer (its words, the feedback) after its explanation."""
        said = [f"{clean(text)}: {words}" for text, feedback in answers if (words := self.line_of(feedback))]
        return replace(draft, explanation=paragraphs("\n".join([draft.explanation, *said])))

    def warn(self, reason: str, **values: object) -> None:
        """Tell what of this question was left behind."""
        self._notes.warn(self.line, reason, **values)


def read_answer(mark: str, words: str) -> GiftAnswer:
    """The answer that follows `mark`; raises Refusal for a weight that is none."""
    weight = _WEIGHT.match(words)
    if weight is None and _NO_WEIGHT.match(words):
        raise Refusal(N_("权重要写成 %%50%% 这样：%(text)s"), text=show_escapes(words))
    percent = float(weight["percent"]) if weight else None
    if percent is not None and abs(percent) > 100:
        raise Refusal(N_("权重在 -100 和 100 之间：%(text)s"), text=show_escapes(words))
    text, _, feedback = (words[weight.end() :] if weight else words).partition("#")
    return GiftAnswer(mark, percent, text.strip(), feedback)


def _part_at_braces(body: str) -> tuple[str, str, str]:
    """What stands before the braces, after them and in them."""
    before, opened, rest = body.partition("{")
    answer, closed, after = rest.partition("}")
    if not opened and "}" not in before:
        raise Refusal(N_("这一段没有花括号，只是说明文字，没有读入：%(text)s"), text=show_escapes(body))
    if not closed or "}" in before or "{" in answer or "{" in after or "}" in after:
        reason = N_("花括号要正好一对；两道题之间要空一行，文字里的花括号写成 \\{ \\}：%(text)s")
        raise Refusal(reason, text=show_escapes(body))
    return before, after, answer
