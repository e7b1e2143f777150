"""Reading the roll-up: the figures that stand with each organization, added up along the tree of a day.

Every answer is None when the roll-up of the task does not hold for the day that is asked about; the facts answer then.
What is marked is counted from the facts. Day, marks and figures are read in one statement, so no answer mixes two
days or two moments.
"""

import dataclasses
import datetime as dt
import functools
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    Row,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session

from learnhub.organizations import queries as organizations
from learnhub.organizations.models import Organization, OrganizationLink
from learnhub.reports.models import CoverageRollup, RollupDay
from learnhub.reports.queries import facts, marks
from learnhub.reports.queries import sums as added
from learnhub.reports.queries.facts import Question
from learnhub.reports.rules import Column
from learnhub.training.tasks.queries import TaskValue

# With more marks than these, names are not looked for by the roll-up.
_MANY = 1000
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
    asked = {"top": question.organization_id, "day": question.day, "task": question.task.id}
    if not question.whole:
        asked["scope"] = question.task.organization_id
    found = session.execute(_statement(question.own, question.whole, question.domain), asked).all()
    if found and found[0].holds is None:
        found = session.execute(_with_marked(dataclasses.replace(question, organization_id=0)), asked).all()
    if not found:
        return [] if day_of(session, question.task.id) == question.day else None
    return found if found[0].holds else None


@functools.cache
def _statement(own: bool, whole: bool, domain: Any) -> Select[Any]:
    """The answer while nothing is marked; `holds` is NULL while the day is right and something is.

    Built once for each shape of question: building it costs more than running it.
    """
    tree = _tree(own, domain is not None)
    wanted = and_(CoverageRollup.organization_id == tree.c.id, *_asked_about(tree, whole, domain))
    sums = (
        select(tree.c.child, *(func.sum(figure(column)).label(column.value) for column in Column))
        .select_from(tree)
        .outerjoin(CoverageRollup, and_(CoverageRollup.task_id == _TASK, wanted))
        .group_by(tree.c.child)
        .subquery("sums")
    )
    return _named(sums, case((RollupDay.day.is_(None), false()), (marks.any_left(), null()), else_=true()))


@functools.lru_cache(maxsize=512)
def _with_marked(question: Question) -> Select[Any]:
    """The answer to a question at any organization: what is marked counted from the facts, the rest added up."""
    tree = _tree(question.own, question.domain is not None)
    wanted = _asked_about(tree, question.whole, question.domain)
    marked = marks.organizations().cte("marked")
    kept = and_(CoverageRollup.task_id == _TASK, CoverageRollup.organization_id == tree.c.id, *wanted)
    live = _live(question.task, question.day, tree, marked, wanted)
    either = ((figure(column), cast(live.c[column.value], Integer), column.value) for column in Column)
    sums = (
        select(tree.c.child, *(func.sum(func.coalesce(had, has)).label(name) for had, has, name in either))
        .select_from(tree)
        .outerjoin(CoverageRollup, and_(kept, tree.c.id.not_in(select(marked.c.id))))
        .outerjoin(live, live.c.organization_id == tree.c.id)
        .group_by(tree.c.child)
        .subquery("sums")
    )
    return _named(sums, and_(RollupDay.day.is_not(None), ~marks.whole(_TASK)))


def _live(task: TaskValue, day: dt.date, tree: CTE, marked: CTE, wanted: Sequence[ColumnElement[bool]]) -> Subquery:
    """The figures of the marked organizations of `tree`, by the facts."""
    asked = (
        select(tree.c.id.label("id"), cast(literal(""), Text).label("path"))
        .where(tree.c.id.in_(select(marked.c.id)), *wanted)
        .cte("asked")
    )
    return added.sums(facts.stands(Question(task, 0, day), asked)).subquery("live")


def _asked_about(tree: CTE, whole: bool, domain: Any) -> list[ColumnElement[bool]]:
    """The conditions under which an organization of `tree` counts at all."""
    wanted: list[ColumnElement[bool]] = []
    if domain is not None:
        wanted.append(tree.c.domain == domain)
    if not whole:
        wanted.append(tree.c.id.in_(select(_below_scope().c.id)))
    return wanted


def _named(sums: Subquery, holds: ColumnElement[Any]) -> Select[Any]:
    then = organizations.Described(_DAY)
    return (
        select(
            Organization.id,
            then.name,
            then.kind,
            *(func.coalesce(sums.c[column.value], 0).label(column.value) for column in Column),
            holds.label("holds"),
        )
        .join(sums, sums.c.child == Organization.id)
        .outerjoin(then.former, then.on)
        .outerjoin(RollupDay, and_(RollupDay.task_id == _TASK, RollupDay.day == _DAY))
        .order_by(Organization.id != _TOP, Organization.position, Organization.id)
    )


def _tree(own: bool, domains: bool) -> CTE:
    """The organizations at and below the top; `child` is the one directly below the top through which each hangs.

    Links alone say what hangs there: none begins before an organization was founded or outlasts it. So the
    organizations themselves are read only where their domains are asked for.
    """
    link, then = OrganizationLink, organizations.Described(_DAY)
    domain = [then.domain.label("domain")] if domains else []
    alive = and_(Organization.founded_on <= _DAY, Organization.dissolved_on > _DAY)
    start = (Organization.id.label("id"), Organization.id.label("child"), literal(0, Integer).label("depth"))
    first = select(*start, *domain).where(Organization.id == _TOP, alive)
    top = (first.outerjoin(then.former, then.on) if domains else first).cte("tree", recursive=not own)
    if own:
        return top
    child = case((top.c.depth == 0, link.organization_id), else_=top.c.child)
    below = (
        select(link.organization_id, child, top.c.depth + 1, *domain)
        .select_from(top)
        .join(link, link.parent_id == top.c.id)
        .where(link.valid_from <= _DAY, link.valid_to > _DAY, top.c.depth < facts.DEEPEST)
    )
    if domains:
        below = below.join(Organization, Organization.id == link.organization_id).outerjoin(then.former, then.on)
    return top.union_all(below)


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
    """The ids of `limit` organizations that the column counts somebody in, in organization order, or all there are.

    From the organization `first` on, which is among them whatever it counts; from the beginning for None. Those that
    are marked are among them too, and do not count for the limit. None also when very many are marked.
    """
    holds = and_(RollupDay.task_id == question.task.id, RollupDay.day == question.day)
    number = session.scalar(select(marks.number()).where(holds, ~marks.whole(question.task.id)).select_from(RollupDay))
    if number is None or number > _MANY:
        return None
    tree, marked = facts.tree(question), marks.organizations().cte("marked")
    kept = and_(CoverageRollup.task_id == question.task.id, CoverageRollup.organization_id == tree.c.id)
    wanted: ColumnElement[bool] = or_(figure(column) > 0, tree.c.id.in_(select(marked.c.id)))
    if question.domain is not None:
        wanted = and_(wanted, tree.c.id.in_(organizations.of_domains([question.domain], question.day)))
    if not question.whole:
        inside = organizations.subtree([question.task.organization_id], question.day)
        wanted = and_(wanted, tree.c.id.in_(select(inside.c.id)))
    statement = select(tree.c.id).outerjoin(CoverageRollup, kept)
    if first is not None:
        wanted = or_(wanted, tree.c.id == first)
    statement = _from(statement, tree, first).where(wanted)
    more = select(func.count() + limit).select_from(marked).scalar_subquery()
    return list(session.scalars(statement.order_by(tree.c.path).limit(more)))


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
