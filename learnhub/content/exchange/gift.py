"""Moodle GIFT, read and written: choices with weights, true or false, short answers, matching, plain numbers."""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from learnhub.content.exchange.drafts import BLANK, Draft, Notes, choice, clean, paragraphs, true_false
from learnhub.content.schema import Kind
from learnhub.core.text import N_

_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
_TITLE = re.compile(r"\s*::(?P<title>(?:\\.|[^\\])*?)::")
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")
_TAG = re.compile(r"</?(?:p|br|b|i|u|em|strong|span|div|sub|sup)\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,6});")
_ANCHOR = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TRUE = re.compile(r"(T|TRUE|F|FALSE)(?P<feedback>#.*)?", re.IGNORECASE | re.DOTALL)
_WEIGHT = re.compile(r"%(-?\d+(?:\.\d+)?)%")
_NUMBER = re.compile(r"(?P<value>-?\d+(?:\.\d+)?)(?::0*(?:\.0*)?)?")
# While a question is taken apart an escaped character is kept from being taken for a mark.
_HIDDEN = {character: chr(0xF700 + place) for place, character in enumerate("~=#{}:\\n")}
_SHOWN = str.maketrans({hidden: "\n" if character == "n" else character for character, hidden in _HIDDEN.items()})
_MARKS = re.compile(r"[~=#{}:\\]")


def read(text: str, notes: Notes) -> list[Draft]:
    """The questions of a GIFT file; what cannot be read is noted by line."""
    blocks = list(_blocks(text, notes))
    only = len({topic for _line, _block, topic in blocks}) == 1
    found = []
    for line, block, topic in blocks:
        if draft := _question(block, line, notes):
            found.append(replace(draft, topic=_topic(topic, only=only)))
    return found


def _topic(category: str, *, only: bool) -> str:
    """The topic that a category names: its last part where it is a path of Moodle's, which says nothing when it is the
    only one."""
    if not category.startswith("$"):
        return clean(category)
    return "" if only else clean(category.rpartition("/")[2])


def _blocks(text: str, notes: Notes) -> Iterator[tuple[int, str, str]]:
    """Each question with the line it begins on and its category. An empty line inside braces does not end one."""
    rows: list[str] = []
    begun, comments, depth, category = 0, 0, 0, ""
    for number, row in enumerate([*text.splitlines(), ""], 1):
        stripped = row.strip()
        if stripped.startswith("//"):
            comments = comments or number
        elif stripped.startswith("$CATEGORY:"):
            category = stripped.partition(":")[2].strip()
        elif stripped or (rows and depth > 0):
            begun = begun if rows else number
            rows.append(_hide(row))
            depth = max(0, depth + rows[-1].count("{") - rows[-1].count("}"))
        elif rows:
            yield begun, "\n".join(rows), category
            rows, depth = [], 0
    if rows:
        notes.error(begun, N_("这道题的 “{” 没有配对的 “}”。"))
    if comments:
        notes.warn(comments, N_("“//” 开头的注释没有带过来。"))


def _hide(row: str) -> str:
    return _ESCAPE.sub(lambda match: _HIDDEN[match[1]], row)


def _words(text: str) -> str:
    return paragraphs(text.translate(_SHOWN))


def _without_tags(body: str) -> str:
    """Moodle's own HTML as words: a paragraph or a break is a new line, other tags are left out."""
    words = _TAG.sub(lambda tag: "\n" if tag[0].lower().startswith(("<br", "<p", "</p", "<div")) else "", body)
    return _ENTITY.sub(lambda entity: _hide_all(html.unescape(entity[0])), words)


def _hide_all(text: str) -> str:
    return "".join(_HIDDEN.get(character, character) if character != "n" else character for character in text)


def _question(block: str, line: int, notes: Notes) -> Draft | None:
    title = _TITLE.match(block)
    body = block[title.end() :] if title else block
    asked = title["title"].translate(_SHOWN).strip() if title else ""
    format_mark = _FORMAT.match(body)
    body = body[format_mark.end() :] if format_mark else body
    if format_mark is None or format_mark[1] in ("html", "moodle"):
        body = _without_tags(body)
    before, opened, rest = body.partition("{")
    answer, closed, after = rest.partition("}")
    if not opened or not closed or "{" in after:
        notes.error(line, N_("这一段没有一对花括号写的答案，不是能读入的题：%(text)s"), text=_words(block))
        return None
    id = asked if _ANCHOR.fullmatch(asked) else ""
    if asked and not id and clean(asked) != clean(before.translate(_SHOWN)):
        notes.warn(line, N_("题名 “%(title)s” 没有带过来，编号另起了一个。"), title=asked)
    answer, _, general = answer.partition("####")
    base = Draft(Kind.SINGLE, "", line, id, explanation=_words(general))
    return _answered(base, before, answer.strip(), after, notes)


