"""A worker in bad weather: it waits while the database is away, goes on, and does each job once."""

import contextlib
import threading
from collections.abc import Iterator
from typing import IO, Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from learnhub.jobs import cli
from learnhub.jobs.models import Job
from learnhub.jobs.rules import JobValue, Progress, Result
from learnhub.web.db import db
from tests import databases, outages
from tests.jobs.test_jobs import quick, row, submit
from tests.jobs.test_jobs import work as work_once


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("learnhub.web.patience.FIRST_WAIT_SECONDS", 0.05)
    monkeypatch.setattr("learnhub.web.patience.LONGEST_WAIT_SECONDS", 0.1)
    monkeypatch.setattr(cli, "LOOK_SECONDS", 0.05)


@contextlib.contextmanager
def worker(app: Flask) -> Iterator[threading.Thread]:
    """`flask jobs work` in a thread of its own, until the block ends."""
    stop = threading.Event()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with app.app_context():
                cli.work_until(stop, once=False)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(30)
    assert not thread.is_alive() and not failures, failures


def wait_for(app: Flask, job_id: int) -> Job:
    for _ in range(600):
        with contextlib.suppress(DBAPIError):  # it may still be away
            found = row(app, job_id)
            if found.finished_at:
                return found
        threading.Event().wait(0.05)
    raise AssertionError("the job was not done within 30 seconds")


def wait_until(caplog: pytest.LogCaptureFixture, words: str) -> None:
    for _ in range(600):
        if any(words in each.getMessage() for each in caplog.records):
            return
        threading.Event().wait(0.05)
    raise AssertionError(f"the log never said {words!r}")


def test_a_worker_waits_for_the_database_and_goes_on(
    own_app: Flask, kind: databases.Kind, caplog: pytest.LogCaptureFixture
) -> None:
    """It says so once when it begins and once when it is over, and then does what was asked for before."""
    own_app.extensions["job_handlers"]["quick"] = quick
    job_id = submit(own_app, "quick")
    with outages.away(own_app, kind), worker(own_app) as thread:
        wait_until(caplog, "waiting for it")
        thread.join(0.5)
        assert thread.is_alive()
        said = [each for each in caplog.records if "waiting for it" in each.getMessage()]
        assert len(said) == 1
    with worker(own_app):
        assert wait_for(own_app, job_id).failed_because is None
    assert row(own_app, job_id).tries == 1


@pytest.mark.one_database(
    kind="postgresql"
)  # a connection to SQLite that stands does not break; the next test locks it
def test_an_outage_amid_a_job_begins_it_anew(
    own_app: Flask, kind: databases.Kind, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether it strikes while a job reads, says how far it is, or is about to finish: it is done once, by one claim."""
    strikes: list[Any] = []
    begun: list[int] = []

    def handler(session: Session, job: JobValue, file: IO[bytes], progress: Progress) -> Result:
        begun.append(job.id)
        session.execute(text("SELECT 1"))
        if len(begun) < 3:
            strikes.append(outages.away(own_app, kind))
            strikes[-1].__enter__()
            timer = threading.Timer(0.3, lambda: strikes[-1].__exit__(None, None, None))
            timer.start()
        if len(begun) == 1:
            progress(1, 2)
        file.write(b"whole")
        return Result("a.txt", "text/plain")

    own_app.extensions["job_handlers"]["struck"] = handler
    job_id = submit(own_app, "struck")
    with worker(own_app):
        done = wait_for(own_app, job_id)
    assert (done.tries, done.failed_because) == (1, None)
    assert len(begun) >= 3, "anew after each outage, and as often as it was tried amid one"
    with own_app.app_context():
        files = list(cli.folder().iterdir())
    assert [(each.name, each.read_bytes()) for each in files] == [(str(job_id), b"whole")]
    assert "going on" in caplog.text


def test_a_lock_that_lasts_only_delays_a_job(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("learnhub.web.db.LOCK_WAIT_SECONDS", 0)
    own_app.extensions["job_handlers"]["quick"] = quick
    job_id = submit(own_app, "quick")
    with own_app.app_context():
        on_sqlite = db.engine.dialect.name == "sqlite"
    with contextlib.ExitStack() as stack:
        held = stack.enter_context(contextlib.ExitStack())
        held.enter_context(outages.locked(own_app))
        stack.enter_context(worker(own_app))
        if on_sqlite:
            wait_until(caplog, "busy")
        held.close()
        monkeypatch.setattr("learnhub.web.db.LOCK_WAIT_SECONDS", 10)
        assert wait_for(own_app, job_id).tries == 1


def test_a_result_that_finds_no_room_fails_in_words(own_app: Flask) -> None:
    """Nothing of it stays behind, and the next job is done."""

    def large(session: Session, job: JobValue, file: IO[bytes], progress: Progress) -> Result:
        with outages.no_room(1000):
            file.write(b"x" * 100_000)
            file.flush()
        return Result("a.txt", "text/plain")

    own_app.extensions["job_handlers"].update(large=large, quick=quick)
    job_id, next_id = submit(own_app, "large"), submit(own_app, "quick")
    work_once(own_app)
    assert "硬盘满了" in (row(own_app, job_id).failed_because or "")
    assert row(own_app, next_id).failed_because is None
    with own_app.app_context():
        assert [each.name for each in cli.folder().iterdir()] == [str(next_id)]


def test_a_worker_that_runs_once_ends_with_one_line(own_app: Flask, kind: databases.Kind) -> None:
    with outages.away(own_app, kind):
        done = own_app.test_cli_runner().invoke(args=["jobs", "work", "--once"])
    assert done.exit_code == 1
    assert "Traceback" not in done.output and done.output.count("\n") == 1, done.output
