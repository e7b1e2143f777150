"""A server without Chinese fonts says so on the page that was to be a PDF; everything else works."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from learnhub.papers import service
from tests import cast
from tests.pages import PageClient
from tests.security import world

Clients = Callable[..., PageClient]


@pytest.fixture
def _no_fonts(tmp_path: Path) -> Iterator[None]:
    service.use_fonts(tmp_path)
    yield
    service.use_fonts(Path("/usr/share/fonts"))


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
