"""A roll on one phone with a network that comes and goes: the server ends with what the recorder saw as saved."""

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


class Cable:
    """The network between phone and server. `cut` says when it breaks: `before` the server hears, `after` it has done."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app, self.cut, self.heard = app, "", list[bytes]()

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if self.cut == "before" or (self.cut == "saving" and environ["REQUEST_METHOD"] == "POST"):
            return self._break(environ)
        done = b"".join(self.app(environ, start))
        return self._break(environ) if self.cut == "after" and environ["REQUEST_METHOD"] == "POST" else [done]

    def _break(self, environ: dict[str, Any]) -> Iterable[bytes]:
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


@pytest.mark.one_database
@pytest.mark.parametrize("cut", ["before", "after"])
def test_a_roll_that_does_not_get_through_waits_and_is_saved_once(
    phone: Page, site: Site, cable: Cable, meeting: int, cut: str
) -> None:
    """Whether the request or its answer is lost: it says so, survives a reload, and goes when the network is back."""
    opened(phone, meeting)
    away(phone, 1, "leave:sick")
    cable.cut = cut
    finish(phone)
    state = phone.locator("#roll-state")
    expect(state).to_contain_text("条待上传")
    cable.cut = "before"
    phone.reload()  # the page itself comes from the phone
    expect(phone.locator("#roll-state")).to_contain_text("1 条待上传")
    expect(phone.locator("#m1")).not_to_be_checked()
    assert standing(site, meeting)[1] == (1 if cut == "after" else 0)
    cable.cut = ""
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.locator("#roll-state")).to_have_text(SAVED)
    assert standing(site, meeting) == ({1: "leave:sick", **PROPOSED}, 1)
    assert phone.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('roll:')).length") == 0


@pytest.mark.one_database
def test_late_and_repeated_sendings_change_nothing(phone: Page, site: Site, cable: Cable, meeting: int) -> None:
    """The first saving is lost on its way, a second one gets through; then the first arrives after all, twice."""
    opened(phone, meeting)
    late: list[str] = []
    phone.on("request", lambda request: late.append(request.post_data or "") if request.method == "POST" else None)
    cable.cut = "saving"
    away(phone, 1, "leave:sick")
    finish(phone)
    expect(phone.locator("#roll-state")).to_contain_text("待上传")
    phone.locator("label[for=m1]").click()  # came after all
    away(phone, 8, "absent")
    finish(phone)
    cable.cut = ""
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.locator("#roll-state")).to_have_text(SAVED)
    saved = standing(site, meeting)
    assert saved == ({8: "absent", **PROPOSED}, 1)
    for body in (late[0], late[0], late[-1]):
        status = phone.evaluate(
            """(body) => fetch(location.pathname, { method: "POST", body, headers: { "X-Requested-By": "script",
            "Content-Type": "application/x-www-form-urlencoded" } }).then((answer) => answer.status)""",
            body,
        )
        assert status == 200
    assert standing(site, meeting) == saved


@pytest.mark.one_database
def test_another_recorders_roll_is_united_on_return(phone: Page, site: Site, cable: Cable, meeting: int) -> None:
    opened(phone, meeting)
    cable.cut = "before"
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
    cable.cut = ""
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.locator("label[for=m8] .out")).to_have_text("未请假")  # the page shows the union
    assert standing(site, meeting)[0] == {1: "leave:sick", 8: "absent", **PROPOSED}


@pytest.mark.one_database
def test_signing_out_takes_the_names_off_the_phone(phone: Page, cable: Cable, meeting: int) -> None:
    opened(phone, meeting)
    away(phone, 1, "leave:sick")
    phone.goto("/account")
    phone.get_by_role("button", name="退出登录").first.click()
    phone.wait_for_url("**/sign-in")
    kept = "caches.keys().then((names) => [names.length, Object.keys(localStorage).length])"
    assert phone.evaluate(kept) == [0, 0]
    cable.cut = "before"
    with pytest.raises(Exception, match="ERR_"):
        phone.goto(f"/meetings/{meeting}/roll")
