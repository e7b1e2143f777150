"""From the cells of a file to plain rows; every cell that cannot be read is a fault with its place.

Pure: what the rows mean for the roster that there is, is planned in the service.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from learnhub.core.errors import DomainError
from learnhub.core.text import N_, has_private_use
from learnhub.members.rules import cells, days, identity, noise
from learnhub.members.rules.columns import Layout, SheetKind, headers, layout


@dataclasses.dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it stands in the file: rows with their number (from 1) and the text of their cells.

    `uncalculated` is the number of formulas without a result in the whole file.
    """

    name: str
    rows: Sequence[tuple[int, Sequence[str]]]
    is_hidden: bool = False
    uncalculated: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell, or only remarkable: sheet, row (from 1), header, and a message with its values.

    Row 0 is the whole sheet. `tab` names the sheet as the file does, where it has several of the same kind.
    """

    sheet: SheetKind
    row: int
    column: str
    message: str
    values: Mapping[str, Any]
    tab: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row: its number and, by key of the column, the values of the columns that the sheet has.

    `tab` names the sheet as the file does, where it has several of the same kind. `headings` are the texts that may say
    which branch the row is of where no column does: the heading above it, the name of its sheet, the title.
    """

    number: int
    values: dict[str, str]
    tab: str = ""
    headings: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class SkippedRow:
    """A row that lists nobody, with its text: a title, a total, a signature, a note."""

    tab: str
    number: int
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class ParsedSheet:
    """All sheets of one kind: headers as the file writes them, rows, what was not understood and what was by hand."""

    kind: SheetKind
    headers: dict[str, str]
    rows: tuple[ParsedRow, ...]
    unknown_columns: tuple[str, ...]
    by_hand: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Parsed:
    """A whole file: at most one sheet of each kind, faults, remarks, and what was passed over: sheets, hidden ones, rows."""

    sheets: tuple[ParsedSheet, ...]
    faults: tuple[Fault, ...]
    remarks: tuple[Fault, ...]
    passed_over: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    skipped: tuple[SkippedRow, ...] = ()

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
        "founded_on": lambda cell: days.day(cell) if cell else "",
    },
    SheetKind.MEMBERS: {
        "code": lambda cell: cells.code(cell, 32),
        "name": cells.name,
        "sex": lambda cell: cells.word(cell, "sex") if cell else "",
        "birth_month": lambda cell: days.month(cell) if cell else "",
        "joined_on": lambda cell: days.known_part(cell) if cell else "",
        "full_on": lambda cell: cells.full_day(cell) if cell else "",
        "standing": lambda cell: cells.word(cell, "standing") if cell else "",
        "organization": lambda cell: cells.code(cell, 64),
        "organization_name": lambda cell: cells.text(cell, 200),
        "posts": cells.posts,
        "posts_since": lambda cell: ",".join(cells.post_days(cell)) if cell else "",
        "phone": cells.phone,
        "exempt": cells.circumstance,
        "mobile": cells.circumstance,
        "lost_contact": cells.circumstance,
        "suspended": cells.circumstance,
        "in_transit": cells.circumstance,
        "sort_key": lambda cell: cells.text(cell, 100),
    },
}


# Cells in which a word for nothing is a value of its own, or is refused with a reason of its own.
_OWN_WORDS = frozenset({"name", "full_on", "posts_since"})
_DAY_KEYS = frozenset({"birth_month", "joined_on", "full_on", "founded_on"})


def parse(raw: Sequence[RawSheet], identity_key: str, by_hand: Mapping[str, str] | None = None) -> Parsed:
    """The rows of a file. Identity numbers leave here only sealed with `identity_key`.

    `by_hand` are keys of columns by header, which somebody has given. Sheets of one kind are read as one list, hidden
    ones not at all. Raises DomainError when no sheet can be recognised.
    """
    seen = [sheet for sheet in raw if not sheet.is_hidden]
    layouts = [(sheet, layout(sheet.rows, by_hand)) for sheet in seen]
    known = [(sheet, found) for sheet, found in layouts if found is not None]
    if not known:
        raise DomainError(N_("没有认出表头。党员表要有“姓名”一列，党组织表要有“党组织编码”和“党组织名称”两列。"))
    kinds = [found.kind for _sheet, found in known]
    faults: list[Fault] = []
    remarks: list[Fault] = []
    skipped: list[SkippedRow] = []
    rows: dict[SheetKind, list[ParsedRow]] = {}
    for sheet, found in known:
        tab = sheet.name if kinds.count(found.kind) > 1 else ""
        reader = _SheetReader(sheet, found, tab, identity_key, (faults, remarks, skipped))
        rows.setdefault(found.kind, []).extend(reader.rows())
    if count := max(sheet.uncalculated for sheet in raw):
        message = N_(
            "有 %(count)s 格是公式，文件里没有存它的结果，当作空格读了。用 Excel 或 WPS 打开再存一次就有结果。"
        )
        remarks.append(Fault(kinds[0], 0, "", message, {"count": count}))
    return Parsed(
        sheets=tuple(_united(kind, [found for _sheet, found in known], rows[kind]) for kind in rows),
        faults=tuple(faults),
        remarks=tuple(remarks),
        passed_over=tuple(sheet.name for sheet, found in layouts if found is None and sheet.rows),
        hidden=tuple(sheet.name for sheet in raw if sheet.is_hidden and sheet.rows),
        skipped=tuple(skipped),
    )


