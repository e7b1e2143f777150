"""Never lost: what is shown as saved is stored, what is not stored yet waits visibly and arrives, exactly once."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import select

from learnhub.accounts.models import SignIn
from learnhub.core import clock
from learnhub.quiz.models import Answer
from learnhub.web.db import db
from tests.browser.conftest import PATIENCE, Site, _sign_in

Windows = Callable[..., Page]
SAVES = "**/answers"
# What the network does to a browser is the same over any database; storing has tests of its own on both.
pytestmark = [pytest.mark.long, pytest.mark.one_database(crossed_by_everything=True)]


@pytest.fixture
def open_as(chromium: Browser, site: Site) -> Iterator[Windows]:
    """A window on a cheap phone. The network fails here on purpose, so only faults of scripts and of the policy count."""
    faults: list[str] = []
    contexts: list[BrowserContext] = []

    def open_window(person: str) -> Page:
        context = chromium.new_context(viewport={"width": 360, "height": 740}, base_url=site.address)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda words: faults.append(words.text) if "Content Security Policy" in words.text else None)
        _sign_in(page, site, person)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def page(open_as: Windows) -> Iterator[Page]:
    """A member in the middle of a quiz; its first question is a single choice."""
    page = open_as("member")
    page.goto("/months/2026-11/quiz")
    page.get_by_role("button", name="开始做").click()
    page.wait_for_url("**/attempts/*")  # what is cut or held from here on is the quiz's own traffic
    yield page


def choose(page: Page, number: int) -> None:
    page.locator("[data-question]:visible .opt label").nth(number).click()


def state(page: Page):  # type: ignore[no-untyped-def]
    return expect(page.locator("[data-question]:visible [data-status]"))


def stored(site: Site) -> dict[str, tuple[object, int]]:
    with site.app.app_context():
        rows = db.session().scalars(select(Answer)).all()
        return {row.question_id: (row.value, row.revision) for row in rows}


def chosen(page: Page) -> str | None:
    return page.locator("[data-question]:visible input:checked").get_attribute("value")


def pending(page: Page) -> int:
    """How many answers wait in the browser's storage."""
    return int(page.evaluate("Object.keys(JSON.parse(localStorage['learnhub.quiz.1'] ?? '{}')).length"))


def test_saved_is_said_only_after_the_server_said_so(page: Page, site: Site) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(SAVES, hold)
    choose(page, 0)
    state(page).to_contain_text("正在保存")
    state(page).not_to_contain_text("已保存")
    assert not stored(site)
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    state(page).to_contain_text("已保存")
    assert len(stored(site)) == 1
    assert pending(page) == 0


def test_without_network_answers_wait_visibly_and_arrive(page: Page, site: Site) -> None:
    page.context.set_offline(True)
    choose(page, 0)
    expect(page.locator("[data-queue]")).to_contain_text("1 题待保存")
    page.get_by_role("button", name="下一题").locator("visible=true").click()
    choose(page, 1)
    expect(page.locator("[data-queue]")).to_contain_text("2 题待保存")
    assert not stored(site)
    page.context.set_offline(False)
    state(page).to_contain_text("已保存")
    expect(page.locator("[data-queue]")).to_be_hidden()
    assert len(stored(site)) == 2


def test_a_tab_closed_before_saving_has_its_answer_when_it_comes_back(page: Page, site: Site) -> None:
    page.route(SAVES, lambda route: route.abort())
    choose(page, 1)
    mine, address, context = chosen(page), page.url, page.context
    page.close()
    again = context.new_page()
    again.goto(address)
    state(again).to_contain_text("已保存")
    assert chosen(again) == mine
    assert [value for value, _ in stored(site).values()] == [mine]


