"""No character of a PDF is the empty box that a font shows for what it lacks."""

import io

import pypdf
import pytest
from pypdf.generic import ContentStream

from learnhub.papers import service
from learnhub.papers.rules import Paper, Paragraph, Style
from learnhub.typesetter import client as typesetter
from tests.papers.test_papers import PAPER

# The rarest that names bring: CJK Extensions A, B and E, and the dot of names from other languages.
RARE = "䶮㛃𠮷𬭊·"
MISSING = b"\0\0"  # glyph 0, .notdef
NOWHERE = "\U000e1234"  # not assigned: no font has it


def printed(words: str, style: Style = Style.REPORT) -> bytes:
    return service.pdf(Paper(PAPER.title, PAPER.made_at, (Paragraph(words),), style=style))


def glyphs(data: bytes) -> list[bytes]:
    """The two-byte number of each glyph that the pages show."""
    reader = pypdf.PdfReader(io.BytesIO(data))
    found = []
    for page in reader.pages:
        for operands, operator in ContentStream(page.get_contents(), reader).operations:
            if operator not in (b"Tj", b"TJ"):
                continue
            for part in operands[0] if operator == b"TJ" else operands:
                if isinstance(part, bytes | str):
                    raw = part if isinstance(part, bytes) else getattr(part, "original_bytes")  # noqa: B009
                    found += [raw[place : place + 2] for place in range(0, len(raw), 2)]
    return found


@pytest.mark.parametrize("style", list(Style), ids=lambda style: style.value)
def test_rare_characters_have_glyphs_of_their_own(style: Style) -> None:
    data = printed(RARE, style)
    found = glyphs(data)
    assert len(found) > len(RARE) and MISSING not in found
    said = pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text()
    assert all(character in said for character in RARE)


@pytest.mark.parametrize("style", list(Style), ids=lambda style: style.value)
def test_characters_that_no_font_has_are_named_by_number_instead_of_shown_as_boxes(style: Style) -> None:
    """Rare ones that people are called by, one of somebody's own making, and one that is not assigned."""
    data = printed(f"王𠔻，李𪚥，张\ue815，{NOWHERE}", style)
    said = pypdf.PdfReader(io.BytesIO(data)).pages[0].extract_text()
    assert MISSING not in glyphs(data)
    assert "王〓，李〓，张〓，〓" in said and "这些字打印不出" in said
    assert all(code in said for code in ("U+2053B", "U+2A6A5", "U+E815", "U+E1234"))


def test_only_what_is_missing_is_named() -> None:
    assert typesetter.find_unprintable(f"王{RARE}〇①—𠔻 é e\u0301\u200d\n{NOWHERE}𠔻") == f"𠔻{NOWHERE}"
    assert "打印不出" not in pypdf.PdfReader(io.BytesIO(printed(RARE))).pages[0].extract_text()
