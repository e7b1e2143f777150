"""The numbers that Word puts before paragraphs by itself (1. A. 一、), counted as Word counts them."""

from collections.abc import Mapping
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

_NUMERALS = "零一二三四五六七八九十"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class ListNumbers:
    """Counts through the paragraphs of one document, in their order."""

    def __init__(self, document: Document) -> None:
        root = next(
            (rel.target_part.element for rel in _relations(document) if rel.reltype.endswith("/numbering")), None
        )
        self._levels: dict[tuple[str, int], Any] = {}
        self._abstract: dict[str, str] = {}
        self._starts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._seen: set[str] = set()
        self._styles = {style.style_id: style.element for style in document.styles}
        if root is not None:
            self._read(root)

    def _read(self, root: Any) -> None:
        for abstract in root.iter(qn("w:abstractNum")):
            for level in abstract.iter(qn("w:lvl")):
                self._levels[_value(abstract, "w:abstractNumId"), int(_value(level, "w:ilvl"))] = level
        for number in root.iter(qn("w:num")):
            name = _value(number, "w:numId")
            self._abstract[name] = _child_value(number, "w:abstractNumId")
            for override in number.iter(qn("w:lvlOverride")):
                if start := _child_value(override, "w:startOverride"):
                    self._starts[name, int(_value(override, "w:ilvl"))] = int(start)

    def take(self, paragraph: Any) -> str:
        """The number before `paragraph` (a `w:p` element), as it is shown; nothing where it has none."""
        name, level = self._place(paragraph)
        abstract = self._abstract.get(name)
        if abstract is None or (abstract, level) not in self._levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        if name not in self._seen:
            self._seen.add(name)
            for (owner, depth), start in self._starts.items():
                if owner == name:
                    counts[depth] = start - 1
        counts[level] = counts[level] + 1 if level in counts else self._start(abstract, level)
        for deeper in [depth for depth in counts if depth > level]:
            del counts[deeper]
        text = _child_value(self._levels[abstract, level], "w:lvlText")
        for depth in range(level + 1):
            if f"%{depth + 1}" in text:
                count = counts.get(depth, self._start(abstract, depth))
                text = text.replace(f"%{depth + 1}", _format(count, self._levels.get((abstract, depth))))
        return "" if _child_value(self._levels[abstract, level], "w:numFmt") in ("bullet", "none") else text

    def _start(self, abstract: str, level: int) -> int:
        element = self._levels.get((abstract, level))
        return int(_child_value(element, "w:start") or 1) if element is not None else 1

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """The list and the level of a paragraph, its own or those of its style."""
        properties = paragraph.find(qn("w:pPr"))
        name, level = _list_of(properties)
        style = _child_value(properties, "w:pStyle") if properties is not None else ""
        for _ in range(10):
            if name or not style or style not in self._styles:
                break
            element = self._styles[style]
            name, level = _list_of(element.find(qn("w:pPr")))
            if name:
                level = self._level_of_style(name, style, level)
            style = _child_value(element, "w:basedOn")
        return name, level

    def _level_of_style(self, name: str, style: str, level: int) -> int:
        for (abstract, depth), element in self._levels.items():
            if abstract == self._abstract.get(name) and _child_value(element, "w:pStyle") == style:
                return depth
        return level


def _relations(document: Document) -> list[Any]:
    return list(document.part.rels.values())


def _value(element: Any, name: str) -> str:
    return str(element.get(qn(name)) or "")


def _child_value(element: Any, name: str) -> str:
    child = element.find(qn(name))
    return "" if child is None else _value(child, "w:val")


def _list_of(properties: Any) -> tuple[str, int]:
    numbers = None if properties is None else properties.find(qn("w:numPr"))
    if numbers is None:
        return "", 0
    return _child_value(numbers, "w:numId"), int(_child_value(numbers, "w:ilvl") or 0)


def _format(count: int, level: Any) -> str:
    kind = "" if level is None else _child_value(level, "w:numFmt")
    if kind in ("upperLetter", "lowerLetter") and 0 < count <= len(_LETTERS):
        letter = _LETTERS[count - 1]
        return letter if kind == "upperLetter" else letter.lower()
    if kind in _CHINESE and 0 < count < 100:
        return _chinese(count)
    if kind in _CIRCLED and 0 < count <= 20:
        return chr(0x2460 + count - 1)
    return str(count)


_CHINESE: Mapping[str, None] = dict.fromkeys(
    ["chineseCounting", "chineseCountingThousand", "japaneseCounting", "ideographTraditional", "taiwaneseCounting"]
)
_CIRCLED = frozenset(["decimalEnclosedCircle", "decimalEnclosedCircleChinese"])


def _chinese(count: int) -> str:
    tens, ones = divmod(count, 10)
    lead = "" if not tens else "十" if tens == 1 else f"{_NUMERALS[tens]}十"
    return lead + (_NUMERALS[ones] if ones or not tens else "")
