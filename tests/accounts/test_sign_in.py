"""Signing in and out: links, passwords, sign-ins kept on the server, and nothing typed lost."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask, g
from sqlalchemy.orm import Session

from learnhub.accounts import guards, queries, service
from learnhub.accounts.models import RoleBinding
from learnhub.accounts.rules import Visitor, weakness
from learnhub.audit.models import AuditEntry
from learnhub.audit.rules import Act
from learnhub.core import clock
from tests import cast
from tests.pages import PageClient

Clients = Callable[..., PageClient]
Acts = Callable[..., Act]


def link_for(session: Session, act: Act, person: str) -> str:
    token = service.issue_link(session, act, account_id=cast.PEOPLE[person][0])
    session.commit()
    return f"/sign-in/link/{token}"


def test_a_link_signs_in_once(client_as: Clients, session: Session, act: Acts) -> None:
    """Opening the link uses nothing up (chat programs do that by themselves); pressing the button does, once."""
    url = link_for(session, act("security_admin"), "member")
    browser = client_as(None)
    for _ in range(2):
        assert "进入" in browser.page(url)
    assert browser.send(url).status_code == 303
    assert "赵甲" in browser.page("/account")
    assert client_as(None).send(url).status_code == 422


@pytest.mark.parametrize(("seconds", "status"), [(-1, 303), (0, 422), (1, 422)])
def test_a_link_runs_out(client_as: Clients, session: Session, act: Acts, seconds: int, status: int) -> None:
    url = link_for(session, act("security_admin"), "member")
    clock.fix(cast.NOW + service.LINK_LASTS + dt.timedelta(seconds=seconds))
    assert client_as(None).send(url).status_code == status


def test_a_password_signs_in_and_a_wrong_one_does_not(client_as: Clients, session: Session, act: Acts) -> None:
    """A wrong password and an unknown name get the same words, so names cannot be listed."""
    service.set_password(
        session, act("member"), account_id=1, password_hash=service.hash_password("柳树村-2026-雨", "")
    )
    session.commit()
    wrong = client_as(None).send("/sign-in", {"login_name": "member", "password": "柳树村-2026-雪"})
    unknown = client_as(None).send("/sign-in", {"login_name": "nobody", "password": "柳树村-2026-雪"})
    assert wrong.status_code == unknown.status_code == 422
    assert "登录名或密码不对" in wrong.text and "登录名或密码不对" in unknown.text
    right = client_as(None).send("/sign-in", {"login_name": "member", "password": "柳树村-2026-雨", "next": "/account"})
    assert (right.status_code, right.location) == (303, "/account")


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example", "/a\r\nX: y"])
def test_signing_in_never_leads_elsewhere(client_as: Clients, session: Session, act: Acts, target: str) -> None:
    service.set_password(
        session, act("member"), account_id=1, password_hash=service.hash_password("柳树村-2026-雨", "")
    )
    session.commit()
    fields = {"login_name": "member", "password": "柳树村-2026-雨", "next": target}
    assert client_as(None).send("/sign-in", fields).location == "/"


def test_signing_out_ends_the_old_cookie_at_once(client_as: Clients) -> None:
    """A copy of the cookie is worth nothing afterwards: the sign-in lives on the server."""
    thief = client_as("member")
    assert thief.get("/account").status_code == 200
    assert client_as("member").send("/sign-out").status_code == 303
    assert thief.get("/account").status_code == 303


def test_another_browser_can_be_ended(client_as: Clients, session: Session, act: Acts) -> None:
    url = link_for(session, act("security_admin"), "member")
    second = client_as(None)
    second.send(url)
    first = client_as("member")
    number = re.search(r"/account/sign-ins/(\d+)/end", first.page("/account"))
    assert number
    assert first.send(number[0]).status_code == 303
    assert second.get("/account").status_code == 303
    assert first.get("/account").status_code == 200


def test_nobody_ends_the_sign_in_of_another(client_as: Clients, session: Session) -> None:
    """Nor does the trail say that they did."""
    client_as("foreign_member").send("/account/sign-ins/1/end")
    assert client_as("member").get("/account").status_code == 200
    assert session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "account.sign-out")) is None


@pytest.mark.parametrize(("away", "status"), [(dt.timedelta(minutes=119), 200), (dt.timedelta(minutes=121), 303)])
def test_an_idle_sign_in_ends(client_as: Clients, away: dt.timedelta, status: int) -> None:
    clock.fix(cast.NOW + away)
    assert client_as("member").get("/account").status_code == status


def test_reading_keeps_a_sign_in_alive_but_not_for_ever(client_as: Clients) -> None:
    browser = client_as("member")
    for hour in range(1, 72):
        clock.fix(cast.NOW + dt.timedelta(hours=hour))
        assert browser.get("/account").status_code == 200
    clock.fix(cast.NOW + dt.timedelta(hours=72, minutes=1))
    assert browser.get("/account").status_code == 303


def test_changing_the_password_ends_every_sign_in(client_as: Clients) -> None:
    other = client_as("member")
    assert client_as("member").send("/account/password", {"password": "柳树村-2026-雨"}).status_code == 303
    assert other.get("/account").status_code == 303


def test_a_disabled_account_is_out_at_once(client_as: Clients, session: Session, act: Acts) -> None:
    browser = client_as("member")
    service.disable(session, act("security_admin"), account_id=1)
    session.commit()
    assert browser.get("/account").status_code == 303


# Days from today on which a role begins and ends (the end is the first day without it), and whether it stands today.
SPANS = [((-30, 1), True), ((0, 30), True), ((-30, 0), False), ((-30, -5), False), ((1, 30), False)]


@pytest.mark.parametrize(("days", "stands"), SPANS)
def test_a_role_opens_pages_from_its_first_day_to_its_last(
    client_as: Clients, session: Session, days: tuple[int, int], stands: bool
) -> None:
    """Pages, commands and messages alike: whoever's role ended is let in nowhere, and told nothing of the branch."""
    begins, ends = (cast.TODAY + dt.timedelta(days=each) for each in days)
    account_id = cast.PEOPLE["recorder"][0]
    session.execute(
        sa.update(RoleBinding).where(RoleBinding.account_id == account_id).values(valid_from=begins, valid_to=ends)
    )
    session.commit()
    browser, pages = client_as("recorder"), ("/meetings", "/meetings/missed", "/entries")
    assert [browser.get(page).status_code for page in pages] == [200 if stands else 403] * 3
    assert browser.send("/meetings/usual-day", {}).status_code == (422 if stands else 403)
    assert ('href="/meetings' in browser.page("/")) == stands
    holder = queries.holder(session, account_id, cast.TODAY)
    assert holder is not None and bool(holder.bindings) == stands


