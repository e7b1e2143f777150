"""No character of a PDF is the empty box that a font shows for what it lacks."""

import io

import pypdf
import pytest
from pypdf.generic import ContentStream

from learnhub.papers import service
from learnhub.papers.rules import Paper, Paragraph, Style
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


def test_a_character_that_no_font_has_would_be_noticed() -> None:
    assert MISSING in glyphs(printed(NOWHERE))
