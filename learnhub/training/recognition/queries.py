"""Study elsewhere that was recognised for a task, and what a list of it would add."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from learnhub.accounts import queries as accounts
from learnhub.core.errors import NotFound
from learnhub.core.orm import held
from learnhub.core.text import N_, search_key
from learnhub.members import queries as members
from learnhub.members.queries.people import PERSON, Person, people_below
from learnhub.records.rules import CompletionWay
from learnhub.training.recognition.models import Recognition
from learnhub.training.recognition.rules import EvidenceClass, Studied, recognition_source

_CHUNK = 500
# How many recognitions one page lists.
PAGE = 50


@dataclasses.dataclass(frozen=True, slots=True)
class RecognitionValue:
    """One recognition, whom it is about and who noted it; `withdrawn_at` is None while it stands."""

    id: int
    task_id: int
    member_id: int
    way: CompletionWay
    title: str
    organizer: str
    starts_on: dt.date
    ends_on: dt.date
    quarters: int
    evidence: EvidenceClass
    reference: str
    noted_at: dt.datetime
    approved_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    withdrawn_because: str | None
    noted_by_name: str
    person: Person

    @property
    def source(self) -> str:
        """How the record book names it."""
        return recognition_source(self.id)


_VALUE = tuple(
    getattr(Recognition, each.name)
    for each in dataclasses.fields(RecognitionValue)
    if each.name not in ("noted_by_name", "person")
)


def recognitions(
    session: Session,
    task_id: int,
    organization_id: int,
    day: dt.date,
    *,
    standing: bool = True,
    before: int | None = None,
    ways: Iterable[CompletionWay] = tuple(CompletionWay),
) -> tuple[RecognitionValue, ...]:
    """At most `PAGE` + 1 recognitions of a task for members at and below `organization_id` on `day`, newest first.

    `before` is the id after which a page goes on; with `standing` False those that were withdrawn.
    """
    state = Recognition.withdrawn_at.is_(None) if standing else Recognition.withdrawn_at.is_not(None)
    where: list[ColumnElement[bool]] = [Recognition.task_id == task_id, state, Recognition.way.in_(tuple(ways))]
    if before is not None:
        where.append(Recognition.id < before)
    return _values(session, organization_id, day, where)


def recognition(
    session: Session, recognition_id: int, organization_id: int, day: dt.date, ways: Iterable[CompletionWay]
) -> RecognitionValue:
    """A recognition by one of `ways` that stands, of a member at or below `organization_id` on `day`; or NotFound."""
    where = [
        Recognition.id == recognition_id, Recognition.withdrawn_at.is_(None), Recognition.way.in_(tuple(ways)),
    ]  # fmt: skip
    for value in _values(session, organization_id, day, where):
        return value
    raise NotFound(N_("没有这条认定，或者它已经撤回了。"))


def _values(
    session: Session, organization_id: int, day: dt.date, where: Iterable[ColumnElement[bool]]
) -> tuple[RecognitionValue, ...]:
    below = people_below(organization_id, day)
    statement = (
        select(*_VALUE, Recognition.noted_by, *(below.c[name] for name in PERSON))
        .join(below, below.c.id == Recognition.member_id)
        .where(*where)
        .order_by(Recognition.id.desc())
        .limit(PAGE + 1)
    )
    rows = session.execute(statement).all()
    names = accounts.names(session, {row.noted_by for row in rows})
    return tuple(_value(row, names) for row in rows)


def _value(row: Sequence[Any], names: Mapping[int, str]) -> RecognitionValue:
    first = len(_VALUE)
    values = [*row[:first], names.get(row[first], ""), Person(*row[first + 1 :])]
    return RecognitionValue(*values)


def waiting_recognitions(session: Session, organization_id: int, day: dt.date) -> tuple[RecognitionValue, ...]:
    """At most `PAGE` + 1 recognitions of members at and below `organization_id` on `day` that wait for approval."""
    return _values(
        session, organization_id, day, [Recognition.approved_at.is_(None), Recognition.withdrawn_at.is_(None)]
    )


def count_waiting_recognitions(session: Session, organization_id: int, day: dt.date) -> int:
    """How many recognitions of members at and below `organization_id` on `day` wait for approval."""
    below = people_below(organization_id, day)
    statement = (
        select(func.count())
        .select_from(Recognition)
        .join(below, below.c.id == Recognition.member_id)
        .where(Recognition.approved_at.is_(None), Recognition.withdrawn_at.is_(None))
    )
    return session.scalar(statement) or 0


def waiting_rows_held(session: Session, recognition_ids: Sequence[int]) -> Sequence[Recognition]:
    """The rows of `recognition_ids` that still wait, held against other writers."""
    statement = select(Recognition).where(
        Recognition.id.in_(recognition_ids), Recognition.approved_at.is_(None), Recognition.withdrawn_at.is_(None)
    )
    return session.scalars(statement.order_by(Recognition.id).with_for_update()).all()


def studies(session: Session, task_id: int, member_ids: Sequence[int]) -> dict[int, list[Studied]]:
    """What stands as approved for the task, by member."""
    found: dict[int, list[Studied]] = {member_id: [] for member_id in member_ids}
    columns = (Recognition.id, Recognition.way, Recognition.title, Recognition.ends_on, Recognition.quarters)
    for start in range(0, len(member_ids), _CHUNK):
        statement = select(Recognition.member_id, *columns).where(
            Recognition.task_id == task_id,
            Recognition.withdrawn_at.is_(None),
            Recognition.approved_at.is_not(None),
            Recognition.member_id.in_(member_ids[start : start + _CHUNK]),
        )
        for member_id, *values in session.execute(statement):
            found[member_id].append(Studied(*values))
    return found


def recognition_row(session: Session, recognition_id: int) -> Recognition:
    """The row of a recognition, held against other writers; raises NotFound."""
    return held(session, select(Recognition).where(Recognition.id == recognition_id), N_("没有这条认定。"))


def organization_of_recognition(session: Session, *, recognition_id: int) -> int | None:
    """The branch that the member belongs to today; a guard's place."""
    row = session.get(Recognition, recognition_id)
    return members.organization_of_member(session, member_id=row.member_id) if row else None