def test_a_form_sent_after_the_sign_in_ended_keeps_what_was_typed(
    client_as: Clients, session: Session, act: Acts
) -> None:
    """The page offers to sign in on the spot; afterwards one press sends the same fields again."""
    service.set_password(
        session, act("member"), account_id=1, password_hash=service.hash_password("柳树村-2026-雨", "")
    )
    session.commit()
    browser = client_as(None)
    expired = browser.send("/account/password", {"password": "想好的新密码-77"})
    assert expired.status_code == 401
    assert 'name="kept-password" value="想好的新密码-77"' in expired.text
    again = browser.send(
        "/sign-in",
        {
            "login_name": "member",
            "password": "柳树村-2026-雨",
            "next": "/account/password",
            "kept-password": "想好的新密码-77",
        },
    )
    assert again.status_code == 200
    assert 'action="/account/password"' in again.text and 'value="想好的新密码-77"' in again.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', again.text.partition('action="/account/password"')[2])
    assert token, "the one press brings a token"
    sent = browser.post("/account/password", data={"csrf_token": token[1], "password": "想好的新密码-77"})
    assert sent.status_code == 303, "and it belongs to the new sign-in"


def test_a_form_with_an_expired_token_is_offered_again(client_as: Clients) -> None:
    response = client_as("member").post(
        "/account/password",
        data={"password": "想好的新密码-77", "csrf_token": "expired"},
        headers={"Origin": "http://localhost"},
    )
    assert response.status_code == 400
    assert 'value="想好的新密码-77"' in response.text


def test_a_form_from_a_stranger_is_not_offered_again(client_as: Clients) -> None:
    """What another site sends never comes back as a button that would send it for good."""
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        response = client_as("member").post("/account/password", data={"password": "x"}, headers=headers)
        assert response.status_code == 400
        assert "重新提交" not in response.text


@pytest.mark.parametrize("password", ["short", "12345678", "password123", "aaaaaaaa", "member-2026!"])
def test_weak_passwords_are_refused(password: str) -> None:
    assert weakness(password, "member")


def test_long_and_chinese_passwords_stand() -> None:
    assert weakness("桥头村的大槐树", "member") is None or len("桥头村的大槐树") < 8
    assert weakness("桥头村口的大槐树", "member") is None
    assert weakness("x1y2z3w4" * 8, "member") is None
    assert weakness("柳树村雨" * 2, "member") is None  # four different characters are enough
    assert weakness("!-@-#-$-%", "member") is None


def test_the_key_of_an_act_follows_what_the_form_says(app: Flask) -> None:
    """A double click sends the same content and is one act; a page gone back to and changed is a new one."""

    def key(path: str, **fields: str | list[str]) -> str | None:
        with app.test_request_context(path, method="POST", data={"key": "one-page-0001", **fields}):
            g.visitor = Visitor(1, 1, "赵甲", 1, (), 0)
            return guards.act().key

    assert key("/a", reason="病假", csrf_token="1") == key("/a", reason="病假", csrf_token="2")
    assert key("/a", reason="病假") != key("/a", reason="事假")
    assert key("/a", reason="病假") != key("/b", reason="病假")
    assert key("/a", member=["1", "2"]) != key("/a", member=["1", "3"])  # every one of those ticked counts
