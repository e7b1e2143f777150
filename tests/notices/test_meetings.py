"""A member who asked is told of the branch's meetings once, and again when one is moved or cancelled; nobody else is."""

import datetime as dt
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.meetings import service as meetings
from learnhub.meetings.rules import MeetingKind
from learnhub.notices.models import NoticeChoice
from learnhub.notices.rules import DigestDay
from tests.notices.servers import Mailbox
from tests.notices.test_digest import WISH, theme_day
from tests.notices.town import asked, at, body, run
from tests.pages import PageClient

Clients = Callable[..., PageClient]
Acts = Callable[..., Act]


def test_a_member_is_told_only_after_asking(
    app: Flask, client_as: Clients, session: Session, act: Acts, box: Mailbox
) -> None:
    theme_day(session, act(), at(23, 15))
    at(22, 10)
    browser = client_as("member")
    assert 'name="digest"' not in browser.page("/account/notices"), "a digest is the recorder's"
    browser.send("/account/notices", {**WISH, "mail": "member@example.cn"})
    row = session.scalars(select(NoticeChoice)).one()
    assert not row.meetings and row.digest is DigestDay.NEVER, "off unless ticked"
    row.confirmed_at = row.asked_at
    session.commit()
    run(app)
    assert len(box.letters) == 1, "the link alone"
    browser.send("/account/notices", {**WISH, "mail": "member@example.cn", "meetings": "y"})
    assert run(app) == (1, 1, 0)
    letter = body(box)
    assert box.letters[-1]["Subject"] == "【柳树村党支部】主题党日通知"
    assert "11 月 23 日（星期一）15:00" in letter and "村部会议室" in letter and "学习全会精神" in letter


def test_told_once_and_again_when_moved_or_cancelled(app: Flask, session: Session, act: Acts, box: Mailbox) -> None:
    starts = at(24, 15)
    at(22, 10)
    meeting_id = theme_day(session, act(), starts)
    theme_day(session, act(), at(26, 9), kinds=(MeetingKind.LECTURE,))
    theme_day(session, act(), at(23, 9), kinds=(MeetingKind.COMMITTEE,))
    asked(session, "member", digest=DigestDay.NEVER, meetings=True)
    asked(session, "foreign_member", digest=DigestDay.NEVER, meetings=True)
    at(22, 10)
    run(app)
    assert not box.letters, (
        "two days before at the earliest, and no meeting of a committee to which one does not belong"
    )
    at(22, 16)
    run(app)
    at(23, 9)
    run(app)
    assert [each["Subject"] for each in box.letters] == ["【柳树村党支部】主题党日通知"]
    later = starts + dt.timedelta(hours=2)
    meetings.move(
        session, act(), meeting_id=meeting_id, starts_at=later, ends_at=later + dt.timedelta(hours=1), place="祠堂"
    )
    session.commit()
    at(23, 12)
    run(app)
    assert box.letters[-1]["Subject"] == "【柳树村党支部】主题党日改期" and "祠堂" in body(box)
    meetings.cancel(session, act(), meeting_id=meeting_id, reason="防汛")
    session.commit()
    at(23, 15)
    run(app)
    run(app)
    assert [each["Subject"] for each in box.letters][2:] == ["【柳树村党支部】主题党日取消"]
