"""Complaints keep their sender's secret and their deadline; opinions are shown in tens."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.accounts.models import Account
from learnhub.audit.models import AuditEntry
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import Conflict, DomainError
from learnhub.feedback import queries, rules, service
from learnhub.feedback.models import Complaint, Opinion, Reply
from learnhub.feedback.rules import Clarity, ComplaintKind, Handled, Use
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient

Clients = Callable[..., PageClient]
DAYS = st.integers(0, 60).map(lambda days: cast.TODAY - dt.timedelta(days=days))
SENT = {"kind": "complaint", "words": "签到表要填两遍", "contact": "", "page": "/meetings/3?name=赵甲"}


def complain(session: Session, act: Act, **changes: object) -> str:
    given = {"kind": ComplaintKind.COMPLAINT, "words": "签到表要填两遍", "contact": "", "page": "/", "named": True}
    return service.complain(session, act, **{**given, "reply_days": 15, **changes})  # type: ignore[arg-type]


def test_a_stranger_writes_and_asks_by_the_number(client_as: Clients, session: Session) -> None:
    browser = client_as(None)
    answer = browser.send("/feedback", SENT)
    number = re.search(r"/feedback/([2-9A-Z-]{14})$", answer.location)
    assert answer.status_code == 303 and number
    page = browser.page(answer.location)
    assert "签到表要填两遍" in page and "12 月 7 日" in page
    row = session.scalars(select(Complaint)).one()
    assert (row.account_id, row.page, row.due_on) == (None, "/meetings/3", dt.date(2026, 12, 7))
    typed = number[1].lower().replace("-", " ")
    assert browser.send("/feedback/find", {"number": typed}).location.endswith(number[1])
    assert browser.send("/feedback/find", {"number": "2222-2222-2222"}).status_code == 422
    assert browser.open("/feedback/2222-2222-2222").status_code == 404


def test_nothing_leads_to_a_sender_without_a_name(client_as: Clients, session: Session) -> None:
    client_as("member").send("/feedback", {**SENT, "nameless": "y"})
    row = session.scalars(select(Complaint)).one()
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "complaint.receive")).one()
    assert row.account_id is None and entry.actor_id == service.NOBODY
    assert row.number not in client_as("member").page("/feedback")


def test_with_a_name_it_is_among_the_own_and_nobody_elses(client_as: Clients, session: Session) -> None:
    client_as("member").send("/feedback", SENT)
    number = session.scalars(select(Complaint.number)).one()
    assert number in client_as("member").page("/feedback")
    assert number not in client_as("recorder").page("/feedback")


def test_a_double_click_is_one_complaint(session: Session, act: Callable[..., Act]) -> None:
    same = act("member", key="one-and-the-same")
    assert complain(session, same) == complain(session, same)
    assert len(session.scalars(select(Complaint)).all()) == 1


def test_an_empty_one_is_refused_and_nothing_typed_is_lost(client_as: Clients) -> None:
    answer = client_as(None).send("/feedback", {**SENT, "words": " ", "contact": "张三 6622"})
    assert answer.status_code == 422 and "张三 6622" in answer.text


def test_a_flood_without_names_is_held_back_and_a_name_still_gets_through(
    session: Session, act: Callable[..., Act]
) -> None:
    for _ in range(rules.MOST_NAMELESS_AN_HOUR):
        complain(session, act("member"), named=False)
    with pytest.raises(DomainError):
        complain(session, act("member"), named=False)
    assert complain(session, act("member"))
    later = Act(1, clock.now() + dt.timedelta(hours=1, seconds=1))
    assert complain(session, later, named=False)


def test_the_organizer_of_the_county_replies_and_a_better_reply_has_a_reason(
    client_as: Clients, session: Session
) -> None:
    client_as(None).send("/feedback", SENT)
    complaint_id, number = session.execute(select(Complaint.id, Complaint.number)).one()
    organizer, address = client_as("organizer"), f"/feedback/inbox/{complaint_id}"
    assert "不要去查是谁写的" in organizer.page(address)
    assert organizer.send(address, {"words": "下月起只填一遍。", "instead_of": ""}).status_code == 303
    assert "下月起只填一遍。" in client_as(None).page(f"/feedback/{number}")
    stale = organizer.send(address, {"words": "另一个人写的", "instead_of": ""})
    assert stale.status_code == 422 and "已经答复" in stale.text
    change = {"words": "已经改好。", "instead_of": "下月起只填一遍。"}
    assert "写明原因" in organizer.send(address, change).text
    assert organizer.send(address, {**change, "because": "提前办好"}).status_code == 303
    rows = session.scalars(select(Reply).order_by(Reply.id)).all()
    assert [(row.words, row.withdrawn_because) for row in rows] == [
        ("下月起只填一遍。", "提前办好"),
        ("已经改好。", None),
    ]


def test_two_who_reply_at_once_do_not_overwrite_each_other(session: Session, act: Callable[..., Act]) -> None:
    complain(session, act("member"))
    (found,) = queries.complaints(session)
    service.reply(session, act("organizer"), complaint_id=found.id, words="一", instead_of="")
    with pytest.raises(Conflict):
        service.reply(session, act("organizer"), complaint_id=found.id, words="二", instead_of="")


def test_a_town_does_not_see_what_the_county_received(client_as: Clients) -> None:
    assert client_as("town_organizer").open("/feedback/inbox").status_code == 404
    assert client_as("reader").open("/feedback/inbox").status_code == 403


def test_the_list_costs_the_same_for_one_and_for_many(
    client_as: Clients, session: Session, act: Callable[..., Act]
) -> None:
    counts = []
    for many in (1, 9):
        for _ in range(many):
            complain(session, act("member"), named=False)
        session.commit()
        with count_statements() as seen:
            client_as("organizer").page("/feedback/inbox")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


@given(st.lists(st.tuples(DAYS, st.integers(1, 30), st.none() | st.integers(0, 60)), max_size=30))
def test_the_public_figures_sum_to_what_was_received(rows: list[tuple[dt.date, int, int | None]]) -> None:
    handled = [
        Handled(day, rules.due_on(day, limit), None if after is None else day + dt.timedelta(days=after))
        for day, limit, after in rows
    ]
    months = rules.figures(handled, cast.TODAY)
    assert sum(each.received for each in months) == len(handled)
    for each in months:
        assert each.received == each.in_time + each.late + each.open + each.overdue
    late = [each for each in handled if each.answered_on and each.answered_on > each.due_on]
    assert sum(each.late for each in months) == len(late)
    assert [each.month for each in months] == sorted({f"{each.received_on:%Y-%m}" for each in handled}, reverse=True)


def test_the_public_figures_name_nobody_and_nothing(
    client_as: Clients, session: Session, act: Callable[..., Act]
) -> None:
    number = complain(session, act("member"))
    session.commit()
    page = client_as(None).page("/feedback/figures")
    assert "2026 年 11 月" in page and number not in page and "签到表" not in page


def test_nine_opinions_are_silence_and_ten_are_a_figure(app: Flask, client_as: Clients, session: Session) -> None:
    for count in range(9):
        row = Account(name=f"甲{count}", created_at=cast.NOW)
        session.add(row)
        session.flush()
        session.add(
            Opinion(
                account_id=row.id, subject="course:first-response", clarity=Clarity.CLEAR, use=Use.USEFUL,
                words="", given_at=cast.NOW,
            )
        )  # fmt: skip
    session.commit()
    organizer = client_as("organizer")
    assert "9 人" not in organizer.page("/feedback/opinions")
    mine = {"clarity": "hard", "use": "useful", "words": "图太小"}
    assert client_as("member").send("/feedback/opinion/course:first-response", mine).status_code == 303
    page = organizer.page("/feedback/opinions")
    assert "10 人说过" in page and "图太小" in page and "赵甲" not in page


def test_an_opinion_is_changed_and_taken_back_by_its_owner(client_as: Clients, session: Session) -> None:
    member, address = client_as("member"), "/feedback/opinion/month:2026-11"
    member.send(address, {"clarity": "hard", "use": "none", "words": ""})
    member.send(address, {"clarity": "clear", "use": "none", "words": "改过"})
    assert [row.clarity for row in session.scalars(select(Opinion))] == [Clarity.CLEAR]
    assert "改过" in member.page(address)
    session.commit()
    member.send(address, {"take-back": "1"})
    session.expire_all()
    assert not session.scalars(select(Opinion)).all()
    assert member.open("/feedback/opinion/course:no-such").status_code == 404


@given(st.text(max_size=30))
def test_a_number_typed_anyhow_is_the_number_or_nothing(text: str) -> None:
    number = rules.new_number()
    assert rules.as_number(number.lower().replace("-", "  ")) == number
    assert rules.as_number(text) in {"", rules.as_number(rules.as_number(text))}