def standing_identities(session: Session, task_id: int, ids: Sequence[int]) -> set[tuple[int, str, dt.date, dt.date]]:
    """Which studies of the members `ids` stand as recognised for the task: member, class and days."""
    found: set[tuple[int, str, dt.date, dt.date]] = set()
    columns = (Recognition.member_id, Recognition.title, Recognition.starts_on, Recognition.ends_on)
    for start in range(0, len(ids), _CHUNK):
        chosen = Recognition.member_id.in_(ids[start : start + _CHUNK])
        statement = select(*columns).where(Recognition.task_id == task_id, Recognition.withdrawn_at.is_(None), chosen)
        found.update(row._tuple() for row in session.execute(statement))
    return found


def people(
    session: Session,
    organization_id: int,
    day: dt.date,
    *,
    codes: Iterable[str] = (),
    names: Iterable[str] = (),
    ids: Iterable[int] = (),
) -> tuple[Person, ...]:
    """The members at and below `organization_id` on `day` who bear one of the codes, names or ids, in roster order."""
    below = people_below(organization_id, day)
    keys = [search_key(each) for each in names]
    found: dict[int, Person] = {}
    for column, values in ((below.c.code, list(codes)), (below.c.search_key, keys), (below.c.id, list(ids))):
        for start in range(0, len(values), _CHUNK):
            statement = (
                select(*(below.c[name] for name in PERSON))
                .where(column.in_(values[start : start + _CHUNK]))
                .order_by(below.c.sort_key, below.c.id)
            )
            found.update((row[0], Person(*row)) for row in session.execute(statement))
    return tuple(found.values())
