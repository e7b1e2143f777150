"""What keeping the roll-up asks: which tasks have one, whom an organization's figures concern, and the figures anew."""

import dataclasses
import datetime as dt
import functools
import random
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import CTE, Select, Text, and_, bindparam, cast, exists, func, literal, select
from sqlalchemy.orm import Session

from learnhub.members.models import Membership
from learnhub.organizations.models import Organization
from learnhub.reports.models import CoverageRollup, RollupDay
from learnhub.reports.queries import facts, marks, rollup
from learnhub.reports.queries import sums as added
from learnhub.reports.queries.facts import Question
from learnhub.reports.rules import Column
from learnhub.training.tasks.models import Task, TaskAmendment
from learnhub.training.tasks.queries import TaskValue, amended, task_value

# How many ids one statement takes.
_CHUNK = 10_000


@dataclasses.dataclass(frozen=True, slots=True)
class Kept:
    """A task with a roll-up, and the day it holds for."""

    task: TaskValue
    day: dt.date


def kept(session: Session) -> list[Kept]:
    """Every task with a roll-up."""
    statement = amended().join(RollupDay, RollupDay.task_id == Task.id).add_columns(RollupDay.day).order_by(Task.id)
    return [Kept(task_value(task, amendment), day) for task, amendment, day in session.execute(statement)]


def lasting(session: Session, day: dt.date) -> list[TaskValue]:
    """The tasks that last until `day` or longer, by what was amended of them."""
    lasts = func.coalesce(TaskAmendment.ends_on, Task.ends_on) >= day
    return [task_value(*row) for row in session.execute(amended().where(lasts).order_by(Task.id))]


def organizations_of(session: Session, member_ids: Collection[int]) -> set[int]:
    """The organizations to which these members belong, belonged or will belong."""
    ids, found = list(member_ids), set[int]()
    for start in range(0, len(ids), _CHUNK):
        some = Membership.member_id.in_(ids[start : start + _CHUNK])
        found.update(session.scalars(select(Membership.organization_id).where(some)))
    return found


@functools.lru_cache(maxsize=512)
def counting(task: TaskValue, day: dt.date) -> Select[Any]:
    """The task, each of `:organizations`, and every column of those who stand directly in it; zeros for nobody.

    Built once for a task and a day: building it costs more than running it.
    """
    branches = _asked_for()
    sums = added.sums(facts.stands(Question(task, 0, day), branches)).subquery("sums")
    return (
        select(
            literal(task.id).label("task_id"),
            branches.c.id.label("organization_id"),
            *(func.coalesce(sums.c[column.value], 0).label(column.value) for column in Column),
        )
        .outerjoin(sums, sums.c.organization_id == branches.c.id)
        .where(branches.c.id > 0)  # without a WHERE, SQLite takes ON CONFLICT for the condition of the join
    )


def _asked_for() -> CTE:
    """The organizations of the parameter, in the shape of `facts.tree`."""
    asked: Any = bindparam("organizations", expanding=True)
    path = cast(literal(""), Text).label("path")
    return select(Organization.id.label("id"), path).where(Organization.id.in_(asked)).cte("asked")


def compared(session: Session, kept: Kept, ids: Sequence[int]) -> Iterator[tuple[int, Sequence[int], Sequence[int]]]:
    """Of these organizations: the id, the figures that the roll-up has, and those of the facts, in order of the columns.

    In one statement, so that writing meanwhile makes no difference. What is marked is left out: the roll-up is known
    to be older there.
    """
    for row in session.execute(_comparing(kept.task, kept.day), {"organizations": ids}):
        yield row[0], row[1 : 1 + len(Column)], row[1 + len(Column) :]


@functools.lru_cache(maxsize=64)
def _comparing(task: TaskValue, day: dt.date) -> Select[Any]:
    facts_say = counting(task, day).subquery("facts_say")
    here = and_(CoverageRollup.task_id == task.id, CoverageRollup.organization_id == facts_say.c.organization_id)
    holds = exists(select(RollupDay.day).where(RollupDay.task_id == task.id, RollupDay.day == day))
    return (
        select(
            facts_say.c.organization_id,
            *(func.coalesce(rollup.figure(column), 0) for column in Column),
            *(facts_say.c[column.value] for column in Column),
        )
        .outerjoin(CoverageRollup, here)
        .where(facts_say.c.organization_id.not_in(marks.organizations()), holds, ~marks.whole(task.id))
    )


def drawn(ids: Sequence[int], sample: int | None, seed: int) -> list[int]:
    """`sample` of `ids`, drawn by `seed`; all of them for None, or when there are no more."""
    if sample is None or sample >= len(ids):
        return list(ids)
    return sorted(random.Random(seed).sample(ids, sample))  # noqa: S311 - a sample for a check, nothing secret
