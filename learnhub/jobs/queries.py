"""Questions about jobs."""

import datetime as dt

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from learnhub.core.holding import Holding, holding
from learnhub.core.text import N_
from learnhub.jobs.models import Job, NightlyWork
from learnhub.jobs.rules import KEPT, STALE, JobState, JobValue

# How many of the own jobs are listed.
LISTED = 50


def state(row: Job) -> JobState:
    """Where a job stands, from its instants."""
    if row.cancelled_at is not None:
        return JobState.CANCELLED
    if row.finished_at is None:
        return JobState.RUNNING if row.beat_at else JobState.WAITING
    if row.failed_because is not None:
        return JobState.FAILED
    return JobState.EXPIRED if row.expired_at else JobState.DONE


def value(row: Job) -> JobValue:
    """The row as a plain value."""
    return JobValue(
        id=row.id,
        kind=row.kind,
        title=row.title,
        organization_id=row.organization_id,
        account_id=row.account_id,
        permission=row.permission,
        language=row.language,
        arguments=row.arguments,
        submitted_at=row.submitted_at,
        tries=row.tries,
        done=row.done,
        total=row.total,
        state=state(row),
        finished_at=row.finished_at,
        failed_because=row.failed_because or "",
        file_name=row.file_name or "",
        media_type=row.media_type or "",
        size=row.size or 0,
    )


def own(session: Session, account_id: int) -> tuple[JobValue, ...]:
    """The newest jobs of one person."""
    rows = select(Job).where(Job.account_id == account_id).order_by(Job.id.desc()).limit(LISTED)
    return tuple(value(row) for row in session.scalars(rows))


def job(session: Session, job_id: int, account_id: int) -> JobValue | None:
    """A job of that person; None for one that is somebody else's."""
    row = session.scalar(select(Job).where(Job.id == job_id, Job.account_id == account_id))
    return value(row) if row else None


def claimable(session: Session, at: dt.datetime) -> Job | None:
    """The oldest job that waits, or whose worker has been silent too long; held against other workers."""
    free = or_(Job.beat_at.is_(None), Job.beat_at < at - STALE)
    statement = select(Job).where(Job.finished_at.is_(None), Job.cancelled_at.is_(None), free).order_by(Job.id).limit(1)
    return session.scalar(statement.with_for_update(skip_locked=True))


def held(session: Session, job_id: int) -> Job:
    """The row of a job, read anew and held until the transaction ends."""
    statement = select(Job).where(Job.id == job_id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(statement).one()


def expired(session: Session, at: dt.datetime) -> tuple[Job, ...]:
    """The jobs whose results have been kept long enough."""
    old = select(Job).where(Job.finished_at < at - KEPT, Job.expired_at.is_(None), Job.file_name.is_not(None))
    return tuple(session.scalars(old))


def nightly(session: Session, name: str) -> NightlyWork | None:
    """The row of some work of the night, held until the transaction ends; None when it was never done."""
    statement = select(NightlyWork).where(NightlyWork.name == name).with_for_update()
    return session.scalar(statement.execution_options(populate_existing=True))


def about_person(session: Session, account_id: int, member_id: int | None) -> tuple[Holding, ...]:
    """The long work that this account asked for."""
    return (holding(session, N_("办过的材料"), Job, Job.account_id == account_id),)
