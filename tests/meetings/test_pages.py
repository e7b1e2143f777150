"""The recorder's pages: first that they work, then every refusal."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy.orm import Session

from learnhub.accounts.models import SignIn
from learnhub.core import clock
from learnhub.meetings import queries
from learnhub.meetings.rules import MeetingKind, State
from learnhub.records import queries as records
from tests.cast import COUNTY, WILLOW, WILLOW_TOWN
from tests.databases import count_statements
from tests.meetings.pages import SCHEDULE, Clients, called, proposed, scheduled

READS = ["", "/sign-in-sheet", "/activity-record"]
WRITES = ["/roll", "/follow-ups", "/record", "/move", "/cancel"]


def test_a_theme_day_is_scheduled_as_proposed(session: Session, client_as: Clients) -> None:
    """Open, and press: the month's lesson, film and practice, the day, the hour and the chair are there already."""
    client = client_as("recorder")
    page = client.page(SCHEDULE)
    fields = {**proposed(page), "place": "党群服务中心"}
    assert client.send(SCHEDULE, fields).status_code == 303
    found = queries.theme_day(session, WILLOW, "2026-11")
    assert found is not None
    assert found.occasion.starts_at == clock.instant(dt.date(2026, 11, 25), dt.time(9))
    assert found.minutes.chair == "周戊"  # the secretary
    assert all([found.theme, found.minutes.lesson, found.minutes.film, found.minutes.practice])
    assert found.minutes.lesson in page
    after = client.page(f"/meetings/schedule?organization={WILLOW}&month=2026-12")
    assert proposed(after)["spot"] == ["党群服务中心"]


def test_a_double_click_schedules_one(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    fields = {**proposed(client.page(SCHEDULE)), "place": "党群服务中心", "key": "one-key-of-a-form"}
    first, second = client.send(SCHEDULE, fields), client.send(SCHEDULE, fields)
    assert first.status_code == second.status_code == 303
    assert first.location == second.location
    assert len(queries.for_month(session, WILLOW, "2026-11")) == 1


def test_a_second_theme_day_is_refused_and_the_first_named(session: Session, client_as: Clients) -> None:
    first, second = client_as("recorder"), client_as("second_recorder")
    stale = {**proposed(second.page(SCHEDULE)), "place": "老石桥"}
    meeting_id = scheduled(first)
    answer = second.send(SCHEDULE, stale)
    assert answer.status_code == 422
    assert "2026-11 的主题党日已经排好：2026-11-20 9:00，党群服务中心" in answer.text
    assert f'href="/meetings/{meeting_id}"' in answer.text
    assert 'value="老石桥"' in answer.text  # nothing typed is lost
    assert len(queries.for_month(session, WILLOW, "2026-11")) == 1
    page = first.page(f"{SCHEDULE}&kind=committee")
    assert proposed(page)["kinds"] == ["committee"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"when": "other"}, "请选一个时间"),
        ({"when": "tomorrow"}, "请选一个时间"),
        ({"place": "", "spot": "other"}, "请选一个地点"),
        ({"chair": ""}, "请填主持人"),
        ({"theme": " "}, "请填主题"),
        ({"kinds": []}, "请至少选一种会议"),
        ({"minutes": "0"}, ""),
        ({"day": "2025-11-25"}, "太远了"),
        ({"day": "2026-02-30"}, ""),
        ({"kinds": ["party"]}, ""),
    ],
)
def test_what_is_wrong_with_a_schedule_is_said(
    session: Session, client_as: Clients, changes: dict[str, Any], words: str
) -> None:
    client = client_as("recorder")
    fields = {**proposed(client.page(SCHEDULE)), "place": "党群服务中心", **changes}
    answer = client.send(SCHEDULE, fields)
    assert answer.status_code == 422
    assert words in answer.text
    assert queries.for_month(session, WILLOW, "2026-11") == ()


