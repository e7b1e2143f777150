"""A lesson's page is kept in memory for many readers; what is each one's own never reaches another."""

import re

import pytest

from learnhub.web import kept

LESSON = "/months/2026-11/lesson"
pytestmark = pytest.mark.one_database


@pytest.fixture(autouse=True)
def pages(app):
    with app.app_context():
        found = kept.pages()
    found.clear()
    yield found
    found.clear()


def values(page, name):
    return re.findall(f'name="{name}" value="([^"]+)"', page)


def test_each_reader_has_the_own_name_token_and_keys(client_as, pages):
    """Both are rendered from one kept page: the member rendered it, the second reads it from memory."""
    first, again, other = client_as("member"), client_as("member"), client_as("foreign_member")
    read = [each.page(LESSON) for each in (first, again, other)]
    assert len(pages) == 1
    assert "赵甲" in read[0]
    assert "赵甲" not in read[2]
    tokens = [set(values(page, "csrf_token")) for page in read]
    assert all(len(each) == 1 for each in tokens)
    assert tokens[0] != tokens[2]
    keys = [set(values(page, "key")) for page in read]
    assert not keys[0] & keys[1]
    assert not keys[0] & keys[2]
    for page in read:
        assert not re.search(r"(name|token|key)-[0-9a-f]{24}", page)


def test_a_kept_page_still_changes_what_it_should(client_as):
    first, other = client_as("member"), client_as("foreign_member")
    for client in (first, other):
        page = client.page(LESSON)
        (key,) = values(page, "key")
        (token,) = set(values(page, "csrf_token"))
        sent = {"csrf_token": token, "key": key, "unit": "month:2026-11:lesson", "set": "1"}
        assert client.post("/marks", data=sent, headers={"Origin": "http://localhost"}).status_code == 303
    for client in (first, other):
        assert "已经标记" in client.page(LESSON)
        page = client.page(LESSON)
        assert "已经标记" not in page
        assert "我已学，11 月 22 日" in page


def test_roles_language_and_size_have_pages_of_their_own(client_as):
    member, recorder = client_as("member"), client_as("recorder")
    assert "会议和活动" not in member.page(LESSON)
    assert "会议和活动" in recorder.page(LESSON)
    member.set_cookie("mode", "elder")
    assert 'data-mode="elder"' in member.page(LESSON)
    member.set_cookie("language", "en")
    assert '<html lang="en"' in member.page(LESSON)
    assert '<html lang="zh-CN"' in recorder.page(LESSON)


def test_a_page_asked_for_with_more_than_its_path_is_not_kept(client_as, pages):
    client_as("member").page(f"{LESSON}?x=1")
    assert not pages


def test_no_more_than_so_many_are_kept(client_as, pages, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 2)
    for lesson in ("10", "cpr"):
        client_as("member").get(f"/courses/first-response/{lesson}")
    for person in ("member", "recorder", "organizer"):
        client_as(person).page(LESSON)
    assert len(pages) == 2
