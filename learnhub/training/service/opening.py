"""Opening tasks and batches."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act, subject_id
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.organizations import queries as organizations
from learnhub.training import queries
from learnhub.training.models import Batch, Task
from learnhub.training.rules import Audience, CompletionRule, NewSession
from learnhub.training.service.steps import check_span, open_batch_held, put_on_timetable


def open_task(
    session: Session,
    act: Act,
    *,
    organization_id: int,
    title: str,
    starts_on: dt.date,
    ends_on: dt.date,
    quarters: int,
    basis: str,
    audience: Audience,
    rule: CompletionRule,
) -> int:
    """Open a training task at an organization; returns its id. The completion rule is stamped on it.

    `quarters` are quarter hours. Raises DomainError when it ends before it begins.
    """
    if subject := trail.earlier(session, act.key):
        return subject_id(subject)
    check_span(starts_on, ends_on)
    task = Task(
        organization_id=organization_id,
        title=title,
        starts_on=starts_on,
        ends_on=ends_on,
        quarters=quarters,
        basis=basis,
        audience=audience.to_json(),
        leave_part=rule.leave_part,
        pass_percent=rule.pass_percent,
        opened_at=act.at,
        opened_by=act.actor_id,
    )
    session.add(task)
    session.flush()
    audit.note(session, act, "training.open_task", f"task:{task.id}", organization_id)
    return task.id


def open_batch(
    session: Session,
    act: Act,
    *,
    task_id: int,
    organization_id: int,
    title: str,
    place: str,
    starts_on: dt.date,
    ends_on: dt.date,
    capacity: int,
    quiz_course: str | None = None,
    sessions: Sequence[NewSession] = (),
) -> int:
    """Open a batch of a task with its timetable; returns its id.

    `quiz_course` is the slug of the course whose quiz is the completion test, None for a test on paper or none at all.
    Raises NotFound when the task is not one for that organization, DomainError for dates that cannot be.
    """
    if subject := trail.earlier(session, act.key):
        return subject_id(subject)
    task = queries.task(session, task_id)
    if task is None or not organizations.covers(session, [task.organization_id], organization_id, act.day):
        raise NotFound(N_("没有这项轮训任务。"))
    check_span(starts_on, ends_on)
    batch = Batch(
        task_id=task_id,
        organization_id=organization_id,
        title=title,
        place=place,
        starts_on=starts_on,
        ends_on=ends_on,
        capacity=capacity,
        quiz_course=quiz_course,
        opened_at=act.at,
        opened_by=act.actor_id,
    )
    session.add(batch)
    session.flush()
    for each in sessions:
        put_on_timetable(session, act, batch, each)
    audit.note(session, act, "training.open_batch", f"batch:{batch.id}", organization_id, task=task_id)
    return batch.id


def add_session(session: Session, act: Act, *, batch_id: int, new: NewSession) -> int:
    """Put one more session on the timetable of an open batch; returns its id."""
    if subject := trail.earlier(session, act.key):
        return subject_id(subject)
    _task, batch = open_batch_held(session, batch_id)
    session_id = put_on_timetable(session, act, batch, new)
    audit.note(
        session, act, "training.add_session", f"batch_session:{session_id}", batch.organization_id, batch=batch_id
    )
    return session_id
