"""Whom a task is for among the members of a day, and who of them still waits to be trained.

The database chooses; of a county's members only those who are shown or placed are read.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from learnhub.members.queries import conditions as members
from learnhub.members.rules import CircumstanceKind
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue, TreeRow
from learnhub.records import queries as records
from learnhub.training.models import Batch, Place
from learnhub.training.queries.audience import audience_conditions, same_stage
from learnhub.training.queries.batches import TaskValue, batches, with_room
from learnhub.training.rules import Audience, Candidate, Proposal, Room, Split, propose

# Circumstances in which nobody is filled in by list: listed but not due, or study is brought home (art. 23).
NOT_FILLED = frozenset({CircumstanceKind.LOST_CONTACT, CircumstanceKind.SUSPENDED, CircumstanceKind.EXEMPT})


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


@dataclasses.dataclass(frozen=True, slots=True)
class WaitingCount:
    """Who waits for a class: the coverage's 未训, and its 在途, who may come to a class while their papers move."""

    not_covered: int
    in_transit: int

    @property
    def total(self) -> int:
        """Both together: as many as `waiting` names."""
        return self.not_covered + self.in_transit


def preview(
    session: Session, audience: Audience, organization_id: int, day: dt.date, *, page: int, size: int
) -> Shares:
    """The members at and below `organization_id` on `day` whom a task is for, by sub-organization.

    And page `page` (from 1, `size` a page) of them: organization order, then roster order. Three statements.
    """
    tree = organizations.whole_tree(session, organization_id, day)
    chosen = _included(audience, organization_id, day)
    counts = _by_branch(session, chosen, tree)
    below, shares = _directly_below(tree, organization_id), dict[int, int]()
    for branch, count in counts.items():
        shares[below[branch]] = shares.get(below[branch], 0) + count
    total = sum(counts.values())
    pages = max(-(-total // size), 1)
    page = min(max(page, 1), pages)
    branches, skipped = _on_page(counts, (page - 1) * size, size)
    people = _listed(session, chosen.where(chosen.selected_columns.organization_id.in_(branches)), tree)
    return Shares(
        total=total,
        shares=tuple(Share(row.value, shares[row.value.id]) for row in tree if row.value.id in shares),
        page=page,
        pages=pages,
        people=people[skipped : skipped + size],
    )


def waiting(
    session: Session, task: TaskValue, organization_id: int, day: dt.date, *, placed_in: int | None = None
) -> tuple[Candidate, ...]:
    """Those due at and below `organization_id`, minus covered, exempt and already placed in an open batch of the task.

    With `placed_in` only who has a place in that batch. Organization order, then roster order. Two statements.
    """
    chosen = _waiting(task, organization_id, day)
    if placed_in is not None:
        came = select(Place.member_id).where(Place.batch_id == placed_in, Place.withdrawn_at.is_(None))
        chosen = chosen.where(chosen.selected_columns.id.in_(came))
    return _listed(session, chosen, organizations.whole_tree(session, organization_id, day))


def count_waiting(session: Session, task: TaskValue, organization_id: int, day: dt.date) -> WaitingCount:
    """How many `waiting` names, in the classes in which the coverage counts them."""
    tree, chosen = organizations.whole_tree(session, organization_id, day), _waiting(task, organization_id, day)
    moving = chosen.where(members.lives_in({CircumstanceKind.IN_TRANSIT}, day))
    everybody, in_transit = (sum(_by_branch(session, each, tree).values()) for each in (chosen, moving))
    return WaitingCount(everybody - in_transit, in_transit)


def includes(session: Session, audience: Audience, member_id: int, day: dt.date, *, organization_id: int) -> bool:
    """Whether a task is for a member of the branch `organization_id` on `day`."""
    chosen = _included(audience, organization_id, day)
    found = chosen.where(chosen.selected_columns.id == member_id)
    return session.execute(found).first() is not None


def proposal(
    session: Session, task: TaskValue, organization_id: int, day: dt.date, *, by: Split, size: int
) -> Proposal:
    """Where everybody who waits at and below `organization_id` is to go, in one action.

    First into the free places of open batches held there, as filling them one by one would, then into new classes of at
    most `size`, held where `by` says.
    """
    tree = organizations.whole_tree(session, organization_id, day)
    people = _listed(session, _waiting(task, organization_id, day), tree)
    here = {row.value.id: organization_id for row in tree}
    held_at = here if by is Split.TOGETHER else _directly_below(tree, organization_id)
    open_ones = with_room(batches(session, [task.id], organization_id, day), day)
    rooms = [Room(each.id, each.free, _below(tree, each.organization_id)) for each in open_ones]
    return propose(people, rooms, held_at, size)


def _below(tree: Sequence[TreeRow], organization_id: int) -> frozenset[int]:
    """The ids of an organization of the tree and of everything below it: the rows after it that stand deeper."""
    found: list[int] = []
    top: int | None = None
    for row in tree:
        if top is not None and row.depth <= top:
            break
        if row.value.id == organization_id:
            top = row.depth
        if top is not None:
            found.append(row.value.id)
    return frozenset(found)


def _directly_below(tree: Iterable[TreeRow], organization_id: int) -> dict[int, int]:
    """For each organization of the tree, by id: the one directly below the top that it hangs under, or the top."""
    found: dict[int, int] = {}
    top = organization_id
    for row in tree:
        if row.depth == 1:
            top = row.value.id
        found[row.value.id] = top
    found[organization_id] = organization_id
    return found


def _included(audience: Audience, organization_id: int, day: dt.date) -> Select[Any]:
    chosen = members.belong_below(organization_id, day).where(*audience_conditions(audience, day))
    if not audience.domains:
        return chosen
    return chosen.where(chosen.selected_columns.organization_id.in_(organizations.of_domains(audience.domains, day)))


def _waiting(task: TaskValue, organization_id: int, day: dt.date) -> Select[Any]:
    chosen = _included(task.audience, organization_id, day)
    member, done = chosen.selected_columns.id, records.standing_completions(task.subject)
    covers = same_stage(task.audience, day, done.c.completed_on)
    standing = (
        select(Place.member_id)
        .join(Batch, Batch.id == Place.batch_id)
        .where(Batch.task_id == task.id, Batch.closed_at.is_(None), Place.withdrawn_at.is_(None))
    )
    return chosen.where(
        member.not_in(standing),
        ~members.lives_in(NOT_FILLED, day),
        ~exists().where(done.c.member_id == member, *covers),
    )


def _by_branch(session: Session, chosen: Select[Any], tree: Iterable[TreeRow]) -> dict[int, int]:
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


def _listed(session: Session, chosen: Select[Any], tree: Iterable[TreeRow]) -> tuple[Candidate, ...]:
    """The chosen in organization order, then in the roster's own."""
    places: dict[int, list[Candidate]] = {row.value.id: [] for row in tree}
    names = {row.value.id: row.value.name for row in tree}
    for row in session.execute(chosen):
        if (here := places.get(row.organization_id)) is not None:
            facts = (*row, names[row.organization_id])
            here.append(Candidate(*facts))
    return tuple(each for people in places.values() for each in people)
