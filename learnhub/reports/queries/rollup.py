"""Reading the roll-up: the figures that stand with each organization, added up along the tree of a day.

Every answer is None when the roll-up of the task does not hold for the day that is asked about; the facts answer then.
Day and figures are read in one statement, so no answer mixes two days.
"""

import functools
from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, Date, Integer, Row, Select, and_, bindparam, case, func, literal, or_, select
from sqlalchemy.orm import Session

from learnhub.organizations import queries as organizations
from learnhub.organizations.models import Organization, OrganizationLink
from learnhub.reports.models import CoverageRollup, RollupDay
from learnhub.reports.queries import facts
from learnhub.reports.queries.facts import Question
from learnhub.reports.rules import Column

_TOP, _DAY = bindparam("top", type_=Integer), bindparam("day", type_=Date)
_TASK = bindparam("task", type_=Integer)


def figure(column: Column) -> Any:
    """The column of the table that holds a column of the report."""
    return getattr(CoverageRollup, column.value)


def day_of(session: Session, task_id: int) -> Any:
    """The day for which the roll-up of a task holds, or None when there is no roll-up."""
    return session.scalar(select(RollupDay.day).where(RollupDay.task_id == task_id))


def rows(session: Session, question: Question) -> Sequence[Row[Any]] | None:
    """The top organization itself and then each one directly below it, in organization order.

    Of each: id, name, kind, and the sum of every column in their order; the top's are those of its own members. Empty
    for an organization that does not stand on that day, None as said above.
    """
    statement = _statement(question.own, question.whole, question.domain)
    asked = {"top": question.organization_id, "day": question.day, "task": question.task.id}
    if not question.whole:
        asked["scope"] = question.task.organization_id
    found = session.execute(statement, asked).all()
    if not found:
        return [] if day_of(session, question.task.id) == question.day else None
    return found if found[0].holds else None


@functools.cache
def _statement(own: bool, whole: bool, domain: Any) -> Select[Any]:
    """Built once for each shape of question: building it costs more than running it."""
    tree = _tree(own)
    kept = and_(CoverageRollup.task_id == _TASK, CoverageRollup.organization_id == tree.c.id)
    if domain is not None:
        kept = and_(kept, tree.c.domain == domain)
    if not whole:
        kept = and_(kept, tree.c.id.in_(select(_below_scope().c.id)))
    sums = (
        select(tree.c.child, *(func.sum(figure(column)).label(column.value) for column in Column))
        .select_from(tree)
        .outerjoin(CoverageRollup, kept)
        .group_by(tree.c.child)
        .subquery("sums")
    )
    return (
        select(
            Organization.id,
            Organization.name,
            Organization.kind,
            *(func.coalesce(sums.c[column.value], 0).label(column.value) for column in Column),
            RollupDay.day.is_not(None).label("holds"),
        )
        .join(sums, sums.c.child == Organization.id)
        .outerjoin(RollupDay, and_(RollupDay.task_id == _TASK, RollupDay.day == _DAY))
        .order_by(Organization.id != _TOP, Organization.position, Organization.id)
    )


def _tree(own: bool) -> CTE:
    """The organizations at and below the top; `child` is the one directly below the top through which each hangs."""
    alive = and_(Organization.founded_on <= _DAY, Organization.dissolved_on > _DAY)
    top = (
        select(
            Organization.id.label("id"),
            Organization.id.label("child"),
            literal(0, Integer).label("depth"),
            Organization.domain.label("domain"),
        )
        .where(Organization.id == _TOP, alive)
        .cte("tree", recursive=not own)
    )
    if own:
        return top
    link = OrganizationLink
    return top.union_all(
        select(
            Organization.id,
            case((top.c.depth == 0, Organization.id), else_=top.c.child),
            top.c.depth + 1,
            Organization.domain,
        )
        .join(link, link.organization_id == Organization.id)
        .where(link.parent_id == top.c.id, link.valid_from <= _DAY, link.valid_to > _DAY)
        .where(alive, top.c.depth < facts.DEEPEST)
    )


def _below_scope() -> CTE:
    """The organizations at and below the task's own, when that lies below the one that is asked about."""
    link = OrganizationLink
    top = select(bindparam("scope", type_=Integer).label("id")).cte("scope", recursive=True)
    return top.union(
        select(link.organization_id).where(link.parent_id == top.c.id, link.valid_from <= _DAY, link.valid_to > _DAY)
    )


def branches(
    session: Session, question: Question, column: Column, *, first: int | None, limit: int
) -> list[int] | None:
    """The ids of up to `limit` organizations that the column counts somebody in, in organization order.

    From the organization `first` on, which is among them whatever it counts; from the beginning for None.
    """
    if day_of(session, question.task.id) != question.day:
        return None
    tree = facts.tree(question)
    kept = and_(CoverageRollup.task_id == question.task.id, CoverageRollup.organization_id == tree.c.id)
    wanted: ColumnElement[bool] = figure(column) > 0
    if question.domain is not None:
        wanted = and_(wanted, Organization.domain == question.domain)
    if not question.whole:
        inside = organizations.subtree([question.task.organization_id], question.day)
        wanted = and_(wanted, tree.c.id.in_(select(inside.c.id)))
    statement = select(tree.c.id).join(Organization, Organization.id == tree.c.id).outerjoin(CoverageRollup, kept)
    if first is not None:
        wanted = or_(wanted, tree.c.id == first)
    statement = _from(statement, tree, first).where(wanted)
    return list(session.scalars(statement.order_by(tree.c.path).limit(limit)))


def every_branch(session: Session, question: Question, *, first: int | None) -> list[int]:
    """The ids of all organizations at and below the top in organization order, from `first` on, by the facts alone."""
    tree = facts.tree(question)
    return list(session.scalars(_from(select(tree.c.id), tree, first).order_by(tree.c.path)))


def _from(statement: Select[Any], tree: CTE, first: int | None) -> Select[Any]:
    """`statement` over `tree` from `first` on; nothing when that is not in the tree."""
    if first is None:
        return statement
    same = tree.alias("same")
    return statement.where(tree.c.path >= select(same.c.path).where(same.c.id == first).scalar_subquery())
