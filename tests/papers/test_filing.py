"""A form to be filed: room for binding and signatures, numbered pages, pictures; the same in PDF and in Word."""

import datetime as dt
import io

import docx
import pypdf
import pytest
from docx.oxml.ns import qn
from flask import Flask, get_template_attribute

from learnhub.papers import service
from learnhub.papers.rules import (
    Block,
    Box,
    Column,
    Grid,
    Heading,
    PageBreak,
    Paper,
    Paragraph,
    Picture,
    Signatures,
    Style,
    Table,
)
from tests.attendance.images import photo
from tests.papers.test_papers import pdf_text, sheet_text, word_text, xlsx

RARE = "吴䶮、㛃、𬭊"
GRID = Grid(
    8,
    (
        (Box("主题", label=True), Box("把时间还给群众", span=7)),
        (Box("地点", label=True), Box("会议室", span=3), Box("主持人", label=True), Box(RARE, span=3)),
        (Box("活动情况", label=True), Box("第一行\n第二行", span=7, height=50)),
    ),
)
NAMES = Table(
    (Column("序号", 5), Column("姓名", 15), Column("签名", 18)),
    tuple((f"{number:03}", RARE, "") for number in range(1, 41)),
    row_height=12,
)


def filing(*blocks: Block, cover: bool = False) -> Paper:
    return Paper(
        "签到表",
        dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC),
        blocks,
        facts=(("年度", "2026"),),
        notes=("来源：点名和记录。",),
        style=Style.FILING,
        footer="柳树村党支部，签到表",
        holder="柳树村党支部",
        page_words="第 %(page)s 页 共 %(pages)s 页",
        cover=cover,
    )


def pages(paper: Paper) -> list[str]:
    reader = pypdf.PdfReader(io.BytesIO(service.pdf(paper)))
    return ["".join(page.extract_text().split()) for page in reader.pages]


def test_both_forms_say_everything_and_rare_names_are_printed() -> None:
    paper = filing(GRID, NAMES, Signatures(("主持人签名：", "日期：")), Heading("附件"), Paragraph("无"))
    for said in (pdf_text(service.pdf(paper)), word_text(service.word(paper))):
        squeezed = "".join(said.split())
        wanted = (
            "柳树村党支部",
            "签到表",
            "年度：2026",
            "会议室",
            RARE,
            "第一行第二行",
            "主持人签名：",
            "附件",
            "来源：点名和记录。",
        )
        for words in wanted:
            assert words in squeezed, words
    assert "会议室" in sheet_text(xlsx(paper))


def test_pages_are_numbered_and_a_long_list_repeats_its_head() -> None:
    found = pages(filing(GRID, NAMES))
    assert len(found) > 2
    for number, page in enumerate(found, 1):
        assert f"第{number}页共{len(found)}页" in page and "柳树村党支部，签到表" in page
        assert "姓名" in page
    assert [sum(f"{each:03}{RARE}" in page for page in found) for each in (1, 40)] == [1, 1]


def test_each_row_leaves_room_for_a_pen() -> None:
    """Forty rows of twelve millimetres need three pages of A4; Word is told the same height, and to part no row."""
    assert len(pages(filing(NAMES))) == 3
    table = docx.Document(io.BytesIO(service.word(filing(NAMES)))).tables[0]
    assert all(row.height is not None and round(row.height.mm) == 12 for row in list(table.rows)[1:])
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in list(table.rows)[1:])


def test_there_is_room_for_binding_on_a4() -> None:
    section = docx.Document(io.BytesIO(service.word(filing(GRID)))).sections[0]
    sides = (section.page_width, section.page_height, section.left_margin, section.right_margin)
    assert [round(side.mm) for side in sides if side] == [210, 297, 28, 17]
    fields = section.footer._element.xml
    assert "PAGE" in fields and "NUMPAGES" in fields and "共 " in section.footer.paragraphs[0].text
    page = pypdf.PdfReader(io.BytesIO(service.pdf(filing(GRID)))).pages[0]
    left = []
    page.extract_text(
        visitor_text=lambda text, cm, matrix, *_rest: left.append(cm[4] + matrix[4]) if text.strip() else None
    )
    assert round(float(page.mediabox.width)) == 595 and min(left) >= 28 / 25.4 * 72 - 1


def test_a_form_that_fits_on_one_page_stands_on_one() -> None:
    tall = Grid(2, tuple((Box(f"格{number}", label=True), Box("", height=40)) for number in range(3)))
    found = pages(filing(tall, tall))
    assert ["格0" in page and "格2" in page for page in found] == [True, True]


def test_a_text_longer_than_a_page_goes_on_over_it() -> None:
    long = Grid(8, ((Box("活动情况", label=True), Box("\n".join(f"第{n}行" for n in range(120)), span=7, flows=True)),))
    found = pages(filing(long))
    assert len(found) > 2 and "第0行" in found[0] and "第119行" in found[-1]


def test_pictures_stand_behind_with_their_captions() -> None:
    shown = Picture(photo((300, 200)), 300, 200, "附件 1　入户走访")
    paper = filing(GRID, PageBreak(), shown, Picture(photo((200, 300)), 200, 300))
    reader = pypdf.PdfReader(io.BytesIO(service.pdf(paper)))
    assert [len(page.images) for page in reader.pages] == [0, 2]
    assert "附件1入户走访" in "".join(reader.pages[1].extract_text().split())
    document = docx.Document(io.BytesIO(service.word(paper)))
    assert len(document.inline_shapes) == 2 and round(document.inline_shapes[0].width.mm) == 156
    # What was made with pictures leaves the layout as it was.
    assert len(pages(filing(GRID))) == 1


def test_a_cover_has_the_first_page_to_itself() -> None:
    paper = filing(Heading("一、会议"), GRID, cover=True)
    first, second = pages(paper)
    assert "来源：点名和记录。" in first and "一、会议" not in first
    assert "一、会议" in second and "来源" not in second
    assert 'w:br w:type="page"' in docx.Document(io.BytesIO(service.word(paper))).element.xml


@pytest.mark.parametrize("words", ["a\x0bb", "<w:p>&amp;", "\u202e"], ids=["control", "markup", "bidi"])
def test_odd_characters_break_no_file(words: str) -> None:
    paper = filing(Grid(2, ((Box(words, label=True), Box(words)),)), Paragraph(words), Heading(words))
    assert docx.Document(io.BytesIO(service.word(paper))).tables and pages(paper)


def test_the_same_value_is_the_same_bytes() -> None:
    paper = filing(GRID, NAMES, Picture(photo(), 60, 40))
    assert service.pdf(paper) == service.pdf(paper) and service.word(paper) == service.word(paper)


@pytest.mark.one_database
def test_a_page_leaves_out_what_is_for_paper_alone(app: Flask) -> None:
    with app.test_request_context():
        page = get_template_attribute("papers/_paper.html", "paper")(
            filing(GRID, NAMES, Signatures(("日期：",)), PageBreak())
        )
    assert RARE in page and "日期" not in page and "会议室" not in page


def test_a_form_is_kept_as_an_archive_asks_wherever_its_words_allow_it() -> None:
    """PDF/A says of itself that it is one, also with a character that no font has, for which another stands."""
    assert b"<pdfaid:part>2</pdfaid:part>" in service.pdf(filing(GRID, Picture(photo(), 60, 40)))
    odd = service.pdf(filing(Paragraph("雨天 \U000e1234 走访")))
    assert b"<pdfaid:part>2</pdfaid:part>" in odd and "走访" in pdf_text(odd)
