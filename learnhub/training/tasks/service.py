"""Opening and amending tasks."""

import datetime as dt

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act, subject_id
from learnhub.core.errors import DomainError
from learnhub.core.orm import changed
from learnhub.core.text import N_
from learnhub.training.tasks import queries
from learnhub.training.tasks.models import Task, TaskAmendment
from learnhub.training.tasks.rules import MOST_ATTEMPTS, Audience, CompletionRule, check_cycle


def check_rule(rule: CompletionRule) -> None:
    """Raise DomainError for a rule that says nothing: a leave part, a pass mark or attempts out of their range."""
    if rule.leave_part < 1:
        raise DomainError(N_("请填 1 以上的整数。"), field="leave_part")
    if rule.pass_percent is not None and not 0 <= rule.pass_percent <= 100:
        raise DomainError(N_("合格线要在 0 到 100 之间。"), field="pass_percent")
    if rule.attempts is not None and not 1 <= rule.attempts <= MOST_ATTEMPTS:
        raise DomainError(N_("次数要在 1 到 %(most)s 之间。"), field="attempts", most=MOST_ATTEMPTS)


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
