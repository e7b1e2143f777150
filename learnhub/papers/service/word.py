"""Papers as Word documents that an office can go on working with: real headings, real tables, fonts by name."""

import io
import zipfile
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from learnhub.core.voice import Cell
from learnhub.papers.rules import Block, Grid, Heading, PageBreak, Paper, Paragraph, Picture, Signatures, Style, Table
from learnhub.papers.service import forms
from learnhub.papers.service.faces import BODY, FORM, HEAD, LEVEL_TWO, TITLE

_LATIN = "Times New Roman"
_EDGES = ("top", "left", "bottom", "right", "insideH", "insideV")
# A column takes no more Latin characters than this when the widths are shared out.
_WIDEST = 40
# A column of few characters has no room for the two millimetres that Word leaves at each side.
_INSET = f'<w:tblCellMar {nsdecls("w")}><w:left w:w="45" w:type="dxa"/><w:right w:w="45" w:type="dxa"/></w:tblCellMar>'
_FIXED = (1980, 1, 1, 0, 0, 0)


def word(paper: Paper) -> bytes:
    """`paper` as a .docx; the same value gives the same bytes."""
    document = docx.Document()
    official = paper.style is Style.OFFICIAL
    _page(document, paper, official)
    _head(document, paper, official)
    for block in paper.blocks:
        _block(document, block, paper.style)
    for words in (paper.issuer, paper.issued_on):
        if words:
            _line(document, words, size=16 if official else 10.5, right=True)
    if not paper.cover:
        _notes(document, paper, official)
    return _settled(document)


def _head(document: Any, paper: Paper, official: bool) -> None:
    """Whose paper it is, its title, its facts; on a cover also how its figures are counted, and a page of their own."""
    if paper.holder:
        holder = _line(document, paper.holder, size=18 if paper.cover else 13, font=TITLE, bold=True, centred=True)
        holder.paragraph_format.space_before = Mm(52) if paper.cover else Pt(0)
    size = 22 if official else 26 if paper.cover else 16
    _line(document, paper.title, size=size, font=TITLE, bold=not official, centred=True)
    for label, value in paper.facts:
        words = f"{label}{': ' if paper.language == 'en' else '：'}{value}"
        _line(document, words, size=14 if official else 10.5, centred=paper.cover)
    if paper.cover:
        document.add_paragraph().paragraph_format.space_before = Mm(40)
        _notes(document, paper, official)
        document.add_page_break()


def _notes(document: Any, paper: Paper, official: bool) -> None:
    """How the figures are counted, together on one page."""
    for number, note in enumerate(paper.notes, start=1):
        line = _line(document, note, size=10.5 if official else 9)
        line.paragraph_format.keep_together = True
        line.paragraph_format.keep_with_next = number < len(paper.notes)


def _page(document: Any, paper: Paper, official: bool) -> None:
    section = document.sections[0]
    width, height = Mm(210), Mm(297)
    if paper.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        width, height = height, width
    section.page_width, section.page_height = width, height
    filing = paper.style is Style.FILING
    top, bottom, left, right = (37, 35, 28, 26) if official else (20, 20, 28, 17) if filing else (18, 18, 16, 16)
    section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
    section.left_margin, section.right_margin = Mm(left), Mm(right)
    style = document.styles["Normal"]
    style.font.name, style.font.size = _LATIN, Pt(16 if official else 10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FORM if filing else BODY)
    style.paragraph_format.space_after = Pt(0)
    _speak_chinese(document, style)
    properties = document.core_properties
    properties.title, properties.author, properties.comments = paper.title, paper.issuer, ""
    properties.created = properties.modified = paper.made_at
    if filing:
        forms.footer(section, paper)
    elif paper.footer:
        section.footer.paragraphs[0].text = paper.footer