def test_an_answer_whose_acknowledgement_got_lost_is_stored_once(page: Page, site: Site) -> None:
    lost: list[int] = []

    def lose_first(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    page.route(SAVES, lose_first)
    choose(page, 0)
    state(page).to_contain_text("待保存")
    state(page).to_contain_text("已保存")
    assert lost == [200]
    assert [revision for _, revision in stored(site).values()] == [1]


def test_changing_ones_mind_quickly_ends_with_the_last_choice(page: Page, site: Site) -> None:
    for number in (0, 1, 2, 0, 2):
        choose(page, number)
    state(page).to_contain_text("已保存")
    expect(page.locator("[data-queue]")).to_be_hidden()
    page.wait_for_timeout(300)
    assert [value for value, _ in stored(site).values()] == [chosen(page)]


def test_a_sign_in_that_ends_in_mid_quiz_loses_nothing(page: Page, site: Site) -> None:
    with site.app.app_context():
        for row in db.session().scalars(select(SignIn).where(SignIn.account_id == 1)):
            row.ended_at = clock.now()
        db.session.commit()
    choose(page, 1)
    expect(page.locator("[data-queue]")).to_contain_text("登录已经过期")
    assert pending(page) == 1
    with site.app.app_context():
        for row in db.session().scalars(select(SignIn).where(SignIn.account_id == 1)):
            row.ended_at = None
        db.session.commit()
    page.evaluate("dispatchEvent(new Event('focus'))")  # signed in again in another window
    state(page).to_contain_text("已保存")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert [value for value, _ in stored(site).values()] == [chosen(page)]


def test_a_token_that_ended_is_renewed_and_the_answer_saved(page: Page, site: Site) -> None:
    page.evaluate("document.querySelector('form[data-attempt]').elements.csrf_token.value = 'old'")
    choose(page, 0)
    state(page).to_contain_text("已保存")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert len(stored(site)) == 1


def test_two_tabs_of_one_browser_show_the_same(page: Page, site: Site) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    choose(page, 1)
    state(page).to_contain_text("已保存")
    other.wait_for_function("document.querySelector('[data-question] input:checked') !== null")
    assert chosen(other) == chosen(page)
    choose(other, 2)
    state(other).to_contain_text("已保存")
    assert [value for value, _ in stored(site).values()] == [chosen(other)]


def test_two_devices_that_differ_are_told_and_decide(page: Page, open_as: Windows, site: Site) -> None:
    other = open_as("member")
    other.goto(page.url)
    choose(page, 0)
    state(page).to_contain_text("已保存")
    theirs = chosen(page)
    choose(other, 1)
    mine = chosen(other)
    state(other).to_contain_text("在别处有另一个答案")
    assert [value for value, _ in stored(site).values()] == [theirs]
    other.get_by_role("button", name="用这里的答案").click()
    state(other).to_contain_text("已保存")
    assert [value for value, _ in stored(site).values()] == [mine]
    choose(page, 2)
    page.get_by_role("button", name="用已保存的答案").click()
    assert chosen(page) == mine


def test_what_was_answered_without_network_asks_before_it_replaces_what_came_since(
    page: Page, open_as: Windows, site: Site
) -> None:
    other = open_as("member")
    other.goto(page.url)
    other.context.set_offline(True)
    for number in (2, 1, 2, 1):
        choose(other, number)
    choose(page, 0)
    state(page).to_contain_text("已保存")
    other.context.set_offline(False)
    state(other).to_contain_text("在别处有另一个答案", timeout=40_000)
    assert [value for value, _ in stored(site).values()] == [chosen(page)]
    other.goto(page.url.partition("?")[0] + "?question=1")  # what was known when it was given is still known
    state(other).to_contain_text("在别处有另一个答案")
    other.get_by_role("button", name="用这里的答案").click()
    state(other).to_contain_text("已保存")
    assert [value for value, _ in stored(site).values()] == [chosen(other)]


def test_handing_in_waits_for_answers_that_are_not_stored(page: Page, site: Site) -> None:
    page.goto(page.url.split("?")[0] + "?all=1")
    page.context.set_offline(True)
    page.locator(".opt label").first.click()
    page.get_by_role("button", name="交卷").click()
    expect(page.locator("[data-queue]")).to_contain_text("存上以后再交卷")
    page.context.set_offline(False)
    expect(page.locator("[data-queue]")).to_be_hidden()
    page.get_by_role("button", name="交卷").click()
    page.get_by_role("button", name="就这样交卷").click()
    expect(page.get_by_text("得分率").first).to_be_visible()
    page.wait_for_function("localStorage.length === 0")


def test_a_blank_is_saved_while_it_is_typed_and_enter_presses_nothing(page: Page, site: Site) -> None:
    page.goto(page.url.split("?")[0] + "?question=6")
    box = page.locator("[data-kind=blank]:visible input.input")
    box.press_sequentially("一次")
    state(page).to_contain_text("已保存")
    box.press("Enter")
    assert box.is_visible()
    assert [value for value, _ in stored(site).values()] == [["一次"]]


def test_all_questions_are_on_paper(page: Page) -> None:
    page.emulate_media(media="print")
    assert page.locator("[data-question]:visible").count() == page.locator("[data-question]").count()
