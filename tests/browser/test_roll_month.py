"""A recorder's month in few taps and few requests."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from playwright.sync_api import Locator, Page, Request, expect

from learnhub.core.orm import FOREVER
from learnhub.core.text import search_key
from learnhub.meetings.models import Habit
from learnhub.members.models import Member, Membership
from learnhub.members.rules import Sex
from learnhub.web.db import db
from tests import cast
from tests.browser.conftest import Site
from tests.browser.test_member import no_sideways_scroll
from tests.cast import SINCE, WILLOW

Windows = Callable[..., Page]
MOST_TAPS, MOST_REQUESTS = 20, 6


@pytest.fixture
def branch_of_25(site: Site) -> None:
    """Sixteen more members, and a branch that has met before: its day, hour and place are known."""
    rows = [
        {
            "id": 100 + number,
            "code": f"M1{number:05}",
            "name": f"林{sign}",
            "search_key": search_key(f"林{sign}"),
            "sort_key": f"1{number:05}",
            "sex": Sex.FEMALE,
            "birth_month": "1980-01",
            "joined_on": SINCE,
            "full_on": SINCE,
        }
        for number, sign in enumerate("一二三四五六七八九十百千万木水火")
    ]
    with site.app.app_context():
        session = db.session()
        session.execute(sa.insert(Member), rows)
        belongs = {"organization_id": WILLOW, "valid_from": SINCE, "valid_to": FOREVER}
        session.execute(sa.insert(Membership), [{"member_id": row["id"], **belongs} for row in rows])
        starts = cast.NOW.time().replace(hour=9)
        session.add(
            Habit(
                organization_id=WILLOW, day_of_month=20, starts=starts, minutes=120, place="党群服务中心", chair="周戊"
            )
        )
        session.commit()
        db.session.remove()


def asked(request: Request) -> bool:
    """Whether this is a request of its own: a page asked for or something saved, not the page that a saving leads to."""
    return request.method == "POST" or (request.resource_type == "document" and request.redirected_from is None)


@pytest.mark.long
@pytest.mark.usefixtures("branch_of_25")
def test_a_month_takes_few_taps_and_requests(open_as: Windows) -> None:
    """From the start page: schedule, print, call a roll of 25 with three absent, finish."""
    page, taps, seen = open_as("recorder"), list[str](), list[Request]()

    def tap(where: Locator) -> None:
        taps.append(str(where))
        where.click()

    page.goto("/")
    page.on("request", lambda request: seen.append(request) if asked(request) else None)
    tap(page.get_by_role("link", name="主题党日排期").first)
    tap(page.locator("[name=place]"))  # a branch's first meeting here; afterwards it is proposed
    page.keyboard.type("党群服务中心")
    tap(page.get_by_role("button", name="排期"))
    expect(page.get_by_role("heading", name="做到哪一步")).to_be_visible()
    tap(page.get_by_role("link", name="打印签到表").first)
    expect(page.get_by_text("林火").first).to_be_visible()
    tap(page.get_by_role("link", name="点名"))
    expect(page.locator(".roll > li")).to_have_count(25)
    no_sideways_scroll(page)
    for member, code in ((1, "leave:sick"), (8, "leave:official"), (101, "absent")):
        tap(page.locator(f"label[for=m{member}]"))
        tap(page.locator(f"input[name=why-{member}][value='{code}']"))
    tap(page.get_by_role("button", name="完成点名"))
    finish = page.get_by_role("button", name="完成记录")
    expect(finish).to_be_visible()
    tap(finish)
    expect(page.get_by_text("已完成，11 月 22 日").first).to_be_visible()

    assert len(taps) <= MOST_TAPS, taps
    # A roll is saved by script, so that it can wait for the network; the page this leads to is part of the same step.
    steps = [each for each in seen if not (each.url.endswith("/record") and each.method == "GET")]
    assert len(steps) <= MOST_REQUESTS, [f"{each.method} {each.url}" for each in steps]
    [saving] = [each for each in steps if each.method == "POST" and each.url.endswith("/roll")]
    assert saving.post_data is not None
    assert saving.post_data.count("member=") == 25  # the whole roll in one request
