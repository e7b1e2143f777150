"""What a saved roll costs, which month it lands in, and what makes two rolls one."""

import dataclasses
import datetime as dt
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from learnhub.attendance import queries, service
from learnhub.attendance.rules import (
    PRESENT,
    FollowUpKind,
    Outcome,
    RollMark,
    Sender,
    base_marks,
    base_words,
    merge,
    read_names,
)
from learnhub.attendance.service import Deed, Saving
from learnhub.audit.queries import first_broken
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.core.orm import FOREVER
from learnhub.core.text import search_key
from learnhub.meetings import queries as meetings
from learnhub.members.models import Member, Membership
from learnhub.members.rules import Sex
from learnhub.records import queries as records
from tests.attendance.test_roll import ABSENT, EXPECTED, SICK, call, open_one
from tests.cast import SINCE, WILLOW
from tests.databases import count_statements
from tests.meetings.pages import called, finished, roll_form, scheduled
from tests.pages import PageClient

Acts = Callable[..., Act]
Clients = Callable[[str | None], PageClient]
# What the guard asks before anything else: who is signed in.
GUARD = 1


def test_a_roll_of_sixty_is_one_request_of_six_statements(session: Session, client_as: Clients) -> None:
    """Who is signed in, then: which branch, the sheet, the version, sixty marks, the end of the trail, its new entry."""
    add_members(session, 51)
    client = client_as("recorder")
    meeting_id = scheduled(client)
    fields = {**roll_form(client, meeting_id, m3="leave:sick"), "key": "one-roll-of-sixty"}
    assert len(fields["member"]) == 60
    with count_statements() as seen:
        answer = client.send(f"/meetings/{meeting_id}/roll", fields, headers={"X-Requested-By": "script"})
    assert answer.status_code in {200, 303}
    before_answer = seen[: next(place for place, each in enumerate(seen) if "INSERT INTO audit_entry" in each) + 1]
    asked = [each for each in before_answer if "pg_advisory" not in each]
    assert len(asked) <= GUARD + 6, "\n".join(asked)
    occasion = meetings.meeting(session, meeting_id).occasion  # type: ignore[union-attr]
    assert len(queries.roll(session, occasion.id)) == 60
    assert first_broken(session) is None


def add_members(session: Session, count: int) -> None:
    rows = [
        {
            "id": 1000 + number,
            "code": f"N{number:06}",
            "name": f"党员{number}",
            "search_key": search_key(f"党员{number}"),
            "sort_key": f"9{number:05}",
            "sex": Sex.FEMALE,
            "birth_month": "1980-01",
            "joined_on": SINCE,
            "full_on": SINCE,
        }
        for number in range(count)
    ]
    session.execute(sa.insert(Member), rows)
    belongs = {"organization_id": WILLOW, "valid_from": SINCE, "valid_to": FOREVER}
    session.execute(sa.insert(Membership), [{"member_id": row["id"], **belongs} for row in rows])
    session.commit()


MONTHS = ["2026-01", "2026-03", "2026-12"]  # with 31 days; Chinese, American and no summer time between


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/New_York"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The server's own zone, which must not matter."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.one_database
@pytest.mark.parametrize("month", MONTHS)
@pytest.mark.parametrize(("day", "hour"), [(1, dt.time(0, 5)), (31, dt.time(23, 55))])
def test_a_meeting_at_the_edge_of_a_month_lands_in_it(
    session: Session, act: Acts, zone: str, month: str, day: int, hour: dt.time
) -> None:
    """Whatever the zone of the server and of the site: the day typed is the day kept, and its hours are that year's."""
    for site in {"Asia/Shanghai", zone}:
        clock.configure(site)
        civil = clock.first_day(month).replace(day=day)
        starts = clock.instant(civil, hour)
        occasion = open_one(session, act(), starts_at=starts, ends_at=starts + dt.timedelta(minutes=30))
        found = queries.occasion(session, occasion)
        assert found is not None
        assert (found.day, clock.month_of(found.day)) == (civil, month)
        assert clock.local(found.starts_at).time() == hour
        later = dataclasses.replace(act(), at=starts + dt.timedelta(hours=1))
        call(session, later, occasion, 0)
        service.finish(session, later, occasion_id=occasion)
        entries = records.ledger(session, 1, civil.year).entries
        assert {each.day for each in entries} == {civil}


def save(session: Session, act: Act, occasion: int, *, client: str, revision: int, **more: Any) -> int:
    sheet = queries.roll_sheet(session, occasion, act.key)
    assert sheet is not None
    whole = type(sheet)(sheet.occasion, tuple(EXPECTED), sheet.standing, sheet.names, sheet.clients, sheet.repeated)
    saving = Saving(**{"marks": {}, "base_version": 0, "base": {}, "sender": Sender(client, revision), **more})
    return service.save_roll(session, act, sheet=whole, saving=saving).version


