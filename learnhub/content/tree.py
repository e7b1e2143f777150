"""A body of Markdown becomes an element tree: Python-Markdown without raw HTML, after a look at what would choke it.

Where Markdown viewers begin a list, a quote or a table right under a paragraph and Python-Markdown does not, a blank
line is put in, so that a file looks here as it does elsewhere.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import markdown
from markdown.extensions.footnotes import FootnoteExtension
from markdown.inlinepatterns import HTML_RE, InlineProcessor
from markdown.treeprocessors import InlineProcessor as InlineTreeprocessor

from learnhub.content.parse import Node, Place, Source
from learnhub.content.pitfalls import warn_of_pitfalls
from learnhub.content.problems import Problems
from learnhub.core.text import N_

# A private-use character stands for a blank (`___`) while Markdown works, which would read it as emphasis.
# Authors cannot write it: `parse` refuses private-use characters.
BLANK = "\ue000"

DEEPEST_BRACKETS = 20
DEEPEST_QUOTES = 10
DEEPEST_INDENT = 32
LONGEST_BLOCK = 12_000
MOST_MARKS = 400

_LIST = re.compile(r"(?:[-*+]|\d{1,3}[.)])[ \t]+\S")
_TABLE_RULE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
_SLIGHT_INDENT = re.compile(r" {1,3}(?:[-*+]|\d{1,3}[.)]) ")
_BLANK = re.compile(r"_{3,}")
# What some inline pattern of the engine needs; without one of these (or a `[name]` that was defined) none can match.
_INLINE_MARK = re.compile(r"[`\\<&*_]|\]\(|\]\[|\[\^|  \n")


class _RawHtml(InlineProcessor):
    """Takes raw HTML out of the text and tells about it."""

    def __init__(self, md: markdown.Markdown, tell: Callable[[str], None]) -> None:
        super().__init__(HTML_RE, md)
        self._tell = tell

    # The base class declares a wider result than it documents.
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]
        """One tag or comment."""
        self._tell(m.group(1))
        return "", m.start(0), m.end(0)


class Trees:
    """Makes trees, one file after the other, with one Markdown engine."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._source = Source("", Node({}, (1, 1)), "", 1)
        self._md = _engine(self._raw_html)

    def tree(self, source: Source, *, blanks: bool = False) -> ET.Element:
        """The tree of a body; with `blanks`, `___` is one to fill in. Empty when the body would choke the engine."""
        self._source = source
        self._md.reset()
        lines = source.body.split("\n")
        fault = _choking(lines)
        if fault:
            self._problems.error(source.path, (source.first_line + fault[0], 1), fault[1])
            return ET.Element("div")
        self._slight_indents(lines)
        warn_of_pitfalls(source, self._problems, is_quiz=blanks)
        if blanks:
            lines = [_BLANK.sub(BLANK, line) if "___" in line else line for line in lines]
        lines = _with_blank_lines(lines)
        for preprocessor in self._md.preprocessors:
            lines = preprocessor.run(lines)
        root = self._md.parser.parseDocument(lines).getroot()
        if root is None:
            return ET.Element("div")
        for treeprocessor in self._md.treeprocessors:
            changed = treeprocessor.run(root)
            root = root if changed is None else changed
        return root

    def html(self, element: ET.Element) -> str:
        """The HTML of an element of the newest tree, not yet sanitised."""
        text: str = self._md.serializer(element)
        for postprocessor in self._md.postprocessors:
            text = postprocessor.run(text)
        return text

    def _slight_indents(self, lines: list[str]) -> None:
        for number, line in enumerate(lines):
            if line.startswith(" ") and _SLIGHT_INDENT.match(line):
                place: Place = (self._source.first_line + number, 1)
                self._problems.error(self._source.path, place, N_("下一级的列表要缩进 4 个空格；第一级不缩进。"))

    def _raw_html(self, tag: str) -> None:
        reason = N_("这里写了 HTML（%(tag)s），内容里只能用 Markdown；要显示 “<” 请写成 “\\<”。")
        self._problems.error(self._source.path, self._source.at(tag), reason, tag=tag)


