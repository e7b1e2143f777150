"""Calendar links: what a calendar client reads, whom it lets in, and the months at their edges."""

import datetime as dt
import re
import time
from collections.abc import Callable, Iterator

import pytest
from icalendar import Calendar, Component
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.meetings import queries, service
from learnhub.meetings.rules import MeetingKind, Minutes, Owner
from tests.cast import WILLOW
from tests.databases import count_statements
from tests.pages import PageClient

Clients = Callable[[str | None], PageClient]
Acts = Callable[..., Act]
BRANCH = Owner(organization_id=WILLOW)
LINK = f"/meetings/calendar-link?organization={WILLOW}"


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/New_York"])
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The zone of the machine, which must not matter."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def scheduled(session: Session, act: Act, starts_at: dt.datetime, **changes: object) -> int:
    plain = {
        "organization_id": WILLOW,
        "month": clock.month_of(clock.local(starts_at).date()),
        "kinds": {MeetingKind.THEME_DAY},
        "theme": "防汛，演练；\n第二行" + "把时间还给群众" * 12,
        "starts_at": starts_at,
        "ends_at": starts_at + dt.timedelta(hours=1),
        "place": "党群服务中心",
        "minutes": Minutes("周戊", lesson="少填一张表", lecturer="吴䶮", practice="走户, 门"),
    }
    return service.schedule(session, act, **{**plain, **changes})


def opened(session: Session, act: Act, owner: Owner = BRANCH) -> str:
    service.open_feed(session, act, owner)
    row = queries.standing_feed(session, owner)
    session.commit()
    assert row is not None
    return f"/calendars/{row.token}.ics"


def fetched(client: PageClient, address: str) -> tuple[str, list[Component]]:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    return answer.text, Calendar.from_ical(answer.text).walk("VEVENT")


def test_a_calendar_says_what_and_where_and_no_name(session: Session, act: Acts, client_as: Clients) -> None:
    scheduled(session, act(), clock.instant(dt.date(2026, 11, 20), dt.time(9)))
    address, client = opened(session, act()), client_as(None)
    text, (event,) = fetched(client, address)
    assert text.replace("\r\n", "").count("\n") == text.replace("\r\n", "").count("\r") == 0
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75  # RFC 5545, 3.1, in octets
    assert r"走户\, 门" in text.replace("\r\n ", "")
    assert str(event["SUMMARY"]).startswith("主题党日：防汛，演练；\n第二行")
    assert str(event["DESCRIPTION"]).splitlines() == ["课：少填一张表", "行：走户, 门"]
    assert (str(event["LOCATION"]), str(event["STATUS"]), event["SEQUENCE"]) == ("党群服务中心", "CONFIRMED", 0)
    unfolded = text.replace("\r\n ", "")
    assert not [name for name in ("周戊", "吴䶮", "赵甲") if name in unfolded]
    assert "BEGIN:VTIMEZONE" in text
    assert "TZID:Asia/Shanghai" in text


def test_moves_raise_the_sequence_and_cancelling_is_told(session: Session, act: Acts, client_as: Clients) -> None:
    starts = clock.instant(dt.date(2026, 11, 20), dt.time(9))
    meeting_id = scheduled(session, act(), starts)
    address, client = opened(session, act()), client_as(None)
    _, (first,) = fetched(client, address)
    hour = dt.timedelta(hours=1)
    for step in (1, 2, 2):  # the third changes nothing
        times = {"starts_at": starts + step * hour, "ends_at": starts + step * hour + hour}
        service.move(session, act(), meeting_id=meeting_id, place="老石桥", **times)
    session.commit()
    _, (moved,) = fetched(client, address)
    assert (moved["UID"], moved["SEQUENCE"]) == (first["UID"], 2)
    assert moved.decoded("DTSTART") == starts + 2 * hour
    assert [(each.starts_at, each.place) for each in queries.earlier_times(session, meeting_id)] == [
        (starts + hour, "老石桥"),
        (starts, "党群服务中心"),
    ]
    service.cancel(session, act(), meeting_id=meeting_id, reason="防汛")
    session.commit()
    text, (cancelled,) = fetched(client, address)
    assert (cancelled["UID"], cancelled["SEQUENCE"], cancelled["STATUS"]) == (first["UID"], 3, "CANCELLED")
    assert "原因" not in text
    page = client_as("recorder").page(f"/meetings/{meeting_id}")
    assert page.count("原定") == 2
    assert "主题党日取消" in page


def test_the_edges_of_months(session: Session, act: Acts, client_as: Clients, server_zone: str) -> None:
    late, early = (dt.date(2026, 10, 31), dt.time(23, 55)), (dt.date(2026, 12, 1), dt.time(0, 5))
    for moment in (late, early):
        scheduled(session, act(), clock.instant(*moment))
    text, events = fetched(client_as(None), opened(session, act()))
    assert "DTSTART;TZID=Asia/Shanghai:20261031T235500\r\n" in text
    assert "DTSTART;TZID=Asia/Shanghai:20261201T000500\r\n" in text
    wanted = [clock.instant(*late), clock.instant(*early)]
    assert [each.decoded("DTSTART") for each in events] == wanted
    assert all(each.decoded("DTSTART").utcoffset() == dt.timedelta(hours=8) for each in events)
    assert [len(queries.for_month(session, WILLOW, month)) for month in ("2026-10", "2026-11", "2026-12")] == [1, 0, 1]


def test_a_revoked_or_guessed_link_is_not_found(session: Session, client_as: Clients) -> None:
    recorder, stranger = client_as("recorder"), client_as(None)
    addresses = []
    for verb in ("open", "open", "end"):
        assert recorder.send(LINK, {"do": verb}).status_code == 303
        shown = re.search(r"/calendars/[\w-]+\.ics", recorder.page(LINK))
        addresses.append(shown[0] if shown else "")
        for place, address in enumerate(addresses):
            standing = place == len(addresses) - 1 and bool(address)
            assert not address or stranger.get(address).status_code == (200 if standing else 404)
    assert addresses[0] != addresses[1]
    assert addresses[2] == ""
    assert stranger.get("/calendars/no-such-token.ics").status_code == 404
    assert recorder.send(LINK, {"do": "end"}).status_code == 303  # once more changes nothing


def test_a_member_sees_the_meetings_of_the_own_branch(session: Session, act: Acts, client_as: Clients) -> None:
    starts = clock.instant(dt.date(2026, 11, 20), dt.time(9))
    scheduled(session, act(), starts)
    scheduled(session, act(), starts + dt.timedelta(days=1), kinds={MeetingKind.COMMITTEE}, theme="委员会")
    client = client_as("member")
    assert client.send("/my-calendar", {"do": "open"}).status_code == 303
    shown = re.search(r"/calendars/[\w-]+\.ics", client.page("/my-calendar"))
    assert shown
    stranger = client_as(None)
    with count_statements() as seen:
        _, events = fetched(stranger, shown[0])
    assert len(seen) <= 6
    assert ["委员会" in str(each["SUMMARY"]) for each in events] == [False]
    _, both = fetched(stranger, opened(session, act()))
    assert both[0]["UID"] == events[0]["UID"]
    assert len(both) == 2


def test_a_client_that_asks_again_gets_nothing_new(session: Session, act: Acts, client_as: Clients) -> None:
    scheduled(session, act(), clock.instant(dt.date(2026, 11, 20), dt.time(9)))
    client, address = client_as(None), opened(session, act())
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


def test_a_link_is_of_a_branch(client_as: Clients) -> None:
    assert client_as("recorder").get("/meetings/calendar-link?organization=1").status_code == 404
