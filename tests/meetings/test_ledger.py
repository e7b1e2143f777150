"""The yearly ledger: one set of statements for any year, the same figures as the pages, every record in the file."""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.attendance import service as attendance
from learnhub.attendance.rules import FollowUpKind, LeaveReason, Outcome, RollMark
from learnhub.attendance.service import Deed
from learnhub.audit.models import AuditEntry
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.orm import FOREVER
from learnhub.meetings import queries, service
from learnhub.meetings.queries.recorded import Ledger, ledger
from learnhub.meetings.rules import MeetingKind, Minutes
from learnhub.meetings.service.ledger import ledger_paper
from learnhub.members.models import Member, Membership
from learnhub.members.rules import Sex
from learnhub.papers import service as papers
from learnhub.web.voice import voice
from tests import cast
from tests.attendance.test_attachments import picture
from tests.databases import count_statements
from tests.meetings.test_paper_files import said
from tests.meetings.verbs import SICK, at, call, schedule
from tests.pages import PageClient

Acts = Callable[..., Act]
Clients = Callable[[str | None], PageClient]
ABSENT, EXEMPT = RollMark(Outcome.ABSENT), RollMark(Outcome.EXEMPT)


def hold(session: Session, act: Acts, day: int, month: int, *, late: str = "", **marks: RollMark) -> int:
    """A theme day that was held, called and finished, the next day or when it was late."""
    start = at(day, month=month)
    clock.fix(start + dt.timedelta(days=1))
    minutes = Minutes("周戊", recorder="李丁", lesson=f"第{month}课", decisions=f"第{month}件事", summary="开了会")
    meeting_id = schedule(session, act(), month=f"2026-{month:02}", starts_at=start, minutes=minutes)
    call(session, act(), meeting_id, marks={2: EXEMPT, **{int(name[1:]): mark for name, mark in marks.items()}})
    if late:
        clock.fix(cast.NOW)
    service.finish(session, act(), meeting_id=meeting_id, late_reason=late)
    clock.fix(cast.NOW)
    return meeting_id


@pytest.fixture
def year(session: Session, act: Acts) -> list[int]:
    """Two theme days, the second a late entry; a make-up, a home visit; one called off, one planned."""
    first = hold(session, act, 20, 3, m8=SICK, m9=ABSENT, m6=RollMark(Outcome.LEAVE, LeaveReason.OFFICIAL))
    second = hold(session, act, 20, 5, late="当时停电", m9=ABSENT)
    meeting = queries.meeting(session, first)
    assert meeting is not None
    for member, kind in ((9, FollowUpKind.SELF_STUDY), (2, FollowUpKind.HOME_VISIT)):
        deed = Deed(kind, cast.TODAY, "李丁", "补上这一课")
        attendance.follow_up_together(session, act(), missed=[(meeting.occasion.id, member)], deed=deed)
    off = schedule(session, act(), month="2026-11", starts_at=at(24))
    service.cancel(session, act(), meeting_id=off, reason="防汛值守")
    planned = schedule(session, act(), month="2026-11", starts_at=at(25))
    session.commit()
    return [first, second, off, planned]


def counted(found: Ledger, member_id: int) -> tuple[int, ...]:
    one = next(each for each in found.members if each.member.id == member_id)
    return (one.expected, one.came, one.leave, one.absent, one.exempt, one.made_up, one.visited)


def test_a_year_in_order_with_every_members_sessions(session: Session, year: list[int]) -> None:
    found = ledger(session, cast.WILLOW, cast.TODAY)
    assert [each.meeting.id for each in found.meetings] == year
    assert [each.member.id for each in found.members] == list(range(1, 10))
    assert counted(found, 1) == (2, 2, 0, 0, 0, 0, 0)
    assert counted(found, 8) == (2, 1, 1, 0, 0, 0, 0)
    assert counted(found, 9) == (2, 0, 0, 2, 0, 1, 0)
    assert counted(found, 2) == (0, 0, 0, 0, 2, 0, 1)


def test_a_roll_without_a_finished_record_counts_for_nobody(session: Session, act: Acts, year: list[int]) -> None:
    """What is not finished stands in the list with its numbers, but in nobody's sessions."""
    clock.fix(at(25, 10))
    call(session, act(), year[3], marks={9: ABSENT})
    found = ledger(session, cast.WILLOW, cast.TODAY)
    assert found.meetings[3].sheet.tally.expected == 9
    assert counted(found, 1) == (2, 2, 0, 0, 0, 0, 0) and counted(found, 9) == (2, 0, 0, 2, 0, 1, 0)


