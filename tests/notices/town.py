"""What the tests of notices share: a site that sends, people who asked, and a clock to move."""

import dataclasses
import datetime as dt
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.notices import cli
from learnhub.notices.models import NoticeChoice
from learnhub.notices.rules import Channel, DigestDay
from learnhub.notices.service import Post
from tests import cast
from tests.notices.servers import Mailbox

SITE = "https://study.example.cn"
HOSTS = ("qyapi.weixin.qq.com", "oapi.dingtalk.com")


def open_sending(app: Flask, port: int) -> None:
    """Let the site send by the mail server at `port`; put back by the fixture that calls it."""
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = dataclasses.replace(
        settings,
        smtp=f"smtp+plain://127.0.0.1:{port}",
        smtp_from="notice@example.cn",
        webhook_hosts=HOSTS,
        address=SITE,
    )


def asked(session: Session, person: str = "recorder", **changes: Any) -> NoticeChoice:
    """Somebody asked for the digest of every day by mail, and confirmed."""
    given: dict[str, Any] = {
        "account_id": cast.PEOPLE[person][0],
        "channel": Channel.MAIL,
        "address": f"{person}@example.cn",
        "secret": "",
        "digest": DigestDay.EVERY_DAY,
        "meetings": False,
        "quiet_from": dt.time(21),
        "quiet_to": dt.time(8),
        "language": "zh-CN",
        "version": 1,
        "asked_at": cast.NOW,
        "confirmed_at": cast.NOW,
        "look_at": cast.NOW - dt.timedelta(days=1),
    }
    row = NoticeChoice(**{**given, **changes})
    session.add(row)
    session.commit()
    return row


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """Move the clock to a civil time of November 2026."""
    moment = clock.instant(dt.date(2026, 11, day), dt.time(hour, minute))
    clock.fix(moment)
    return moment


def run(app: Flask, **given: Any) -> tuple[int, int, int]:
    """One run of a sender."""
    return cli.run(app, seconds=60, **given)


def plain(app: Flask) -> Post:
    """A fresh connection to the mail server of the settings."""
    return Post(cli.server_of(app))


def body(box: Mailbox, number: int = -1) -> str:
    """The plain text of a letter."""
    part = box.letters[number].get_body(("plain",))
    assert part is not None
    return str(part.get_content())
