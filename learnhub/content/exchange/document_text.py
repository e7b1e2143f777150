"""The text of a Word document, paragraph by paragraph, with what is more than text made visible."""

from collections.abc import Iterator
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from learnhub.content.exchange.document_numbers import ListNumbers
from learnhub.content.exchange.written import NOT_TEXT

# What is not shown once changes are accepted, what repeats something, and pronunciation above characters.
_SKIPPED = frozenset(map(qn, ["w:del", "w:moveFrom", "w:instrText", "w:delText", "w:rt"])) | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_MORE_THAN_TEXT = frozenset(map(qn, ["w:drawing", "w:pict", "w:object"])) | {
    "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent",
}
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
# Ticks and crosses from the fonts Wingdings and Wingdings 2.
_SYMBOLS = {"FC": "√", "FB": "×", "FE": "√", "FD": "×", "50": "√", "4F": "×", "52": "√", "51": "×"}


def list_lines(document: Document) -> list[str]:
    """Every line: a paragraph, what stands between soft breaks, or a row of a table with tabs between its cells."""
    numbers = ListNumbers(document)
    return [line for text in _blocks(document.element.body, numbers) for line in text.split("\n")]


def is_revised(document: Document) -> bool:
    """Whether changes are tracked in it."""
    names = (qn("w:ins"), qn("w:del"), qn("w:moveFrom"), qn("w:moveTo"))
    return next(document.element.body.iter(*names), None) is not None


def _blocks(parent: Any, numbers: ListNumbers) -> Iterator[str]:
    for child in parent:
        if child.tag == qn("w:p"):
            yield _paragraph(child, numbers)
        elif child.tag == qn("w:tr"):
            yield from _row(child, numbers)
        elif child.tag not in _SKIPPED:
            # Tables, content controls and what was inserted hold paragraphs as well.
            yield from _blocks(child, numbers)


def _row(row: Any, numbers: ListNumbers) -> Iterator[str]:
    cells = [list(_blocks(cell, numbers)) for cell in row if cell.tag in (qn("w:tc"), qn("w:sdt"))]
    if all(len(cell) <= 1 for cell in cells):
        yield "\t".join(cell[0].replace("\n", " ") if cell else "" for cell in cells).rstrip("\t")
    else:
        yield from (line for cell in cells for line in cell)


def _paragraph(paragraph: Any, numbers: ListNumbers) -> str:
    number = numbers.take(paragraph)
    text = "".join(_texts(paragraph))
    return f"{number} {text}" if number and text.strip() else text


def _texts(parent: Any) -> Iterator[str]:
    for child in parent:
        if child.tag in _MORE_THAN_TEXT:
            yield NOT_TEXT
        elif child.tag == qn("w:r"):
            yield _run(child)
        elif child.tag not in _SKIPPED and child.tag != qn("w:pPr"):
            yield from _texts(child)


def _run(run: Any) -> str:
    text = "".join(_pieces(run))
    properties = run.find(qn("w:rPr"))
    if properties is None or not text:
        return text
    if _is_on(properties, "w:strike") or _is_on(properties, "w:dstrike"):
        return NOT_TEXT if text.strip() else text
    raised = properties.find(qn("w:vertAlign"))
    if raised is not None and text.strip():
        return _shifted(text, str(raised.get(qn("w:val"))))
    underlined = properties.find(qn("w:u"))
    if underlined is not None and underlined.get(qn("w:val")) != "none" and not text.strip(" \t\u3000\xa0"):
        # An underlined space is a gap to fill in.
        return "__" * len(text)
    return text


def _pieces(run: Any) -> Iterator[str]:
    for child in run:
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag == qn("w:sym"):
            yield _SYMBOLS.get(str(child.get(qn("w:char")))[-2:].upper(), NOT_TEXT)
        elif child.tag in _MORE_THAN_TEXT:
            yield NOT_TEXT
        elif child.tag == qn("w:ruby"):
            yield from _texts(child)
        else:
            yield _SIGNS.get(child.tag, "")


def _shifted(text: str, where: str) -> str:
    """Raised or lowered digits as such characters; anything else that is raised has no plain form."""
    if where == "baseline":
        return text
    if not (text.isascii() and text.isdigit()):
        return NOT_TEXT
    return text.translate(_RAISED if where == "superscript" else _LOWERED)


def _is_on(properties: Any, name: str) -> bool:
    element = properties.find(qn(name))
    return element is not None and element.get(qn("w:val")) not in ("0", "false", "off", "none")
