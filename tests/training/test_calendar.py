"""The list of holidays is kept at the root: added, replaced and taken back, never overwritten."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict, DomainError
from learnhub.reports.queries import projection
from learnhub.training.calendar import queries as calendar_queries
from learnhub.training.calendar import service as calendar_service
from tests import cast
from tests.pages import PageClient

Clients = Callable[..., PageClient]
ACT = Act(4, cast.NOW)
FIRST = dt.date(2027, 2, 8)


def test_days_are_added_replaced_and_taken_back(session: Session) -> None:
    first, second = calendar_service.add_holidays(
        session, ACT, first=FIRST, last=FIRST + dt.timedelta(days=1), working=False, basis="通知"
    )
    with pytest.raises(Conflict):
        calendar_service.add_holidays(session, ACT, first=FIRST, last=FIRST, working=True, basis="另一份")
    with pytest.raises(DomainError):
        calendar_service.add_holidays(
            session, ACT, first=FIRST, last=FIRST - dt.timedelta(days=1), working=True, basis="通知"
        )
    calendar_service.replace_holiday(session, ACT, holiday_id=first, working=True, basis="更正通知", reason="登记错了")
    calendar_service.withdraw_holiday(session, ACT, holiday_id=second, reason="登记错了")
    with pytest.raises(Conflict):
        calendar_service.withdraw_holiday(session, ACT, holiday_id=second, reason="又一次")
    calendar = projection.working_days(session)
    assert (calendar.on, calendar.off) == (frozenset({FIRST}), frozenset())
    assert {each.id for each in calendar_queries.holidays(session, standing=False)} == {first, second}


def test_two_who_add_the_same_day_at_once_leave_one(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looked before the first was done: the table's index refuses, in words, and the session goes on."""
    calendar_service.add_holidays(session, ACT, first=FIRST, last=FIRST, working=False, basis="通知")
    with monkeypatch.context() as patch:
        patch.setattr(calendar_queries, "standing_days", lambda *_arguments: [])
        with pytest.raises(Conflict, match="刚才有人"):
            calendar_service.add_holidays(session, ACT, first=FIRST, last=FIRST, working=True, basis="通知")
    assert [(each.day, each.working) for each in calendar_queries.holidays(session)] == [(FIRST, False)]


def test_the_page_adds_a_span_and_refuses_to_overwrite(client_as: Clients) -> None:
    organizer = client_as("organizer")
    sent = {"first": "2027-02-08", "last": "2027-02-10", "working": "off", "basis": "国办明电"}
    assert organizer.send("/training/holidays", sent).status_code == 303
    again = organizer.send("/training/holidays", {**sent, "working": "on"})
    assert again.status_code == 409 and "没有覆盖" in again.get_data(as_text=True)
    page = organizer.get("/training/holidays").get_data(as_text=True)
    assert page.count("国办明电") == 3
    third = re.findall(r"/training/holidays/(\d+)", page)[0]
    change = {"working": "off", "basis": "国办明电", "because": "多登了一天", "do": "withdraw"}
    assert organizer.send(f"/training/holidays/{third}", change).status_code == 303
    assert organizer.send(f"/training/holidays/{third}", change).status_code == 409
    assert client_as("town_organizer").get("/training/holidays").status_code == 404
