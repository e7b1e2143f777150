"""What the projection of a task is made of: its batches at and below an organization, and the days that are worked."""

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learnhub.organizations import queries as organizations
from learnhub.records.models import Completion
from learnhub.records.rules import task_subject
from learnhub.reports.queries.coverage import Coverage
from learnhub.reports.rules import Column
from learnhub.reports.rules.projection import BatchFact, Calendar, Projection, project
from learnhub.training.batches.models import Batch, BatchSession, Place
from learnhub.training.calendar.models import Holiday


def projection(session: Session, table: Coverage) -> Projection | None:
    """What it takes to train everybody whom `table` counts as not covered; None when nobody is, or too little is known.

    Four statements, whatever the size.
    """
    waiting = table.total.figures[Column.NOT_COVERED]
    if not waiting or table.domain is not None:
        return None
    batches = _batches(session, table.task.id, table.total.organization_id, table.day)
    return project(batches, waiting=waiting, day=table.day, ends_on=table.task.ends_on, calendar=working_days(session))


def working_days(session: Session) -> Calendar:
    """The calendar: Monday to Friday, as the list of holidays says otherwise."""
    rows = session.execute(select(Holiday.day, Holiday.working).where(Holiday.withdrawn_at.is_(None))).all()
    return Calendar(
        off=frozenset(day for day, working in rows if not working),
        on=frozenset(day for day, working in rows if working),
    )


def _batches(session: Session, task_id: int, organization_id: int, day: dt.date) -> tuple[BatchFact, ...]:
    below = organizations.subtree([organization_id], day)
    places = (
        select(func.count())
        .where(Place.batch_id == Batch.id, Place.withdrawn_at.is_(None))
        .correlate(Batch)
        .scalar_subquery()
    )
    held = select(func.count()).where(BatchSession.batch_id == Batch.id).correlate(Batch).scalar_subquery()
    statement = (
        select(Batch.id, Batch.starts_on, Batch.ends_on, Batch.capacity, Batch.closed_at, places, held)
        .where(Batch.task_id == task_id, Batch.cancelled_at.is_(None), Batch.organization_id.in_(select(below.c.id)))
        .order_by(Batch.starts_on, Batch.id)
    )
    completed = _completed(session, task_id)
    return tuple(
        BatchFact(starts_on, ends_on, capacity, placed, sessions, completed.get(f"batch:{id_}", 0) if closed else None)
        for id_, starts_on, ends_on, capacity, closed, placed, sessions in session.execute(statement)
    )


def _completed(session: Session, task_id: int) -> dict[str, int]:
    """How many completed the task in each batch, by the source that names it."""
    statement = (
        select(Completion.source, func.count())
        .where(
            Completion.subject == task_subject(task_id),
            Completion.withdrawn_at.is_(None),
            Completion.source.startswith("batch:"),
        )
        .group_by(Completion.source)
    )
    return dict(row._tuple() for row in session.execute(statement))
