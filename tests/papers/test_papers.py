"""One value, four forms: each says everything, in the same order, and the same value is the same bytes."""

import dataclasses
import datetime as dt
import hashlib
import io
import re
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pypdf
import pytest
import python_calamine
from flask import Flask, get_template_attribute

from learnhub.core.voice import Rate
from learnhub.papers import service
from learnhub.papers.rules import Column, Group, Heading, Paper, Paragraph, Style, Table
from learnhub.typesetter import client as typesetter
from learnhub.typesetter.errors import FontsMissing
from tests.other_process import OtherProcess

RARE = "曹䶮 㛃 𬭊 阿依古丽·买买提"
TABLE = Table(
    (Column("组织", 24), Column("已训", numeric=True), Column("未训", numeric=True)),
    ((RARE, 12, 3), ("=1+1", 0, 7), ("合计", 12, 10)),
    caption="各单位",
    groups=(Group("", 1), Group("人数", 2)),
    total_last=True,
)
PAPER = Paper(
    "轮训覆盖情况表",
    dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC),
    (Heading("一、总的情况"), Paragraph("应训 22 人，已训 12 人。"), TABLE),
    facts=(("名册日", "2026 年 11 月 22 日"),),
    notes=("应训 = 已训 + 在训 + 在途 + 未训。",),
    footer="来源：点名",
    issuer="中共示例县委组织部",
    issued_on="2026 年 11 月 22 日",
)
OFFICIAL = Paper(
    **{name: getattr(PAPER, name) for name in Paper.__slots__} | {"style": Style.OFFICIAL, "landscape": False}
)
WORDS = ("轮训覆盖情况表", "名册日", "一、总的情况", "应训 22 人，已训 12 人。", "各单位", "合计", "应训 = 已训")


def xlsx(paper: Paper) -> bytes:
    file = io.BytesIO()
    service.write_xlsx(file, paper)
    return file.getvalue()


def pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def word_text(data: bytes) -> str:
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


def sheet_text(data: bytes) -> str:
    sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    return "\n".join(str(cell) for row in sheet.to_python() for cell in row)


@pytest.mark.parametrize("paper", [PAPER, OFFICIAL], ids=["report", "official"])
def test_every_form_says_everything(paper: Paper) -> None:
    for said in (pdf_text(service.pdf(paper)), word_text(service.word(paper)), sheet_text(xlsx(paper))):
        squeezed = "".join(said.split())
        for words in (*WORDS, "中共示例县委组织部"):
            assert "".join(words.split()) in squeezed, words


def test_the_page_says_the_same(app: Flask) -> None:
    with app.test_request_context():
        page = get_template_attribute("papers/_paper.html", "paper")(PAPER)
    assert all(words in page for words in WORDS[1:]) and RARE in page


def test_rare_characters_are_printed_not_boxed() -> None:
    """Each has a glyph of its own in the PDF, and comes out of it as itself."""
    said = pdf_text(service.pdf(PAPER))
    assert all(character in said for character in "䶮㛃𬭊·")


def test_nothing_in_a_sheet_is_a_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx(PAPER))) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def digests() -> list[str]:
    """One of each form, also as the other process makes them."""
    return [hashlib.sha256(each).hexdigest() for each in (xlsx(PAPER), service.pdf(PAPER), service.word(OFFICIAL))]


@pytest.mark.long
def test_the_same_value_is_the_same_bytes_in_another_process(other_process: OtherProcess) -> None:
    """Also at another time, by another zone's clock: no form keeps the time of writing."""
    mine, made = digests(), int(time.time())
    while int(time.time()) == made:
        time.sleep(0.02)
    assert other_process.ask("tests.papers.test_papers:digests") == mine


def test_an_official_document_has_the_margins_and_fonts_of_the_standard() -> None:
    document = docx.Document(io.BytesIO(service.word(OFFICIAL)))
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin)
    assert [round(side.mm) for side in margins if side] == [37, 35, 28]
    xml = document.element.xml
    assert 'w:eastAsia="方正小标宋简体"' in xml and 'w:eastAsia="仿宋_GB2312"' in xml


def test_a_long_table_repeats_its_head_on_every_page() -> None:
    rows = tuple((f"第 {number} 支部", number, 0) for number in range(90))
    long = Paper(PAPER.title, PAPER.made_at, (Table(TABLE.columns, rows),))
    pages = pypdf.PdfReader(io.BytesIO(service.pdf(long))).pages
    assert len(pages) > 1
    assert all("已训" in page.extract_text() for page in pages)


def test_rows_pass_through_a_sheet_without_being_held() -> None:
    taken = []

    def rows() -> Iterator[tuple[str, int, int]]:
        for number in range(300):
            taken.append(number)
            yield (f"{number}", number, 0)

    xlsx(Paper("名单", PAPER.made_at, (Table(TABLE.columns, rows()),)))
    assert len(taken) == 300


