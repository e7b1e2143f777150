"""A recorder who asks gets one digest of the branch's work; nobody else does, and nobody who has not asked."""

import datetime as dt
import re
from collections.abc import Callable

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.accounts import service as accounts
from learnhub.accounts.rules import Role
from learnhub.audit.models import AuditEntry
from learnhub.audit.rules import Act
from learnhub.meetings import service as meetings
from learnhub.meetings.rules import MeetingKind, Minutes
from learnhub.notices.models import NoticeChoice, NoticeMessage
from learnhub.notices.rules import DigestDay, Problem
from learnhub.organizations.models import Organization
from tests import cast
from tests.databases import count_statements
from tests.notices.servers import Mailbox
from tests.notices.town import SITE, asked, at, body, run
from tests.pages import PageClient

Clients = Callable[..., PageClient]
Acts = Callable[..., Act]
WISH = {
    "digest": "every_day", "channel": "mail", "mail": "liding@example.cn", "quiet_from": "21:00", "quiet_to": "08:00",
}  # fmt: skip


def theme_day(session: Session, act: Act, day: dt.datetime, **changes: object) -> int:
    given = {
        "organization_id": cast.WILLOW, "month": "2026-11", "kinds": (MeetingKind.THEME_DAY,), "theme": "学习全会精神",
        "starts_at": day, "ends_at": day + dt.timedelta(hours=2), "place": "村部会议室", "minutes": Minutes("周戊"),
    }  # fmt: skip
    meeting_id = meetings.schedule(session, act, **{**given, **changes})  # type: ignore[arg-type]
    session.commit()
    return meeting_id


def test_asked_confirmed_sent_once(app: Flask, client_as: Clients, session: Session, box: Mailbox) -> None:
    browser = client_as("recorder")
    assert "不要，就什么也不发" in browser.page("/account/notices")
    assert run(app) == (0, 0, 0)
    assert browser.send("/account/notices", WISH).status_code == 303
    assert run(app) == (0, 1, 0)
    assert box.letters[-1]["To"] == "liding@example.cn" and box.letters[-1]["Subject"] == "请确认要收提醒"
    assert box.letters[-1]["List-Unsubscribe"] is None
    link = re.search(rf"{SITE}(/notices/confirm/\S+)", body(box))
    assert link and run(app) == (0, 0, 0)
    stranger = client_as(None)
    assert "确认要收" in stranger.page(link[1])
    assert run(app) == (0, 0, 0), "opening the link alone confirms nothing"
    assert "已经确认" in stranger.send(link[1]).text
    assert run(app) == (1, 1, 0)
    letter = box.letters[-1]
    assert letter["Subject"] == "柳树村党支部：要办的事" and letter["Auto-Submitted"] == "auto-generated"
    assert letter["From"].addresses[0].addr_spec == "notice@example.cn"
    assert "十一月主题党日还没有排期" in body(box) and f"{SITE}/meetings/schedule?organization=4&month=2026-11" in body(
        box
    )
    assert not any(row[1] in body(box) for row in cast.MEMBERS), "a digest names nobody"
    assert letter.get_body(("html",)) is not None
    at(22, 11, 30)
    assert run(app) == (0, 0, 0), "at most one a day"
    assert "已发出" in browser.page("/account/notices")
    assert session.scalars(select(NoticeMessage.content)).all() == [None, None], "what was sent is forgotten"
    kept = session.scalars(select(AuditEntry.details).where(AuditEntry.action.startswith("notices"))).all()
    assert kept and "example" not in str(kept)


def test_a_digest_says_when_and_where_and_what_waits(app: Flask, session: Session, act: Acts, box: Mailbox) -> None:
    meeting_id = theme_day(session, act(), at(23, 1))
    asked(session, language="en")
    at(22, 9)
    with count_statements() as seen:
        assert run(app) == (1, 1, 0)
    assert len(seen) <= 45
    assert "Theme Party Day tomorrow: Monday, November 23, 1:00, 村部会议室" in body(box)
    assert f"{SITE}/meetings/{meeting_id}" in body(box)


