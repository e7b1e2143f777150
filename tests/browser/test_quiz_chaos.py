"""Whatever becomes of the requests of a quiz, what was shown as saved is stored, once, and nothing typed is lost."""

import contextlib
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Route, expect
from sqlalchemy import select

from learnhub.quiz.models import Answer, Attempt
from learnhub.web.db import db
from tests.browser.conftest import Site
from tests.browser.test_quiz import SAVES, choose, chosen, open_as, page, pending, state, stored
from tests.browser.test_sign_in_here import end_sign_in, passwords, sign_in

__all__ = ["end_sign_in", "open_as", "page", "passwords"]  # the fixtures of the tests beside
pytestmark = [pytest.mark.long, pytest.mark.one_database(crossed_by_everything=True)]
SAVED = re.compile(r"已保存 \d")


class Weather:
    """What becomes of each saving: it is dropped before or after the server acted, delayed, doubled, or overtaken."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._held: list[Route] = []
        self.fair = False

    def __call__(self, route: Route) -> None:
        fate = "let through" if self.fair else self._random.choice(["drop", "swallow", "double", "hold", "let through"])
        try:
            if fate == "drop":
                route.abort()
            elif fate == "swallow":
                route.fetch()
                route.abort()
            elif fate == "double":
                route.fetch()
                route.continue_()
            elif fate == "hold" and not self._held:
                self._held.append(route)
            else:
                route.continue_()
                while self._held:  # what was held arrives after what came later
                    self._held.pop().continue_()
        except Error:
            pass  # the page went away meanwhile

    def clear(self) -> None:
        """From now on everything arrives."""
        self.fair = True
        while self._held:
            with contextlib.suppress(Error):
                self._held.pop().continue_()


def reopened(context: BrowserContext, page: Page) -> Page:
    """The tab is killed, and the same question is opened in a new one."""
    address = page.url.partition("?")[0]
    page.close(run_before_unload=False)
    fresh = context.new_page()
    fresh.goto(f"{address}?question=1")
    return fresh


@pytest.mark.parametrize("seed", range(4))
def test_in_any_weather_the_last_choice_is_stored_once(
    page: Page, site: Site, end_sign_in: Callable[[], None], seed: int
) -> None:
    chance, weather = random.Random(seed), Weather(seed)
    context = page.context
    context.route(SAVES, weather)
    acknowledged: dict[str, object] = {}
    wanted: dict[str, str | None] = {}
    for step in range(8):
        choose(page, chance.randrange(2))
        question = page.locator("[data-question]:visible").get_attribute("data-question")
        assert question
        wanted[question] = chosen(page)
        if SAVED.search(page.locator("[data-question]:visible [data-status]").inner_text()):
            acknowledged[question] = wanted[question]
            assert stored(site)[question][0] == wanted[question], "saved is said of what is stored"
        if step % 3 == 2:
            if chance.random() < 0.5:
                page = reopened(context, page)
            else:
                page.goto(page.url.partition("?")[0] + "?question=1")
            assert chosen(page) == wanted[question], "what was chosen is still there"
    end_sign_in()
    choose(page, 2)  # never chosen before
    wanted[question] = chosen(page)
    weather.clear()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    sign_in(page, "member")
    state(page).to_have_text(SAVED, timeout=40_000)
    assert pending(page) == 0
    found = stored(site)
    assert {question: value for question, (value, _revision) in found.items()} == wanted
    assert set(acknowledged) <= set(found)
    with site.app.app_context():
        assert len(db.session().scalars(select(Attempt)).all()) == 1
        assert len(db.session().scalars(select(Answer)).all()) == len(wanted)
        db.session.remove()


def test_what_cannot_be_sent_is_kept_as_a_file_and_handed_in(page: Page, site: Site, tmp_path: Path) -> None:
    page.context.route(SAVES, lambda route: route.abort())
    choose(page, 1)
    value = chosen(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="把答案存成文件").click()
    file = tmp_path / "answers.json"
    download.value.save_as(file)
    kept = json.loads(file.read_text("utf-8"))
    assert [each["value"] for each in kept["answers"]] == [value]
    page.evaluate("localStorage.clear()")  # another phone, say
    page.goto(page.url.partition("?")[0] + "/answers-file")
    page.locator("input[type=file]").set_input_files(str(file))
    page.get_by_role("button", name="交上去").click()
    expect(page.get_by_text("收下了 1 题")).to_be_visible()
    assert [each[0] for each in stored(site).values()] == [value]
