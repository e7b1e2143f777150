"""Who sits in from elsewhere: found by the whole name, on the trail, and nobody else gets in."""

import dataclasses
import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from learnhub.attendance import queries
from learnhub.attendance.rules import (
    LeaveReason,
    Outcome,
    RollMark,
)
from learnhub.audit.models import AuditEntry
from learnhub.audit.service import note
from learnhub.core import clock
from learnhub.meetings import queries as meetings
from learnhub.meetings.rules import MOST_SEARCHES
from learnhub.meetings.service import find_guests
from tests.attendance.test_saving import Acts, Clients
from tests.cast import WILLOW
from tests.meetings.pages import finished, proposed, roll_form, scheduled


def test_guests_are_found_by_their_whole_name_and_sit_in(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    url = f"/meetings/{meeting_id}/roll"
    fields = roll_form(client, meeting_id, m8="leave:sick")
    page = client.send(url, {**fields, "do": "find", "find": "冯"})
    assert "没有找到叫“冯”的党员" in page.text  # no leafing through others' rosters
    page = client.send(url, {**fields, "do": "find", "find": "冯辛"})
    assert page.status_code == 200
    assert "桥头村党支部" in page.text
    kept = proposed(page.text)
    assert ([each.partition(".")[0] for each in kept["guest"]], kept["why-8"]) == (["11"], ["leave:sick"])
    kept["names"] = "王老师"
    assert client.send(url, {name: value for name, value in kept.items() if name != "find"}).status_code == 303
    occasion = meetings.meeting(session, meeting_id).occasion.id  # type: ignore[union-attr]
    assert queries.roll(session, occasion)[11].outcome is Outcome.NON_VOTING
    assert queries.guest_names(session, occasion) == ("王老师",)
    again = proposed(client.page(url))
    assert (again["guest"], again["names"]) == (kept["guest"], ["王老师"])
    assert RollMark(Outcome.LEAVE, LeaveReason.SICK) == queries.roll(session, occasion)[8]
    finished(client, meeting_id)
    corrected = {**again, "guest": [], "because": "没有来"}
    assert client.send(url, corrected).status_code == 303
    assert 11 not in queries.roll(session, occasion)


def test_a_stranger_put_into_the_form_is_neither_listed_nor_written(session: Session, client_as: Clients) -> None:
    """Who sits in was found by name, by this account for this meeting, or stands already; all else typed is kept."""
    client, second = client_as("recorder"), client_as("second_recorder")
    meeting_id, other_id = scheduled(client), scheduled(client, kinds=["committee"], theme="支委会")
    url = f"/meetings/{meeting_id}/roll"
    fields = {**roll_form(client, meeting_id, m8="leave:sick"), "names": "王老师"}
    found = proposed(client.send(url, {**fields, "do": "find", "find": "冯辛"}).text)["guest"]
    foreign = proposed(second.send(url, {**fields, "do": "find", "find": "王庚"}).text)["guest"]
    elsewhere = client.send(f"/meetings/{other_id}/roll", {**fields, "do": "find", "find": "陈壬"}).text
    strangers = ["13", "14.x", "17.\u4e00", *foreign, *proposed(elsewhere)["guest"], "12", "16.", "99999", "999999999"]
    occasion = meetings.meeting(session, meeting_id).occasion.id  # type: ignore[union-attr]
    for more in ({}, {"why-8": ""}, {"do": "find", "find": "冯辛"}):
        answer = client.send(url, {**fields, **more, "guest": [*found, *strangers]})
        assert answer.status_code == 422
        assert "没有列出，也没有保存" in answer.text
        assert not [name for name in ("褚癸", "卫子", "韩卯", "王庚", "陈壬", "沈寅") if name in answer.text]
        kept = proposed(answer.text)
        assert (kept["guest"], kept["names"]) == (found, ["王老师"])
        assert queries.roll(session, occasion) == {}
    assert client.send(url, {**fields, "guest": found}).status_code == 303
    assert set(queries.roll(session, occasion)) == {*range(1, 10), 11}
    assert second.send(url, {**proposed(second.page(url)), "guest": ["11"], "names": ""}).status_code == 303
    assert client.send(url, {**proposed(client.page(url)), "guest": ["13"]}).status_code == 422


def test_the_trail_says_who_found_whom(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    client.send(f"/meetings/{meeting_id}/roll", {**roll_form(client, meeting_id), "do": "find", "find": "冯辛"})
    entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.subject, entry.actor_id) == ("meeting.find-guests", f"meeting:{meeting_id}", 2)
    assert entry.details == {"members": [11]}


def test_codes_cannot_be_counted_through_to_list_the_county(session: Session, client_as: Clients, act: Acts) -> None:
    """Beyond so many searches in an hour nothing is looked up for the account; what was typed stays on the page."""
    client = client_as("recorder")
    meeting_id = scheduled(client)
    url, fields = f"/meetings/{meeting_id}/roll", roll_form(client, meeting_id, m8="leave:sick")
    hour_ago = dataclasses.replace(act("recorder"), at=clock.now() - dt.timedelta(hours=1))
    for number in range(MOST_SEARCHES):
        note(session, hour_ago, "meeting.find-guests", f"meeting:{meeting_id}", WILLOW, members=[])
        if number:
            find_guests(session, act("recorder"), meeting_id=meeting_id, text=f"M{number:06}")
    session.commit()
    asked = {**fields, "names": "王老师", "do": "find", "find": "M000011"}
    assert "桥头村党支部" in client.send(url, asked).text, "the last one of this hour"
    refused = client.send(url, asked)
    assert refused.status_code == 429
    assert "找列席党员的次数太多了" in refused.text and "桥头村党支部" not in refused.text
    kept = proposed(refused.text)
    assert (kept["names"], kept["why-8"]) == (["王老师"], ["leave:sick"])
    second = client_as("second_recorder")
    assert "桥头村党支部" in second.send(url, asked).text, "each account has its own hour"
