"""Whoever waits to write takes few threads, gives them back however it ends, and everybody else is told to come again."""

import threading
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from learnhub.server.web import THREADS
from learnhub.web import lanes
from learnhub.web.db import db, engine_options
from learnhub.web.lanes import MOST_WRITERS, WriterLane
from tests import cast
from tests.pages import PageClient

LOCKS = {
    "sqlite": "BEGIN IMMEDIATE",
    "postgresql": "BEGIN; LOCK TABLE sign_in, audit_entry IN EXCLUSIVE MODE",
}


@pytest.fixture
def foreign_lock(own_app: Flask) -> Iterator[None]:
    """Somebody else holds what every writer needs."""
    with own_app.app_context():
        engine = create_engine(db.engine.url, **engine_options(own_app.config["SQLALCHEMY_DATABASE_URI"]))
    raw = engine.raw_connection()
    if engine.dialect.name == "sqlite":
        raw.dbapi_connection.isolation_level = None  # type: ignore[union-attr]
    raw.cursor().execute(LOCKS[engine.dialect.name])
    yield
    raw.rollback()
    raw.close()
    engine.dispose()


def browsers(app: Flask, count: int) -> list[tuple[PageClient, str]]:
    """Of a member who is signed in, each with a token for its forms."""
    made = []
    for _ in range(count):
        browser = PageClient(app, app.response_class)
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = cast.token("member")
        made.append((browser, browser.token()))
    return made


def test_who_waits_for_a_foreign_lock_leaves_threads_for_readers(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """A few wait as long as they may; the rest are asked to come again at once. Reading goes on."""
    monkeypatch.setattr("learnhub.web.db.LOCK_WAIT_SECONDS", 4)
    monkeypatch.setattr(lanes, "STUCK_SECONDS", 0.5)
    writers, (reader, _token) = browsers(own_app, 2 * THREADS), browsers(own_app, 1)[0]
    request.getfixturevalue("foreign_lock")
    answers: list[tuple[int, str | None]] = []

    def write(browser: PageClient, token: str) -> None:
        answer = browser.post("/sign-out", data={"csrf_token": token})
        answers.append((answer.status_code, answer.headers.get("Retry-After")))

    threads = [threading.Thread(target=write, args=each) for each in writers]
    for thread in threads:
        thread.start()
    until = time.monotonic() + 20
    while len(answers) < 2 * THREADS - MOST_WRITERS and time.monotonic() < until:
        time.sleep(0.02)
    assert any(thread.is_alive() for thread in threads)  # the others are answered while the first still wait
    assert reader.get("/account").status_code == 200
    for thread in threads:
        thread.join()
    assert {status for status, _ in answers} == {503} and all(after for _, after in answers)


def test_places_are_given_back_however_a_request_ends(own_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """After commits, refusals, failures and locks alike the next one can write."""
    monkeypatch.setattr("learnhub.web.db.LOCK_WAIT_SECONDS", 0.2)
    for number in range(2 * MOST_WRITERS):
        with own_app.test_request_context("/sign-out", method="POST"):
            db.session().execute(text("UPDATE account SET name = 'x' WHERE id = 1"))
            if number % 3 == 0:
                db.session().commit()
            elif number % 3 == 1:
                with pytest.raises(Exception, match="nothing"):
                    db.session().execute(text("UPDATE nothing SET x = 1"))
    with own_app.app_context():
        holder = create_engine(db.engine.url, **engine_options(own_app.config["SQLALCHEMY_DATABASE_URI"]))
    with holder.connect() as connection:
        connection.execute(text("UPDATE account SET name = 'held' WHERE id = 1"))
        for _ in range(MOST_WRITERS if holder.dialect.name == "sqlite" else 0):
            with own_app.test_request_context("/sign-out", method="POST"), pytest.raises(OperationalError):
                db.session().execute(text("UPDATE account SET name = 'x' WHERE id = 1"))
        connection.rollback()
    holder.dispose()
    with own_app.test_request_context("/sign-out", method="POST"):
        db.session().execute(text("UPDATE account SET name = 'last' WHERE id = 1"))
        db.session().commit()


def test_a_lost_connection_gives_its_place_back(own_app: Flask) -> None:
    for _ in range(MOST_WRITERS + 1):
        with own_app.test_request_context("/sign-out", method="POST"):
            db.session().execute(text("UPDATE account SET name = 'x' WHERE id = 1"))
            db.session().connection().invalidate()
            db.session.remove()


def test_a_stuck_lane_refuses_at_once_and_a_busy_one_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a stream of writers, each waiting for a while, would take the threads of all readers again."""
    lane = WriterLane(one_at_a_time=False)
    for _ in range(MOST_WRITERS):
        lane.enter(1)
    monkeypatch.setattr(lanes, "STUCK_SECONDS", 1000.0)
    waiting = threading.Thread(target=lambda: lane.enter(1))
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    lane.leave(ended=True)
    waiting.join()
    monkeypatch.setattr(lanes, "STUCK_SECONDS", 0.0)
    with pytest.raises(lanes.Congested):
        lane.enter(1)
    lane.leave(ended=True)
    lane.enter(1)


def test_who_waited_in_vain_does_not_make_a_stuck_lane_look_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    lane = WriterLane(one_at_a_time=True)
    monkeypatch.setattr(lanes, "STUCK_SECONDS", 0.2)
    lane.enter(1)  # and never gets SQLite's lock
    for _ in range(MOST_WRITERS - 1):
        with pytest.raises(lanes.Congested):
            lane.enter(0.15)
    lane.leave(ended=False)
    assert time.monotonic() - lane._moved_at > lanes.STUCK_SECONDS


def test_there_are_more_threads_than_may_wait() -> None:
    """Writers and those who hash passwords together leave one thread for readers at least."""
    hashing = 2
    assert MOST_WRITERS + hashing < THREADS