def _united(kind: SheetKind, layouts: Sequence[Layout], rows: Sequence[ParsedRow]) -> ParsedSheet:
    own = [each for each in layouts if each.kind is kind]
    written = {key: header for each in reversed(own) for key, header in each.headers.items()}
    unknown = dict.fromkeys(header for each in own for header in each.unknown)
    given = dict.fromkeys(header for each in own for header in each.by_hand)
    return ParsedSheet(kind, written, tuple(rows), tuple(unknown), tuple(given))


class _SheetReader:
    """Reads the rows of one sheet; faults, remarks and rows that list nobody go to the lists handed in."""

    def __init__(
        self,
        sheet: RawSheet,
        found: Layout,
        tab: str,
        identity_key: str,
        notes: tuple[list[Fault], list[Fault], list[SkippedRow]],
    ) -> None:
        self.sheet, self.found, self.tab, self.identity_key = sheet, found, tab, identity_key
        self.faults, self.remarks, self.skipped = notes
        self.titles: list[str] = [sheet.name]
        self.section = ""

    def rows(self) -> Iterator[ParsedRow]:
        """The rows that list something."""
        if not self.found.is_complete:
            message = N_("表头里没有姓名一列。请在下面指定哪一列是姓名。")
            self._fault(self.found.header_row, headers(self.found.kind)["name"], message, {})
            return
        for number, row in self.sheet.rows:
            if number < self.found.first_row:
                self._skip(number, row)
                self.titles += [cell for cell in dict.fromkeys(row) if cell.strip()]
            elif number > self.found.header_row and (parsed := self._row(number, row)):
                yield parsed

    def _row(self, number: int, row: Sequence[str]) -> ParsedRow | None:
        typed = [cells.as_typed(cell) if cell else "" for cell in row]
        line = {key: typed[place] if place < len(typed) else "" for place, key in self.found.keys.items()}
        if not any(line.values()):
            if not noise.is_only_numbered(typed):
                self._skip(number, row)
            return None
        if noise.no_person(typed, line, self.found.headers):
            self._skip(number, row)
            written = {cell for cell in typed if cell}
            self.section = written.pop() if len(written) == 1 else self.section
            return None
        values: dict[str, str] = {}
        for key, cell in line.items():
            try:
                values[key] = _read(self.found.kind, key, cell, self.identity_key, values)
            except DomainError as error:
                self._fault(number, self.found.headers[key], error.message, error.values)
        self._remark(number, line, values)
        self._pair_post_days(number, line, values)
        names_branch = {"organization", "organization_name"} & set(line)
        headings = () if names_branch else tuple(dict.fromkeys(filter(None, (self.section, *self.titles))))
        return ParsedRow(number, values, self.tab, headings)

    def _remark(self, number: int, line: Mapping[str, str], values: Mapping[str, str]) -> None:
        if has_private_use(values.get("name", "")):
            message = N_("有自造字，别的电脑上可能显示不出来。")
            self.remarks.append(Fault(self.found.kind, number, self.found.headers["name"], message, {}, self.tab))
        for key in ("birth_month", "sex"):
            if values.get(key) and values[key] != values.get(f"identity_{key}", values[key]):
                message = N_("和身份证号里的不同，按这一格写的读。")
                self.remarks.append(Fault(self.found.kind, number, self.found.headers[key], message, {}, self.tab))
        for key in _DAY_KEYS & set(values):
            if days.is_serial(line[key]):
                message = N_("“%(cell)s”是表格里的日期序号，读作 %(day)s。")
                said = {"cell": line[key][:30], "day": values[key]}
                self.remarks.append(Fault(self.found.kind, number, self.found.headers[key], message, said, self.tab))

    def _pair_post_days(self, number: int, line: Mapping[str, str], values: dict[str, str]) -> None:
        """Put the days of taking up posts into the order of the posts; one day is that of all of them."""
        if not values.get("posts_since") or "posts" not in values:
            return
        posts, since = cells.post_list(line["posts"]), values["posts_since"].split(",")
        if len(since) == 1:
            since *= len(posts)
        if len(since) != len(posts):
            message = N_("这里有 %(days)s 个任职日期，职务却有 %(posts)s 个。请按职务的次序写，或者只写一个。")
            said = {"days": len(since), "posts": len(posts)}
            self._fault(number, self.found.headers["posts_since"], message, said)
            del values["posts_since"]
            return
        by_post = dict(zip(posts, since, strict=True))
        values["posts_since"] = ",".join(by_post[post] for post in sorted(by_post))

    def _skip(self, number: int, row: Sequence[str]) -> None:
        text = " ".join(dict.fromkeys(" ".join(cell.split()) for cell in row if cell.strip()))
        if text:
            self.skipped.append(SkippedRow(self.tab or self.sheet.name, number, text[:80]))

    def _fault(self, number: int, header: str, message: str, said: Mapping[str, Any]) -> None:
        self.faults.append(Fault(self.found.kind, number, header, message, said, self.tab))


def _read(kind: SheetKind, key: str, cell: str, identity_key: str, values: dict[str, str]) -> str:
    if cell and key not in _OWN_WORDS and cells.is_blank_word(cell):
        cell = ""
    if key != "identity":
        return _READERS[kind][key](cell)
    if cells.is_unknown_word(cell) or not cell:
        return ""
    if last_four := identity.masked_last_four(cell):
        return f"*{last_four}"
    found = identity.read_cell(cell, identity_key)
    values.update(found)
    return found["identity"]


def sealed_sheets(raw: Sequence[RawSheet], identity_key: str) -> list[RawSheet]:
    """The sheets of a file as they may be kept on the disk: with identity numbers sealed, in whatever column they are."""
    return [
        dataclasses.replace(
            sheet,
            rows=[(number, [identity.sealed_cell(cell, identity_key) for cell in row]) for number, row in sheet.rows],
        )
        for sheet in raw
    ]
