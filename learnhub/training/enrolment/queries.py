"""Who is on the waiting list of a batch, and who still waits to be trained."""

import dataclasses
import datetime as dt
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from learnhub.members.queries import conditions as members
from learnhub.members.rules import CircumstanceKind
from learnhub.organizations import queries as organizations
from learnhub.records import queries as records
from learnhub.training.batches.models import Batch, Place, Waiting
from learnhub.training.batches.queries import Student, list_students
from learnhub.training.tasks.queries import TaskValue, count_by_branch, list_candidates, same_stage, select_included
from learnhub.training.tasks.rules import Candidate


def waiting_rows(session: Session, batch_id: int) -> list[Waiting]:
    """The rows of the waiting list that stand, first come first, for the service to work off."""
    statement = select(Waiting).where(Waiting.batch_id == batch_id, Waiting.withdrawn_at.is_(None))
    return list(session.scalars(statement.order_by(Waiting.id)))


def waiting_list(session: Session, batch_id: int, organization_id: int, day: dt.date) -> tuple[Student, ...]:
    """Everybody on the waiting list of a batch held at `organization_id`, first come first."""
    return list_students(session, [row.member_id for row in waiting_rows(session, batch_id)], organization_id, day)


def count_waiting_list(session: Session, batch_id: int) -> int:
    """How many are on the waiting list of a batch."""
    return len(waiting_rows(session, batch_id))


# Circumstances in which nobody is filled in by list: listed but not due, or study is brought home (art. 23).
NOT_FILLED = frozenset({CircumstanceKind.LOST_CONTACT, CircumstanceKind.SUSPENDED, CircumstanceKind.EXEMPT})


@dataclasses.dataclass(frozen=True, slots=True)
class WaitingCount:
    """Who waits for a class: the coverage's 未训, and its 在途, who may come to a class while their papers move."""

    not_covered: int
    in_transit: int

    @property
    def total(self) -> int:
        """Both together: as many as `waiting` names."""
        return self.not_covered + self.in_transit


def waiting(
    session: Session, task: TaskValue, organization_id: int, day: dt.date, *, placed_in: int | None = None
) -> tuple[Candidate, ...]:
    """Those due at and below `organization_id`, minus covered, exempt and already placed in an open batch of the task.

    With `placed_in` only who has a place in that batch. Organization order, then roster order. Two statements.
    """
    chosen = select_waiting(task, organization_id, day)
    if placed_in is not None:
        came = select(Place.member_id).where(Place.batch_id == placed_in, Place.withdrawn_at.is_(None))
        chosen = chosen.where(chosen.selected_columns.id.in_(came))
    return list_candidates(session, chosen, organizations.whole_tree(session, organization_id, day))


def count_waiting(session: Session, task: TaskValue, organization_id: int, day: dt.date) -> WaitingCount:
    """How many `waiting` names, in the classes in which the coverage counts them."""
    tree, chosen = organizations.whole_tree(session, organization_id, day), select_waiting(task, organization_id, day)
    moving = chosen.where(members.lives_in({CircumstanceKind.IN_TRANSIT}, day))
    everybody, in_transit = (sum(count_by_branch(session, each, tree).values()) for each in (chosen, moving))
    return WaitingCount(everybody - in_transit, in_transit)


def select_waiting(task: TaskValue, organization_id: int, day: dt.date) -> Select[Any]:
    """Selects whom the task is for on `day` and who is neither trained nor enrolled yet."""
    chosen = select_included(task.audience, organization_id, day)
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
