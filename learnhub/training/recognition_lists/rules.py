"""A list of people trained elsewhere, as a file: its columns, its rows, and every cell that cannot be used.

Pure: who somebody is, and what is on file already, is asked in `queries.recognition_list`.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.members.rules import cells, days
from learnhub.members.rules.columns import plain
from learnhub.members.rules.parsing import RawSheet
from learnhub.training.recognition.rules import EVIDENCE_LABELS, MOST_QUARTERS, EvidenceClass

# Rows of one list; a county's year of higher-level classes is some hundreds.
MOST_ROWS = 2000
# The words of a file for each kind of evidence, besides the labels.
_EVIDENCE_WORDS = {
    N_("证书"): EvidenceClass.CERTIFICATE,
    N_("名单"): EvidenceClass.LIST,
    N_("登记表"): EvidenceClass.VISIT,
    N_("本人说明"): EvidenceClass.STATEMENT,
}


class Key(enum.Enum):
    """A column of the list. The value is its key; headers stand in `HEADERS`."""

    CODE = "code"
    NAME = "name"
    BRANCH = "branch"
    TITLE = "title"
    ORGANIZER = "organizer"
    STARTS_ON = "starts_on"
    ENDS_ON = "ends_on"
    HOURS = "hours"
    EVIDENCE = "evidence"
    REFERENCE = "reference"


# The header that the template writes, then others that lists of higher levels bear.
HEADERS: dict[Key, tuple[str, ...]] = {
    Key.CODE: (N_("党员编号"), N_("编号")),
    Key.NAME: (N_("姓名"),),
    Key.BRANCH: (N_("所在支部"), N_("党支部"), N_("支部")),
    Key.TITLE: (N_("班次名称"), N_("培训班名称"), N_("班次")),
    Key.ORGANIZER: (N_("举办单位"), N_("主办单位"), N_("办班单位")),
    Key.STARTS_ON: (N_("开始日期"), N_("开班日期")),
    Key.ENDS_ON: (N_("结束日期"), N_("结业日期")),
    Key.HOURS: (N_("学时"),),
    Key.EVIDENCE: (N_("凭据种类"), N_("凭据")),
    Key.REFERENCE: (N_("凭据编号或者说明"), N_("凭据说明"), N_("证书编号")),
}
_NEEDED = (Key.NAME, Key.TITLE, Key.ORGANIZER, Key.STARTS_ON, Key.ENDS_ON, Key.HOURS, Key.EVIDENCE, Key.REFERENCE)


@dataclasses.dataclass(frozen=True, slots=True)
class WrongCell:
    """A cell that cannot be used: its row (from 1), the header of its column, and why, with the message's values."""

    row: int
    column: str
    message: str
    values: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class ReadRow:
    """A row of the list: its number and the text of its cells, by column; columns that it lacks are empty."""

    number: int
    cells: Mapping[Key, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Particulars:
    """What a row says besides who it is about."""

    title: str
    organizer: str
    starts_on: dt.date
    ends_on: dt.date
    quarters: int
    evidence: EvidenceClass
    reference: str


def rows_of(sheets: Sequence[RawSheet]) -> tuple[ReadRow, ...]:
    """The rows of the first sheet that has the headers of the list; empty rows are left out.

    Raises DomainError when no sheet has them, or for more than `MOST_ROWS` rows.
    """
    for sheet in sheets:
        for place, (_number, row) in enumerate(sheet.rows[:10]):
            columns = _columns(row)
            if Key.NAME in columns and Key.TITLE in columns:
                return _rows(sheet.rows[place + 1 :], columns)
    raise DomainError(N_("没有认出表头。请用下载的模板填写，至少要有“姓名”和“班次名称”两列。"), field="file")


def _columns(row: Sequence[str]) -> dict[Key, int]:
    known = {plain(header): key for key, headers in HEADERS.items() for header in headers}
    found: dict[Key, int] = {}
    for place, cell in enumerate(row):
        key = known.get(plain(cell))
        if key is not None:
            found.setdefault(key, place)
    return found


def _rows(rows: Sequence[tuple[int, Sequence[str]]], columns: Mapping[Key, int]) -> tuple[ReadRow, ...]:
    missing = [HEADERS[key][0] for key in _NEEDED if key not in columns]
    if missing:
        raise DomainError(N_("表里缺这几列：%(columns)s。"), field="file", columns="\u3001".join(missing))
    found = []
    for number, row in rows:
        texts = {key: row[place].strip() if place < len(row) else "" for key, place in columns.items()}
        if any(texts.values()):
            found.append(ReadRow(number, {key: texts.get(key, "") for key in Key}))
    if len(found) > MOST_ROWS:
        raise DomainError(N_("一张表最多 %(most)s 行，请分成几张。"), field="file", most=MOST_ROWS)
    if not found:
        raise DomainError(N_("表里只有表头，没有要认定的人。"), field="file")
    return tuple(found)


def particulars(row: ReadRow) -> tuple[Particulars | None, tuple[WrongCell, ...]]:
    """What the row says of the class, and every cell of it that cannot be read."""
    wrong: list[WrongCell] = []

    def read(key: Key, reader: Callable[[str], Any]) -> Any:
        try:
            return reader(row.cells[key])
        except DomainError as error:
            wrong.append(WrongCell(row.number, HEADERS[key][0], error.message, error.values))
            return None

    said = Particulars(
        title=read(Key.TITLE, lambda cell: _said(cell, 200)),
        organizer=read(Key.ORGANIZER, lambda cell: _said(cell, 200)),
        starts_on=read(Key.STARTS_ON, _day),
        ends_on=read(Key.ENDS_ON, _day),
        quarters=read(Key.HOURS, _quarters),
        evidence=read(Key.EVIDENCE, _evidence),
        reference=read(Key.REFERENCE, lambda cell: _said(cell, 300)),
    )
    return (None if wrong else said), tuple(wrong)


def _said(cell: str, longest: int) -> str:
    found = cells.text(cell, longest)
    if not found:
        raise DomainError(N_("这一格不能空着。"))
    return found


def _day(cell: str) -> dt.date:
    return dt.date.fromisoformat(days.day(cell))


def _quarters(cell: str) -> int:
    try:
        hours = Decimal(plain(cell))
        quarters = hours * 4
        if quarters % 1 == 0 and 0 < quarters <= MOST_QUARTERS:
            return int(quarters)
    except (InvalidOperation, ValueError):
        pass
    raise DomainError(N_("学时写数字，按四分之一计，例如 16、3.5；这里是“%(cell)s”。"), cell=cell[:30])


def _evidence(cell: str) -> EvidenceClass:
    known = {plain(label): each for each, label in EVIDENCE_LABELS.items()}
    known |= {plain(word): each for word, each in _EVIDENCE_WORDS.items()}
    found = known.get(plain(cell))
    if found is None:
        words = "\u3001".join(_EVIDENCE_WORDS)
        raise DomainError(N_("不认识“%(word)s”。可以写：%(known)s。"), word=cell[:30], known=words)
    return found


def member_name(row: ReadRow) -> str:
    """The name in its normal form; raises DomainError for one that cannot be a name."""
    return cells.name(row.cells[Key.NAME])


def wrong(row: ReadRow, key: Key, message: str, **values: Any) -> WrongCell:
    """A wrong cell of `row` in the column `key`."""
    return WrongCell(row.number, HEADERS[key][0], message, values)
