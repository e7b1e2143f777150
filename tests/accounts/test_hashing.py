"""Passwords are hashed one at a time, with nothing of the database held meanwhile; who comes too many is told when."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from learnhub.accounts import queries, service
from learnhub.accounts.models import Account
from learnhub.core.errors import DomainError
from learnhub.web.db import db
from tests import cast
from tests.pages import PageClient

PASSWORD = "柳树村-2026-雨"


class Watched:
    """The hasher, and whether a transaction was open each time."""

    def __init__(self, hasher: Any) -> None:
        self._hasher = hasher
        self.open: list[bool] = []

    def verify(self, known: str, password: str) -> bool:
        self.open.append(db.session().in_transaction())
        return bool(self._hasher.verify(known, password))

    def hash(self, password: str) -> str:
        self.open.append(db.session().in_transaction())
        return str(self._hasher.hash(password))


@pytest.fixture
def watched(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Watched:
    with own_app.app_context():  # past the verb, which would end the sign-ins of the cast
        db.session().get_one(Account, 1).password_hash = service.hash_password(PASSWORD, "")
        db.session().commit()
    watched = Watched(service._hasher)
    monkeypatch.setattr(service, "_hasher", watched)
    return watched


def member(app: Flask) -> PageClient:
    browser = PageClient(app, app.response_class)
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = cast.token("member")
    return browser


def test_no_transaction_is_open_while_a_password_is_hashed(own_app: Flask, watched: Watched) -> None:
    """Signing in, known or not, right or not; confirming for the own data; setting a new one."""
    stranger = PageClient(own_app, own_app.response_class)
    for name, password in (("member", "wrong-word-77"), ("nobody", "wrong-word-77"), ("member", PASSWORD)):
        stranger.send("/sign-in", {"login_name": name, "password": password})
    browser = member(own_app)
    browser.send("/my-data", {"password": PASSWORD, "form": "json"})
    assert browser.send("/account/password", {"password": "想好的新密码-77"}).status_code == 303
    assert watched.open == [False] * 5


def test_a_password_changed_while_it_is_checked_does_not_sign_in(session: Session, act: Any) -> None:

    service.set_password(session, act("member"), account_id=1, password_hash=service.hash_password(PASSWORD, ""))
    known = queries.credentials(session, "member")
    service.check_password(known, PASSWORD)
    service.set_password(session, act("member"), account_id=1, password_hash=service.hash_password("另一个密码-99", ""))
    with pytest.raises(DomainError):
        service.sign_in(session, known=known, agent="", at=cast.NOW)


@pytest.fixture
def storm() -> Iterator[None]:
    """As many as may are hashing or waiting to."""
    with service._in_lane():
        waiting = threading.Thread(target=lambda: service.matches(None, "x"))
        waiting.start()
        while service._places.acquire(blocking=False):  # until it has its place
            service._places.release()
        yield
    waiting.join()


def test_one_too_many_is_told_when_to_come_again(own_app: Flask, storm: None) -> None:
    """In words, on the page with what was typed, without waiting; whoever is signed in notices nothing."""
    stranger = PageClient(own_app, own_app.response_class)
    answer = stranger.send("/sign-in", {"login_name": "member", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    assert "现在登录的人多" in answer.text and 'value="member"' in answer.text
    browser = member(own_app)
    answer = browser.send("/account/password", {"password": "想好的新密码-77"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3")
    assert browser.get("/account").status_code == 200
