"""What a page weighs on a weak network, and how many statements it costs: measured as a browser asks for it."""

import gzip
import re

import pytest

from learnhub.web import compress
from tests.databases import count_statements

LESSON = "/months/2026-11/lesson"
COURSE_LESSON = "/courses/first-response/cpr"
pytestmark = pytest.mark.one_database
ASKS = {"Accept-Encoding": "gzip, deflate, br"}


@pytest.fixture
def member(client_as):
    return client_as("member")


def fetch(client, url):
    """What comes over the line for `url`, and the text of it."""
    client.checks = False  # it reads no compressed pages
    answer = client.get(url, headers=ASKS)
    assert answer.status_code == 200, url
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return len(answer.data), gzip.decompress(answer.data) if packed else answer.data


def visit(client, url, seen):
    """How many bytes opening `url` brings, the page and those parts that the browser has not seen yet."""
    weight, page = fetch(client, url)
    parts = set(
        re.findall(
            r'<(?:link rel="(?:stylesheet|icon)" href|script type="module" src|use href|img src)="([^"#]+)',
            page.decode(),
        )
    )
    for part in {each.replace("&amp;", "&") for each in parts} - seen:
        weight += fetch(client, part)[0]
        seen.add(part)
    return weight


def test_the_first_page_and_a_lesson_after_it_are_light(member, app):
    contents = app.extensions["shelf"].current()
    seen = set()
    assert visit(member, "/", seen) <= 60_000
    assert visit(member, LESSON, set(seen)) <= 15_000
    for course in contents.courses:
        for lesson in course.lessons:
            assert visit(member, f"/courses/{course.slug}/{lesson.id}", set(seen)) <= 15_000, lesson.id


def test_the_sign_in_of_a_stranger_is_light(client_as):
    assert visit(client_as(None), "/sign-in", set()) <= 60_000


@pytest.mark.parametrize(
    "url", [LESSON, COURSE_LESSON, "/months/2026-11", "/courses/first-response", "/courses", "/months"]
)
def test_a_page_to_read_costs_two_statements(member, url):
    member.page(url)
    with count_statements() as seen:
        member.page(url)
    assert len(seen) <= 2, seen


def test_only_who_asks_gets_it_compressed(member):
    plain = member.get(LESSON)
    packed = member.get(LESSON, headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in packed.headers
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_one_page_is_not_always_as_long():
    body = b"the same page " * 500
    lengths = {len(compress.gzipped(body, padding)) for padding in range(1, 49)}
    assert len(lengths) == 48
    assert {gzip.decompress(compress.gzipped(body, padding)) for padding in (1, 20, 48)} == {body}


def test_films_and_pictures_are_left_as_they_are(member, app):
    film = app.extensions["shelf"].current().unit("2026-11").film
    for url in (film.file, film.poster):
        answer = member.get(url, headers=ASKS)
        assert "Content-Encoding" not in answer.headers