def test_a_meeting_is_moved_and_cancelled(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    fields = {**proposed(client.page(f"/meetings/{meeting_id}/move")), "day": "2026-11-21", "starts": "15:00"}
    assert client.send(f"/meetings/{meeting_id}/move", fields).status_code == 303
    found = queries.meeting(session, meeting_id)
    assert found is not None
    assert found.occasion.starts_at == clock.instant(dt.date(2026, 11, 21), dt.time(15))
    assert client.send(f"/meetings/{meeting_id}/move", {**fields, "minutes": ""}).status_code == 422
    client.page(f"/meetings/{meeting_id}/cancel")
    assert client.send(f"/meetings/{meeting_id}/cancel", {"reason": ""}).status_code == 422
    assert client.send(f"/meetings/{meeting_id}/cancel", {"reason": "防汛"}).status_code == 303
    assert "防汛" in client.page(f"/meetings/{meeting_id}")
    assert client.send(f"/meetings/{meeting_id}/move", fields).status_code == 422
    session.expire_all()
    assert queries.meeting(session, meeting_id).state is State.CANCELLED  # type: ignore[union-attr]


def test_the_sign_in_sheet_has_every_name_and_tells_namesakes_apart(client_as: Clients) -> None:
    client = client_as("recorder")
    page = client.page(f"/meetings/{scheduled(client)}/sign-in-sheet")
    for name in ("柳树村党支部", "赵甲", "钱乙", "吴䶮", "阿依古丽·买买提", "1979 年 6 月", "1994 年 6 月"):
        assert name in page
    assert page.count("郑伟") == 2
    assert page.count("有同名") == 2
    assert "王庚" not in page


def test_pages_ask_few_statements(client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    called(client, meeting_id, m3="absent")
    for url, most in [
        (f"/meetings?organization={WILLOW}&month=2026-11", 5),
        (f"/meetings/{meeting_id}", 12),
        (f"/meetings/{meeting_id}/roll", 11),
        (f"/meetings/{meeting_id}/sign-in-sheet", 9),
        (SCHEDULE, 10),  # two of them: the published pack above, and the own parts of the branch
    ]:
        with count_statements() as seen:
            client.page(url)
        assert len(seen) <= most, f"{url}: {len(seen)}\n" + "\n".join(seen)


def test_a_record_is_prefilled_and_finished(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    url = f"/meetings/{meeting_id}/record"
    assert "先去点名" in client.page(url)
    called(client, meeting_id, m8="leave:sick")
    fields = proposed(client.page(url))
    assert fields["recorder"] == ["李丁"]
    assert fields["practice_people"] == ["7"]
    assert fields["lesson"] != [""]
    saved = {**fields, "summary": "读了微党课。\r\n修了石桥护栏。", "do": "save", "key": "one-key-of-a-form"}
    for _ in range(2):
        assert client.send(url, saved).status_code == 303
    again = proposed(client.page(url))
    assert again["summary"] == ["读了微党课。\n修了石桥护栏。"]
    done = {**again, "do": "finish", "key": "another-key-of-a-form"}
    for _ in range(2):
        assert client.send(url, done).status_code == 303
    page = client.page(f"/meetings/{meeting_id}")
    assert "记录完成，7 人的学时已经登记。" in page
    [entry] = records.ledger(session, 1, 2026).entries
    assert entry.quarters > 0
    assert not records.ledger(session, 8, 2026).entries
    paper = client.page(f"/meetings/{meeting_id}/activity-record")
    assert "修了石桥护栏。" in paper
    assert "病假" not in paper  # reasons of health stay in the branch's roll
    corrected = {**proposed(client.page(url)), "summary": "更正过", "do": "save"}
    assert client.send(url, corrected).status_code == 422
    assert client.send(url, {**corrected, "because": "写错了"}).status_code == 303


def test_the_second_writer_of_a_record_sees_the_first_ones(session: Session, client_as: Clients) -> None:
    first, second = client_as("recorder"), client_as("second_recorder")
    meeting_id = scheduled(first)
    url = f"/meetings/{meeting_id}/record"
    mine = {**proposed(second.page(url)), "summary": "我写的", "do": "save"}
    assert first.send(url, {**proposed(first.page(url)), "summary": "他写的", "do": "save"}).status_code == 303
    answer = second.send(url, mine)
    assert answer.status_code == 409
    assert "他写的" in answer.text
    kept = proposed(answer.text)
    assert kept["summary"] == ["我写的"]
    assert second.send(url, {**kept, "do": "save"}).status_code == 303


def test_finishing_too_early_is_refused_in_words(client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client, day="2026-11-25")
    url = f"/meetings/{meeting_id}/record"
    answer = client.send(url, {**proposed(client.page(url)), "do": "finish"})
    assert answer.status_code == 422
    assert "还没有结束" in answer.text


def test_a_late_entry_is_marked_with_its_time(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    called(client, meeting_id)
    clock.fix(clock.instant(dt.date(2026, 12, 3), dt.time(10, 20)))
    session.query(SignIn).update({"started_at": clock.now(), "seen_at": clock.now()})
    session.commit()
    url = f"/meetings/{meeting_id}/record"
    fields = {**proposed(client.page(url)), "do": "finish"}
    assert client.send(url, fields).status_code == 422
    assert client.send(url, {**fields, "late_reason": "村里停电"}).status_code == 303
    page = client.page(f"/meetings/{meeting_id}")
    assert "补录，12 月 3 日 10:20。原因：村里停电" in page


def test_a_month_is_a_calendar_for_a_branch_and_a_table_above(client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    month = client.page(f"/meetings?organization={WILLOW}&month=2026-11")
    assert f'href="/meetings/{meeting_id}"' in month
    assert "新排一次会议" in month
    assert "还没有排期" in client.page("/meetings?month=2026-02")
    assert client.page("/meetings?month=nonsense")  # the present month
    organizer = client_as("organizer")
    level = organizer.page(f"/meetings?organization={WILLOW_TOWN}&month=2026-11")
    assert f'href="/meetings/{meeting_id}"' in level
    assert level.index("柳树村党支部") < level.index("桥头村党支部") < level.index("企业党总支")
    assert "新排一次会议" not in organizer.page(f"/meetings?organization={WILLOW}&month=2026-11")
    assert "点名</a>" not in organizer.page(f"/meetings/{meeting_id}")
    assert client_as("town_organizer").get(f"/meetings?organization={COUNTY}").status_code == 404


def test_a_reason_of_health_stays_in_the_branch(client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client)
    called(client, meeting_id, m8="leave:sick")
    assert "病假" in client.page(f"/meetings/{meeting_id}")
    for path in READS:
        assert "病假" not in client_as("organizer").page(f"/meetings/{meeting_id}{path}")


def test_the_committee_meets_without_the_others(session: Session, client_as: Clients) -> None:
    client = client_as("recorder")
    meeting_id = scheduled(client, kinds=[MeetingKind.COMMITTEE.value], theme="支委会")
    page = client.page(f"/meetings/{meeting_id}/roll")
    assert "李丁" in page
    assert "赵甲" not in page


@pytest.mark.parametrize("person", ["foreign_recorder", "foreign_organizer"])
def test_from_elsewhere_there_is_no_such_meeting(client_as: Clients, person: str) -> None:
    meeting_id = scheduled(client_as("recorder"))
    client = client_as(person)
    for path in READS:
        assert client.get(f"/meetings/{meeting_id}{path}").status_code == 404
    assert client.get(f"/meetings?organization={WILLOW}").status_code == 404
    refused = 404 if person == "foreign_recorder" else 403
    for path in WRITES:
        assert client.get(f"/meetings/{meeting_id}{path}").status_code == refused
        assert client.send(f"/meetings/{meeting_id}{path}").status_code == refused
    assert client.send(SCHEDULE).status_code == refused


def test_absent_meetings_members_and_strangers_are_refused(client_as: Clients) -> None:
    meeting_id = scheduled(client_as("recorder"))
    for path in [*READS, *WRITES]:
        assert client_as("recorder").get(f"/meetings/999999{path}").status_code == 404
        assert client_as("member").get(f"/meetings/{meeting_id}{path}").status_code == 403
        assert client_as(None).get(f"/meetings/{meeting_id}{path}").status_code == 303
    for path in WRITES:
        assert client_as("organizer").get(f"/meetings/{meeting_id}{path}").status_code == 403
    assert client_as("recorder").get(f"/meetings/schedule?organization={COUNTY}").status_code == 404
    assert client_as("recorder").get("/meetings/schedule?organization=x").status_code == 404


@pytest.mark.parametrize("month", ["1900-01", "2019-01", "2026-06", "2027-03", "2099-12", "2999-12"])
def test_every_month_can_be_scheduled_with_or_without_a_unit(session: Session, client_as: Clients, month: str) -> None:
    """Late entries of months before the first unit, and months whose unit is not written yet."""
    client, url = client_as("recorder"), f"/meetings/schedule?organization={WILLOW}&month={month}"
    page = client.page(url)
    assert "定时间、定地点、确认，三下就好。" in page
    typed = {"theme": "自选主题", "place": "党群服务中心", "kinds": "theme_day"}
    answer = client.send(url, {**proposed(page), **typed})
    if month < "2020-01":  # the branch is younger
        assert answer.status_code == 422 and "这一天党支部还没有成立" in answer.text
        return
    found = queries.theme_day(session, WILLOW, month)
    assert answer.status_code == 303 and found is not None and clock.month_of(found.occasion.day) == month
