"""A roll on one phone with a network that comes and goes: the server ends with what the recorder saw as saved."""

import contextlib
import itertools
import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from learnhub.attendance import queries as attendance
from learnhub.meetings import queries
from learnhub.web.db import db
from tests.browser.conftest import Site, cookie_of
from tests.meetings.pages import scheduled
from tests.pages import PageClient

SAVED = re.compile(r"已保存 \d+:\d\d")


# Every request that calling a roll makes, in the order in which a phone first makes them.
REQUESTS = {
    "part": r"GET /static/",
    "worker": r"GET /meetings/roll-worker\.js",
    "page": r"GET /meetings/\d+/roll$",
    "saving": r"POST /meetings/\d+/roll$",
    "onward": r"GET /meetings/\d+/record$",
}


class Cable:
    """The network between phone and server.

    `cut` matches the requests that do not get through, and `acts` tells whether the server hears them first and only
    its answer is lost; `broken` counts them.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app, self.broken = app, 0
        self.mend()

    def mend(self) -> None:
        self.cut, self.acts = re.compile("nothing at all"), False

    def breaks(self, cut: str, *, acts: bool = False) -> None:
        self.cut, self.acts, self.broken = re.compile(cut), acts, 0

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        cut = self.cut.match(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        if cut and not self.acts:
            return self._break(environ)
        with contextlib.closing(self.app(environ, start)) as pieces:  # type: ignore[type-var]
            done = b"".join(pieces)
        return self._break(environ) if cut else [done]

    def _break(self, environ: dict[str, Any]) -> Iterable[bytes]:
        self.broken += 1
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return []


@pytest.fixture
def cable(own_app: Flask) -> Cable:
    return Cable(own_app.wsgi_app)


@pytest.fixture
def site(own_app: Flask, cable: Cable) -> Iterator[Site]:
    """The server at the far end of the cable."""
    server = make_server("127.0.0.1", 0, cable, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(f"http://127.0.0.1:{server.server_port}", own_app)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def meeting(own_app: Flask) -> int:
    client = PageClient(own_app, own_app.response_class)
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = "token-of-recorder", True
    return scheduled(client)


@pytest.fixture
def phone(chromium: Any, site: Site) -> Iterator[Page]:
    """A phone whose pages may fail to load: what it says about that is the point, and no fault."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=site.address, locale="zh-CN")
    context.add_cookies(
        [{"name": "learnhub", "value": cookie_of(site, "recorder"), "url": site.address, "httpOnly": True}]
    )
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


def opened(phone: Page, meeting: int) -> None:
    """Open the roll and wait until the phone keeps it."""
    phone.goto(f"/meetings/{meeting}/roll")
    phone.wait_for_selector("#roll[data-ready]")


def away(phone: Page, member: int, code: str) -> None:
    if phone.locator(f"#m{member}").is_checked():
        phone.locator(f"label[for=m{member}]").click()
    phone.locator(f"input[name=why-{member}][value='{code}']").check()


def finish(phone: Page) -> None:
    phone.get_by_role("button", name="完成点名").click()


def standing(site: Site, meeting: int) -> tuple[dict[int, str], int]:
    """Who is not simply present, and how many times a roll was saved."""
    with site.app.app_context():
        session = db.session()
        occasion = queries.meeting(session, meeting).occasion  # type: ignore[union-attr]
        roll = attendance.roll(session, occasion.id)
        db.session.remove()
    return {member: mark.code for member, mark in roll.items() if mark.code != "present"}, occasion.roll_version


PROPOSED = {2: "exempt"}


def sent_again(phone: Page, body: str) -> int:
    """The status of what the page sent before, when it arrives once more."""
    status = phone.evaluate(
        """([path, body]) => fetch(path, { method: "POST", body, headers: { "X-Requested-By": "script",
        "Content-Type": "application/x-www-form-urlencoded" } }).then((answer) => answer.status)""",
        [phone.url.removesuffix("/record").removesuffix("/roll") + "/roll", body],
    )
    return int(status)