class _Inline(InlineTreeprocessor):
    """The engine's own, but text in which no mark stands is not tried against fifteen patterns one by one.

    Most text has none: reading a folder takes a third less. The name is the one under which Python keeps a method with
    two leading underscores; `test_text_without_marks_is_left_alone` fails when the engine renames it.
    """

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:
        if _INLINE_MARK.search(data) is None and not ("[" in data and self.md.references):
            return data
        # The base class keeps it private.
        return super()._InlineProcessor__handleInline(data, patternIndex)  # type: ignore[misc,no-any-return]


def _engine(tell: Callable[[str], None]) -> markdown.Markdown:
    footnotes = FootnoteExtension(BACKLINK_TITLE=N_("回到正文中的注 {}"))
    md = markdown.Markdown(
        extensions=["tables", "def_list", "admonition", "sane_lists", footnotes], output_format="html"
    )
    md.treeprocessors.register(_Inline(md), "inline", 20)
    md.preprocessors.deregister("html_block")
    md.treeprocessors.deregister("prettify")
    # It writes addresses as stashed entities, which no link check could read.
    md.inlinePatterns.deregister("automail")
    md.inlinePatterns.deregister("html")
    md.ESCAPED_CHARS.extend("<&")
    md.inlinePatterns.register(_RawHtml(md, tell), "html", 90)
    # The registry makes a new list of them for every block of every file; from here on nobody registers any.
    md.parser.blockprocessors = tuple(md.parser.blockprocessors)  # type: ignore[assignment]
    return md


def _choking(lines: list[str]) -> tuple[int, str] | None:
    """The first block that would take the engine for ever: (line from 0, reason), or None."""
    start = 0
    for number, line in enumerate([*lines, ""]):
        if line.strip():
            if _depth(line, ">") > DEEPEST_QUOTES or len(line) - len(line.lstrip()) > DEEPEST_INDENT:
                return number, N_("这里的引用或列表嵌套得太深。")
            continue
        block = "\n".join(lines[start:number])
        start = number + 1
        fault = _choking_block(block)
        if fault:
            return number - block.count("\n") - 1, fault
    return None


def _choking_block(block: str) -> str | None:
    if block.count("[") + block.count("(") > DEEPEST_BRACKETS and _deepest_bracket(block) > DEEPEST_BRACKETS:
        return N_("这一段的括号没有配对，或者嵌套得太深。")
    if len(block) > LONGEST_BLOCK:
        return N_("这一段太长，请用空行分段。")
    if sum(map(block.count, "*_`<")) > MOST_MARKS:
        return N_("这一段里的 *、_、` 或 < 太多。")
    return None


def _deepest_bracket(block: str) -> int:
    depth = deepest = 0
    for character in block:
        depth += (character in "[(") - (character in "])" and depth > 0)
        deepest = max(deepest, depth)
    return deepest


def _depth(line: str, mark: str) -> int:
    lead = line[: len(line) - len(line.lstrip("> -*+\t"))]
    return lead.count(mark)


def _with_blank_lines(lines: list[str]) -> list[str]:
    spaced: list[str] = []
    list_kind = ""
    for number, line in enumerate(lines):
        before = spaced[-1] if spaced else ""
        item = _LIST.match(line)
        kind = "" if item is None else "bullets" if line[0] in "-*+" else "numbers"
        starts_list = bool(kind) and kind != list_kind
        if before.strip() and _starts_block(line, before, lines[number + 1 : number + 2], starts_list):
            spaced.append("")
        if kind or not line.strip() or line.startswith(">"):
            list_kind = kind
        spaced.append(line)
    return spaced


def _starts_block(line: str, before: str, after: list[str], starts_list: bool) -> bool:
    if line.startswith(">"):
        return not before.startswith(">")
    if line.startswith("|"):
        return not before.startswith("|") and bool(after) and _TABLE_RULE.fullmatch(after[0]) is not None
    return starts_list
