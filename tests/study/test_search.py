"""Finding: the search page and the list of courses by topic and by whom they are for."""

import html
import re

import pytest

from tests.databases import count_statements

pytestmark = pytest.mark.one_database  # no table is asked


@pytest.fixture
def member(client_as):
    return client_as("member")


def test_what_is_found_is_listed_by_kind_with_the_words_marked(member):
    page = member.page("/search?q=诈骗")
    assert page.index('<h2 id="h-course"') < page.index('<h2 id="h-lesson"')
    assert "认清电信网络<mark>诈骗</mark>与非法集资" in page
    assert 'href="/courses/fraud-and-fundraising"' in page


def test_all_of_a_kind_are_reached_page_by_page(member, app):
    found = [each for each in app.extensions["shelf"].current().index.find("的") if each.part == "lesson"]
    seen, page = [], "/search?q=的&part=lesson"
    while page:
        text = member.page(page)
        seen += re.findall(r'<li>\s*<a class="act" href="([^"]+)"', text)
        following = re.search(r'href="([^"]+)">下一页', text)
        page = html.unescape(following[1]) if following else ""
    assert seen == [each.url for each in found] and len(seen) > 20
    assert f"全部 {len(found)} 条" in member.page("/search?q=的")


@pytest.mark.parametrize("asked", ["<script>alert(1)</script>", "查无\x00此词", "没有这样的字句", "％" * 300, "é" * 90])
def test_what_is_not_found_says_so(member, asked):
    page = member.get("/search", query_string={"q": asked})
    assert page.status_code == 200 and "没有找到" in page.text and "<script>alert" not in page.text


def test_odd_pages_and_kinds_are_harmless(member):
    for query in ("", "?q=", "?q=党员&part=none", "?q=党员&part=lesson&page=9999", "?q=党员&part=lesson&page=-1"):
        assert member.get(f"/search{query}").status_code == 200


def test_searching_asks_no_table_more_than_any_page(member):
    member.page("/search?q=党员")
    with count_statements() as statements:
        member.page("/search?q=党员")
    with count_statements() as least:
        member.page("/courses")
    assert len(statements) == len(least)


def test_courses_are_narrowed_by_topic_and_by_whom_they_are_for(member):
    page = member.page("/courses?topic=知识技能教育")
    assert "突发情况先期处置" in page and "乡村振兴与村集体经济" not in page
    assert "认清电信网络诈骗与非法集资" not in member.page("/courses?topic=知识技能教育&group=村和社区干部")
    assert "没有这样的课程" in member.page("/courses?topic=政治理论教育&group=农村党员")
    assert "乡村振兴与村集体经济" in member.page("/courses?topic=没有的主题")
