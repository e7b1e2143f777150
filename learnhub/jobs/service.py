"""Verbs of jobs: ask for one, take it back, and what a worker says of it. None commits."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Protocol

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act, subject_id
from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.jobs import queries
from learnhub.jobs.models import Job, NightlyWork
from learnhub.jobs.rules import LONGEST_NIGHTLY, MOST_TRIES, QUIET_HOUR, Cancelled, JobValue, Progress, Result


class Handler(Protocol):
    """Does a job: reads by `session`, writes its result into `file`, says how far it is."""

    def __call__(self, session: Session, job: JobValue, file: IO[bytes], progress: Progress) -> Result: ...


def submit(
    session: Session,
    act: Act,
    *,
    kind: str,
    title: str,
    organization_id: int,
    permission: str,
    language: str,
    arguments: Mapping[str, Any],
) -> int:
    """Ask for a job of `kind`; returns its id. A repeated sending gives the same job.

    `permission` (the value of an `accounts.rules.Permission`) must still be held at the organization when the result is
    taken away; `language` (`zh-CN`, `en`) is what it is written in; `arguments` are plain JSON values.
    """
    if earlier := trail.earlier(session, act.key):
        return subject_id(earlier)
    row = Job(
        kind=kind,
        title=title,
        organization_id=organization_id,
        account_id=act.actor_id,
        permission=permission,
        language=language,
        arguments=dict(arguments),
        submitted_at=act.at,
    )
    session.add(row)
    session.flush()
    audit.note(session, act, "job.submit", f"job:{row.id}", organization_id, kind=kind)
    return row.id


def cancel(session: Session, act: Act, *, job_id: int) -> None:
    """Take an own job back; one that has ended stays as it is. Raises NotFound for somebody else's."""
    if queries.job(session, job_id, act.actor_id) is None:
        raise NotFound(N_("没有这一项后台任务。"))
    row = queries.held(session, job_id)
    if row.finished_at is None and row.cancelled_at is None:
        row.cancelled_at = act.at
        audit.note(session, act, "job.cancel", f"job:{job_id}", row.organization_id)


def claim(session: Session, *, at: dt.datetime) -> JobValue | None:
    """Take up the next job, None when there is none. One that has ended too many workers fails instead."""
    while row := queries.claimable(session, at):
        if row.tries < MOST_TRIES:
            row.tries, row.beat_at, row.done, row.total = row.tries + 1, at, 0, 0
            session.flush()
            return queries.value(row)
        row.finished_at, row.failed_because = at, N_("做了三次都中断了，请联系系统管理员。")
        session.flush()
    return None


def beat(session: Session, *, job: JobValue, done: int, total: int, at: dt.datetime) -> None:
    """Say how far the job is. Raises Cancelled when it was taken back, or taken up by another worker."""
    row = _still_ours(session, job)
    row.beat_at, row.done, row.total = at, done, total


def finish(session: Session, *, job: JobValue, result: Result, size: int, at: dt.datetime) -> None:
    """Note the result, `size` bytes long. Raises Cancelled like `beat`."""
    row = _still_ours(session, job)
    row.finished_at, row.size, row.done = at, size, row.total
    row.file_name, row.media_type = result.file_name, result.media_type


def fail(session: Session, *, job: JobValue, because: str, at: dt.datetime) -> None:
    """Note that the job came to nothing, in the asker's words. Raises Cancelled like `beat`."""
    row = _still_ours(session, job)
    row.finished_at, row.failed_because = at, because[:500]


def expire(session: Session, *, folder: Path, at: dt.datetime) -> int:
    """Remove the results that have been kept long enough from `folder`; returns how many."""
    found = queries.expired(session, at)
    for row in found:
        row.expired_at = at
        (folder / str(row.id)).unlink(missing_ok=True)
    return len(found)


def claim_nightly(session: Session, *, name: str, at: dt.datetime) -> bool:
    """Whether the caller is to do the work `name` of this night now: from the quiet hour on, one worker, once a day."""
    here = clock.local(at)
    if here.hour < QUIET_HOUR:
        return False
    row = queries.nightly(session, name)
    if row is None:
        return _first_claim(session, NightlyWork(name=name, day=here.date(), begun_at=at))
    if row.day == here.date() and (row.finished_at or row.begun_at > at - LONGEST_NIGHTLY):
        return False
    row.day, row.begun_at, row.finished_at = here.date(), at, None
    return True


def _first_claim(session: Session, row: NightlyWork) -> bool:
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def finish_nightly(session: Session, *, name: str, at: dt.datetime) -> None:
    """Note that the work `name` of this night is done."""
    row = queries.nightly(session, name)
    if row is not None:
        row.finished_at = at


def results(instance: Path) -> Path:
    """The folder of results within the folder `instance`; each file is named by the id of its job."""
    return instance / "jobs"


def _still_ours(session: Session, job: JobValue) -> Job:
    row = queries.held(session, job.id)
    if row.cancelled_at is not None or row.finished_at is not None or row.tries != job.tries:
        raise Cancelled
    return row
