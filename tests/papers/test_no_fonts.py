"""A server without Chinese fonts says so on the page that was to be a PDF; everything else works."""

import dataclasses
import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pytest
from sqlalchemy.orm import Session

from learnhub.papers import service
from learnhub.papers.rules import Paragraph, Style
from learnhub.typesetter import client as typesetter
from tests import cast
from tests.pages import PageClient
from tests.papers.test_papers import PAPER
from tests.security import world

Clients = Callable[..., PageClient]


@pytest.fixture
def _only_spare_fonts(tmp_path: Path) -> Iterator[None]:
    typesetter.use_fonts(tmp_path)
    yield
    typesetter.use_fonts(Path("/usr/share/fonts"))


@pytest.fixture
def _no_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Neither the machine's fonts nor the package that brings some."""
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
        typesetter.use_fonts(tmp_path)
        yield
    typesetter.use_fonts(Path("/usr/share/fonts"))


@pytest.mark.usefixtures("_only_spare_fonts")
@pytest.mark.parametrize("style", list(Style), ids=lambda style: style.value)
def test_without_the_machines_fonts_papers_are_set_with_those_installed_with_the_site(style: Style) -> None:
    """With the forms of the mainland, and every character of 通用规范汉字表 that the trial of rare ones has."""
    paper = dataclasses.replace(PAPER, blocks=(*PAPER.blocks, Paragraph("直骨角起，䶮㛃𬭊")), style=style)
    pages = pypdf.PdfReader(io.BytesIO(service.pdf(paper))).pages
    fonts = {str(font["/BaseFont"]) for page in pages for font in page["/Resources"]["/Font"].get_object().values()}  # type: ignore[index]
    assert fonts and all("SC-Regular" in font for font in fonts)
    assert "䶮㛃𬭊" in pages[-1].extract_text() and "〓" not in pages[-1].extract_text()


@pytest.mark.usefixtures("_only_spare_fonts")
def test_a_character_of_the_machines_fonts_alone_is_named_where_they_are_not() -> None:
    assert typesetter.find_unprintable("王𠮷") == "𠮷"


@pytest.mark.one_database
@pytest.mark.usefixtures("_no_fonts")
def test_the_page_says_what_is_missing_and_whom_to_tell(client_as: Clients, session: Session) -> None:
    """501: it does not pass by itself, so nobody is told to try again later. Word needs no font of the server."""
    world.build(session, cast.WILLOW, cast.COUNTY, member_id=4, account_id=2)
    session.commit()
    reader = client_as("reader")
    for address in ("/reports/work-list.pdf", "/reports/quarters/2026-Q4/file.pdf"):
        answer = reader.open(address)
        assert answer.status_code == 501 and "Retry-After" not in answer.headers
        assert "没有中文字体" in answer.text and "fonts-noto-cjk" in answer.text and "过一会儿" not in answer.text
    own = client_as("member").send("/my-data", {"sure": "y", "form": "pdf"})
    assert own.status_code == 422 and "没有中文字体" in own.text  # on the form, where JSON can be chosen
    assert reader.open("/reports/quarters/2026-Q4/file.docx").status_code == 200