def test_the_ledger_says_of_each_meeting_what_its_own_sheet_says(session: Session, year: list[int]) -> None:
    """The year's one reading and the page's reading of one meeting agree, line by line."""
    for each in ledger(session, cast.WILLOW, cast.TODAY).meetings[:2]:
        own = queries.sheet(session, each.meeting)
        assert (each.sheet.full, each.sheet.probationary, each.sheet.tally) == (own.full, own.probationary, own.tally)
        both = [
            [
                (line.member.id, line.mark, line.follow_up, line.probationary, line.namesake, line.is_expected)
                for line in sheet.lines
            ]
            for sheet in (each.sheet, own)
        ]
        assert both[0] == both[1]


def test_as_many_statements_for_any_year(session: Session, act: Acts, year: list[int]) -> None:
    with count_statements() as few:
        ledger(session, cast.WILLOW, cast.TODAY)
    for month in (1, 2, 4, 6, 7, 8):
        hold(session, act, 20, month, m9=ABSENT)
    session.flush()
    with count_statements() as many:
        ledger(session, cast.WILLOW, cast.TODAY)
    assert len(many) == len(few) <= 15


@pytest.mark.one_database
def test_whoever_left_during_the_year_is_in_it_and_who_joined_later_is_not_expected_before(
    session: Session, act: Acts, year: list[int]
) -> None:
    row = session.scalars(select(Membership).where(Membership.member_id == 7)).one()
    row.valid_to = dt.date(2026, 4, 1)
    other = session.scalars(select(Membership).where(Membership.member_id == 10)).one()
    other.valid_to = dt.date(2025, 12, 31)
    session.flush()
    found = ledger(session, cast.WILLOW, cast.TODAY)
    assert counted(found, 7) == (2, 2, 0, 0, 0, 0, 0)  # their marks stand, wherever they belong now
    assert 10 not in [each.member.id for each in found.members]
    assert ledger(session, cast.WILLOW, dt.date(2025, 12, 31)).meetings == ()


@pytest.mark.one_database
def test_the_page_and_the_files_say_it(
    client_as: Clients, session: Session, act: Acts, year: list[int], tmp_path: Path
) -> None:
    meeting = queries.meeting(session, year[0])
    assert meeting is not None
    attendance.attach(
        session, act(), occasion_id=meeting.occasion.id, picture=picture(7), caption="走访三组", folder=tmp_path
    )
    session.commit()
    recorder = client_as("recorder")
    page = "".join(recorder.page(f"/meetings/ledger?organization={cast.WILLOW}&year=2026").split())
    assert all(words in page for words in ("2026年度台账", "柳树村党支部", "补录", "已取消", "走访三组"))
    assert f'href="/meetings/{year[1]}"' in page and "第3件事" not in page
    for form in ("pdf", "docx"):
        words = said(recorder, f"/meetings/ledger.{form}?organization={cast.WILLOW}&year=2026")
        for part in (
            "柳树村党支部2026年度台账", "截至：2026年11月22日" if form == "docx" else "截至2026年11月22日", "一、会议完成情况", "二、会议目录",
            "三、党员参加情况", "四、附件目录", "五、会议记录", "1.第3件事", "1.第5件事", "原因：当时停电", "郑伟（1994年6月生）",
            "请假（公务）：吴䶮", "走访三组", picture(7).sha256[:16], "不算比例，不排名次", "来源：本支部的排期、点名和记录",
        ):  # fmt: skip
            assert part in words, (form, part)
        assert "病" not in words and "率" not in words
    assert "公务" not in said(client_as("reader"), f"/meetings/ledger.pdf?organization={cast.WILLOW}&year=2026")


@pytest.mark.one_database
def test_reading_and_taking_it_away_are_on_record(client_as: Clients, session: Session, year: list[int]) -> None:
    recorder = client_as("recorder")
    recorder.page("/meetings/ledger")
    recorder.get("/meetings/ledger.docx?year=2025")
    found = session.execute(
        select(AuditEntry.action, AuditEntry.details)
        .where(AuditEntry.action.like("meeting.%ledger"))
        .order_by(AuditEntry.id)
    ).all()
    assert [tuple(row) for row in found] == [
        ("meeting.read_ledger", {"year": 2026}),
        ("meeting.export_ledger", {"year": 2025, "form": "docx"}),
    ]


