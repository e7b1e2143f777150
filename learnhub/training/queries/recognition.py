"""Study elsewhere that was recognised for a task, and what a list of it would add."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from learnhub.accounts import queries as accounts
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.orm import held
from learnhub.core.text import N_, search_key
from learnhub.members import queries as members
from learnhub.members.queries.people import PERSON, Person, people_below
from learnhub.members.rules.columns import plain
from learnhub.records.rules import CompletionWay
from learnhub.training.models import Recognition
from learnhub.training.rules.recognition import (
    EvidenceClass,
    Key,
    NewRecognition,
    Particulars,
    ReadRow,
    WrongCell,
    member_name,
    particulars,
    recognition_source,
    wrong,
)

_CHUNK = 500
# How many recognitions one page lists.
PAGE = 50
# How many people of one name a message lists.
_NAMED = 6


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
    withdrawn_at: dt.datetime | None
    withdrawn_because: str | None
    noted_by_name: str
    person: Person

    @property
    def source(self) -> str:
        """How the record book names it."""
        return recognition_source(self.id)


@dataclasses.dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of a list that can be used: its number in the file, the member, and what would be recognised."""

    number: int
    person: Person
    new: NewRecognition


@dataclasses.dataclass(frozen=True, slots=True)
class ListPlan:
    """What a list would do: rows that are new, rows already on file, and every wrong cell."""

    new: tuple[PlannedRow, ...]
    same: tuple[PlannedRow, ...]
    wrong: tuple[WrongCell, ...]

    @property
    def digest(self) -> str:
        """A short text that is the same for the same new rows: what was looked at is what is recognised."""
        return hashlib.sha256(repr([dataclasses.astuple(each.new) for each in self.new]).encode()).hexdigest()[:32]


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


def plan_list(session: Session, task_id: int, organization_id: int, rows: Sequence[ReadRow], day: dt.date) -> ListPlan:
    """What the list would recognise for members at and below `organization_id`; nothing is written.

    A member is told by the code, or by name and branch; where several bear the name, the fault lists them.
    """
    known = people(
        session,
        organization_id,
        day,
        codes={row.cells[Key.CODE] for row in rows if row.cells[Key.CODE]},
        names={row.cells[Key.NAME] for row in rows if row.cells[Key.NAME] and not row.cells[Key.CODE]},
    )
    faults: list[WrongCell] = []
    usable = [each for row in rows if (each := _planned(row, known, day, faults)) is not None]
    have = standing_identities(session, task_id, [each.person.id for each in usable])
    new: list[PlannedRow] = []
    same: list[PlannedRow] = []
    for each in usable:
        (same if each.new.identity in have else new).append(each)
        have.add(each.new.identity)
    return ListPlan(tuple(new), tuple(same), tuple(faults))


def _planned(row: ReadRow, known: Sequence[Person], day: dt.date, faults: list[WrongCell]) -> PlannedRow | None:
    said, wrong_cells = particulars(row)
    person = _person(row, known, faults)
    faults.extend(wrong_cells)
    if said is None or person is None:
        return None
    new = NewRecognition(person.id, CompletionWay.HIGHER_LEVEL, **_fields(said))
    try:
        new.check(day)
    except DomainError as error:
        key = Key(error.field) if error.field in {each.value for each in Key} else Key.TITLE
        faults.append(wrong(row, key, error.message, **error.values))
        return None
    return PlannedRow(row.number, person, new)


def _fields(value: Particulars) -> dict[str, Any]:
    return {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}


def _person(row: ReadRow, known: Sequence[Person], faults: list[WrongCell]) -> Person | None:
    """Whom the row is about; what does not fit is added to `faults`."""
    try:
        name = search_key(member_name(row))
    except DomainError as error:
        faults.append(wrong(row, Key.NAME, error.message, **error.values))
        return None
    code, branch = row.cells[Key.CODE], plain(row.cells[Key.BRANCH])
    if code:
        return _by_code(row, known, name, faults)
    of_name = [each for each in known if search_key(each.name) == name]
    here = [each for each in of_name if plain(each.branch) == branch] if branch else of_name
    if len(here) == 1:
        return here[0]
    if here:
        faults.append(wrong(row, Key.NAME, N_("同名的有 %(count)s 人：%(people)s。请填党员编号。"), **_listed(here)))
    elif of_name:
        message = N_("这个支部没有叫这个名字的人。别的支部有：%(people)s。")
        faults.append(wrong(row, Key.BRANCH, message, **_listed(of_name)))
    else:
        faults.append(wrong(row, Key.NAME, N_("您负责的范围里没有“%(name)s”。"), name=row.cells[Key.NAME][:30]))
    return None


def _by_code(row: ReadRow, known: Sequence[Person], name: str, faults: list[WrongCell]) -> Person | None:
    code = row.cells[Key.CODE]
    found = next((each for each in known if each.code == code), None)
    if found is None:
        faults.append(wrong(row, Key.CODE, N_("您负责的范围里没有编号“%(code)s”。"), code=code[:30]))
    elif search_key(found.name) != name:
        faults.append(wrong(row, Key.NAME, N_("编号 %(code)s 的党员叫“%(name)s”。"), code=code, name=found.name))
        found = None
    return found


def _listed(some: Sequence[Person]) -> dict[str, object]:
    words = [f"{each.name} {each.birth_month} {each.branch} {each.code}" for each in some[:_NAMED]]
    return {"count": len(some), "people": "\u3001".join(words)}
