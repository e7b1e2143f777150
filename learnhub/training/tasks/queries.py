"""Tasks and their amendments, and whom a task is for among the members of a day.

The rule of whom a task is for (`tasks.rules.Audience`) is said here in SQL; every list and every count goes by it.
`Audience.includes` says the same of facts at hand; a test on random worlds holds the two together. The database
chooses; of a county's members only those who are shown or enrolled are read.
"""

import dataclasses
import datetime as dt
import functools
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.members.queries import conditions as members
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue, TreeRow
from learnhub.records.rules import task_subject
from learnhub.training.tasks.models import Task, TaskAmendment
from learnhub.training.tasks.rules import Audience, Candidate, CompletionRule, MemberKind, months_before


def same_stage(audience: Audience, day: dt.date, completed_on: Any) -> list[ColumnElement[bool]]:
    """What the day of a completion (a column) must meet to cover the stage a member is in.

    On probation any does, afterwards a later one.
    """
    if audience.full_months is None:
        return []
    return [or_(members.probationary(day), members.full_by(completed_on))]


def audience_conditions(audience: Audience, day: dt.date) -> list[ColumnElement[bool]]:
    """What a member must meet on `day`, but for the domain of the branch."""
    found: list[ColumnElement[bool]] = []
    probationary = members.probationary(day)
    if len(audience.kinds) == 1:
        found.append(probationary if MemberKind.PROBATIONARY in audience.kinds else ~probationary)
    if audience.full_months is not None:
        found.append(or_(probationary, members.full_since(months_before(day, audience.full_months))))
    if audience.posts or audience.post_months is not None:
        since = None if audience.post_months is None else months_before(day, audience.post_months)
        found.append(members.holds_post(audience.posts, day, since))
    if audience.circumstances:
        found.append(members.lives_in(audience.circumstances, day))
    return found


@dataclasses.dataclass(frozen=True, slots=True)
class TaskValue:
    """A training task as it is now, amendments included. `quarters` are quarter hours."""

    id: int
    organization_id: int
    title: str
    starts_on: dt.date
    ends_on: dt.date
    quarters: int
    basis: str
    audience: Audience
    rule: CompletionRule

    @property
    def subject(self) -> str:
        """How the record book names it."""
        return task_subject(self.id)


@dataclasses.dataclass(frozen=True, slots=True)
class AmendmentValue:
    """One amendment of a task: what it said from then on, and why."""

    title: str
    ends_on: dt.date
    basis: str
    rule: CompletionRule
    because: str
    amended_at: dt.datetime


@functools.cache
def amended() -> Select[Any]:
    """Tasks, each with the amendment that holds (None without one); built once, that costs more than running it."""
    other = aliased(TaskAmendment)
    newest = select(func.max(other.id)).where(other.task_id == Task.id).scalar_subquery()
    return select(Task, TaskAmendment).select_from(Task).outerjoin(TaskAmendment, TaskAmendment.id == newest)


def task_value(row: Task, amendment: TaskAmendment | None = None) -> TaskValue:
    """The value of a task's row under the amendment that holds; without one, as the task was opened."""
    said = amendment or row
    return TaskValue(
        id=row.id,
        organization_id=row.organization_id,
        title=said.title,
        starts_on=row.starts_on,
        ends_on=said.ends_on,
        quarters=row.quarters,
        basis=said.basis,
        audience=Audience.from_json(row.audience),
        rule=CompletionRule(said.leave_part, said.pass_percent, said.attempts),
    )


def task(session: Session, task_id: int) -> TaskValue | None:
    """The task, or None when there is none."""
    row = session.execute(_one(), {"task": task_id}).first()
    return task_value(*row) if row else None


@functools.cache
def _one() -> Select[Any]:
    return amended().where(Task.id == bindparam("task", type_=Integer))