def test_an_empty_digest_is_not_sent(app: Flask, session: Session, box: Mailbox) -> None:
    session.execute(Organization.__table__.update().where(Organization.id == cast.BRIDGE).values(name="x"))  # type: ignore[attr-defined]
    asked(session, "member")
    assert run(app) == (1, 0, 0) and not box.letters


def test_the_superior_gets_nothing(app: Flask, client_as: Clients, session: Session, act: Acts, box: Mailbox) -> None:
    """Not by the page, not by a row that says otherwise, not by a recorder's role held above the branch."""
    assert client_as("town_organizer").page("/account/notices").count("没有可以收的") == 1
    client_as("organizer").send("/account/notices", {**WISH, "mail": "boss@example.cn"})
    choice = session.scalars(select(NoticeChoice)).one()
    assert choice.digest is DigestDay.NEVER
    for person in ("town_organizer", "reader", "system_admin"):
        asked(session, person)
    accounts.grant(session, act("security_admin"), account_id=5, role=Role.RECORDER, organization_id=cast.WILLOW_TOWN)
    session.commit()
    asked(session)
    assert run(app)[0] == 4
    assert [each["To"] for each in box.letters if each["To"] != "boss@example.cn"] == ["recorder@example.cn"]
    assert all(each["Cc"] is None and each["Bcc"] is None for each in box.letters)


def test_who_unsubscribed_gets_nothing(app: Flask, client_as: Clients, session: Session, box: Mailbox) -> None:
    """One click without signing in and without a token of ours; the address is forgotten, the page says so."""
    row = asked(session)
    run(app)
    link = str(box.letters[-1]["List-Unsubscribe"]).strip("<>")
    assert box.letters[-1]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and link in body(box)
    stranger = client_as(None)
    assert "退订" in stranger.page(link.removeprefix(SITE))
    session.refresh(row)
    assert row.ended_at is None, "opening the link alone ends nothing"
    assert stranger.post(link.removeprefix(SITE), data={"List-Unsubscribe": "One-Click"}).status_code == 200
    session.refresh(row)
    assert row.ended_at and row.address == ""
    assert "已经退订" in client_as("recorder").page("/account/notices")
    at(23, 9)
    assert run(app) == (0, 0, 0)
    assert stranger.post("/notices/unsubscribe/" + link.rpartition("/")[2][:-1] + "x").status_code == 400


def test_what_waits_is_dropped_when_it_is_no_longer_wanted(
    app: Flask, client_as: Clients, session: Session, box: Mailbox
) -> None:
    asked(session)
    box.refused["recorder@example.cn"] = "451 later"
    assert run(app) == (1, 0, 1)
    browser = client_as("recorder")
    assert "对方的服务器暂时不收" in browser.page("/account/notices")
    browser.send("/account/notices/state", {"do": "pause"})
    box.refused.clear()
    at(22, 11)
    assert run(app) == (0, 0, 0)
    message = session.scalars(select(NoticeMessage)).one()
    assert message.problem is Problem.UNWANTED and message.content is None
    browser.send("/account/notices/state", {"do": "resume"})
    at(23, 8)
    assert run(app) == (1, 1, 0)


def test_only_on_the_day_chosen_and_only_while_the_role_lasts(
    app: Flask, session: Session, act: Acts, box: Mailbox
) -> None:
    asked(session, digest=DigestDay.TUESDAY)
    asked(session, "second_recorder")
    accounts.disable(session, act(), account_id=3)
    session.commit()
    for day, letters in ((22, 0), (23, 0), (24, 1), (25, 1)):
        at(day, 8)
        run(app)
        assert len(box.letters) == letters, day


def test_one_letter_for_several_branches(app: Flask, session: Session, act: Acts, box: Mailbox) -> None:
    accounts.grant(session, act(), account_id=2, role=Role.RECORDER, organization_id=cast.BRIDGE)
    session.commit()
    asked(session)
    assert run(app) == (1, 1, 0)
    assert box.letters[-1]["Subject"] == "柳树村党支部、桥头村党支部：要办的事"
