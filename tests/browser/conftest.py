"""A real browser against a real server on a database of its own."""

import dataclasses
import re
import threading
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect, sync_playwright
from werkzeug.serving import make_server

from tests import cast
from tests.conftest import CHROMIUM, EVERYTHING

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Milliseconds until something that should appear has not: long, since two workers may share two busy processors.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
WIDTHS = {"desktop": (1280, 900), "phone": (360, 740)}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, one for each worker."""
    if CHROMIUM is None:
        if EVERYTHING:
            pytest.fail("LEARNHUB_TEST_ALL=1, but Debian's chromium or libatomic1 is missing")
        pytest.skip("Debian's chromium or libatomic1 is missing")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclasses.dataclass(frozen=True)
class Site:
    """A running server and its application."""

    address: str
    app: Flask


@pytest.fixture
def site(own_app: Flask) -> Iterator[Site]:
    """The application of this test behind a real server on a free port."""
    server = make_server("127.0.0.1", 0, own_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", own_app)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def width(width_name: str) -> tuple[int, int]:
    """The window: a desk's or a cheap phone's."""
    return WIDTHS[width_name]


@pytest.fixture
def open_as(chromium: Browser, site: Site, width: tuple[int, int]) -> Iterator[Callable[[str | None], Page]]:
    """`open_as("recorder")`: a window in which that person is signed in.

    Errors of scripts, refusals of the content security policy and requests to any other host fail the test.
    """
    faults: list[str] = []
    contexts = []

    def hear(message: ConsoleMessage) -> None:
        # Chromium reports every answer over 399 as an error of its own; those are checked where they are expected.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            faults.append(message.text)

    def watch(request: Request) -> None:
        if not re.match(rf"{re.escape(site.address)}/|data:|blob:", request.url):
            faults.append(f"request to {request.url}")

    def open_window(person: str | None = None) -> Page:
        context = chromium.new_context(
            viewport={"width": width[0], "height": width[1]},
            has_touch=width[0] < 500,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            base_url=site.address,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", hear)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", watch)
        if person is not None:
            _sign_in(page, site, person)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not faults, faults


def cookie_of(site: Site, person: str) -> str:
    """The value of the cookie with which that person of the cast is signed in."""
    serializer = site.app.session_interface.get_signing_serializer(site.app)  # type: ignore[attr-defined]
    return str(serializer.dumps({"_user_id": cast.token(person), "_fresh": True}))


def _sign_in(page: Page, site: Site, person: str) -> None:
    cookie = {"name": "learnhub", "value": cookie_of(site, person), "url": site.address, "httpOnly": True}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
