"""Drafts as the Markdown of a quiz file, and the proof that the site reads them from there as they were meant."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from learnhub.content.exchange.drafts import Draft, Notes, of_question
from learnhub.content.links import Links
from learnhub.content.parse import UNSHOWABLE, Node, Source
from learnhub.content.problems import Problems, Severity
from learnhub.content.questions import questions
from learnhub.content.render import Renderer
from learnhub.content.schema import Kind
from learnhub.content.tree import Trees
from learnhub.core.text import N_

_MARKS = re.compile(r"[\\`*_{}\[\]<>&|]")
_BLANKS = re.compile(r"(_{3,})")
_LEADING = re.compile(r"^(\d{1,3})?([-+#!.)])")


def as_markdown(drafts: Sequence[Draft], title: str = "") -> str:
    """The text of a quiz file with these questions; where they have topics it draws from each all there are."""
    bank = Counter(draft.topic for draft in drafts if draft.topic)
    if not bank:
        return "\n".join([*([f"# {_escaped(title)}\n"] if title else []), body(drafts)])
    named = [f"title: {json.dumps(title, ensure_ascii=False)}"] if title else []
    shares = [
        f"  - {{topic: {json.dumps(topic, ensure_ascii=False)}, count: {count}}}" for topic, count in bank.items()
    ]
    return "\n".join(["---", *named, "draw:", *shares, "---", "", body(drafts)])


def body(drafts: Iterable[Draft]) -> str:
    """These questions, each under the heading of its topic."""
    lines, topic = [], ""
    for draft in drafts:
        if draft.topic and draft.topic != topic:
            topic = draft.topic
            lines.append(f"# {_escaped(topic)}\n")
        lines.append(_one(draft))
    return "\n".join(lines)


def proven(drafts: Iterable[Draft], notes: Notes) -> tuple[Draft, ...]:
    """Those drafts that our own form holds: written, read as the site reads them, and found to be the same.

    Of the others the first reason is noted at the line where they stood. Equal ids are told as well.
    """
    kept: dict[str, Draft] = {}
    for draft in drafts:
        named = replace(draft, id=draft.lasting_id)
        reason = _misread(named)
        if reason:
            notes.error(draft.line, reason[0], **reason[1])
        elif named.id in kept:
            known = kept[named.id]
            if replace(known, line=0) == replace(named, line=0):
                notes.warn(draft.line, N_("这道题和第 %(other)s 行的一样，只要了一道。"), other=known.line)
            else:
                notes.error(draft.line, N_("编号 “%(id)s” 用了两次。"), id=named.id)
        else:
            kept[named.id] = named
    return tuple(kept.values())


def _misread(draft: Draft) -> tuple[str, dict[str, str]] | None:
    text = _one(draft)
    if UNSHOWABLE.search(text):
        return N_("文件里有别的电脑显示不了的字符（造字或控制字符）。"), {}
    problems = Problems()
    renderer = Renderer(Trees(problems), Links(Path(), frozenset(), problems), problems)
    found = questions(Source("quiz.md", Node({}, (1, 1)), text, 1), renderer, problems)
    # A warning is about Markdown that shows signs as they are typed, which is what plain text means.
    noted = [each for each in problems.sorted() if each.severity is Severity.ERROR]
    if noted:
        return noted[0].reason, noted[0].values
    if len(found) != 1 or replace(of_question(found[0]), line=0) != replace(draft, line=0, topic=""):
        return N_("这道题里有些符号写成 Markdown 以后会变样，请手工录入。"), {}
    return None


def _one(draft: Draft) -> str:
    mark = {Kind.ORDERING: " .order", Kind.MATCHING: " .match"}.get(draft.kind, "")
    lines = [f"## {_escaped(draft.stem)} {{#{draft.lasting_id}{mark}}}"]
    if draft.material:
        lines += ["", *"\n\n".join(map(_led, draft.material.split("\n"))).split("\n"), ""]
    lines += _answer(draft)
    if draft.explanation:
        lines += "\n>\n".join(f"> {_led(each)}" for each in draft.explanation.split("\n")).split("\n")
    return "\n".join(lines) + "\n"


def _answer(draft: Draft) -> list[str]:
    if draft.kind is Kind.BLANK:
        return [f"= {' | '.join(map(_escaped, accepted))}" for accepted in draft.blanks]
    if draft.kind is Kind.ORDERING:
        return [f"{number}. {_led(step)}" for number, step in enumerate(draft.steps, 1)]
    if draft.kind is Kind.MATCHING:
        rows = [f"| {_escaped(left)} | {_escaped(right)} |" for left, right in draft.pairs]
        return ["| 左边 | 右边 |", "|---|---|", *rows]
    return [f"- [{'x' if is_right else ' '}] {_escaped(text)}" for text, is_right in draft.options]


def _escaped(text: str) -> str:
    """`text` as Markdown that shows it; blanks stay blanks."""
    parts = _BLANKS.split(text)
    return "".join(part if number % 2 else _MARKS.sub(r"\\\g<0>", part) for number, part in enumerate(parts))


def _led(text: str) -> str:
    """The same at the beginning of a line, where a dash or a number would begin a list."""
    return _LEADING.sub(r"\g<1>\\\g<2>", _escaped(text))
