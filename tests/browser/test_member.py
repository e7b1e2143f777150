"""The member: a sign-in link, this month's unit, the self-check quiz, own credit hours."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from learnhub.accounts import service as accounts
from learnhub.audit.rules import Act
from learnhub.records import service as records
from learnhub.records.rules import CreditKind, NewCredit
from learnhub.web.db import db
from tests import cast
from tests.browser.conftest import Site

Windows = Callable[..., Page]


@pytest.fixture
def link(site: Site) -> str:
    """A sign-in link for the member, who has been credited once."""
    with site.app.app_context():
        session = db.session()
        token = accounts.issue_link(session, Act(10, cast.NOW), account_id=1)
        credit = NewCredit(
            member_id=1, kind=CreditKind.THEME_DAY, quarters=3, day=cast.TODAY.replace(month=10), title="十月主题党日",
            source="occasion:77", basis="县里的办法",
        )  # fmt: skip
        records.credit(session, Act(2, cast.NOW), credits=[credit])
        session.commit()
    return f"/sign-in/link/{token}"


def no_sideways_scroll(page: Page) -> None:
    """The page never scrolls sideways."""
    page.wait_for_load_state()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def answer(page: Page) -> None:
    """Give some answer to the question on the screen, whatever its kind."""
    card = page.locator("[data-question]:visible").first
    kind = card.get_attribute("data-kind")
    if kind in {"single", "true_false", "multiple"}:
        card.locator(".opt label").first.click()
    elif kind == "blank":
        for box in card.locator("input.input").all():
            box.fill("1921")
            box.press("Tab")
    else:
        for number, box in enumerate(card.locator("select").all()):
            box.select_option(index=number + 1)
    expect(card.locator("[data-status]")).to_contain_text(re.compile(r"已保存 \d+:\d\d"))


def test_a_member_studies_the_month(open_as: Windows, link: str) -> None:
    page = open_as(None)
    page.goto(link)
    page.get_by_role("button", name="进入").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for words in ("我的培训", "我的记录", "把时间还给群众"):
        expect(page.get_by_text(words).first).to_be_visible()
    no_sideways_scroll(page)

    page.get_by_role("link", name="少填一张表，多走一户门").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("少填一张表")
    no_sideways_scroll(page)
    page.get_by_role("button", name="我已学完这一课").click()
    expect(page.get_by_text("我已学").first).to_be_visible()

    page.goto("/months/2026-11")
    no_sideways_scroll(page)
    video = page.locator("video")
    video.scroll_into_view_if_needed()
    played = video.evaluate(
        """async (film) => {
            film.muted = true;
            await film.play();
            while (film.currentTime < 0.5) await new Promise((later) => setTimeout(later, 50));
            film.pause();
            film.currentTime = 30;
            await new Promise((later) => film.addEventListener("seeked", later, { once: true }));
            return { at: film.currentTime, width: film.videoWidth, captions: film.textTracks[0].cues.length };
        }"""
    )
    assert played["at"] == pytest.approx(30, abs=1)
    assert played["width"] >= 640
    assert played["captions"] > 3
    expect(page.get_by_role("heading", name="帮一户老人备好过冬")).to_be_visible()

    page.get_by_role("link", name="去做练习").click()
    page.get_by_role("button", name="开始做").click()
    no_sideways_scroll(page)
    for _ in range(20):
        answer(page)
        if page.get_by_role("button", name="下一题").locator("visible=true").count() == 0:
            break
        page.get_by_role("button", name="下一题").locator("visible=true").click()
    page.get_by_role("button", name="交卷").locator("visible=true").click()
    expect(page.get_by_text("得分率").first).to_be_visible()
    expect(page.get_by_role("heading", name="讲解").first).to_be_visible()
    no_sideways_scroll(page)

    page.goto("/my-record")
    expect(page.get_by_text("十月主题党日").first).to_be_visible()
    expect(page.get_by_text("0.75").first).to_be_visible()
    expect(page.get_by_text("32").first).to_be_visible()
    no_sideways_scroll(page)


@pytest.mark.long
def test_answers_survive_a_reload(open_as: Windows) -> None:
    """What was shown as saved is there again, also in another browser."""
    page = open_as("member")
    page.goto("/courses/first-response/quiz")
    page.get_by_role("button", name="开始做").click()
    answer(page)
    page.goto(page.url.split("?")[0] + "?all=1")
    expect(page.locator("[data-status]:visible").first).to_contain_text("已保存")
    other = open_as("member")
    other.goto("/courses/first-response/quiz")
    other.get_by_role("link", name="继续做").click()
    other.get_by_role("link", name="全部题目放在一页").click()
    expect(other.locator("[data-status]:visible").first).to_contain_text("已保存")