def test_a_phones_late_and_repeated_rolls_change_nothing(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    assert save(session, act(), occasion, client="a" * 16, revision=3, marks={1: SICK}) == 1
    for revision in (3, 2, 1):
        assert save(session, act(), occasion, client="a" * 16, revision=revision, marks={1: ABSENT}) == 1
    assert queries.roll(session, occasion)[1] == SICK
    assert save(session, act(), occasion, client="a" * 16, revision=4, base_version=1, marks={}) == 2
    assert queries.roll(session, occasion)[1] == PRESENT


def test_people_who_are_no_members_are_names_and_no_more(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    names = read_names("王老师、 李干事，王老师；")
    assert names == ("王老师", "李干事")
    save(session, act(), occasion, client="a" * 16, revision=1, names=names)
    save(session, act(), occasion, client="a" * 16, revision=2, base_version=1, names=("李干事",))
    assert queries.guest_names(session, occasion) == ("李干事",)


marks = st.sampled_from([PRESENT, SICK, ABSENT, RollMark(Outcome.ONLINE)])
rolls = st.fixed_dictionaries(dict.fromkeys(range(1, 5), marks))


@settings(max_examples=25, deadline=None)
@given(rolls, rolls, rolls)
def test_uniting_two_rolls_loses_nothing(
    base: dict[int, RollMark], mine: dict[int, RollMark], theirs: dict[int, RollMark]
) -> None:
    """Whoever alone changed a mark has their way; the same change is one; only contradictions are asked about."""
    both = merge(base, mine, theirs)
    for member, before in base.items():
        changed = {roll[member] for roll in (mine, theirs) if roll[member] != before}
        assert (member in both.conflicts) == (len(changed) == 2)
        if len(changed) < 2:
            assert both.roll[member] == next(iter(changed), before)
    other = merge(base, theirs, mine)
    assert other.conflicts == both.conflicts
    assert all(other.roll[member] == both.roll[member] for member in base if member not in both.conflicts)
    assert base_marks(base_words(base), list(base)) == base


def test_several_make_up_together_on_one_day(session: Session, act: Acts) -> None:
    occasion, other = open_one(session, act()), open_one(session, act(), title="党课")
    for each in (occasion, other):
        call(session, act(), each, 0, m1=SICK, m4=ABSENT)
        service.finish(session, act(), occasion_id=each)
    missed = [(occasion, 1), (occasion, 4), (other, 1)]
    deed = Deed(FollowUpKind.GROUP_MAKE_UP, clock.today(), "李丁", "本月微党课")
    with pytest.raises(DomainError):
        one = Deed(FollowUpKind.ONE_TO_ONE, clock.today(), "李丁", "讲了要点")
        service.follow_up_together(session, act(), missed=missed, deed=one)
    with pytest.raises(DomainError):
        service.follow_up_together(session, act(), missed=[], deed=deed)
    ids = service.follow_up_together(session, act(key="one-press"), missed=missed, deed=deed)
    assert len(ids) == 3
    service.follow_up_together(session, act(key="one-press"), missed=missed, deed=deed)
    found = queries.follow_ups(session, occasion, other)
    assert [(each.occasion_id, each.member_id) for each in found] == missed
    assert len(records.ledger(session, 1, 2026).entries) == 2
    service.withdraw_follow_up(session, act(), follow_up_id=ids[0], reason="记错了")
    assert len(records.ledger(session, 1, 2026).entries) == 1


def test_the_work_list_of_a_branch_is_noted_in_one_go(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    called(client, meeting_id, m1="leave:sick", m8="absent")
    finished(client, meeting_id)
    url = f"/meetings/missed?organization={WILLOW}"
    for address in (url, f"{url}&by=person"):
        page = client.page(address)
        assert page.count('name="member"') == 3  # the two, and the exempt one
    occasion = meetings.meeting(session, meeting_id).occasion.id  # type: ignore[union-attr]
    fields = {
        "member": [f"{occasion}-1", f"{occasion}-8"],
        "kind": "group_make_up",
        "day": "2026-11-22",
        "content": "课",
    }
    assert client.send(url, {**fields, "member": []}).status_code == 422
    assert client.send(url, {**fields, "member": [f"{occasion}-3"]}).status_code == 422  # came
    with count_statements() as seen:
        assert client.send(url, fields).status_code == 303
    assert len(seen) <= 30
    assert {each.member_id for each in queries.follow_ups(session, occasion)} == {1, 8}
