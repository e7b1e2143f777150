"""A branch's fixed day: dated, editable, and what scheduling starts from."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from learnhub.meetings import queries
from tests.cast import WILLOW
from tests.pages import PageClient

Clients = Callable[[str | None], PageClient]
PAGE = f"/meetings/usual-day?organization={WILLOW}"
FIELDS = {
    "day_of_month": "31", "starts": "19:30", "minutes": "90", "place": "老石桥", "chair": "赵甲", "since": "2026-11-23",
}  # fmt: skip


def test_a_fixed_day_goes_before_what_was_learned(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    assert client.send(PAGE, FIELDS).status_code == 303
    page = client.page(f"/meetings/schedule?organization={WILLOW}&month=2026-11")
    assert 'value="2026-11-30T19:30:00"' in page  # a short month has no 31st
    assert 'value="老石桥"' in page
    assert 'value="赵甲"' in page
    learned = queries.habit(session, WILLOW)
    assert learned is None or learned.place != "老石桥"


def test_a_change_holds_from_its_day_and_the_old_one_stays_readable(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    for changes in ({}, {"since": "2026-12-10", "place": "祠堂"}, {"since": "2026-12-01", "place": "晒谷场"}):
        assert client.send(PAGE, {**FIELDS, **changes}).status_code == 303
    first, second = dt.date(2026, 11, 23), dt.date(2026, 12, 1)
    assert [(each.valid_from, each.usual.place) for each in queries.usual_spans(session, WILLOW)] == [
        (second, "晒谷场"),
        (first, "老石桥"),
    ]
    for day, place in ((first, "老石桥"), (dt.date(2026, 11, 30), "老石桥"), (second, "晒谷场")):
        found = queries.usual(session, WILLOW, day)
        assert found is not None
        assert found.place == place
    page = client.page(PAGE)
    assert "祠堂" not in page
    assert "晒谷场" in page


def test_a_wrong_fixed_day_is_refused_in_words(client_as: Clients) -> None:
    client = client_as("recorder")
    for changes, words in (
        ({"since": "2026-11-01"}, "已经过去的日子"),
        ({"day_of_month": "32"}, "日子要在 1 到 31 之间"),
        ({"chair": ""}, "请填主持人"),
    ):
        answer = client.send(PAGE, {**FIELDS, **changes})
        assert answer.status_code == 422
        assert words in answer.text
    assert client.get("/meetings/usual-day?organization=1").status_code == 404
