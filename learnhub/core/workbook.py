"""Opening an XLSX file, in a child of its own: a workbook made to choke its reader costs the child, never the site.

`read` and `read_sheets` are what others call. Run as `python -m learnhub.core.workbook SECONDS MEGABYTES`, the file on standard input;
standard output brings JSON, either `{"sheets": [[name, hidden, [[row, [cell, …]], …]], …], "uncalculated": count}` or `{"verdict": why it
was not read}`.
"""

import dataclasses
import datetime as dt
import io
import json
import re
import sys
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from learnhub.core.child_process import MachineBusy, limit_resources, run_module

MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_SHEETS = 200
MOST_ENTRIES = 2_000
# What a file may become when unpacked: a county's roster of 40 000 members is about 40 MB.
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 150
LONGEST_CELL = 2_000
# Processor time and memory: what the child needs to start, and for each megabyte of the file (a county's roster is 4 MB).
BASE_SECONDS, SECONDS_A_MEGABYTE = 1.6, 2.0
BASE_MEGABYTES, MEGABYTES_A_MEGABYTE = 110, 80
# Of the wall clock: somebody waits for the answer.
BACKSTOP_SECONDS = 60.0
# From here on a spreadsheet no longer keeps all digits of a number.
ROUNDED_FROM = 1e15


# A formula whose result the file does not hold: whatever wrote it did not calculate.
_UNCALCULATED = re.compile(rb"<f[^>]*>[^<]*</f>(?:<v\s*/>|<v></v>)?</c>")
_SHEET_FILE = re.compile(r"xl/worksheets/[^/]+\.xml")
_PIECE, _OVERLAP = 1024 * 1024, 4096


@dataclasses.dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """A sheet: its name, whether the workbook hides it, and its rows that are not empty, by number (from 1).

    A merged cell stands in every place that it covers.
    """

    name: str
    is_hidden: bool
    rows: list[tuple[int, list[str]]]


class Refused(Exception):
    """The file is not read; the argument says why in a word: `broken`, `locked`, `foreign`, `bomb`, `wide`, `long` or
    `sheets` (too many of them).

    `busy` says nothing about the file: the machine had no time for it, or no memory.
    """


def read(data: bytes) -> list[tuple[str, list[tuple[int, list[str]]]]]:
    """The sheets of a workbook, each with its name and its rows that are not empty, by number; raises Refused."""
    return [(sheet.name, sheet.rows) for sheet in read_sheets(data)[0]]


def read_sheets(data: bytes) -> tuple[list[WorkbookSheet], int]:
    """The sheets of a workbook, and how many of its formulas have no result; raises Refused.

    Whatever the file does to its reader, the verdict takes 2 seconds of processor time and 2 more for each megabyte.
    """
    megabytes = len(data) / 1024 / 1024
    seconds = BASE_SECONDS + SECONDS_A_MEGABYTE * megabytes
    memory = int(BASE_MEGABYTES + MEGABYTES_A_MEGABYTE * megabytes)
    try:
        done = run_module(
            "learnhub.core.workbook", [str(seconds), str(memory)], data=data, backstop=BACKSTOP_SECONDS + seconds
        )
    except MachineBusy:
        raise Refused("busy") from None
    if done.returncode != 0:
        raise Refused("bomb")
    answer = json.loads(done.stdout)
    if "verdict" in answer:
        raise Refused(answer["verdict"])
    found = [
        WorkbookSheet(name, is_hidden, [(number, cells) for number, cells in rows])
        for name, is_hidden, rows in answer["sheets"]
    ]
    return found, answer["uncalculated"]


def check_directory(data: bytes) -> None:
    """Look at the directory of the archive before anything is unpacked; raises Refused."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        # The last is what zipfile says to an archive of a kind it cannot read: several disks, or a newer version.
        raise Refused("broken") from None
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("locked")
    if not any(entry.filename == "[Content_Types].xml" for entry in entries):
        raise Refused("foreign")
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * max(len(data), 20_000):
        raise Refused("bomb")


def sheets(data: bytes) -> list[tuple[str, bool, list[tuple[int, list[str]]]]]:
    """Every sheet as its name, whether it is hidden, and rows of text; raises Refused."""
    check_directory(data)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            if len(book.sheets_metadata) > MOST_SHEETS:
                raise Refused("sheets")
            return [
                (each.name, each.visible != SheetVisibleEnum.Visible, _rows(book, each.name))
                for each in book.sheets_metadata
            ]
    except CalamineError:
        raise Refused("broken") from None


def _rows(book: CalamineWorkbook, name: str) -> list[tuple[int, list[str]]]:
    sheet = book.get_sheet_by_name(name)
    first_row, first_column = sheet.start or (0, 0)
    if sheet.height > MOST_ROWS or sheet.width > MOST_COLUMNS:
        raise Refused("wide" if sheet.width > MOST_COLUMNS else "long")
    written = [[as_text(cell) for cell in cells] for cells in sheet.to_python(skip_empty_area=True)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        _spread(written, top - first_row, left - first_column, bottom - first_row, right - first_column)
    before = [""] * first_column
    return [(number, before + cells) for number, cells in enumerate(written, first_row + 1) if any(cells)]


def _spread(rows: list[list[str]], top: int, left: int, bottom: int, right: int) -> None:
    """Write a merged cell into every place that it covers, as far as the sheet is written on."""
    if top < 0 or left < 0 or top >= len(rows) or left >= len(rows[top]) or not rows[top][left]:
        return
    for row in rows[top : bottom + 1]:
        row[left : right + 1] = [rows[top][left]] * len(row[left : right + 1])


def uncalculated(data: bytes) -> int:
    """How many formulas of a workbook have no result in the file."""
    count = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in filter(_SHEET_FILE.fullmatch, archive.namelist()):
            with archive.open(name) as file:
                rest = b""
                while piece := file.read(_PIECE):
                    text = rest + piece
                    end = 0
                    for match in _UNCALCULATED.finditer(text) if b"<f" in text else ():
                        count, end = count + 1, match.end()
                    rest = text[max(end, len(text) - _OVERLAP) :]
    return count


def as_text(cell: Any) -> str:
    """A cell's value as it would be typed; a number too long for a spreadsheet shows that digits are lost."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        if abs(cell) >= ROUNDED_FROM:
            return f"{cell:.5E}"
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime | dt.date | dt.time):
        return cell.isoformat()
    return str(cell)[:LONGEST_CELL].strip()


def main(arguments: Sequence[str]) -> int:
    """The child: read standard input, write the answer."""
    seconds, megabytes = arguments
    limit_resources(processor_seconds=float(seconds), memory=int(megabytes) * 1024 * 1024, file_size=0)
    try:
        data = sys.stdin.buffer.read()
        answer: dict[str, Any] = {"sheets": sheets(data), "uncalculated": uncalculated(data)}
    except Refused as verdict:
        answer = {"verdict": str(verdict)}
    except (zipfile.BadZipFile, zlib.error, EOFError):
        answer = {"verdict": "broken"}
    except MemoryError:
        answer = {"verdict": "bomb"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
