"""The coverage of a task: the figures of an organization's direct sub-organizations."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
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
from learnhub.training import queries as training
from learnhub.training.queries import TaskValue


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


@dataclasses.dataclass(frozen=True, slots=True)
class _Node:
    id: int
    parent_id: int
    depth: int
    name: str
    kind: OrganizationKind
    figures: Figures


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
    task = training.task(session, task_id)
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
    if kept is None:
        return counted_live(session, question)
    nodes = [_Node(row[0], question.organization_id, 1, row[1], row[2], _figures(row[3:-1])) for row in kept]
    if not nodes:
        return _table(question, [_nobody(session, question)])
    total = _figures([sum(column) for column in zip(*(row[3:-1] for row in kept), strict=True)])
    return _shown(question, nodes[0], nodes[1:], total)


def counted_live(session: Session, question: Question) -> Coverage:
    """The same table from the dated facts, whatever the roll-up says."""
    return _table(question, _nodes(session, question) or [_nobody(session, question)])


def _table(question: Question, nodes: Sequence[_Node]) -> Coverage:
    """The table of `nodes`, the top first and children after their parents."""
    sums = {each.id: each.figures for each in nodes}
    for each in reversed(nodes[1:]):
        sums[each.parent_id] += sums[each.id]
    top = nodes[0]
    below = [dataclasses.replace(each, figures=sums[each.id]) for each in nodes if each.depth == 1]
    return _shown(question, top, below, sums[top.id])


def _shown(question: Question, top: _Node, below: Sequence[_Node], total: Figures) -> Coverage:
    """The table: `below` with the figures of all that hangs below them, `top` with those of its own members."""
    rows = [
        CoverageRow(each.id, each.name, each.kind, each.figures)
        for each in below
        if each.kind is not OrganizationKind.GROUP or each.figures[Column.HEADS]
    ]
    if rows and top.figures[Column.HEADS]:
        rows.insert(0, CoverageRow(top.id, top.name, top.kind, top.figures, own=True))
    whole = CoverageRow(top.id, top.name, top.kind, total)
    return Coverage(question.task, question.day, question.domain, tuple(rows), whole)


def _nodes(session: Session, question: Question) -> list[_Node]:
    """Every organization at and below the top in organization order, with the figures of its own members."""
    branches = facts.tree(question)
    sums = added.sums(facts.stands(question, branches)).subquery("sums")
    statement = (
        select(
            branches.c.id,
            branches.c.parent_id,
            branches.c.depth,
            Organization.name,
            Organization.kind,
            *(sums.c[column.value] for column in Column),
        )
        .join(Organization, Organization.id == branches.c.id)
        .outerjoin(sums, sums.c.organization_id == branches.c.id)
        .order_by(branches.c.path)
    )
    return [_Node(row[0], row[1], row[2], row[3], row[4], _figures(row[5:])) for row in session.execute(statement)]


def _nobody(session: Session, question: Question) -> _Node:
    top = session.get_one(Organization, question.organization_id)
    return _Node(top.id, 0, 0, top.name, top.kind, NONE)


def name_of(session: Session, organization_id: int) -> str:
    """What an organization is called, whenever it existed."""
    return session.get_one(Organization, organization_id).name


def _figures(sums: Sequence[int | None]) -> Figures:
    """The figures of one row; a branch without anybody in question has no sums."""
    return Figures({column: number or 0 for column, number in zip(Column, sums, strict=True)})