def test_a_folder_without_chinese_fonts_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    typesetter.use_fonts(tmp_path)
    try:
        with pytest.raises(FontsMissing, match="fonts-noto-cjk"):
            service.pdf(PAPER)
    finally:
        monkeypatch.undo()
        typesetter.use_fonts(Path("/usr/share/fonts"))


def test_a_sheet_is_laid_out_as_by_hand() -> None:
    """Heads over all of their columns, in sight and on each printed page; rates and days are numbers with a format."""
    columns = (
        Column("组织", 18),
        *(Column("已训", 6, numeric=True) for _each in range(3)),
        Column("日期", 12),
        Column("覆盖率（含送学）", 8),
    )
    rows = (("甲支部", 1, 2, 3, dt.date(2026, 12, 1), Rate("29.9%", 0.299)), ("合计", 0, 0, 0, "", Rate("—", None)))
    table = Table(columns, rows, groups=(Group("", 1), Group("已训的方式", 3), Group("", 2)), total_last=True)
    with zipfile.ZipFile(io.BytesIO(xlsx(dataclasses.replace(PAPER, blocks=(table,), landscape=True)))) as parts:
        sheet, styles = parts.read("xl/worksheets/sheet1.xml").decode(), parts.read("xl/styles.xml").decode()
        book = parts.read("xl/workbook.xml").decode()
    assert re.search(r'<mergeCell ref="B(\d+):D\1"/>', sheet) and 'state="frozen"' in sheet
    assert 'orientation="landscape"' in sheet and 'fitToHeight="0"' in sheet and "Print_Titles" in book
    assert (
        "<v>0.299</v>" in sheet
        and 'formatCode="0.0%"' in styles
        and 'formatCode="yyyy\\-mm\\-dd"' in styles.replace("yyyy-mm-dd", "yyyy\\-mm\\-dd")
    )
    assert "—" in sheet and "<v>46357</v>" in sheet
    assert re.search(r'<row [^>]*ht="(4|5)\d(\.\d+)?" customHeight="1"', sheet)  # the head has room for three lines


def test_a_word_table_is_laid_out_as_by_hand() -> None:
    """Names on one line where they can be, the head on each page, the total never alone, the language of the mainland."""
    columns = (Column("组织", 6), *(Column("不作硬性要求", 6, numeric=True) for _each in range(15)))
    rows = tuple((f"青溪镇柳湾村第{number}党支部", *range(15)) for number in range(40))
    table = Table(columns, (*rows, ("合计", *range(15))), total_last=True)
    with zipfile.ZipFile(
        io.BytesIO(service.word(dataclasses.replace(PAPER, blocks=(table,), landscape=True)))
    ) as parts:
        xml, styles = parts.read("word/document.xml").decode(), parts.read("word/styles.xml").decode()
    widths = [int(each) for each in re.findall(r'<w:gridCol w:w="(\d+)"', xml)]
    assert widths[0] > 2.5 * widths[1] and abs(sum(widths) - 265 * 1440 / 25.4) < 60
    lines = re.findall(r"<w:tr>.*?</w:tr>|<w:tr .*?</w:tr>", xml, re.DOTALL)
    assert "<w:tblHeader/>" in lines[0] and all("<w:cantSplit/>" in line for line in lines[1:])
    assert "<w:keepNext/>" in lines[-2] and "<w:keepNext/>" not in lines[-1] + lines[-3]
    assert 'w:eastAsia="zh-CN"' in styles and "<w:kinsoku/>" in styles


def test_long_words_of_a_sheet_are_broken_within_its_tables_width() -> None:
    """Else a program makes the whole print as small as one line of them needs."""
    long = "这一季度的情况写成一段，" * 12
    data = xlsx(dataclasses.replace(PAPER, facts=(), blocks=(Paragraph(long), *PAPER.blocks)))
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert '<mergeCell ref="A3:C3"/>' in sheet  # below the title and an empty line
    height = re.search(r'<row r="3"[^>]* ht="([\d.]+)"', sheet)
    assert height and float(height[1]) > 5 * 14


def test_the_number_of_a_row_and_a_day_stand_apart_from_the_words_beside_them() -> None:
    table = Table((Column("序号", 6), Column("姓名", 12), Column("入党日期", 12), Column("学时", 8, numeric=True)),
                  ((1, "王甲", dt.date(2013, 3, 15), 4), (2, "李乙", dt.date(2014, 3, 15), 8)))  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(xlsx(dataclasses.replace(PAPER, facts=(), blocks=(table,))))) as parts:
        sheet, styles = parts.read("xl/worksheets/sheet1.xml").decode(), parts.read("xl/styles.xml").decode()
    looks = re.findall(r"<xf [^>]*?(?:/>|>.*?</xf>)", styles.split("<cellXfs", 1)[1])
    cells = dict(re.findall(r'<c r="([A-D])5" s="(\d+)"', sheet))
    centred = {column: 'horizontal="center"' in looks[int(number)] for column, number in cells.items()}
    assert centred == {"A": True, "B": False, "C": True, "D": False}
