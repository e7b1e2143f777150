"""Word documents as authors save them: what is more than text is refused, what is no document is named."""

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from learnhub.content.exchange import files
from learnhub.content.exchange.drafts import Notes
from tests.content.test_word import key


def numbered(document: Any, *levels: tuple[str, str]) -> str:
    """Adds a list to the document whose levels count in these formats; its id."""
    part = document.part.numbering_part.element
    abstract, number = OxmlElement("w:abstractNum"), OxmlElement("w:num")
    name = str(900 + len(part))
    abstract.set(qn("w:abstractNumId"), name)
    for depth, (form, text) in enumerate(levels):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(depth))
        for tag, value in (("w:start", "1"), ("w:numFmt", form), ("w:lvlText", text)):
            child = OxmlElement(tag)
            child.set(qn("w:val"), value)
            level.append(child)
        abstract.append(level)
    reference = OxmlElement("w:abstractNumId")
    reference.set(qn("w:val"), name)
    number.append(reference)
    number.set(qn("w:numId"), name)
    part.insert(0, abstract)
    part.append(number)
    return name


def item(document: Any, text: str, name: str, level: int = 0) -> Any:
    paragraph = document.add_paragraph(text)
    properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
    properties.get_or_add_ilvl().val, properties.get_or_add_numId().val = level, int(name)
    return paragraph


def saved(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.fixture
def paper() -> Any:
    """A document with what authors' documents have: numbers that Word counts, underlined gaps, tabs, soft breaks, tables."""
    document = docx.Document()
    document.add_paragraph("示例题库")
    item(document, "单选题", heads := numbered(document, ("chineseCounting", "%1、")))
    ours = numbered(document, ("decimal", "%1."), ("upperLetter", "%2."))
    item(document, "甲村在哪个镇？（  ）", ours)
    for text in ("东镇", "西镇", "南镇"):
        item(document, text, ours, 1)
    item(document, "甲村有多大？", ours).add_run("\n面积两平方公里（m")
    document.paragraphs[-1].add_run("2").font.superscript = True
    document.paragraphs[-1].add_run("）。")
    document.add_paragraph("Ａ．大\tＢ．小")
    item(document, "填空题", heads)
    gap = document.add_paragraph("3. 甲村属于")
    gap.add_run("      ").underline = True
    gap.add_run("镇。")
    item(document, "判断题", heads)
    document.add_paragraph("4. 甲村有山。")
    document.add_paragraph("参考答案")
    table = document.add_table(2, 5)
    for row, cells in enumerate([("题号", "1", "2", "3", "4"), ("答案", "B", "A", "西", "√")]):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    return document


def test_a_real_document_is_read(paper: Any, tmp_path: Path) -> None:
    file = tmp_path / "题.docx"
    file.write_bytes(saved(paper))
    taken = files.take_in(file, "word")
    assert taken.problems == () and taken.markdown.startswith("# 示例题库\n")
    assert [key(draft) for draft in taken.drafts] == ["B", "A", (("西",),), "A"]
    assert taken.drafts[1].material == "面积两平方公里（m²）。" and taken.drafts[2].stem == "甲村属于___镇。"


def test_what_is_more_than_text_in_a_document_is_refused(paper: Any) -> None:
    paper.paragraphs[2].add_run("不").font.strike = True
    notes = Notes("x.docx")
    drafts = files.understand(saved(paper), "word", notes)[1]
    assert len(drafts) == 3 and [each.line for each in notes.all()] == [3]


def test_tracked_changes_are_taken_as_accepted_and_told(paper: Any) -> None:
    inserted, deleted = OxmlElement("w:ins"), OxmlElement("w:del")
    run = paper.paragraphs[2].runs[0]._r
    run.addprevious(deleted)
    kept = paper.paragraphs[2].add_run("（新）")._r
    kept.addprevious(inserted)
    inserted.append(kept)
    gone = OxmlElement("w:r")
    gone.append(OxmlElement("w:delText"))
    deleted.append(gone)
    gone[0].text = "旧"
    notes = Notes("x.docx")
    drafts = files.understand(saved(paper), "word", notes)[1]
    assert drafts[0].stem == "甲村在哪个镇？（ ）（新）" and [each.severity.value for each in notes.all()] == [
        "warning"
    ]


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"a" * 50_000_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"PK\x03\x04nothing", "打不开"),
        (bomb(), "不合常理"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为 .docx"),
        (b"{\\rtf1 x}", "另存为 .docx"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_files_that_are_no_document_are_named(data: bytes, reason: str) -> None:
    notes = Notes("x.docx")
    assert files.understand(data, "word", notes) == ("", ())
    assert reason in notes.all()[0].reason
