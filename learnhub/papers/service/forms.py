"""Forms to be filed, as parts of a Word document: boxes, lines to sign on, pictures, numbered pages."""

import io
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from learnhub.papers.rules import Box, Grid, Paper, Picture, Signatures
from learnhub.papers.service.faces import FORM, HEAD

# Room for text between the margins of a form, and the height of half a page, in millimetres.
WIDTH, PICTURE_HEIGHT = 165, 104
_TWIPS = 1440 / 25.4
_SIZE = 21  # half points
_LEAST = 6  # millimetres of a row
_EDGE = 'w:val="single" w:sz="4" w:space="0" w:color="4A423C"'
_EDGES = "".join(f"<w:{side} {_EDGE}/>" for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
_INSET = '<w:tblCellMar><w:left w:w="100" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar>'


def legal(words: str) -> str:
    """`words` without the control characters that XML cannot hold."""
    return "".join(each for each in words if each >= " " or each in "\t\n")


def grid(document: Any, block: Grid) -> None:
    """Add the boxes. Written as XML at once: a year's ledger holds a thousand of them."""
    step = int(WIDTH * _TWIPS / block.columns)
    columns = f'<w:gridCol w:w="{step}"/>' * block.columns
    last = len(block.rows) - 1
    rows = "".join(_row(boxes, step, keep=number < last) for number, boxes in enumerate(block.rows))
    xml = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{step * block.columns}" w:type="dxa"/>'
        f'<w:tblBorders>{_EDGES}</w:tblBorders><w:tblLayout w:type="fixed"/>{_INSET}</w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )
    document.element.body.insert_element_before(parse_xml(xml), "w:sectPr")
    document.add_paragraph().paragraph_format.line_spacing = Pt(8)


def _row(boxes: tuple[Box, ...], step: int, *, keep: bool) -> str:
    """One row; `keep` holds it on the page of the next one, so that a form that fits on one page stands on one."""
    height = max(box.height for box in boxes)
    whole = "" if any(box.flows for box in boxes) else "<w:cantSplit/>"
    least = int(max(height, _LEAST) * _TWIPS)
    cells = "".join(_cell(box, step, "<w:keepNext/>" if keep else "") for box in boxes)
    return f'<w:tr><w:trPr>{whole}<w:trHeight w:val="{least}" w:hRule="atLeast"/></w:trPr>{cells}</w:tr>'


def _cell(box: Box, step: int, keep: str) -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="F6F3EE"/>' if box.label else ""
    top = "top" if not box.label and (box.flows or box.height > 15) else "center"
    span = f'<w:gridSpan w:val="{box.span}"/>' if box.span > 1 else ""
    centred = '<w:jc w:val="center"/>' if box.label or box.centred else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{step * box.span}" w:type="dxa"/>{span}{shade}<w:vAlign w:val="{top}"/></w:tcPr>'
        f'<w:p><w:pPr>{keep}<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/>{centred}</w:pPr>{"".join(_runs(box))}</w:p></w:tc>'
    )


def _runs(box: Box) -> Iterator[str]:
    face, size = (HEAD, _SIZE - 2) if box.label else (FORM, _SIZE)
    look = f'<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{face}"/><w:sz w:val="{size}"/></w:rPr>'
    for number, line in enumerate(legal(box.text).split("\n")):
        broken = "<w:br/>" if number else ""
        yield f'<w:r>{look}{broken}<w:t xml:space="preserve">{escape(line)}</w:t></w:r>'


def signatures(document: Any, block: Signatures) -> None:
    """Add a line with room for names written by hand."""
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.space_before, layout.space_after, layout.keep_together = Pt(22), Pt(10), True
    share = WIDTH / len(block.labels)
    for number, label in enumerate(block.labels):
        layout.tab_stops.add_tab_stop(Mm(share * (number + 1) - 5), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES)
        layout.tab_stops.add_tab_stop(Mm(share * (number + 1)), WD_TAB_ALIGNMENT.LEFT)
        run = paragraph.add_run(legal(label) + "\t" + ("\t" if number < len(block.labels) - 1 else ""))
        run.font.size = Pt(_SIZE / 2)
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FORM)


def picture(document: Any, block: Picture) -> None:
    """Add a picture, at most half a page high, with its caption below it."""
    scale = min(WIDTH / block.width, PICTURE_HEIGHT / block.height)
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = bool(block.caption)
    paragraph.add_run().add_picture(io.BytesIO(block.jpeg), Mm(block.width * scale), Mm(block.height * scale))
    if block.caption:
        below = document.add_paragraph()
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
        below.paragraph_format.space_after = Pt(12)
        run = below.add_run(legal(block.caption))
        run.font.size = Pt(9.5)
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FORM)


def footer(section: Any, paper: Paper) -> None:
    """What stands at the foot of each page, with the page's number at the right."""
    before, between, after = paper.page_parts
    paragraph = section.footer.paragraphs[0]
    paragraph.style = "Normal"  # without the tab stops that the style of footers has
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    parts = ((f"{legal(paper.footer)}\t{before}", "PAGE"), (between, "NUMPAGES"), (after, ""))
    for words, field in parts:
        paragraph.add_run(words).font.size = Pt(8.5)
        if field:
            _field(paragraph, field)


def _field(paragraph: Any, name: str) -> None:
    """A number that Word works out itself."""
    run = paragraph.add_run()
    run.font.size = Pt(8.5)
    for kind, words in (("begin", ""), ("", name), ("separate", ""), ("text", "1"), ("end", "")):
        if kind == "text":
            run.add_text(words)
            continue
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = words
        run._element.append(element)