def come_through(phone: Page, cable: Cable, request: str, code: str) -> None:
    """Call the roll while that request is cut, and do what a recorder does then: reload, wait, look again."""
    state = phone.locator("#roll-state")
    if request == "page":
        away(phone, 1, code)
        phone.reload()  # it comes from the phone, with what was tapped
        expect(state).to_contain_text("1 处改动")
        expect(phone.locator("#m1")).not_to_be_checked()
        finish(phone)
        phone.wait_for_url("**/record")
    elif request == "saving":
        away(phone, 1, code)
        finish(phone)
        expect(state).to_contain_text("1 条待上传")
        cable.breaks(".")
        phone.reload()
        expect(state).to_contain_text("1 条待上传")
        expect(phone.locator("#m1")).not_to_be_checked()
        cable.mend()
        phone.evaluate("window.dispatchEvent(new Event('online'))")
        expect(state).to_have_text(SAVED)
    elif request == "onward":
        away(phone, 1, code)
        finish(phone)
        expect(phone.locator("#roll")).to_have_count(0)  # saved; the browser says that the next page did not come
    else:
        away(phone, 1, code)
        finish(phone)
        phone.wait_for_url("**/record")


@pytest.mark.long
@pytest.mark.one_database
def test_whatever_request_is_cut_the_server_ends_with_what_the_recorder_saw(
    phone: Page, site: Site, cable: Cable, meeting: int
) -> None:
    """Each request of the roll, cut before the server hears of it and after it has acted; then everything once more."""
    bodies: list[str] = []
    phone.on("request", lambda each: bodies.append(each.post_data or "") if each.method == "POST" else None)
    codes = itertools.cycle(["leave:sick", "leave:official", "absent"])
    cuts = [(request, acts) for request in REQUESTS for acts in (False, True)]
    for version, ((request, acts), code) in enumerate(zip(cuts, codes, strict=False), 1):
        early = request in ("part", "worker")
        if early:  # what a phone asks only once: the first visit itself goes wrong
            cable.breaks(REQUESTS[request], acts=acts)
            phone.goto(f"/meetings/{meeting}/roll")
        else:
            opened(phone, meeting)
            cable.breaks(REQUESTS[request], acts=acts)
        come_through(phone, cable, request, code)
        assert cable.broken or request == "saving", request
        cable.mend()
        assert standing(site, meeting) == ({1: code, **PROPOSED}, version), (request, acts)
    opened(phone, meeting)
    kept = "Object.keys(localStorage).filter((name) => name.startsWith('roll:')).length"
    assert phone.evaluate(kept) == 0
    saved = standing(site, meeting)
    by_script = [each for each in bodies if "client=" in each]
    assert len(by_script) >= len(cuts) - 2
    assert {sent_again(phone, body) for body in reversed([*by_script, by_script[0]])} == {200}
    assert standing(site, meeting) == saved


@pytest.mark.long
@pytest.mark.one_database
def test_another_recorders_roll_is_united_on_return(phone: Page, site: Site, cable: Cable, meeting: int) -> None:
    opened(phone, meeting)
    cable.breaks(".")
    away(phone, 1, "leave:sick")
    finish(phone)
    expect(phone.locator("#roll-state")).to_contain_text("待上传")
    other = PageClient(site.app, site.app.response_class)
    with other.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = "token-of-second_recorder", True
    fields = {"member": [str(each) for each in range(1, 10)], "base_version": "0", "base": "2=exempt"}
    fields |= {"here": ["1", "3", "4", "5", "6", "7", "9"], "why-2": "exempt", "why-8": "absent"}
    site.app.wsgi_app = cable.app  # type: ignore[method-assign]
    assert other.send(f"/meetings/{meeting}/roll", fields).status_code == 303
    cable.mend()
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.locator("label[for=m8] .out")).to_have_text("未请假")  # the page shows the union
    assert standing(site, meeting)[0] == {1: "leave:sick", 8: "absent", **PROPOSED}


@pytest.mark.long
@pytest.mark.one_database
def test_signing_out_takes_the_names_off_the_phone(phone: Page, cable: Cable, meeting: int) -> None:
    opened(phone, meeting)
    away(phone, 1, "leave:sick")
    phone.goto("/account")
    phone.get_by_role("button", name="退出登录").first.click()
    phone.wait_for_url("**/sign-in")
    kept = "caches.keys().then((names) => [names.length, Object.keys(localStorage).length])"
    assert phone.evaluate(kept) == [0, 0]
    cable.breaks(".")
    with pytest.raises(Exception, match="ERR_"):
        phone.goto(f"/meetings/{meeting}/roll")
