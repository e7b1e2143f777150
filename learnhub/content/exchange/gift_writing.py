"""Questions written as Moodle GIFT."""

import re
from collections.abc import Iterable

from learnhub.content.exchange.drafts import BLANK, Draft, Notes
from learnhub.content.schema import Kind
from learnhub.core.text import N_

_NOT_PLAIN = re.compile(r"^\[|<[/!?a-zA-Z]|&|\$\$|\\[(\[]")
_MARKS = re.compile(r"[~=#{}:\\]")


def write(drafts: Iterable[Draft], notes: Notes) -> str:
    """Those of `drafts` that GIFT can hold, by topic; of the others it is noted why not."""
    lines, topic = [], ""
    for draft in drafts:
        if text := _written(draft, notes):
            if draft.topic != topic:
                topic = draft.topic
                lines.append(f"$CATEGORY: {topic}\n")
            lines.append(text)
    return "\n".join(lines)


def _written(draft: Draft, notes: Notes) -> str:
    asked = _escaped(f"{draft.stem}\n\n{draft.material}" if draft.material else draft.stem)
    answer = _answer(draft)
    is_blank = draft.kind is Kind.BLANK
    if answer is None or (is_blank and asked.count(BLANK) != 1):
        reason = N_("GIFT 放不下这道题（排序、几个空的填空、答案里有 “->” 或以百分号开头），没有写出：%(id)s")
        notes.error(draft.line, reason, id=draft.lasting_id)
        return ""
    why = f"####{_text(draft.explanation)}" if draft.explanation else ""
    braces = f"{{{answer}{why}}}"
    text = asked.replace(BLANK, braces) if is_blank else f"{asked} {braces}"
    return f"::{draft.lasting_id}::[plain]{text}\n"


def _answer(draft: Draft) -> str | None:
    """What stands in the braces; None where GIFT has no words for it."""
    if draft.kind is Kind.TRUE_FALSE:
        return "TRUE" if dict(draft.options)["对"] else "FALSE"
    if draft.kind is Kind.SINGLE:
        return _single(draft)
    if draft.kind is Kind.MULTIPLE:
        share = f"{100 / sum(is_right for _, is_right in draft.options):.5f}".rstrip("0").rstrip(".")
        return " ".join(f"~%{share if is_right else -100}%{_text(text)}" for text, is_right in draft.options)
    if draft.kind is Kind.BLANK and len(draft.blanks) == 1:
        return _short(draft.blanks[0])
    if draft.kind is Kind.MATCHING:
        return _matching(draft.pairs)
    return None


def _matching(pairs: Iterable[tuple[str, str]]) -> str | None:
    """The right sides are plain text: nothing keeps from there what looks like a mark or a tag."""
    sides = list(pairs)
    if any("->" in left + right or left.startswith("%") or _NOT_PLAIN.search(right) for left, right in sides):
        return None
    return " ".join(f"={_text(left)} -> {_escaped(right)}" for left, right in sides)


def _single(draft: Draft) -> str | None:
    # After `=` Moodle takes what looks like a weight for text, other programs do not.
    if any(is_right and text.startswith("%") for text, is_right in draft.options):
        return None
    return " ".join(
        f"={_text(text)}" if is_right else f"~{'%0%' if text.startswith('%') else ''}{_text(text)}"
        for text, is_right in draft.options
    )


def _short(accepted: Iterable[str]) -> str | None:
    """Each with a star as a star: alone it would stand for any text."""
    written = [_text(text).replace("*", r"\*") for text in accepted]
    if any("->" in text for text in written):
        return None
    return " ".join(f"={'%100%' if text.startswith('%') else ''}{text}" for text in written)


def _text(text: str) -> str:
    """Escaped; what looks like a mark of format at its beginning is kept from being one."""
    return f"[plain]{_escaped(text)}" if text.startswith("[") else _escaped(text)


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", text).replace("\n", "\\n")
