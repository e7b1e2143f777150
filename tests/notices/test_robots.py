"""Robots of group chats: the JSON they take, what is never called, what their answers mean."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.notices import rules
from learnhub.notices.models import NoticeChoice, NoticeMessage
from learnhub.notices.rules import Channel, Content, Item, Problem, Section
from learnhub.notices.service import Robots
from learnhub.notices.service.webhook import is_public
from tests import cast
from tests.notices import servers
from tests.notices.servers import Mailbox, Robot
from tests.notices.town import HOSTS, SITE, asked, run
from tests.pages import PageClient

Clients = Callable[..., PageClient]
WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0aa1b2c3-d4e5-f6a7-8899"
DINGTALK = "https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef"


def door(robot: Robot, **given: object) -> Robots:
    """To the robot on this machine, whatever host is asked for."""
    options = {"resolve": lambda _host: [("127.0.0.1", robot.port)], "allowed": lambda _address: True, **given}
    return Robots(HOSTS, context=servers.trusting(), **options)  # type: ignore[arg-type]


def test_wecom_and_dingtalk_get_their_own_shapes(app: Flask, session: Session, box: Mailbox, robot: Robot) -> None:
    asked(session, channel=Channel.WECOM, address=WECOM)
    asked(session, "second_recorder", channel=Channel.DINGTALK, address=DINGTALK, secret="SECabc")
    assert run(app, robots=door(robot)) == (2, 2, 0) and not box.letters
    (host, path, wecom), (other, target, dingtalk) = robot.posts
    assert (host, path) == ("qyapi.weixin.qq.com", WECOM.partition(".com")[2]) and other == "oapi.dingtalk.com"
    assert wecom["msgtype"] == "markdown" and f"]({SITE}/meetings/schedule?" in wecom["markdown"]["content"]
    assert dingtalk["markdown"]["title"] == "柳树村党支部：要办的事" and "退订" in dingtalk["markdown"]["text"]
    asked_by = {name: values[0] for name, values in parse_qs(urlsplit(target).query).items()}
    words = f"{asked_by['timestamp']}\nSECabc".encode()
    assert asked_by["timestamp"] == str(int(cast.NOW.timestamp() * 1000))
    assert asked_by["sign"] == base64.b64encode(hmac.new(b"SECabc", words, hashlib.sha256).digest()).decode()


@pytest.mark.parametrize(
    ("status", "answer", "problem"),
    [
        (302, b"", Problem.REFUSED), (200, b'{"errcode": 93000, "errmsg": "invalid webhook"}', Problem.REFUSED),
        (200, b"<html>", Problem.REFUSED), (200, b"[]", Problem.REFUSED), (200, b'{"errcode": 45009}', Problem.BUSY),
        (503, b"", Problem.BUSY),
    ],
)  # fmt: skip
@pytest.mark.one_database  # the answers of a robot do not know the database
def test_what_a_robot_answers(
    app: Flask, session: Session, box: Mailbox, robot: Robot, status: int, answer: bytes, problem: Problem
) -> None:
    asked(session, channel=Channel.WECOM, address=WECOM)
    robot.status, robot.answer = status, answer
    robot.headers["Location"] = f"https://127.0.0.1:{robot.port}/elsewhere"
    assert run(app, robots=door(robot)) == (1, 0, 1)
    message = session.scalars(select(NoticeMessage)).one()
    assert message.problem is problem and (message.ended_at is not None) == (problem is Problem.REFUSED)
    assert len(robot.posts) == 1, "a redirect is not followed"


@pytest.mark.one_database
def test_a_name_that_leads_inside_is_not_called(app: Flask, session: Session, box: Mailbox, robot: Robot) -> None:
    """An allowed host whose name server answers with an address of this house; one bad address among good ones is enough."""
    asked(session, channel=Channel.WECOM, address=WECOM)
    mixed = door(robot, allowed=is_public, resolve=lambda _host: [("8.8.8.8", 443), ("127.0.0.1", robot.port)])
    assert run(app, robots=mixed) == (1, 0, 1) and not robot.posts
    assert session.scalars(select(NoticeMessage)).one().problem is Problem.OUR_SETTINGS


@pytest.mark.one_database
def test_a_host_taken_off_the_list_is_not_called_any_more(
    app: Flask, session: Session, box: Mailbox, robot: Robot
) -> None:
    asked(session, channel=Channel.WECOM, address=WECOM)
    closed = Robots((), resolve=lambda _host: [("127.0.0.1", robot.port)], allowed=lambda _address: True)
    assert run(app, robots=closed) == (1, 0, 1) and not robot.posts


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.1.2.3", "::1", "fe80::1",
        "fc00::1", "::ffff:127.0.0.1", "224.0.0.1", "::ffff:10.0.0.1", "fe80::1%eth0",
    ],
)  # fmt: skip
def test_addresses_of_the_house_are_not_public(address: str) -> None:
    assert not is_public(address)
    assert is_public("8.8.8.8") and is_public("2001:4860:4860::8888")


@pytest.mark.parametrize(
    "address",
    [
        WECOM.replace("https", "http"), WECOM.replace("qyapi.weixin.qq.com", "127.0.0.1"), WECOM + "&debug=1", WECOM + "#x",
        WECOM.replace("qyapi", "user@qyapi"), WECOM.replace(".com/", ".com:8443/"), WECOM.replace(".com/", ".com.evil.cn/"),
        "https://qyapi.weixin.qq.com/cgi-bin/gettoken?key=0aa1b2c3-d4e5", "https://[::1", WECOM.replace("qq", "ｑｑ"),
        "https://qyapi.weixin.qq.com\\@127.0.0.1/cgi-bin/webhook/send?key=0aa1b2c3-d4e5", "",
    ],
)  # fmt: skip
def test_only_a_robot_of_an_allowed_host_is_kept(address: str) -> None:
    assert rules.wrong_address(Channel.WECOM, address, HOSTS) and not rules.wrong_address(Channel.WECOM, WECOM, HOSTS)


@pytest.mark.one_database
def test_a_robot_and_its_secret_are_not_shown_again(client_as: Clients, session: Session, box: Mailbox) -> None:
    browser = client_as("recorder")
    wish = {"digest": "monday", "channel": "dingtalk", "quiet_from": "21:00", "quiet_to": "08:00"}
    assert browser.send("/account/notices", {**wish, "webhook": DINGTALK, "secret": "SECabc"}).status_code == 303
    page = browser.page("/account/notices")
    assert "oapi.dingtalk.com … cdef" in page and "0123456789" not in page and "SECabc" not in page
    assert browser.send("/account/notices", {**wish, "digest": "never"}).status_code == 303
    row = session.scalars(select(NoticeChoice)).one()
    assert (row.address, row.secret, row.digest.value, row.version) == (DINGTALK, "SECabc", "never", 1)
    assert browser.send("/account/notices", {**wish, "webhook": WECOM}).status_code == 422


def test_markdown_fits_and_always_says_how_to_end_it() -> None:
    items = tuple(Item(f"第 {number} 件 [x](javascript:1) @all <script>", "/a") for number in range(500))
    content = Content("题", (Section("某支部", items),)).closed(Item("退订", "/notices/unsubscribe/x"))
    words = rules.payload(Channel.WECOM, content, SITE)["markdown"]["content"]
    assert len(words.encode()) <= 4096 and words.endswith(f"[退订]({SITE}/notices/unsubscribe/x)")
    assert "第 20 件" in words and "](javascript" not in words and "@all" not in words and "<" not in words
