"""The sign-in ends in mid-quiz: one signs in on the spot, and every answer is stored once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from learnhub.accounts import service as accounts
from learnhub.accounts.models import Account, SignIn
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.web.db import db
from tests import cast
from tests.browser.conftest import Site
from tests.browser.test_quiz import choose, chosen, open_as, page, pending, state, stored

__all__ = ["open_as", "page"]  # the fixtures of the tests beside
pytestmark = [pytest.mark.long, pytest.mark.one_database(crossed_by_everything=True)]
SIGN_IN = re.compile(r"/sign-in\?")
PASSWORD = "想好的新密码-77"


@pytest.fixture(autouse=True)
def passwords(site: Site) -> None:
    """The member and the recorder can sign in by name and password."""
    with site.app.app_context():
        for person in ("member", "recorder"):
            account_id = cast.PEOPLE[person][0]
            account = db.session.get(Account, account_id)
            assert account
            account.login_name = person
            act = Act(account_id, clock.now())
            accounts.set_password(
                db.session(), act, account_id=account_id, password_hash=accounts.hash_password(PASSWORD, "")
            )
            for row in db.session.scalars(select(SignIn).where(SignIn.account_id == account_id)):
                row.ended_at = None
        db.session.commit()


@pytest.fixture
def end_sign_in(site: Site) -> Callable[[], None]:
    def end() -> None:
        with site.app.app_context():
            for row in db.session.scalars(select(SignIn)):
                row.ended_at = clock.now()
            db.session.commit()

    return end


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    dialog = page.get_by_role("dialog", name="登录已经过期")
    dialog.get_by_label("登录名").fill(name)
    dialog.get_by_label("密码").fill(password)
    dialog.get_by_role("button", name="登录", exact=True).click()


def test_one_signs_in_on_the_spot_and_what_waited_is_stored(
    page: Page, site: Site, end_sign_in: Callable[[], None]
) -> None:
    end_sign_in()
    choose(page, 1)
    dialog = page.get_by_role("dialog", name="登录已经过期")
    expect(dialog.get_by_label("登录名")).to_be_focused()
    assert pending(page) == 1
    sign_in(page, "member", "一个错的密码-1")
    expect(dialog.get_by_role("alert")).to_be_visible()
    assert pending(page) == 1
    assert not stored(site)
    sign_in(page, "member")
    expect(dialog).to_be_hidden()
    state(page).to_contain_text("已保存")
    assert [value for value, _ in stored(site).values()] == [chosen(page)]
    choose(page, 0)  # goes on as before
    state(page).to_contain_text("已保存")
    assert [value for value, _ in stored(site).values()] == [chosen(page)]
    page.get_by_role("button", name="下一题").locator("visible=true").click()
    assert page.url.endswith("?question=2")


def test_it_can_wait_and_handing_in_asks_again(page: Page, site: Site, end_sign_in: Callable[[], None]) -> None:
    page.goto(page.url.partition("?")[0] + "?question=1")
    end_sign_in()
    choose(page, 1)
    dialog = page.get_by_role("dialog", name="登录已经过期")
    expect(dialog.get_by_label("登录名")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("[data-queue]")).to_contain_text("答案都在这台设备上")
    choose(page, 0)
    assert pending(page) == 1
    for _ in range(5):
        page.get_by_role("button", name="下一题").locator("visible=true").click()
    page.get_by_role("button", name="交卷").locator("visible=true").click()
    expect(dialog.get_by_label("登录名")).to_be_focused()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="登录，接着做").click()
    sign_in(page, "member")
    expect(page.locator("#question-1 [data-status]")).to_contain_text("已保存")
    chosen_first = page.locator("#question-1 input:checked").get_attribute("value")
    assert [value for value, _ in stored(site).values()] == [chosen_first]


def test_handing_in_what_is_all_stored_keeps_the_page_through_the_sign_in(
    page: Page, site: Site, end_sign_in: Callable[[], None]
) -> None:
    page.goto(page.url.partition("?")[0] + "?all=1")
    page.locator("#question-1 .opt label").first.click()
    expect(page.locator("#question-1 [data-status]")).to_contain_text("已保存")
    (value,) = (value for value, _ in stored(site).values())
    end_sign_in()
    page.get_by_role("button", name="交卷").click()
    page.get_by_label("登录名").fill("member")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录并继续").click()
    page.get_by_role("button", name="重新提交").click()
    page.get_by_role("button", name="就这样交卷").click()
    page.wait_for_url("**/result")
    assert [each[0] for each in stored(site).values()] == [value]


def test_somebody_elses_account_gets_none_of_the_answers(
    page: Page, site: Site, end_sign_in: Callable[[], None]
) -> None:
    end_sign_in()
    choose(page, 1)
    sign_in(page, "recorder")
    dialog = page.get_by_role("dialog", name="登录已经过期")
    expect(dialog.get_by_role("alert")).to_contain_text("另一个账号")
    assert not stored(site)
    sign_in(page, "member")
    state(page).to_contain_text("已保存")
    assert [value for value, _ in stored(site).values()] == [chosen(page)]


def test_without_network_the_dialog_waits_for_it(page: Page, site: Site, end_sign_in: Callable[[], None]) -> None:
    end_sign_in()
    page.route(SIGN_IN, lambda route: route.abort())
    with page.expect_event("requestfailed"):
        choose(page, 1)
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.unroute(SIGN_IN)
    page.get_by_role("button", name="登录，接着做").click()
    sign_in(page, "member")
    state(page).to_contain_text("已保存")
    assert len(stored(site)) == 1
