"""What a list of people trained elsewhere would recognise."""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from learnhub.core.errors import DomainError
from learnhub.core.text import N_, search_key
from learnhub.members.queries.people import Person
from learnhub.members.rules.columns import plain
from learnhub.records.rules import CompletionWay
from learnhub.training.recognition.queries import people, standing_identities
from learnhub.training.recognition.rules import NewRecognition
from learnhub.training.recognition_lists.rules import (
    Key,
    Particulars,
    ReadRow,
    WrongCell,
    member_name,
    particulars,
    wrong,
)

# How many people of one name a message lists.
_NAMED = 6


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
