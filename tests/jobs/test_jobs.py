"""Work beside the requests: done once, whatever dies; found again; taken away by nobody else."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
from flask import Flask
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learnhub.accounts.models import RoleBinding
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.jobs import queries, service
from learnhub.jobs.models import Job
from learnhub.jobs.rules import KEPT, MOST_TRIES, STALE, Cancelled, JobState, JobValue, Progress, Result
from learnhub.members.models import Member
from learnhub.web.db import db
from tests import cast
from tests.pages import PageClient

ROOT = Path(__file__).resolve().parents[2]
GIVEN: dict[str, Any] = {
    "title": "名单", "organization_id": cast.COUNTY, "permission": "read-reports", "arguments": {}
}  # fmt: skip
# A worker with a handler that says it has begun and then takes its time.
SLOW = """
import sys, time
from config import Config
from learnhub.app import create_app

def slow(session, job, file, progress):
    progress(1, 2)
    print("begun", file=sys.__stdout__, flush=True)
    time.sleep(30)

app = create_app(Config.from_environment({environment}))
app.extensions["job_handlers"]["slow"] = slow
sys.exit(app.test_cli_runner().invoke(args=["jobs", "work", "--once"]).exit_code)
"""


def names(session: Session, job: JobValue, file: IO[bytes], progress: Progress) -> Result:
    """A handler that reads and says how far it is."""
    found = session.scalars(select(Member.name).order_by(Member.id).limit(3)).all()
    for number, name in enumerate(found, 1):
        file.write(f"{name}\n".encode())
        progress(number, len(found))
    file.write(_("首页").encode())
    return Result("names.txt", "text/plain")


def quick(session: Session, job: JobValue, file: IO[bytes], progress: Progress) -> Result:
    file.write(b"done by a worker")
    return Result("a.txt", "text/plain")


def broken(session: Session, job: JobValue, file: IO[bytes], progress: Progress) -> Result:
    raise RuntimeError("secret inside")


def refused(session: Session, job: JobValue, file: IO[bytes], progress: Progress) -> Result:
    raise DomainError("没有这个受理编号。请核对后再查一次。")


def writing(session: Session, job: JobValue, file: IO[bytes], progress: Progress) -> Result:
    session.execute(delete(RoleBinding))
    return Result("x", "text/plain")


@pytest.fixture
def working(own_app: Flask) -> Flask:
    handlers = {"names": names, "broken": broken, "refused": refused, "writing": writing}
    own_app.extensions["job_handlers"].update(handlers)
    return own_app


def submit(app: Flask, kind: str, language: str = "zh-CN", key: str | None = None) -> int:
    with app.app_context():
        act = Act(cast.PEOPLE["organizer"][0], clock.now(), key)
        job_id = service.submit(db.session(), act, kind=kind, language=language, **GIVEN)
        db.session.commit()
        db.session.remove()
    return job_id


def work(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["jobs", "work", "--once"])
    assert done.exit_code == 0, done.output


def client(app: Flask, person: str) -> PageClient:
    browser = PageClient(app, app.response_class)
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = cast.token(person), True
    return browser


def row(app: Flask, job_id: int) -> Job:
    with app.app_context():
        found = db.session.get_one(Job, job_id)
        db.session.expunge(found)
        db.session.remove()
    return found


def test_a_job_is_done_and_taken_away_by_its_asker_only(working: Flask) -> None:
    job_id = submit(working, "names")
    assert "排队中" in client(working, "organizer").page("/jobs")
    work(working)
    browser = client(working, "organizer")
    assert "names.txt" in browser.page(f"/jobs/{job_id}")
    lines = browser.open(f"/jobs/{job_id}/file").data.decode().split("\n")
    assert len(lines) == 4 and lines[0] == "赵甲" and lines[-1] == "首页"
    for address in (f"/jobs/{job_id}", f"/jobs/{job_id}/file"):
        assert client(working, "reader").open(address).status_code == 404
    assert (row(working, job_id).done, row(working, job_id).total) == (3, 3)


def test_the_result_is_in_the_language_of_its_asker(working: Flask) -> None:
    job_id = submit(working, "names", "en")
    work(working)
    assert client(working, "organizer").open(f"/jobs/{job_id}/file").data.endswith(b"Home")


def test_who_has_lost_the_role_gets_no_file(working: Flask) -> None:
    job_id = submit(working, "names")
    work(working)
    with working.app_context():
        db.session.execute(delete(RoleBinding).where(RoleBinding.account_id == cast.PEOPLE["organizer"][0]))
        db.session.commit()
        db.session.remove()
    assert client(working, "organizer").open(f"/jobs/{job_id}/file").status_code == 404


def test_a_failing_job_tells_nothing_of_the_inside_and_the_next_one_is_done(working: Flask) -> None:
    bad, worse, good = submit(working, "broken"), submit(working, "refused"), submit(working, "names")
    work(working)
    page = client(working, "organizer").page(f"/jobs/{bad}")
    assert "平台出错了" in page and "secret" not in page
    assert "没有这个受理编号" in client(working, "organizer").page(f"/jobs/{worse}")
    assert queries.state(row(working, good)) is JobState.DONE


def test_a_handler_cannot_write(working: Flask) -> None:
    job_id = submit(working, "writing")
    work(working)
    assert queries.state(row(working, job_id)) is JobState.FAILED
    with working.app_context():
        assert db.session.scalars(select(RoleBinding)).all()
        db.session.remove()


def test_a_double_click_is_one_job(working: Flask) -> None:
    assert submit(working, "names", key="one-key-for-both") == submit(working, "names", key="one-key-for-both")


def test_a_cancelled_job_is_not_begun_and_ends_when_it_is_under_way(session: Session, act: Callable[..., Act]) -> None:
    first = service.submit(session, act("organizer"), kind="names", language="zh-CN", **GIVEN)
    second = service.submit(session, act("organizer"), kind="names", language="zh-CN", **GIVEN)
    service.cancel(session, act("organizer"), job_id=first)
    begun = service.claim(session, at=clock.now())
    assert begun is not None and begun.id == second
    service.cancel(session, act("organizer"), job_id=second)
    with pytest.raises(Cancelled):
        service.beat(session, job=begun, done=1, total=2, at=clock.now())


def test_a_silent_worker_is_replaced_and_may_not_speak_again(session: Session, act: Callable[..., Act]) -> None:
    job_id = service.submit(session, act("organizer"), kind="names", language="zh-CN", **GIVEN)
    at = clock.now()
    first = service.claim(session, at=at)
    assert first is not None and service.claim(session, at=at + STALE) is None
    for _number in range(MOST_TRIES - 1):
        at += STALE + STALE
        second = service.claim(session, at=at)
        assert second is not None and second.id == job_id
        with pytest.raises(Cancelled):
            service.finish(session, job=first, result=Result("x", "text/plain"), size=1, at=at)
    assert service.claim(session, at=at + STALE + STALE) is None
    assert queries.state(session.get_one(Job, job_id)) is JobState.FAILED


def test_results_expire(working: Flask) -> None:
    job_id = submit(working, "names")
    work(working)
    path = Path(working.config["SETTINGS"].instance_folder) / "jobs" / str(job_id)
    assert path.is_file()
    clock.fix(cast.NOW + KEPT * 2)
    work(working)
    assert not path.exists() and queries.state(row(working, job_id)) is JobState.EXPIRED


@pytest.mark.long
def test_a_killed_worker_loses_nothing(working: Flask) -> None:
    """The next worker begins anew; the result is there once and whole."""
    job_id = submit(working, "slow")
    settings = working.config["SETTINGS"]
    environment = {
        "LEARNHUB_SECRET_KEY": settings.secret_key,
        "LEARNHUB_IDENTITY_KEY": settings.identity_key,
        "DATABASE_URL": settings.database_url,
        "LEARNHUB_INSTANCE": str(settings.instance_folder),
    }

    shutil.copy(settings.published_content, settings.instance_folder / "content.json")  # a worker without is refused
    script = SLOW.format(environment=repr(environment))
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None and worker.stdout.readline() == "begun\n"
        os.kill(worker.pid, signal.SIGKILL)
    with working.app_context():  # a minute later
        db.session.get_one(Job, job_id).beat_at = cast.NOW - STALE * 2
        db.session.commit()
        db.session.remove()
    working.extensions["job_handlers"]["slow"] = quick
    work(working)
    found = row(working, job_id)
    assert (queries.state(found), found.tries, found.size) == (JobState.DONE, 2, 16)
    assert client(working, "organizer").open(f"/jobs/{job_id}/file").data == b"done by a worker"


def test_two_workers_share_the_work(working: Flask) -> None:
    """Each job is claimed once."""
    ids = [submit(working, "names") for _number in range(4)]
    claimed = []
    with working.app_context(), Session(db.engine) as one, Session(db.engine) as two:
        for own in (one, two, one, two):
            job = service.claim(own, at=clock.now())
            own.commit()
            claimed.append(job.id if job else None)
    assert claimed == ids
