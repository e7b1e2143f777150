"""Papers as Word documents that an office can go on working with: real headings, real tables, fonts by name."""

import io
import zipfile
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from learnhub.papers.rules import Heading, Paper, Paragraph, Style, Table
from learnhub.papers.service.faces import BODY, HEAD, LEVEL_TWO, TITLE

_LATIN = "Times New Roman"
_EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")
_FIXED = (1980, 1, 1, 0, 0, 0)


def word(paper: Paper) -> bytes:
    """`paper` as a .docx; the same value gives the same bytes."""
    document = docx.Document()
    official = paper.style is Style.OFFICIAL
    _page(document, paper, official)
    _line(document, paper.title, size=22 if official else 16, font=TITLE, bold=not official, centred=True)
    for label, value in paper.facts:
        _line(document, f"{label}{': ' if paper.language == 'en' else '：'}{value}", size=14 if official else 10.5)
    for block in paper.blocks:
        _block(document, block, official)
    for words in (paper.issuer, paper.issued_on):
        if words:
            _line(document, words, size=16 if official else 10.5, right=True)
    for note in paper.notes:
        _line(document, note, size=10.5 if official else 9)
    return _settled(document)


def _page(document: Any, paper: Paper, official: bool) -> None:
    section = document.sections[0]
    width, height = Mm(210), Mm(297)
    if paper.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        width, height = height, width
    section.page_width, section.page_height = width, height
    top, bottom, left, right = (37, 35, 28, 26) if official else (18, 18, 16, 16)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _LATIN, Pt(16 if official else 10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), BODY)
    style.paragraph_format.space_after = Pt(0)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = paper.title, paper.issuer, ""
    properties.created = properties.modified = paper.made_at
    if paper.footer:
        section.footer.paragraphs[0].text = paper.footer


def _line(
    document: Any,
    words: str,
    *,
    size: float,
    font: str = BODY,
    bold: bool = False,
    centred: bool = False,
    right: bool = False,
) -> Any:
    paragraph = document.add_paragraph()
    _run(paragraph, words, size, font, bold)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.space_after = Pt(12)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return paragraph


def _run(paragraph: Any, words: str, size: float, font: str, bold: bool) -> None:
    run = paragraph.add_run(words)
    run.bold, run.font.size, run.font.name = bold, Pt(size), _LATIN
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _block(document: Any, block: Heading | Paragraph | Table, official: bool) -> None:
    if isinstance(block, Table):
        _table(document, block, official)
        return
    if isinstance(block, Heading):
        first = block.level == 1
        paragraph = document.add_heading(level=block.level)
        paragraph.style.font.color.rgb = None
        _run(paragraph, block.text, 16 if official else 12, HEAD if first else LEVEL_TWO, not official)
    else:
        paragraph = _line(document, block.text, size=16 if official else 10.5)
    if official:
        layout = paragraph.paragraph_format
        layout.first_line_indent = Pt(32)  # two characters of 三号
        layout.space_before = Pt(0)
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28)


def _table(document: Any, block: Table, official: bool) -> None:
    size = 10.5 if official else 7.5 if len(block.columns) > 14 else 9
    if block.caption:
        _line(document, block.caption, size=size + 1, font=HEAD, bold=True)
    rows = [tuple(row) for row in block.rows]
    head = 2 if block.groups else 1
    table = document.add_table(rows=head + len(rows), cols=len(block.columns))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _borders(table)
    lines = list(table.rows)  # asked once: each asking walks the whole table
    _head(lines[:head], block, size)
    for number, row in enumerate(rows):
        last = block.total_last and number == len(rows) - 1
        cells = lines[head + number].cells
        for column, cell, value in zip(block.columns, cells, row, strict=True):
            _cell(cell, str(value), size, bold=last, right=column.numeric)
    document.add_paragraph()


def _head(lines: list[Any], block: Table, size: float) -> None:
    for line in lines:
        repeated = OxmlElement("w:tblHeader")
        line._tr.get_or_add_trPr().append(repeated)
    start = 0
    for group in block.groups:
        cells = lines[0].cells
        first = cells[start].merge(cells[start + group.span - 1])
        _cell(first, group.label, size, bold=True, centred=True)
        start += group.span
    for column, cell in zip(block.columns, lines[-1].cells, strict=True):
        _cell(cell, column.label, size, bold=True, centred=True)


def _cell(
    cell: Any, words: str, size: float, *, bold: bool = False, right: bool = False, centred: bool = False
) -> None:
    paragraph = cell.paragraphs[0]
    _run(paragraph, words, size, BODY, bold)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _borders(table: Any) -> None:
    borders = OxmlElement("w:tblBorders")
    for edge in _EDGES:
        line = OxmlElement(f"w:{edge}")
        for name, value in (("val", "single"), ("sz", "4"), ("color", "8D8178")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


def _settled(document: Any) -> bytes:
    """The document's bytes without the time of writing, which a zip keeps of every part."""
    raw, settled = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(settled, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, _FIXED)
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))
    return settled.getvalue()
