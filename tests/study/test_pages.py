"""Reading: the month's unit, courses, pages, files in ranges, and the own mark through the browser."""

import html
import re

import pytest

from learnhub.content.shelf import Shelf
from tests.databases import count_statements

MONTH = "/months/2026-11"
COURSE = "/courses/first-response"


@pytest.fixture
def member(client_as):
    return client_as("member")


@pytest.fixture
def contents(app):
    shelf: Shelf = app.extensions["shelf"]
    return shelf.current()


def test_the_month_is_one_page_with_lesson_film_and_practice(member, contents):
    page = html.unescape(member.page(MONTH))
    unit = contents.unit("2026-11")
    for part in (unit.lesson, unit.film, unit.practice):
        assert part.title in page
    for id in ("lesson", "film", "practice"):
        assert f'id="{id}"' in page
    assert re.search(r'<video controls [^>]*poster="/media/', page)
    assert re.search(r'<track kind="captions" [^>]*src="/media/[^"]+\.vtt" default>', page)
    assert f'href="{MONTH}/quiz"' in page


def test_every_unit_course_and_lesson_is_a_sound_page(member, contents):
    member.page("/months")
    member.page("/courses")
    for unit in contents.units:
        member.page(f"/months/{unit.month}")
        member.page(f"/months/{unit.month}/lesson")
        member.page(f"/months/{unit.month}/quiz")
    for course in contents.courses:
        member.page(f"/courses/{course.slug}")
        member.page(f"/courses/{course.slug}/quiz")
        for lesson in course.lessons:
            member.page(f"/courses/{course.slug}/{lesson.id}")


def test_every_link_inside_the_site_leads_somewhere(member, contents):
    """All addresses that content and its pages name are answered."""
    pages = [f"/months/{unit.month}" for unit in contents.units] + [
        f"/courses/{each.slug}" for each in contents.courses
    ]
    pages += [f"/pages/{each.slug}" for each in contents.pages]
    pages += [f"/courses/{each.slug}/{lesson.id}" for each in contents.courses for lesson in each.lessons]
    links = {link for page in pages for link in re.findall(r'(?:href|src|poster)="(/[^"#?]*)', member.page(page))}
    reading = [link for link in links if link.startswith(("/months", "/courses", "/pages", "/media"))]
    assert len(reading) > 50
    for link in reading:
        assert member.get(link).status_code == 200, link


def test_lessons_lead_to_the_one_before_and_after(member, contents):
    first, second, third = contents.course("first-response").lessons[:3]
    page = member.page(f"{COURSE}/{second.id}")
    assert f'href="{COURSE}/{first.id}"' in page
    assert f'href="{COURSE}/{third.id}"' in page
    assert f'href="{COURSE}/quiz"' in member.page(f"{COURSE}/{contents.course('first-response').lessons[-1].id}")


@pytest.mark.parametrize(
    "url",
    [
        "/months/1999-13",
        "/months/x/lesson",
        "/courses/none",
        f"{COURSE}/none",
        "/courses/none/none",
        "/pages/none",
        "/media/none/film.mp4",
        f"/media/{'0' * 32}/film.mp4",
        f"/media/..%2F..%2F{'0' * 10}/film.mp4",
    ],
)
def test_what_the_catalogue_does_not_have_is_not_found(member, url):
    assert member.get(url).status_code == 404


def test_pages_and_files_are_public_and_the_rest_is_not(client_as, contents):
    nobody = client_as(None)
    for page in contents.pages:
        nobody.page(f"/pages/{page.slug}")
    film = contents.unit("2026-11").film
    assert nobody.get(film.poster).status_code == 200
    for url in ("/months", MONTH, f"{MONTH}/lesson", "/courses", COURSE, f"{COURSE}/cpr"):
        assert "/sign-in" in nobody.get(url).location
    assert "/sign-in" not in (nobody.send("/marks", {"unit": "month:2026-11:film", "set": "1"}).location or "")


def test_a_film_is_sent_in_ranges_and_kept_for_ever(client_as, contents):
    nobody, film = client_as(None), contents.unit("2026-11").film
    whole = nobody.get(film.file)
    assert (whole.status_code, whole.mimetype) == (200, "video/mp4")
    assert "immutable" in whole.headers["Cache-Control"]
    assert "public" in whole.headers["Cache-Control"]
    assert "max-age=31536000" in whole.headers["Cache-Control"]
    part = nobody.get(film.file, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, whole.data[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole.data)}"
    assert nobody.get(film.file, headers={"Range": f"bytes={len(whole.data)}-"}).status_code == 416
    assert nobody.get(film.file, headers={"If-None-Match": whole.headers["ETag"]}).status_code == 304
    captions = nobody.get(film.captions)
    assert captions.content_type == "text/vtt; charset=utf-8"
    assert captions.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in captions.headers["Content-Security-Policy"]


def test_a_file_is_never_served_as_another_type(client_as, contents):
    digest = contents.unit("2026-11").film.poster.split("/")[2]
    assert client_as(None).get(f"/media/{digest}/poster.html").status_code == 404


def test_marking_and_taking_back(member):
    name = "month:2026-11:film"
    made = member.send("/marks", {"unit": name, "set": "1"})
    assert (made.status_code, made.location) == (303, f"{MONTH}#film")
    assert "我已学，11 月 22 日" in member.page(MONTH)
    member.send("/marks", {"unit": name, "set": "0"})
    assert "我已学" not in member.page(MONTH)


def test_a_mark_is_the_members_alone(member, client_as):
    member.send("/marks", {"unit": "course:first-response:cpr", "set": "1"})
    assert "我已学，11 月 22 日" in member.page(COURSE)
    assert "我已学，11 月 22 日" not in client_as("recorder").page(COURSE)


@pytest.mark.parametrize(
    "fields",
    [
        {"unit": "month:2026-11:practice", "set": "1"},
        {"unit": "month:2026-11:film", "set": "2"},
        {"unit": "https://elsewhere.example/", "set": "1"},
        {"unit": "", "set": "1"},
        {"set": "1"},
        {},
    ],
)
def test_a_made_up_mark_is_refused(member, fields):
    assert member.send("/marks", fields).status_code == 404


def test_a_mark_needs_a_token(member):
    assert member.post("/marks", data={"unit": "month:2026-11:film", "set": "1"}).status_code == 400


@pytest.mark.parametrize("url", ["/months", MONTH, f"{MONTH}/lesson", "/courses", COURSE, f"{COURSE}/cpr"])
def test_reading_asks_the_database_at_most_twice(member, url):
    with count_statements() as seen:
        member.page(url)
    assert len(seen) <= 2, seen


@pytest.mark.parametrize("month", ["1999-01", "2044-02"])
def test_a_month_without_a_unit_says_what_will_stand_there(member, month):
    """The menu leads to the present month, whether or not its unit is written."""
    page = member.page(f"/months/{month}")
    assert "这个月没有学习内容" in page and 'href="/months"' in page
