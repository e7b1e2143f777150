"""The marks of the roll-up: where its figures are older than the facts, until the next sweep has counted them anew."""

import dataclasses
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Row, ScalarSelect, exists, func, select, text
from sqlalchemy.orm import Session

from learnhub.core.orm import Touched
from learnhub.members.models import Membership
from learnhub.reports.models import RollupMark
from learnhub.reports.rules.marks import MarkKind

# The number of the lock under which PostgreSQL lets one process at a time count the roll-up.
_COUNTING_LOCK = 5_402_611


@dataclasses.dataclass(frozen=True, slots=True)
class Marks:
    """What was marked, by what the marks name."""

    organizations: frozenset[int]
    members: frozenset[int]
    tasks: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.organizations or self.members or self.tasks)


def rows_of(concerned: Touched) -> list[dict[str, Any]]:
    """The marks that say what a transaction has touched, as rows of the table."""
    named = (
        (MarkKind.ORGANIZATION, concerned.organizations),
        (MarkKind.MEMBER, concerned.members),
        (MarkKind.TASK, concerned.tasks),
    )
    return [{"kind": kind, "subject_id": each} for kind, ids in named for each in sorted(ids)]


def gathered(found: Iterable[Row[Any]]) -> Marks:
    """Rows of kind and subject as one value."""
    ids: dict[MarkKind, set[int]] = {kind: set() for kind in MarkKind}
    for kind, subject_id in found:
        ids[kind].add(subject_id)
    return Marks(*(frozenset(ids[kind]) for kind in MarkKind))


def organizations() -> CompoundSelect[Any]:
    """The ids of the organizations whose figures are marked in every task."""
    belongs = Membership.member_id == RollupMark.subject_id
    return (
        select(RollupMark.subject_id.label("id"))
        .where(RollupMark.kind == MarkKind.ORGANIZATION)
        .union(select(Membership.organization_id).join(RollupMark, belongs).where(RollupMark.kind == MarkKind.MEMBER))
    )


def number() -> ScalarSelect[int]:
    """How many marks there are."""
    return select(func.count()).select_from(RollupMark).scalar_subquery()


def any_left() -> ColumnElement[bool]:
    """Whether anything at all is marked."""
    return exists(select(RollupMark.id))


def whole(task_id: Any) -> ColumnElement[bool]:
    """Whether a task is marked as a whole."""
    return exists(select(RollupMark.id).where(RollupMark.kind == MarkKind.TASK, RollupMark.subject_id == task_id))


def waiting(session: Session) -> bool:
    """Whether there is anything to sweep."""
    return bool(session.scalar(select(any_left())))


def alone(session: Session, *, wait: bool = True) -> bool:
    """Whether this transaction is the only one that counts; with `wait` it is, once another one has ended.

    Of two that count the same organization, the one that counted later must also write later. SQLite has one writer
    at a time and needs nothing.
    """
    if session.get_bind().dialect.name != "postgresql":
        return True
    if wait:
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _COUNTING_LOCK})
        return True
    return bool(session.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": _COUNTING_LOCK}))