@pytest.mark.one_database
def test_an_empty_year_says_so_and_a_year_to_come_is_none(client_as: Clients) -> None:
    recorder = client_as("recorder")
    page = recorder.page("/meetings/ledger?year=2024")
    assert "还没有排期" in page and "没有附件" in page
    assert recorder.get("/meetings/ledger?year=2027").status_code == 404
    assert recorder.get("/meetings/ledger?year=zwanzig").status_code == 404
    # A ledger is a branch's; nobody reads another's.
    assert client_as("reader").get(f"/meetings/ledger?organization={cast.COUNTY}").status_code == 404
    assert client_as("foreign_recorder").get(f"/meetings/ledger?organization={cast.WILLOW}").status_code == 404
    assert client_as("member").get("/meetings/ledger").status_code == 403


@pytest.mark.one_database
def test_several_kinds_stand_in_the_month_they_count_for(session: Session, act: Acts, client_as: Clients) -> None:
    start = at(20, month=5)
    clock.fix(start + dt.timedelta(days=1))
    kinds = {MeetingKind.GENERAL, MeetingKind.LECTURE}
    meeting_id = schedule(session, act(), month="2026-05", starts_at=start, kinds=kinds)
    call(session, act(), meeting_id)
    service.finish(session, act(), meeting_id=meeting_id, late_reason="")
    session.commit()
    clock.fix(cast.NOW)
    page = client_as("recorder").page("/meetings/ledger")
    row = page.partition("支部党员大会</th>")[2].partition("</tr>")[0]
    cells = [each.partition("<")[0] for each in row.split("<td")[1:]]
    cells = [each.rpartition(">")[2] for each in cells]
    assert cells[4] == "已开" and cells[5] == "" and cells[2] == "未开"
    lectures = page.partition("党课</th>")[2].partition("</tr>")[0]
    assert "1 次" in lectures


@pytest.mark.long
@pytest.mark.one_database
def test_a_full_year_of_a_large_branch_is_typeset_while_somebody_waits(session: Session, act: Acts, app: Flask) -> None:
    """Sixty meetings of fifty members, every record whole, in at most three seconds of this process; so it needs no job."""
    for number in range(41):
        member = Member(
            code=f"L{number:05}", name=f"党员{number}", search_key=f"党员{number}", sort_key=f"9{number:05}", sex=Sex.MALE,
            birth_month="1980-01", joined_on=dt.date(2015, 1, 1), full_on=dt.date(2016, 1, 1),
        )  # fmt: skip
        session.add(member)
        session.flush()
        session.add(
            Membership(member_id=member.id, organization_id=cast.WILLOW, valid_from=cast.SINCE, valid_to=FOREVER)
        )
    for number in range(60):
        month, day = number % 11 + 1, number // 11 + 1
        start = at(day, month=month)
        clock.fix(start + dt.timedelta(hours=3))
        minutes = Minutes(
            "周戊", recorder="李丁", lesson="少填一张表", decisions="修路灯。\n看望老人。", summary="开了会。" * 60
        )
        kinds = {MeetingKind.GENERAL}
        found = schedule(session, act(), month=f"2026-{month:02}", starts_at=start, kinds=kinds, minutes=minutes)
        call(session, act(), found, marks={1: SICK, 9: ABSENT})
        service.finish(session, act(), meeting_id=found, late_reason="")
    clock.fix(cast.NOW)
    with app.test_request_context():
        said_in = voice()
        papers.pdf(ledger_paper(ledger(session, cast.MILL, cast.TODAY), said_in, cast.NOW, records=True, reasons=True))
        began = time.process_time()
        kept = ledger(session, cast.WILLOW, cast.TODAY)
        made = papers.pdf(ledger_paper(kept, said_in, cast.NOW, records=True, reasons=True))
        took = time.process_time() - began
    assert (len(kept.meetings), len(kept.members)) == (60, 50)
    assert made.startswith(b"%PDF") and took <= 3, f"{took:.1f} s"
