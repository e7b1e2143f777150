"""`flask jobs work`: the worker that does what people asked for."""

import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
from flask import current_app, g
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.doctor import service as doctor
from learnhub.jobs import service
from learnhub.jobs.rules import Cancelled, JobValue, Result
from learnhub.jobs.service import Handler
from learnhub.web.db import db, end_transaction
from learnhub.web.logs import name_error
from learnhub.web.outages import REASONS, Outage, find_outage
from learnhub.web.patience import Patience

cli = AppGroup("jobs", help="Work that takes longer than a request.")
# How long an idle worker waits before it looks again, how often it asks for the work of the night, and how often it
# removes old results.
LOOK_SECONDS = 1.0
NIGHTLY_SECONDS = 60.0
EXPIRE_SECONDS = 3600.0
# How often it runs the errands that reach beyond this machine; they hold no transaction while they wait for others.
ERRAND_SECONDS = 30.0
OURS = N_("平台出错了，已经记下。请过一会儿再试，还不行请联系系统管理员。")


def folder() -> Path:
    """Where results are kept until they expire."""
    return service.results(current_app.config["SETTINGS"].instance_folder)


@cli.command("work")
@click.option("--once", is_flag=True, help="End when nothing is left to do.")
def work(once: bool) -> None:
    """Do jobs until stopped, and beside them what is to be done all the time and once each night.

    Any number of workers may run; each job is done by one of them.
    """
    doctor.refuse_unsafe_start(current_app.config["SETTINGS"])
    if once:
        work_until(threading.Event(), once=True)
    else:
        work_until_stopped()


def work_until_stopped() -> None:
    """Do jobs until SIGTERM or SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    work_until(stop, once=False)


def work_until(stop: threading.Event, *, once: bool) -> None:
    """Do jobs until `stop` is set, or with `once` until none is left. What fails is waited for, not given up."""
    patience = Patience(stop, current_app.logger)
    done: dict[Callable[[], None], float] = {}
    while not stop.is_set():
        try:
            job = _next_job(done)
            if job is not None:
                _do(job, patience, stop)
            patience.end()
        except Exception as error:
            if once:
                raise click.ClickException(f"the worker had to stop: {name_error(error)}") from error
            patience.wait(error)
            continue
        if job is None and (once or stop.wait(LOOK_SECONDS)):
            return


def _next_job(done: dict[Callable[[], None], float]) -> JobValue | None:
    folder().mkdir(parents=True, exist_ok=True)
    _beside(done)
    with _writing() as session:
        return service.claim(session, at=clock.now())


def _beside(done: dict[Callable[[], None], float]) -> None:
    """What is due beside the jobs; `done` says when each was done last."""
    for seconds, work in (
        (EXPIRE_SECONDS, _expire),
        (NIGHTLY_SECONDS, _nightly),
        (LOOK_SECONDS, _tick),
        (ERRAND_SECONDS, _errands),
    ):
        if work not in done or time.monotonic() - done[work] >= seconds:
            done[work] = time.monotonic()
            work()


def _expire() -> None:
    with _writing() as session:
        service.expire(session, folder=folder(), at=clock.now())


def _tick() -> None:
    for work in current_app.extensions["ticks"]:
        with _spared(), _writing() as session:
            work(session, clock.now())


def _errands() -> None:
    for errand in current_app.extensions["errands"]:
        with _spared():
            errand(current_app._get_current_object())  # type: ignore[attr-defined]


def _nightly() -> None:
    """Each piece of work in a transaction of its own; one that fails is tried again when its claim has run out."""
    for name, work in current_app.extensions["nightly"].items():
        with _writing() as session:
            ours = service.claim_nightly(session, name=name, at=clock.now())
        if ours:
            with _spared(), _writing() as session:
                work(session, clock.now())
                service.finish_nightly(session, name=name, at=clock.now())


@contextmanager
def _spared() -> Iterator[None]:
    """A failure of work that nobody asked for is told in the log and keeps nothing else back.

    While the database is away nothing else could be done either: that is for the worker to wait for.
    """
    try:
        yield
    except Exception as error:
        if _is_database_outage(error):
            raise
        current_app.logger.exception("a worker failed beside its jobs")


@contextmanager
def _writing() -> Iterator[Session]:
    """A short transaction of its own, committed when the block ends well; also amid a handler that only reads."""
    reading = g.get("may_write")
    g.may_write = True
    try:
        with Session(db.engine) as session:
            yield session
            session.commit()
    finally:
        g.may_write = reading


def _do(job: JobValue, patience: Patience, stop: threading.Event) -> None:
    """Do one job, from the beginning again after an outage of the database; the claim on it stays this worker's.

    Should another worker take it up meanwhile, the first one to finish it finishes it, and the other gives way.
    """
    while not stop.is_set():
        try:
            _attempt(job)
        except Exception as error:
            if not _is_database_outage(error):
                raise
            patience.wait(error)
        else:
            return


def _attempt(job: JobValue) -> None:
    """Do one job. Whatever goes wrong with it, the next one is done all the same; raises what the database is away by."""
    application = current_app._get_current_object()  # type: ignore[attr-defined]
    # In a request of its own: the asker's language, and a session that the database itself keeps from writing.
    with application.test_request_context(f"/jobs/{job.id}", headers={"Cookie": f"language={job.language}"}):
        g.visitor = None
        try:
            _carry_out(job, application.extensions["job_handlers"][job.kind])
        except Cancelled:
            pass
        except Exception as error:
            if _is_database_outage(error):
                raise
            application.logger.exception("job %s of kind %s failed", job.id, job.kind)
            _fail(job, _reason(error))
        finally:
            end_transaction()
            db.session.remove()


def _reason(error: Exception) -> str:
    """Why a job failed, in its asker's words."""
    if isinstance(error, DomainError):
        return _(error.message) % error.values
    outage = find_outage(error) if isinstance(error, OSError) else None
    return _(REASONS[outage]) if outage else _(OURS)


def _is_database_outage(error: Exception) -> bool:
    """Whether the database cannot be used; a reading session that it kept from writing is a fault of the program."""
    return not isinstance(error, OSError) and find_outage(error) not in {None, Outage.READ_ONLY}


def _carry_out(job: JobValue, handler: Handler) -> None:
    """Write the result beside its place and put it there whole."""
    with tempfile.NamedTemporaryFile(dir=folder(), prefix=f".{job.id}-", delete=False) as file:
        beside = Path(file.name)
        try:
            result = handler(db.session(), job, file, lambda done, total: _beat(job, done, total))
            _put(job, result, file, beside)
        finally:
            beside.unlink(missing_ok=True)


def _put(job: JobValue, result: Result, file: IO[bytes], beside: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    size = file.seek(0, os.SEEK_END)
    with _writing() as session:
        service.finish(session, job=job, result=result, size=size, at=clock.now())
        beside.rename(folder() / str(job.id))


def _beat(job: JobValue, done: int, total: int) -> None:
    with _writing() as session:
        service.beat(session, job=job, done=done, total=total, at=clock.now())


def _fail(job: JobValue, because: str) -> None:
    try:
        with _writing() as session:
            service.fail(session, job=job, because=because, at=clock.now())
    except Cancelled:
        pass
