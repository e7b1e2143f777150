"""A month kept on a phone: read, watched and practised without network, gone with the sign-in."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from learnhub.quiz.models import Answer
from learnhub.web.db import db
from tests.browser.conftest import Site, cookie_of
from tests.browser.test_roll_offline import Cable, cable, site
from tests.meetings.pages import scheduled
from tests.pages import PageClient

__all__ = ["cable", "site"]
MONTH = "/months/2026-11"
ANY = "(GET|POST) /"


@pytest.fixture
def phone(chromium: Any, site: Site) -> Iterator[Page]:
    """A member's phone, whose pages may fail to load."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=site.address, locale="zh-CN")
    cookie = {"name": "learnhub", "value": cookie_of(site, "member"), "url": site.address, "httpOnly": True}
    context.add_cookies([cookie])
    page = context.new_page()
    page.set_default_timeout(15_000)
    yield page
    context.close()


def download(phone: Page, *labels: str) -> None:
    phone.goto(MONTH)
    card = phone.locator("#offline")
    for label in labels:
        card.get_by_label(label).check()
    card.get_by_role("button", name="下载，约").click()
    expect(card).to_have_attribute("data-is", "kept")


def kept_here(phone: Page) -> dict[str, Any]:
    """How many things the phone keeps, and whether a worker stands for the whole site."""
    found: dict[str, Any] = phone.evaluate(
        """async () => ({
          entries: await caches.has("study") ? (await (await caches.open("study")).keys()).length : 0,
          workers: (await navigator.serviceWorker.getRegistrations()).filter((each) => each.scope.endsWith("/")).length,
          list: localStorage.getItem("learnhub.offline"),
        })"""
    )
    return found


@pytest.mark.one_database  # it is the phone that is looked at
def test_a_month_is_read_watched_and_practised_without_network(phone: Page, site: Site, cable: Cable) -> None:
    download(phone, "练习题", "片子，省流量")
    cable.breaks(ANY)
    phone.goto(f"{MONTH}/lesson")
    expect(phone.get_by_role("navigation", name="目录")).to_be_visible()
    assert phone.locator("main img").evaluate_all("all => all.every((each) => each.naturalWidth > 0 || !each.complete)")
    phone.goto(MONTH)
    expect(phone.locator("#offline [data-state]")).to_contain_text("已经在这台手机上")
    status = phone.evaluate(
        """() => fetch(document.getElementById("film-tools").dataset.small, { headers: { Range: "bytes=0-99" } })
        .then(async (answer) => [answer.status, (await answer.arrayBuffer()).byteLength])"""
    )
    assert status == [206, 100]
    phone.goto("/courses")
    expect(phone.get_by_text("现在连不上网")).to_be_visible()
    phone.get_by_role("link", name="接着做练习").click()
    phone.locator(".quiz .card:not(.q-off) .opt label").first.click()
    expect(phone.locator("[data-queue]")).to_contain_text("1 题待保存")
    cable.mend()
    phone.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.locator(".quiz .card:not(.q-off) [data-status]")).to_contain_text("已保存")
    with site.app.app_context():
        assert db.session().query(Answer).count() == 1
        db.session.remove()


@pytest.mark.long
@pytest.mark.one_database
def test_what_is_kept_can_be_removed_and_goes_with_the_sign_in(phone: Page, site: Site, cable: Cable) -> None:
    download(phone, "片子，清晰")
    assert kept_here(phone)["entries"] > 10
    phone.get_by_role("button", name="从这台手机上删掉").click()
    expect(phone.locator("#offline [data-state]")).to_contain_text("已经从这台手机上删掉")
    assert kept_here(phone) == {"entries": 0, "workers": 0, "list": None}
    download(phone)
    phone.goto("/account")
    phone.get_by_role("button", name="退出登录").click()
    phone.wait_for_url("**/sign-in*")
    assert kept_here(phone) == {"entries": 0, "workers": 0, "list": None}


@pytest.mark.long
@pytest.mark.one_database
def test_a_download_that_breaks_off_leaves_nothing_behind(phone: Page, cable: Cable) -> None:
    phone.goto(MONTH)
    cable.breaks("GET /months/2026-11/lesson")
    phone.locator("#offline").get_by_role("button", name="下载，约").click()
    expect(phone.locator("#offline [data-state]")).to_contain_text("没有下载完")
    assert kept_here(phone) == {"entries": 0, "workers": 0, "list": None}


@pytest.mark.long
@pytest.mark.one_database
def test_the_worker_of_a_roll_and_that_of_the_site_leave_each_other_alone(
    phone: Page, site: Site, cable: Cable, own_app: Flask
) -> None:
    client = PageClient(own_app, own_app.response_class)
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = "token-of-recorder", True
    meeting = scheduled(client)
    value = {"name": "learnhub", "value": cookie_of(site, "recorder"), "url": site.address, "httpOnly": True}
    phone.context.add_cookies([value])  # type: ignore[list-item]
    download(phone)
    phone.goto(f"/meetings/{meeting}/roll")
    phone.wait_for_selector("#roll[data-ready]")
    cable.breaks(ANY)
    phone.reload()
    expect(phone.locator("#roll")).to_be_visible()
    phone.goto(MONTH)
    expect(phone.locator("#offline [data-state]")).to_contain_text("已经在这台手机上")
    phone.goto(f"/meetings/{meeting}")
    expect(phone.get_by_text("现在连不上网")).to_be_visible()


@pytest.mark.long
@pytest.mark.one_database
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_without_a_worker_the_month_is_a_plain_page(chromium: Any, site: Site, scripts: bool) -> None:
    context = chromium.new_context(base_url=site.address, service_workers="block", java_script_enabled=scripts)
    context.add_init_script("delete Navigator.prototype.serviceWorker")
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    cookie = {"name": "learnhub", "value": cookie_of(site, "member"), "url": site.address, "httpOnly": True}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(MONTH)
    expect(page.locator("#offline")).to_be_hidden()
    expect(page.locator("#film video")).to_be_visible()
    page.get_by_role("link", name="读这一课").click()
    expect(page.locator("article.prose")).to_be_visible()
    assert not scripts or page.evaluate("!('serviceWorker' in navigator)")
    assert not faults, faults
    context.close()
