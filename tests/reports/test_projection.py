"""The projection: its arithmetic on plain cases, its error on generated histories, its page."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.reports.rules.projection import BatchFact, Calendar, project
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient
from tests.reports.histories import answers, summary
from tests.training.test_service import a_batch, a_task

Clients = Callable[[str | None], PageClient]
Acts = Callable[..., Act]
MONDAY = dt.date(2026, 3, 2)
END = dt.date(2026, 12, 31)


def closed(start: dt.date, completed: int = 50) -> BatchFact:
    return BatchFact(start, start + dt.timedelta(days=1), 50, 50, 4, completed)


TWO = [closed(MONDAY), closed(MONDAY + dt.timedelta(days=7))]


def test_two_batches_a_fortnight_go_on_like_that() -> None:
    day = MONDAY + dt.timedelta(days=11)
    found = project(TWO, waiting=120, day=day, ends_on=END, calendar=Calendar())
    assert found is not None
    assert (found.batches, found.sessions, found.size, found.days, found.gap) == (3, 12, 50, 2, 5.0)
    # Five working days a batch from Monday the 9th: the third begins on the 30th and takes two days.
    assert found.finish == dt.date(2026, 3, 31)
    assert not found.too_late


@pytest.mark.parametrize(
    ("batches", "day"),
    [([], MONDAY), (TWO[:1], MONDAY), (TWO, MONDAY - dt.timedelta(days=1))],
    ids=["none", "one", "none begun"],
)
def test_it_is_silent_while_too_little_is_known(batches: list[BatchFact], day: dt.date) -> None:
    assert project(batches, waiting=100, day=day, ends_on=END, calendar=Calendar()) is None


def test_free_seats_and_those_who_come_again() -> None:
    running = BatchFact(MONDAY + dt.timedelta(days=14), MONDAY + dt.timedelta(days=15), 50, 20, 4)
    known = [closed(MONDAY, 40), closed(MONDAY + dt.timedelta(days=7), 40), running]
    day = MONDAY + dt.timedelta(days=14)
    found = project(known, waiting=20, day=day, ends_on=END, calendar=Calendar())
    assert found is not None
    assert (found.seats, found.back, found.completing, found.batches) == (30, 4, 0.8, 0)
    assert found.finish == running.ends_on


def test_days_off_put_it_off_and_the_flag_says_so() -> None:
    day = MONDAY + dt.timedelta(days=11)
    off = Calendar(off=frozenset({dt.date(2026, 3, 30), dt.date(2026, 3, 31)}), on=frozenset({dt.date(2026, 4, 4)}))
    found = project(TWO, waiting=120, day=day, ends_on=dt.date(2026, 3, 31), calendar=off)
    assert found is not None
    assert found.finish == dt.date(2026, 4, 2)
    assert found.too_late
    assert off.works(dt.date(2026, 4, 4))


def test_its_error_on_generated_histories_is_what_the_documentation_says() -> None:
    found = summary(answers(60))
    assert found["asked"] > 150
    assert found["median_days"] <= 30
    assert found["p90_days"] <= 120
    assert found["flag_right"] >= 0.85


def test_the_page_explains_every_figure(client_as: Clients, session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    session.commit()
    browser, address = client_as("organizer"), f"/reports/training/{task_id}/projection"
    assert "现在还推算不出来" in browser.page(address)
    for start in (dt.date(2026, 11, 10), dt.date(2026, 11, 18)):
        a_batch(session, act("organizer"), task_id, starts_on=start, ends_on=start, capacity=5)
    session.commit()
    page = browser.page(address)
    assert "怎么算的" in page
    assert "名册" not in page.split("<main")[1].split("怎么算的")[0]
    with count_statements() as seen:
        browser.page(f"{address}?organization={cast.COUNTY}")
    assert len(seen) <= 25
