"""The coverage of a task: the figures of an organization's direct sub-organizations, and the names behind each."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, Subquery, func, select, tuple_
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.members.models import Member, Membership
from learnhub.members.rules import Sex
from learnhub.organizations import queries as organizations
from learnhub.organizations.models import Organization
from learnhub.organizations.rules import Domain, OrganizationKind
from learnhub.records.rules import CompletionWay
from learnhub.reports.queries import facts
from learnhub.reports.queries.facts import Question
from learnhub.reports.rules import NONE, WAY_ORDER, Column, CoverageClass, Figures
from learnhub.training import queries as training
from learnhub.training.queries import TaskValue

# How many names one page holds.
PAGE = 50


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
class Name:
    """One name behind a number; birth and sex tell people of the same name apart."""

    member_id: int
    name: str
    sex: Sex
    birth_month: str
    joined_on: dt.date
    organization_id: int
    organization_name: str
    stands: CoverageClass
    way: CompletionWay | None


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
    """The table of report 1 (轮训覆盖情况表), computed from the dated facts in one statement.

    An organization that did not exist on that day has nobody, and no rows.
    """
    nodes = _nodes(session, question) or [_nobody(session, question)]
    sums = {each.id: each.figures for each in nodes}
    for each in reversed(nodes[1:]):  # children stand after their parents
        sums[each.parent_id] += sums[each.id]
    top = nodes[0]
    rows = [
        CoverageRow(each.id, each.name, each.kind, sums[each.id])
        for each in nodes
        if each.depth == 1 and (each.kind is not OrganizationKind.GROUP or sums[each.id][Column.HEADS])
    ]
    if rows and top.figures[Column.HEADS]:
        rows.insert(0, CoverageRow(top.id, top.name, top.kind, top.figures, own=True))
    total = CoverageRow(top.id, top.name, top.kind, sums[top.id])
    return Coverage(question.task, question.day, question.domain, tuple(rows), total)


def _nodes(session: Session, question: Question) -> list[_Node]:
    """Every organization at and below the top in organization order, with the figures of its own members."""
    branches = facts.tree(question)
    found = facts.stands(question, branches)
    sums = (
        select(
            found.c.organization_id,
            *(func.sum(facts.flag(facts.counted(found, column))).label(column.value) for column in Column),
        )
        .group_by(found.c.organization_id)
        .subquery("sums")
    )
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


def count(session: Session, question: Question, column: Column) -> int:
    """How many names stand behind a number."""
    found = facts.stands(question, facts.tree(question))
    return session.scalar(select(func.count()).select_from(found).where(facts.counted(found, column))) or 0


def names(
    session: Session, question: Question, column: Column, *, after: int | None = None, limit: int = PAGE
) -> tuple[Name, ...]:
    """The next `limit` names behind a number, in organization order and then in roster order.

    `after` is the id of the last member of the page before; someone who is not in question has nobody after them.
    """
    found = facts.stands(question, facts.tree(question))
    chosen = select(found).where(facts.counted(found, column))
    if after is not None:
        place = _place(session, question, after)
        if place is None:
            return ()
        chosen = chosen.where(tuple_(found.c.path, found.c.sort_key, found.c.member_id) > place)
    page = chosen.order_by(found.c.path, found.c.sort_key, found.c.member_id).limit(limit).subquery("page")
    return tuple(_name(row) for row in session.execute(_named(page)))


def every_name(session: Session, question: Question, column: Column) -> Iterator[Name]:
    """All names behind a number, in the same order, without holding them all."""
    found = facts.stands(question, facts.tree(question))
    chosen = select(found).where(facts.counted(found, column)).subquery("page")
    return (_name(row) for row in session.execute(_named(chosen), execution_options={"yield_per": 1000}))


def _place(session: Session, question: Question, member_id: int) -> tuple[str, str, int] | None:
    """Where a member stands in the order of names, or None for somebody who is not below the organization."""
    branches = facts.tree(question)
    statement = (
        select(branches.c.path, Member.sort_key, Member.id)
        .join(Membership, Membership.organization_id == branches.c.id)
        .join(Member, Member.id == Membership.member_id)
        .where(Member.id == member_id, Membership.valid_from <= question.day, Membership.valid_to > question.day)
    )
    row = session.execute(statement).first()
    return (row[0], row[1], row[2]) if row else None


def _named(page: Subquery) -> Select[Any]:
    """What a page shows of each row of `facts.stands`, in order."""
    return (
        select(
            Member.id,
            Member.name,
            Member.sex,
            Member.birth_month,
            Member.joined_on,
            Organization.id,
            Organization.name,
            page.c.class_number,
            page.c.way_number,
        )
        .join(page, page.c.member_id == Member.id)
        .join(Organization, Organization.id == page.c.organization_id)
        .order_by(page.c.path, page.c.sort_key, page.c.member_id)
    )


def _name(row: Sequence[Any]) -> Name:
    found = facts.class_of(row[7])
    way = WAY_ORDER[row[8]] if found is CoverageClass.COVERED else None
    return Name(row[0], row[1], row[2], row[3], row[4], row[5], row[6], found, way)
