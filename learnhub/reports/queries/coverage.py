"""The coverage of a task: the figures of an organization's direct sub-organizations."""

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.organizations import queries as organizations
from learnhub.organizations.models import Organization
from learnhub.organizations.rules import Domain, OrganizationKind
from learnhub.reports.queries import facts, rollup
from learnhub.reports.queries import sums as added
from learnhub.reports.queries.facts import Question
from learnhub.reports.rules import NONE, Column, Figures
from learnhub.training.tasks import queries as tasks
from learnhub.training.tasks.queries import TaskValue

# Before its figures, a row says which organization it is about: id, name, kind.
_NAMED = 3


@dataclasses.dataclass(frozen=True, slots=True)
class CoverageRow:
    """One organization with the figures of everything below it; `own` for members who stand directly in the top one."""

    organization_id: int
    name: str
    kind: OrganizationKind
    figures: Figures
    own: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Coverage:
    """The table: one row for each direct sub-organization in organization order, and their total."""

    task: TaskValue
    day: dt.date
    domain: Domain | None
    rows: tuple[CoverageRow, ...]
    total: CoverageRow


def ask(
    session: Session,
    task_id: int,
    organization_id: int,
    day: dt.date,
    domain: Domain | None = None,
    *,
    own: bool = False,
) -> Question:
    """The question about a task's coverage; raises NotFound when task and organization have nothing in common.

    They have when one is above the other on that day, or is today: an organization that stood elsewhere, or nowhere,
    on that day has nobody in question then.
    """
    task = tasks.task(session, task_id)
    if task is not None:
        if organizations.covers(session, [task.organization_id], organization_id, day):
            return Question(task, organization_id, day, domain, own=own)
        if _related(session, task, organization_id, day) or _related(session, task, organization_id, clock.today()):
            return Question(task, organization_id, day, domain, whole=False, own=own)
    raise NotFound(N_("没有这项轮训任务，或者它不在您负责的范围内。"))


def _related(session: Session, task: TaskValue, organization_id: int, day: dt.date) -> bool:
    return organizations.covers(session, [organization_id], task.organization_id, day) or organizations.covers(
        session, [task.organization_id], organization_id, day
    )


def coverage(session: Session, question: Question) -> Coverage:
    """The table of report 1 (轮训覆盖情况表), from the roll-up where that holds for the day, else from the dated facts.

    One statement more or less, whatever the size. An organization that did not exist on that day has nobody, and no
    rows.
    """
    kept = rollup.rows(session, question)
    return counted_live(session, question) if kept is None else _table(session, question, kept)


def counted_live(session: Session, question: Question) -> Coverage:
    """The same table from the dated facts, whatever the roll-up says."""
    return _table(session, question, _live(session, question))


def _live(session: Session, question: Question) -> Sequence[Row[Any]]:
    """The same rows as `rollup.rows`: the top with its own members, then each one directly below it."""
    branches, then = facts.tree(question), organizations.Described(question.day)
    below = select(branches.c.id, branches.c.child).subquery("below")  # no paths: nobody's order is asked
    sums = added.sums(facts.everybody(session, question, below), by="child").subquery("sums")
    statement = (
        select(
            Organization.id,
            then.name,
            then.kind,
            *(func.coalesce(sums.c[column.value], 0).label(column.value) for column in Column),
        )
        .join(branches, branches.c.id == Organization.id)
        .outerjoin(then.former, then.on)
        .outerjoin(sums, sums.c.child == branches.c.id)
        .where(branches.c.depth <= 1)
        .order_by(branches.c.path)
    )
    return session.execute(statement).all()


def _table(session: Session, question: Question, found: Sequence[Row[Any]]) -> Coverage:
    """The table of `found`, the top first; nobody in an organization that did not stand on that day."""
    if not found:
        asked = session.get_one(Organization, question.organization_id)
        name = name_of(session, asked.id, question.day)
        nobody = CoverageRow(asked.id, name, asked.kind, NONE)
        return Coverage(question.task, question.day, question.domain, (), nobody)
    numbers = slice(_NAMED, _NAMED + len(Column))
    top, *below = (CoverageRow(row[0], row[1], row[2], _figures(row[numbers])) for row in found)
    total = _figures([sum(column) for column in zip(*(row[numbers] for row in found), strict=True)])
    rows = [each for each in below if each.kind is not OrganizationKind.GROUP or each.figures[Column.HEADS]]
    if rows and top.figures[Column.HEADS]:
        rows.insert(0, dataclasses.replace(top, own=True))
    whole = dataclasses.replace(top, figures=total)
    return Coverage(question.task, question.day, question.domain, tuple(rows), whole)


def name_of(session: Session, organization_id: int, day: dt.date) -> str:
    """What an organization was called on `day`, whenever it existed."""
    known = organizations.names(day)
    name: str = session.execute(select(known.c.name).where(known.c.id == organization_id)).scalar_one()
    return name


def _figures(numbers: Sequence[int]) -> Figures:
    return Figures(dict(zip(Column, numbers, strict=True)))
