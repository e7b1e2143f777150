"""Classes proposed for those who still wait."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import TreeRow
from learnhub.training.batches.queries import batches, with_room
from learnhub.training.classes.rules import Proposal, Room, Split, propose
from learnhub.training.enrolment.queries import select_waiting
from learnhub.training.tasks.queries import TaskValue, directly_below, list_candidates


def proposal(
    session: Session, task: TaskValue, organization_id: int, day: dt.date, *, by: Split, size: int
) -> Proposal:
    """Where everybody who waits at and below `organization_id` is to go, in one action.

    First into the free places of open batches held there, as filling them one by one would, then into new classes of at
    most `size`, held where `by` says.
    """
    tree = organizations.whole_tree(session, organization_id, day)
    people = list_candidates(session, select_waiting(task, organization_id, day), tree)
    here = {row.value.id: organization_id for row in tree}
    held_at = here if by is Split.TOGETHER else directly_below(tree, organization_id)
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
