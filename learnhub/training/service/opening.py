"""Opening tasks and batches."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act, subject_id
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.orm import changed
from learnhub.core.text import N_
from learnhub.organizations import queries as organizations
from learnhub.training import queries
from learnhub.training.models import Batch, Task, TaskAmendment
from learnhub.training.rules import Audience, BatchKind, CompletionRule, NewSession, check_cycle
from learnhub.training.service.steps import check_rule, check_span, put_on_timetable


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

    `quarters` are quarter hours. Raises DomainError unless the cycle lasts one to five years and the rule can be met.
    """
    if subject := trail.earlier(session, act.key):
        return subject_id(subject)
    check_cycle(starts_on, ends_on)
    check_rule(rule)
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
        attempts=rule.attempts,
        opened_at=act.at,
        opened_by=act.actor_id,
    )
    session.add(task)
    session.flush()
    changed(session, tasks=[task.id])
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
    kind: BatchKind = BatchKind.TRAINING,
    quiz_course: str | None = None,
    remainder_of: int | None = None,
    sessions: Sequence[NewSession] = (),
) -> int:
    """Open a batch of a task with its timetable; returns its id. The task's completion rule is stamped on it.

    `quiz_course` is the slug of the course whose quiz is the completion test, None for a test on paper or none at all;
    `remainder_of` the closed batch whose remainder it takes. Raises NotFound when the task is not one for that organization, DomainError for dates that cannot be.
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
        kind=kind,
        title=title,
        place=place,
        starts_on=starts_on,
        ends_on=ends_on,
        capacity=capacity,
        quiz_course=quiz_course,
        leave_part=task.rule.leave_part,
        pass_percent=task.rule.pass_percent,
        attempts=task.rule.attempts,
        remainder_of=remainder_of,
        opened_at=act.at,
        opened_by=act.actor_id,
    )
    session.add(batch)
    session.flush()
    for each in sessions:
        put_on_timetable(session, act, batch, each)
    audit.note(session, act, "training.open_batch", f"batch:{batch.id}", organization_id, task=task_id)
    return batch.id


def amend_task(
    session: Session,
    act: Act,
    *,
    task_id: int,
    title: str,
    ends_on: dt.date,
    basis: str,
    rule: CompletionRule,
    because: str,
) -> None:
    """Amend a task: a new fact with its reason, what was said before stays; whom it is for is never amended.

    The completion rule holds for batches opened from now on: one opened before keeps its own. Raises NotFound, and
    DomainError without a reason or for a cycle that cannot be.
    """
    if trail.earlier(session, act.key):
        return
    task = queries.held_task(session, task_id)
    if not because.strip():
        raise DomainError(N_("请写明更改的原因。"), field="because")
    check_cycle(task.starts_on, ends_on)
    check_rule(rule)
    session.add(
        TaskAmendment(
            task_id=task_id,
            title=title,
            ends_on=ends_on,
            basis=basis,
            leave_part=rule.leave_part,
            pass_percent=rule.pass_percent,
            attempts=rule.attempts,
            because=because.strip(),
            amended_at=act.at,
            amended_by=act.actor_id,
        )
    )
    session.flush()
    changed(session, tasks=[task_id])
    audit.note(session, act, "training.amend_task", task.subject, task.organization_id, ends_on=ends_on.isoformat())
