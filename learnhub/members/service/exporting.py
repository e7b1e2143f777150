"""The roster as a file: XLSX with both sheets, or CSV with one. Cells are text, never formulas (docs/promises.md, S11)."""

import csv
import datetime as dt
import io
from collections.abc import Iterable

import xlsxwriter
from sqlalchemy.orm import Session

from learnhub.members.queries import roster_state
from learnhub.members.rules.columns import SheetKind, columns
from learnhub.members.rules.plan import shown
from learnhub.members.service.reading import guarded


def rows(session: Session, kind: SheetKind, *, root_id: int | None, on: dt.date) -> list[list[str]]:
    """The rows of one sheet in tree and roster order, as the words we write; reading them changes nothing."""
    tree = roster_state.organizations_state(session, root_id, on)
    found = [state.values for state in tree.values()]
    if kind is SheetKind.MEMBERS:
        place = {code: number for number, code in enumerate(tree)}
        members = roster_state.members_state(session, root_id, on).values()
        found = sorted((state.values for state in members), key=lambda values: place[values["organization"]])
    return [[shown(column.key, values[column.key]) for column in columns(kind)] for values in found]


def workbook(session: Session, labels: dict[SheetKind, str], *, root_id: int | None, on: dt.date) -> bytes:
    """The roster at and below `root_id` (all of it, for None) on `on` as XLSX; `labels` name the two sheets."""
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(file, options) as book:
        head = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
        text = book.add_format({"num_format": "@"})
        for kind in SheetKind:
            sheet = book.add_worksheet(labels[kind])
            for place, column in enumerate(columns(kind)):
                sheet.set_column(place, place, column.width, text)
            sheet.freeze_panes(1, 0)
            _write(sheet, 0, [column.header for column in columns(kind)], head)
            for number, row in enumerate(rows(session, kind, root_id=root_id, on=on), 1):
                _write(sheet, number, row, text)
    return file.getvalue()


def _write(sheet: xlsxwriter.worksheet.Worksheet, number: int, cells: Iterable[str], look: object) -> None:
    for place, cell in enumerate(cells):
        if cell:
            sheet.write_string(number, place, cell, look)


def delimited(session: Session, kind: SheetKind, *, root_id: int | None, on: dt.date) -> bytes:
    """One sheet of the roster as CSV in UTF-8 with a byte order mark, which Excel and WPS open as it is."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([column.header for column in columns(kind)])
    for row in rows(session, kind, root_id=root_id, on=on):
        writer.writerow([guarded(cell) for cell in row])
    return file.getvalue().encode("utf-8-sig")