def held_task(session: Session, task_id: int) -> TaskValue:
    """The task, held against other writers until the transaction ends; raises NotFound."""
    statement = amended().where(Task.id == task_id).with_for_update(of=Task)
    row = session.execute(statement.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound(N_("没有这项轮训任务。"))
    return task_value(*row)


def amendments(session: Session, task_id: int) -> tuple[AmendmentValue, ...]:
    """What was amended of a task, oldest first."""
    rows = session.scalars(select(TaskAmendment).where(TaskAmendment.task_id == task_id).order_by(TaskAmendment.id))
    return tuple(
        AmendmentValue(
            title=row.title,
            ends_on=row.ends_on,
            basis=row.basis,
            rule=CompletionRule(row.leave_part, row.pass_percent, row.attempts),
            because=row.because,
            amended_at=row.amended_at,
        )
        for row in rows
    )


def tasks_for(session: Session, organization_ids: Sequence[int], day: dt.date) -> tuple[TaskValue, ...]:
    """The tasks of the organizations given, of those above and of those below them on `day`; newest period first."""
    below = organizations.subtree(organization_ids, day)
    above = {value.id for each in organization_ids for value in organizations.ancestors(session, each, day)}
    own = or_(Task.organization_id.in_(select(below.c.id)), Task.organization_id.in_(above))
    rows = session.execute(amended().where(own).order_by(Task.starts_on.desc(), Task.id.desc()))
    return tuple(task_value(*row) for row in rows)


def organization_of_task(session: Session, *, task_id: int) -> int | None:
    """The organization that opened the task; the place of a guard over what changes the task itself."""
    return session.scalar(select(Task.organization_id).where(Task.id == task_id))


@dataclasses.dataclass(frozen=True, slots=True)
class Share:
    """How many of those a list holds belong to one organization directly below (or stand in the organization itself)."""

    organization: OrganizationValue
    count: int


@dataclasses.dataclass(frozen=True, slots=True)
class Shares:
    """A list by sub-organization, in organization order, and those on one page of it."""

    total: int
    shares: tuple[Share, ...]
    page: int
    pages: int
    people: tuple[Candidate, ...]


def preview(
    session: Session, audience: Audience, organization_id: int, day: dt.date, *, page: int, size: int
) -> Shares:
    """The members at and below `organization_id` on `day` whom a task is for, by sub-organization.

    And page `page` (from 1, `size` a page) of them: organization order, then roster order. Three statements.
    """
    tree = organizations.whole_tree(session, organization_id, day)
    chosen = select_included(audience, organization_id, day)
    counts = count_by_branch(session, chosen, tree)
    below, shares = directly_below(tree, organization_id), dict[int, int]()
    for branch, count in counts.items():
        shares[below[branch]] = shares.get(below[branch], 0) + count
    total = sum(counts.values())
    pages = max(-(-total // size), 1)
    page = min(max(page, 1), pages)
    branches, skipped = _on_page(counts, (page - 1) * size, size)
    people = list_candidates(session, chosen.where(chosen.selected_columns.organization_id.in_(branches)), tree)
    return Shares(
        total=total,
        shares=tuple(Share(row.value, shares[row.value.id]) for row in tree if row.value.id in shares),
        page=page,
        pages=pages,
        people=people[skipped : skipped + size],
    )


def includes(session: Session, audience: Audience, member_id: int, day: dt.date, *, organization_id: int) -> bool:
    """Whether a task is for a member of the branch `organization_id` on `day`."""
    chosen = select_included(audience, organization_id, day)
    found = chosen.where(chosen.selected_columns.id == member_id)
    return session.execute(found).first() is not None


def directly_below(tree: Iterable[TreeRow], organization_id: int) -> dict[int, int]:
    """For each organization of the tree, by id: the one directly below the top that it hangs under, or the top."""
    found: dict[int, int] = {}
    top = organization_id
    for row in tree:
        if row.depth == 1:
            top = row.value.id
        found[row.value.id] = top
    found[organization_id] = organization_id
    return found


def select_included(audience: Audience, organization_id: int, day: dt.date) -> Select[Any]:
    """Selects the members below the organization whom the audience includes on `day`."""
    chosen = members.belong_below(organization_id, day).where(*audience_conditions(audience, day))
    if not audience.domains:
        return chosen
    return chosen.where(chosen.selected_columns.organization_id.in_(organizations.of_domains(audience.domains, day)))


def count_by_branch(session: Session, chosen: Select[Any], tree: Iterable[TreeRow]) -> dict[int, int]:
    """How many are chosen of each branch of the tree, in organization order; branches without are left out."""
    branch = chosen.selected_columns.organization_id
    counting = chosen.order_by(None).with_only_columns(branch, func.count()).group_by(branch)
    counts = dict(row._tuple() for row in session.execute(counting))
    return {row.value.id: counts[row.value.id] for row in tree if row.value.id in counts}


def _on_page(counts: Mapping[int, int], first: int, size: int) -> tuple[list[int], int]:
    """The branches of which somebody stands on a page that begins after `first` people, and how many to skip of them."""
    branches: list[int] = []
    passed = skipped = 0
    for branch, count in counts.items():
        if passed + count > first and passed < first + size:
            if not branches:
                skipped = first - passed
            branches.append(branch)
        passed += count
    return branches, skipped


def list_candidates(session: Session, chosen: Select[Any], tree: Iterable[TreeRow]) -> tuple[Candidate, ...]:
    """The chosen in organization order, then in the roster's own."""
    places: dict[int, list[Candidate]] = {row.value.id: [] for row in tree}
    names = {row.value.id: row.value.name for row in tree}
    for row in session.execute(chosen):
        if (here := places.get(row.organization_id)) is not None:
            facts = (*row, names[row.organization_id])
            here.append(Candidate(*facts))
    return tuple(each for people in places.values() for each in people)
