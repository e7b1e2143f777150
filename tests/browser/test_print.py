"""What a browser prints: no first page with a title alone, and every name."""

import io
from collections.abc import Callable

import pypdf
import pytest
from playwright.sync_api import Page

from learnhub.web.db import db
from tests import cast
from tests.browser.conftest import WIDTHS, Site
from tests.security import world

Windows = Callable[..., Page]
pytestmark = [pytest.mark.long, pytest.mark.one_database]


@pytest.fixture
def width() -> tuple[int, int]:
    """Paper has one width, whatever the window's."""
    return WIDTHS["desktop"]


def printed(page: Page) -> list[str]:
    """The words of each page on paper."""
    reader = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    return ["".join(each.extract_text().split()) for each in reader.pages]


def test_an_official_document_begins_on_the_first_page(open_as: Windows) -> None:
    page = open_as("reader")
    page.goto("/reports/quarters/2026-Q4?organization=1")
    first = printed(page)[0]
    assert "总的情况" in first and first.count("季度党员教育培训情况") == 1


def test_a_list_of_names_begins_on_the_first_page(open_as: Windows, site: Site) -> None:
    with site.app.app_context():
        things = world.build(db.session(), cast.WILLOW, cast.COUNTY, member_id=4, account_id=2)
        db.session.commit()
        db.session.remove()
    page = open_as("reader")
    page.goto(f"/reports/training/{things.task_id}/names?organization=1&class=heads&all=1")
    page.evaluate("""() => {
      const list = document.querySelector(".people"), people = [...list.children];
      for (let times = 0; times < 8; times++) list.append(...people.map(each => each.cloneNode(true)));
    }""")
    pages = printed(page)
    assert len(pages) > 2 and "赵甲" in pages[0] and "孙丙" in pages[0]
