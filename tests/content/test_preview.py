"""The author's preview: every kind with its key, errors with file and line, anew at every change."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from learnhub.content import child
from learnhub.content.preview.server import application, serve
from learnhub.content.preview.state import parted
from tests.content.test_films import write_variant

Get = Callable[[str], str]


@pytest.fixture
def client(site: Path) -> FlaskClient:
    return application(site / "courses" / "reading").test_client()


def test_each_kind_of_question_is_drawn_with_its_key(client: FlaskClient) -> None:
    page = client.get("/courses/reading/quiz").text
    assert page.count("<section") == 6
    assert "<strong>✓ 三部分</strong>" in page and "○ 两部分" in page
    assert "<strong>1921　或　一九二一</strong>" in page
    assert page.index("看标题") < page.index("看正文") < page.index("看<strong>落款</strong>")
    assert '<th scope="row">标题</th><td>什么事</td>' in page
    assert "依据：公文处理工作条例。" in page and "quiz.md:" in page


def test_pages_stand_where_links_lead(client: FlaskClient) -> None:
    for address in ("/", "/courses/reading", "/courses/reading/parts", "/static/css/base.css", "/static/js/preview.js"):
        answer = client.get(address, buffered=True)
        assert answer.status_code == 200 and "script-src 'self'" in answer.headers["Content-Security-Policy"], address
    picture = client.get("/courses/reading/parts").text.partition('src="/media/')[2].partition('"')[0]
    assert client.get(f"/media/{picture}", buffered=True).mimetype == "image/svg+xml"
    assert client.get(f"/media/{'0' * 32}/x.svg").status_code == 404
    assert client.get("/months/2026-11/lesson").status_code == 404, "another folder's"


def test_a_change_is_shown_and_an_error_takes_the_place_of_the_page(client: FlaskClient, site: Path) -> None:
    before = client.get("/version").json
    course = site / "courses" / "reading" / "course.md"
    text = course.read_text(encoding="utf-8")
    course.write_text(text.replace("读一份通知", "读两份通知"), encoding="utf-8")
    assert client.get("/version").json != before and "读两份通知" in client.get("/courses/reading").text
    course.write_text(text.replace("audience", "audiance"), encoding="utf-8")
    broken = client.get("/courses/reading")
    assert broken.status_code == 500
    assert "courses/reading/course.md:5:1" in broken.text and "是不是想写 “audience”" in broken.text


def test_a_reading_that_the_machine_broke_off_is_tried_again_by_itself(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No file is blamed, and no change of the author is waited for."""
    monkeypatch.setattr(child, "BACKSTOP_SECONDS", 0.001)
    page = client.get("/courses/reading").text
    assert "机器太忙" in page and "会自己再试" in page and ".md:" not in page and 'data-version=""' in page
    monkeypatch.undo()
    assert client.get("/version").json != {"version": ""} and "读一份通知" in client.get("/courses/reading").text


def test_a_month_and_the_whole_folder_can_be_shown(site: Path) -> None:
    month = application(site / "themedays" / "2026-11").test_client()
    assert '<track kind="captions"' in month.get("/months/2026-11").text
    assert month.get("/months/2026-11/quiz").status_code == 200
    everything = application(site).test_client()
    assert "关于" in everything.get("/pages/about").text


def test_only_content_folders_are_shown(site: Path, tmp_path: Path) -> None:
    assert parted(site / "courses" / "reading") == (site, "courses/reading")
    assert parted(site / "pages") == (site, "pages") and parted(site) == (site, "")
    with pytest.raises(ValueError):
        serve(tmp_path, 0)


def test_it_listens_on_this_computer_only(site: Path) -> None:
    server = serve(site, 0)
    assert server.host == "127.0.0.1" and server.port > 0
    server.server_close()


def test_a_large_film_that_arrives_mends_the_page(site: Path, tmp_path: Path) -> None:
    """Films outside git, small ones and parts of a file: as on the site."""
    films = tmp_path / "films"
    file = write_variant(site, films)
    content = file.read_bytes()
    file.unlink()
    client = application(site / "themedays" / "2026-11", films).test_client()
    assert client.get("/months/2026-11").status_code == 500
    file.write_bytes(content)
    page = client.get("/months/2026-11").text
    address = re.findall(r'<p><a href="(/media/[^"]+)">', page)[0]
    part = client.get(address, headers={"Range": "bytes=2-5"}, buffered=True)
    assert (part.status_code, part.data, part.mimetype) == (206, content[2:6], "video/mp4")
