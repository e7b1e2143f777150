"""From the cells of a file to plain rows; every cell that cannot be read is a fault with its place.

Pure: what the rows mean for the roster that there is, is planned in the service.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from learnhub.core.errors import DomainError
from learnhub.core.text import N_, has_private_use
from learnhub.members.rules import cells, identity
from learnhub.members.rules.columns import Layout, SheetKind, layout


@dataclasses.dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it stands in the file: rows with their number (from 1) and the text of their cells."""

    name: str
    rows: Sequence[tuple[int, Sequence[str]]]


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, or only remarkable: sheet, row (from 1), header, and a message with its values."""

    sheet: SheetKind
    row: int
    column: str
    message: str
    values: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row: its number and, by key of the column, the values of the columns that the sheet has."""

    number: int
    values: dict[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class ParsedSheet:
    """A recognised sheet: headers as the file writes them, rows, and what was not understood."""

    kind: SheetKind
    headers: dict[str, str]
    rows: tuple[ParsedRow, ...]
    unknown_columns: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Parsed:
    """A whole file: at most one sheet of each kind, faults, remarks, and sheets that were passed over."""

    sheets: tuple[ParsedSheet, ...]
    faults: tuple[Fault, ...]
    remarks: tuple[Fault, ...]
    passed_over: tuple[str, ...]

    def sheet(self, kind: SheetKind) -> ParsedSheet | None:
        """The sheet of this kind, if the file has one."""
        return next((sheet for sheet in self.sheets if sheet.kind is kind), None)


_READERS: dict[SheetKind, dict[str, Callable[[str], str]]] = {
    SheetKind.ORGANIZATIONS: {
        "code": lambda cell: cells.code(cell, 64),
        "name": lambda cell: cells.text(cell, 200),
        "kind": lambda cell: cells.word(cell, "kind") if cell else "",
        "domain": lambda cell: cells.word(cell, "domain") if cell else "",
        "parent": lambda cell: cells.code(cell, 64),
        "position": cells.position,
        "founded_on": lambda cell: cells.day(cell) if cell else "",
    },
    SheetKind.MEMBERS: {
        "code": lambda cell: cells.code(cell, 32),
        "name": cells.name,
        "sex": lambda cell: cells.word(cell, "sex") if cell else "",
        "birth_month": lambda cell: cells.month(cell) if cell else "",
        "joined_on": lambda cell: cells.day(cell) if cell else "",
        "full_on": lambda cell: cells.day(cell) if cell else "",
        "standing": lambda cell: cells.word(cell, "standing") if cell else "",
        "organization": lambda cell: cells.code(cell, 64),
        "organization_name": lambda cell: cells.text(cell, 200),
        "posts": cells.posts,
        "phone": cells.phone,
        "exempt": cells.circumstance,
        "mobile": cells.circumstance,
        "lost_contact": cells.circumstance,
        "suspended": cells.circumstance,
        "in_transit": cells.circumstance,
        "sort_key": lambda cell: cells.text(cell, 100),
    },
}


def parse(raw: Sequence[RawSheet], identity_key: str) -> Parsed:
    """The rows of a file. Identity numbers leave here only sealed with `identity_key`.

    Raises DomainError when no sheet can be recognised, or when two of them list the same thing.
    """
    sheets: list[ParsedSheet] = []
    faults: list[Fault] = []
    remarks: list[Fault] = []
    passed_over = []
    for sheet in raw:
        found = layout(sheet.rows)
        if found is None:
            passed_over.append(sheet.name)
            continue
        if any(found.kind is other.kind for other in sheets):
            raise DomainError(N_("文件里有两张同样的表（“%(name)s”），请只留一张。"), name=sheet.name)
        rows = tuple(_rows(sheet, found, identity_key, faults, remarks))
        sheets.append(ParsedSheet(found.kind, dict(found.headers), rows, found.unknown))
    if not sheets:
        raise DomainError(N_("没有认出表头。党员表要有“姓名”一列，党组织表要有“党组织编码”和“党组织名称”两列。"))
    return Parsed(tuple(sheets), tuple(faults), tuple(remarks), tuple(passed_over))


def _rows(
    sheet: RawSheet, found: Layout, identity_key: str, faults: list[Fault], remarks: list[Fault]
) -> Iterator[ParsedRow]:
    for number, row in sheet.rows:
        if number <= found.header_row:
            continue
        line = {key: row[place].strip() if place < len(row) else "" for place, key in found.keys.items()}
        if not any(line.values()):
            continue
        values: dict[str, str] = {}
        for key, cell in line.items():
            try:
                values[key] = _read(found.kind, key, cell, identity_key, values)
            except DomainError as error:
                faults.append(Fault(found.kind, number, found.headers[key], error.message, error.values))
        if has_private_use(values.get("name", "")):
            message = N_("有自造字，别的电脑上可能显示不出来。")
            remarks.append(Fault(found.kind, number, found.headers["name"], message, {}))
        yield ParsedRow(number, values)


def _read(kind: SheetKind, key: str, cell: str, identity_key: str, values: dict[str, str]) -> str:
    if key != "identity":
        return _READERS[kind][key](cell)
    if not cell:
        return ""
    if last_four := identity.masked_last_four(cell):
        return f"*{last_four}"
    number = identity.normal_number(cell)
    # What a number says of its holder is offered where the sheet leaves it empty.
    values["identity_birth_month"] = identity.birth_month(number)
    values["identity_sex"] = "male" if identity.is_male(number) else "female"
    return identity.sealed(number, identity_key)
