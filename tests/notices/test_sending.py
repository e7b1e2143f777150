"""Sending against a real mail server: quiet hours, growing waits, giving up, two senders, a sender that dies."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.notices import rules, service
from learnhub.notices.models import NoticeMessage
from learnhub.notices.rules import MOST_TRIES, STALE, Content, MessageKind, Problem, Section
from learnhub.notices.service import Post
from learnhub.notices.service.outbox import compose
from learnhub.organizations.models import Organization
from learnhub.web.db import db
from tests import cast
from tests.notices import servers, town
from tests.notices.servers import Mailbox
from tests.notices.town import asked, at, run
from tests.pages import PageClient

Clients = Callable[..., PageClient]
ADDRESS = "recorder@example.cn"


@pytest.mark.parametrize(
    ("time", "start", "end", "quiet"),
    [
        ("20:59", "21:00", "08:00", False), ("21:00", "21:00", "08:00", True), ("00:00", "21:00", "08:00", True),
        ("07:59", "21:00", "08:00", True), ("08:00", "21:00", "08:00", False), ("12:00", "12:00", "14:00", True),
        ("14:00", "12:00", "14:00", False), ("11:59", "12:00", "14:00", False), ("03:00", "09:00", "09:00", False),
    ],
)  # fmt: skip
def test_quiet_hours_at_both_edges_and_over_midnight(time: str, start: str, end: str, quiet: bool) -> None:
    assert rules.is_quiet(*(dt.time.fromisoformat(each) for each in (time, start, end))) is quiet


def test_nothing_goes_out_in_quiet_hours(app: Flask, session: Session, box: Mailbox) -> None:
    """Neither looked for at night, nor sent at night when it was composed before."""
    asked(session)
    for day, hour, minute, sent in ((22, 21, 0, 0), (22, 23, 59, 0), (23, 7, 59, 0), (23, 8, 0, 1), (23, 20, 59, 1)):
        at(day, hour, minute)
        run(app)
        assert len(box.letters) == sent, (day, hour, minute)
    box.refused[ADDRESS] = "451 later"
    at(24, 20, 59)
    assert run(app) == (1, 0, 1)
    box.refused.clear()
    at(24, 21, 5)
    assert run(app) == (0, 0, 0), "the second try falls into the night"
    at(25, 8)
    run(app)
    assert len(box.letters) == 2, "yesterday's is not sent beside today's"
    kept = session.scalars(select(NoticeMessage).order_by(NoticeMessage.id)).all()
    assert [each.problem for each in kept] == [None, Problem.BUSY, None]


def test_a_mail_server_that_is_down_is_tried_again_with_growing_waits(
    app: Flask, client_as: Clients, session: Session, box: Mailbox
) -> None:
    asked(session)
    town.open_sending(app, 9)  # nobody listens there
    at(22, 8)
    assert run(app) == (1, 0, 1)
    message = session.scalars(select(NoticeMessage)).one()
    waits = []
    while message.ended_at is None:
        waits.append(int((message.due_at - clock.now()).total_seconds() // 60))
        clock.fix(message.due_at - dt.timedelta(seconds=1))
        assert run(app) == (0, 0, 0)
        clock.fix(message.due_at)
        assert run(app) == (0, 0, 1)
        session.refresh(message)
    assert waits == [1, 5, 15, 60, 180] and message.tries == MOST_TRIES
    assert message.problem is Problem.UNREACHABLE and message.sent_at is None and message.content is None
    output = app.test_cli_runner().invoke(args=["notices", "list"]).output
    assert f"account 2  digest  tries {MOST_TRIES}  unreachable  ended" in output and "example.cn" not in output
    clock.fix(cast.NOW)
    assert "没有送到：连不上对方的服务器" in client_as("recorder").page("/account/notices")


def test_a_mail_server_that_comes_back_gets_the_letter_once(app: Flask, session: Session, box: Mailbox) -> None:
    asked(session)
    town.open_sending(app, 9)
    assert run(app) == (1, 0, 1)
    town.open_sending(app, box.port)
    clock.fix(cast.NOW + dt.timedelta(minutes=1))
    assert run(app) == (0, 1, 0) and run(app) == (0, 0, 0) and len(box.letters) == 1


def test_a_refused_recipient_is_given_up_and_asked_again(
    app: Flask, client_as: Clients, session: Session, box: Mailbox
) -> None:
    row = asked(session)
    asked(session, "second_recorder")
    box.refused[ADDRESS] = "550 no such user"
    assert run(app) == (2, 1, 1), "one bad address keeps nothing from the others"
    session.refresh(row)
    assert row.confirmed_at is None
    page = client_as("recorder").page("/account/notices")
    assert "没有送到：对方拒收" in page and "再发一次确认链接" in page
    at(23, 9)
    assert run(app) == (1, 1, 0)


def test_a_name_cannot_write_a_header(app: Flask, session: Session, box: Mailbox) -> None:
    name = "柳树村\r\nBcc: all@example.cn\r\n\r\n<script>党支部"
    session.execute(Organization.__table__.update().where(Organization.id == cast.WILLOW).values(name=name))  # type: ignore[attr-defined]
    asked(session)
    assert run(app) == (1, 1, 0)
    letter = box.letters[-1]
    assert letter["Bcc"] is None and letter["Subject"].startswith("柳树村 Bcc: all@example.cn <script>党支部")
    html = letter.get_body(("html",))
    assert html is not None and "<script>" not in html.get_content()
    for wrong in (
        "a@example.cn\nBcc: b@example.cn",
        "a@example.cn, b@example.cn",
        "<a@example.cn>",
        "张@example.cn",
        "a@b",
    ):
        assert rules.wrong_address(rules.Channel.MAIL, wrong, ()), wrong


def test_two_senders_send_once(own_app: Flask) -> None:
    """Six letters, two senders at the same time: each is looked for once and sent once."""
    people = ("recorder", "second_recorder", "foreign_recorder")
    with own_app.app_context(), Session(db.engine) as session:
        for person in people:
            asked(session, person)
    with servers.mail_server() as box:
        town.open_sending(own_app, box.port)
        gate, counted = threading.Barrier(2), []

        def work() -> None:
            gate.wait(5)
            counted.append(run(own_app))

        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert [sum(each) for each in zip(*counted, strict=True)] == [3, 3, 0]
    assert sorted(each["To"] for each in box.letters) == sorted(f"{person}@example.cn" for person in people)


def test_a_sender_that_dies_after_sending_is_followed_by_one_under_the_same_name(
    app: Flask, session: Session, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exactly once cannot be had from mail: the second letter bears the Message-ID of the first."""
    asked(session)

    def die(*_arguments: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(service, "sent", die)
        with pytest.raises(KeyboardInterrupt):
            run(app)
    clock.fix(cast.NOW + STALE)
    assert run(app) == (0, 0, 0), "it may still be sending"
    clock.fix(cast.NOW + STALE + dt.timedelta(seconds=1))
    assert run(app) == (0, 1, 0)
    assert len({each["Message-ID"] for each in box.letters}) == 1 and len(box.letters) == 2


def test_starttls_or_nothing(app: Flask, session: Session, box: Mailbox) -> None:
    """The certificate is checked, and a server without TLS is handed nothing."""
    row = asked(session)
    content = Content("题", (Section("", ()),)).as_json()
    for number in range(2):
        compose(
            session, row, MessageKind.DIGEST, f"digest:{number}", content,
            due_at=cast.NOW, until=cast.NOW + STALE, at=cast.NOW,
        )  # fmt: skip
    row.digested_on = cast.TODAY
    session.commit()
    with servers.mail_server(tls=True) as safe:
        server = rules.MailServer("localhost", safe.port, "smtp", "", "", "notice@example.cn", "站")
        assert run(app, post=Post(server))[1:] == (0, 1) and not safe.letters
        assert run(app, post=Post(server, servers.trusting()))[1:] == (1, 0) and len(safe.letters) == 1
    bare = rules.MailServer("127.0.0.1", box.port, "smtp", "", "", "notice@example.cn", "站")
    clock.fix(cast.NOW + dt.timedelta(minutes=1))
    assert run(app, post=Post(bare, servers.trusting()))[1:] == (0, 1) and not box.letters


@pytest.mark.one_database  # what a command says does not hang on the database
def test_the_command_says_what_it_would_do(own_app: Flask, _mail_server: Mailbox) -> None:
    """A rehearsal takes everything back, so it runs on a database of its own."""
    town.open_sending(own_app, _mail_server.port)
    _mail_server.letters.clear()
    with own_app.app_context(), Session(db.engine) as session:
        asked(session)
    command = own_app.test_cli_runner()
    assert command.invoke(args=["notices", "send", "--dry-run"]).output == "account 2  digest  by mail\n"
    assert not _mail_server.letters
    assert command.invoke(args=["notices", "send"]).output == "looked at 1, sent 1, failed 0\n"
    clock.fix(cast.NOW + dt.timedelta(days=1))
    assert command.invoke(args=["jobs", "work", "--once"]).exit_code == 0
    assert len(_mail_server.letters) == 2, "the worker sends beside its jobs"


@pytest.mark.one_database  # settings alone decide
def test_sending_is_off_until_it_is_set_up(app: Flask, client_as: Clients) -> None:
    assert "Sending is off" in app.test_cli_runner().invoke(args=["notices", "send"]).output
    page = client_as("recorder").page("/account/notices")
    assert "本平台还没有开通发提醒" in page and 'name="channel"' not in page