def _speak_chinese(document: Any, style: Any) -> None:
    """The language of the mainland and its rules of punctuation: none begins a line, two together take less room."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    properties = style.element.get_or_add_pPr()
    for name in ("w:kinsoku", "w:overflowPunct"):
        # Word reads the parts of a paragraph's properties in their order only.
        properties.insert_element_before(OxmlElement(name), "w:spacing", "w:ind", "w:jc", "w:rPr")
    settings = document.settings.element
    control = settings.find(qn("w:characterSpacingControl"))
    if control is not None:
        control.set(qn("w:val"), "compressPunctuation")
    theme = settings.find(qn("w:themeFontLang"))
    if theme is not None:
        theme.set(qn("w:eastAsia"), "zh-CN")


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
    run = paragraph.add_run(forms.legal(words))
    run.bold, run.font.size, run.font.name = bold, Pt(size), _LATIN
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def _block(document: Any, block: Block, style: Style) -> None:
    if isinstance(block, Table):
        _table(document, block, style)
    elif isinstance(block, Grid):
        forms.grid(document, block)
    elif isinstance(block, Signatures):
        forms.signatures(document, block)
    elif isinstance(block, Picture):
        forms.picture(document, block)
    elif isinstance(block, PageBreak):
        document.add_page_break()
    else:
        _text(document, block, style)


def _text(document: Any, block: Heading | Paragraph, style: Style) -> None:
    official, filing = style is Style.OFFICIAL, style is Style.FILING
    if isinstance(block, Heading):
        first = block.level == 1
        paragraph = document.add_heading(level=block.level)
        paragraph.style.font.color.rgb = None
        size = 16 if official else 12 if first or not filing else 10.5
        _run(paragraph, block.text, size, HEAD if first or filing else LEVEL_TWO, not official)
    else:
        paragraph = _line(document, block.text, size=16 if official else 10.5, font=FORM if filing else BODY)
    if official:
        layout = paragraph.paragraph_format
        layout.first_line_indent = Pt(32)  # two characters of 三号
        layout.space_before = Pt(0)
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28)


def _table(document: Any, block: Table, style: Style) -> None:
    size = 10.5 if style is Style.OFFICIAL else 7.5 if len(block.columns) > 14 else 9
    if block.caption:
        _line(document, block.caption, size=size + 1, font=HEAD, bold=True).paragraph_format.keep_with_next = True
    rows = [tuple(row) for row in block.rows]
    head = 2 if block.groups else 1
    table = document.add_table(rows=head + len(rows), cols=len(block.columns))
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _borders(table)
    room = _room(document)
    _widths(table, [column.width for column in block.columns] if style is Style.FILING else _needs(block, rows), room)
    lines = list(table.rows)  # asked once: each asking walks the whole table
    _table_head(lines[:head], block, size)
    for number, row in enumerate(rows):
        last = block.total_last and number == len(rows) - 1
        line = lines[head + number]
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if block.row_height:
            line.height, line.height_rule = Mm(block.row_height), WD_ROW_HEIGHT_RULE.AT_LEAST
        for column, cell, value in zip(block.columns, line.cells, row, strict=True):
            _cell(cell, str(value), 11 if block.row_height else size, bold=last, right=column.numeric)
            if block.total_last and number == len(rows) - 2:  # the total is never alone on a page
                cell.paragraphs[0].paragraph_format.keep_with_next = True
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    document.add_paragraph()


def _room(document: Any) -> float:
    """Millimetres between the margins."""
    section = document.sections[0]
    return float((section.page_width - section.left_margin - section.right_margin) / Mm(1))


def _needs(block: Table, rows: list[tuple[Cell, ...]]) -> list[int]:
    """How wide each column should be by what stands in it: cells on one line where they can be, labels on two or three."""
    cells = [max((_wide(str(row[place])) for row in rows), default=0) for place in range(len(block.columns))]
    return [
        min(max(cell, -(-_wide(column.label) // 3), 4) + 1, _WIDEST)
        for cell, column in zip(cells, block.columns, strict=True)
    ]


def _wide(words: str) -> int:
    """How wide words are in Latin characters; a Chinese one is as wide as two."""
    return sum(1 if each.isascii() else 2 for each in words)


def _widths(table: Any, needs: list[int], room: float) -> None:
    """Columns as wide beside each other as needed; Word would give all the same."""
    table.autofit = False
    share = room / sum(needs)
    for need, place in zip(needs, table._tbl.tblGrid.gridCol_lst, strict=True):
        place.w = Mm(need * share)
    for row in table._tbl.tr_lst:
        for need, cell in zip(needs, row.tc_lst, strict=True):
            cell.width = Mm(need * share)


def _table_head(lines: list[Any], block: Table, size: float) -> None:
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
    # Word reads the parts of a table's properties in their order only.
    table._tbl.tblPr.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    table._tbl.tblPr.insert_element_before(parse_xml(_INSET), "w:tblLook")


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