def _answered(base: Draft, before: str, answer: str, after: str, notes: Notes) -> Draft | None:
    if match := _TRUE.fullmatch(answer):
        base = _with_feedback(
            _asking(base, before, "（ ）" if after.strip() else "", after), (match["feedback"] or "").split("#")
        )
        return choice(base, true_false(answer[0].upper() == "T"))
    if answer.startswith("#"):
        return _numerical(base, before, answer[1:], after, notes)
    parts = [(mark, words) for mark, words in re.findall(r"([=~])([^=~]*)", answer)]
    if not parts or answer.lstrip()[:1] not in "=~" or not answer:
        notes.error(
            base.line, N_("这种题（问答或说明文字）没有可以判分的答案，没有读入：%(text)s"), text=_words(before)
        )
        return None
    if all(mark == "=" and "->" in words for mark, words in parts):
        pairs = [words.partition("->") for _, words in parts]
        base = _asking(base, before, "（ ）" if after.strip() else "", after)
        return _made(base, Kind.MATCHING, pairs=tuple((_line(left), _line(right)) for left, _, right in pairs))
    if all(mark == "=" for mark, _ in parts):
        return _short(base, before, [words for _, words in parts], after, notes)
    base = _with_feedback(
        _asking(base, before, "（ ）" if after.strip() else "", after),
        [f"{_bare(words)}: {words.partition('#')[2]}" for _, words in parts if _line(words.partition("#")[2])],
    )
    return choice(base, list(_weighted(parts, base.line, notes)))


def _line(text: str) -> str:
    return clean(_words(text))


def _bare(words: str) -> str:
    return _line(_WEIGHT.sub("", words.partition("#")[0], count=1))


def _weighted(parts: list[tuple[str, str]], line: int, notes: Notes) -> Iterator[tuple[str, bool]]:
    weights = [
        float(match[1]) if (match := _WEIGHT.match(words.strip())) else (100.0 if mark == "=" else 0.0)
        for mark, words in parts
    ]
    positive = {round(weight, 1) for weight in weights if weight > 0}
    if len(positive) > 1:
        notes.warn(line, N_("各个对的选项权重不同，读入以后一样算。"))
    for (_, words), weight in zip(parts, weights, strict=True):
        yield _bare(words), weight > 0


def _short(base: Draft, before: str, answers: list[str], after: str, notes: Notes) -> Draft | None:
    full = []
    for words in answers:
        weight = _WEIGHT.match(words.strip())
        if weight and float(weight[1]) != 100:
            notes.warn(base.line, N_("只给一部分分数的答案没有读入：%(text)s"), text=_bare(words))
        else:
            full.append(words)
    feedback = [f"{_bare(words)}: {words.partition('#')[2]}" for words in full if _line(words.partition("#")[2])]
    asked = _with_feedback(_asking(base, before, BLANK, after), feedback)
    return _made(asked, Kind.BLANK, blanks=(tuple(map(_bare, full)),))


def _numerical(base: Draft, before: str, answer: str, after: str, notes: Notes) -> Draft | None:
    found = [each.partition("#")[0].strip() for each in re.split(r"[=~]", answer) if each.strip()]
    numbers = [
        match["value"]
        for each in found
        if (match := _NUMBER.fullmatch(_WEIGHT.sub("", each.translate(_SHOWN)).strip()))
    ]
    if not found or len(numbers) != len(found):
        notes.error(base.line, N_("数值题带范围或误差，填空题没有这种写法，没有读入：%(text)s"), text=_words(before))
        return None
    return _made(_asking(base, before, BLANK, after), Kind.BLANK, blanks=(tuple(numbers),))


def _asking(base: Draft, before: str, gap: str, after: str) -> Draft:
    stem, _, material = _words(f"{before}{gap}{after}").partition("\n")
    return replace(base, stem=stem, material=material)


def _with_feedback(draft: Draft, feedback: Iterable[str]) -> Draft:
    told = paragraphs("\n".join([draft.explanation, *map(_words, feedback)]))
    return replace(draft, explanation=told)


def _made(
    draft: Draft, kind: Kind, blanks: tuple[tuple[str, ...], ...] = (), pairs: tuple[tuple[str, str], ...] = ()
) -> Draft:
    return replace(draft, kind=kind, blanks=blanks, pairs=pairs)


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
    if (
        answer is None
        or (is_blank and asked.count(BLANK) != 1)
        or any("->" in side for pair in draft.pairs for side in pair)
    ):
        notes.error(
            draft.line,
            N_("GIFT 放不下这道题（排序、几个空的填空，或者连线里有 “->”），没有写出：%(id)s"),
            id=draft.lasting_id,
        )
        return ""
    why = f"####{_escaped(draft.explanation)}" if draft.explanation else ""
    braces = f"{{{answer}{why}}}"
    text = asked.replace(BLANK, braces) if is_blank else f"{asked} {braces}"
    return f"::{draft.lasting_id}::[plain]{text}\n"


def _answer(draft: Draft) -> str | None:
    if draft.kind is Kind.TRUE_FALSE:
        return "TRUE" if dict(draft.options)["对"] else "FALSE"
    if draft.kind is Kind.SINGLE:
        return " ".join(f"{'=' if is_right else '~'}{_escaped(text)}" for text, is_right in draft.options)
    if draft.kind is Kind.MULTIPLE:
        share = f"{100 / sum(is_right for _, is_right in draft.options):.5f}".rstrip("0").rstrip(".")
        return " ".join(f"~%{share if is_right else -100}%{_escaped(text)}" for text, is_right in draft.options)
    if draft.kind is Kind.BLANK and len(draft.blanks) == 1:
        return " ".join(f"={_escaped(text)}" for text in draft.blanks[0])
    if draft.kind is Kind.MATCHING:
        return " ".join(f"={_escaped(left)} -> {_escaped(right)}" for left, right in draft.pairs)
    return None


def _escaped(text: str) -> str:
    return _MARKS.sub(r"\\\g<0>", text).replace("\n", "\\n")
