"""What every answer carries, whatever its status: headers, no inside told, CSRF on every change, words in two languages."""

import gzip
from collections.abc import Callable

import pytest
from flask import Flask

from learnhub.web.db import SAFE
from tests.pages import PageClient

Clients = Callable[..., PageClient]
WANTED = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cache-Control",
}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/sign-in", 200),
        ("GET", "/account", 303),
        ("POST", "/sign-in", 400),
        ("GET", "/nothing-here", 404),
        ("PUT", "/sign-in", 405),
        ("OPTIONS", "/sign-in", 200),
        ("GET", "/static/css/base.css", 200),
        ("GET", "/static/../config.py", 404),
    ],
)
def test_every_answer_carries_the_headers(client_as: Clients, method: str, path: str, status: int) -> None:
    answer = client_as(None).open(path, method=method)
    assert answer.status_code == status
    assert set(answer.headers.keys()) >= WANTED
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_every_change_asks_for_a_token(app: Flask, client_as: Clients) -> None:
    """Each route that is not a GET refuses a form without a token, signed in or not (docs/promises.md, S10)."""
    browser = client_as("organizer")
    checked = 0
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - SAFE:
            with app.test_request_context():
                named = {
                    name: "course" if name == "kind" else 1 for name in rule.arguments
                }  # a kind is one of a few words
                path = rule.build(named)
            assert path is not None
            assert browser.open(path[1], method=method).status_code == 400, rule.rule
            checked += 1
    assert checked > 5


def test_a_failure_tells_nothing_of_the_inside(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(**_arguments: object) -> None:
        raise RuntimeError("SELECT secret FROM /srv/inside")

    own_app.view_functions["accounts.sign_in"] = explode  # type: ignore[assignment]
    answer = PageClient(own_app, own_app.response_class).get("/sign-in")
    assert answer.status_code == 500
    for secret in ("secret", "SELECT", "/srv", "Traceback", "RuntimeError"):
        assert secret not in answer.text


@pytest.mark.parametrize(
    "bad",
    ["\0", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "e" + "\u0301" * 10000, "9" * 5000],
)
def test_odd_text_harms_nothing(client_as: Clients, bad: str) -> None:
    """Each gets a plain refusal, and the next good request works (docs/promises.md, R4)."""
    browser = client_as(None)
    answer = browser.send("/sign-in", {"login_name": bad, "password": bad})
    assert 400 <= answer.status_code < 500
    assert browser.get("/sign-in").status_code == 200


def test_static_files_are_compressed_and_kept(client_as: Clients) -> None:
    browser = client_as(None)
    page = browser.page("/sign-in")
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    plain = browser.get(address)
    packed = browser.get(address, headers={"Accept-Encoding": "gzip"})
    assert "immutable" in plain.headers["Cache-Control"]
    assert gzip.decompress(packed.data) == plain.data
    assert browser.get(address, headers={"If-None-Match": plain.headers["ETag"]}).status_code == 304


def test_the_reader_chooses_the_language(client_as: Clients) -> None:
    browser = client_as(None)
    assert '<html lang="zh-CN"' in browser.page("/sign-in")
    answer = browser.send("/language", {"language": "en", "next": "/sign-in"})
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    page = browser.page("/sign-in")
    assert '<html lang="en"' in page and "<h1>Sign in</h1>" in page


def test_the_reader_chooses_larger_text_without_signing_in(client_as: Clients) -> None:
    browser = client_as(None)
    browser.send("/mode", {"mode": "elder", "next": "/sign-in"})
    assert 'data-mode="elder"' in browser.page("/sign-in")
    browser.send("/mode", {"size": "xl", "next": "/sign-in"})
    assert 'data-size="xl"' in browser.page("/sign-in")


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_choosing_never_leads_elsewhere(client_as: Clients, target: str) -> None:
    assert client_as(None).send("/mode", {"mode": "elder", "next": target}).location == "/"
