"""Opening files: each gets a verdict in time, whatever it is made of (docs/promises.md, R8)."""

import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from learnhub.core import workbook
from learnhub.core.errors import DomainError
from learnhub.members.service import reading
from learnhub.members.service.reading import guarded, read
from tests.members.files import SHEET, SHEET_END, csv_bytes, handmade, member_sheet, xlsx
from tests.processor_time import processor_seconds

ROWS = member_sheet(["", "曹䶮", "男", "1994-09", "2020-07-01", "", "ORG-004"], ["", "㛃·𬭊", "女"])


def _encrypted() -> bytes:
    return bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600


def _wide() -> bytes:
    cells = "<c><v>1</v></c>" * 1_000_000
    return handmade(f'{SHEET}<row r="1">{cells}</row>{SHEET_END}'.encode())


def _far_corners() -> bytes:
    corners = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return handmade(f"{SHEET}{corners}{SHEET_END}".encode())


def _bomb() -> bytes:
    return handmade(SHEET.encode() + b" " * 300_000_000 + SHEET_END.encode())


def _quiet_bomb() -> bytes:
    """A directory that says the sheet is small; the sheet is not."""
    body = SHEET.encode() + b'<row><c t="inlineStr"><is><t>' + b"a" * 120_000_000 + b"</t></is></c></row>"
    data = bytearray(handmade(body + SHEET_END.encode()))
    true_size = (len(body) + len(SHEET_END)).to_bytes(4, "little")
    place = data.rfind(true_size)
    data[place : place + 4] = (5_000).to_bytes(4, "little")
    return bytes(data)


def _locked() -> bytes:
    data = bytearray(xlsx({"党员": ROWS}))
    place = data.rfind(b"PK\x01\x02")
    data[place + 8] |= 1
    return bytes(data)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b" \n", "是空的"),
    "truncated": (lambda: xlsx({"党员": ROWS})[:-300], "打不开"),
    "encrypted": (_encrypted, "密码"),
    "locked archive": (_locked, "密码"),
    "old xls": (lambda: bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 2000, "另存为 .xlsx"),
    "other archive": (lambda: _zip({"a.txt": b"x"}), "不是 Excel"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 500, "不是 Excel"),
    "bomb": (_bomb, "不合常理"),
    "lying bomb": (_quiet_bomb, ""),
    "a million columns": (_wide, ""),
    "far corners": (_far_corners, ""),
    "broken sheet": (lambda: handmade(b"<worksheet><sheetData><row><c></row>"), "打不开"),
    "letters": (lambda: b"\xff\x41\xff\x20\xff", "编码"),
    "too large": (lambda: b"a," * (9 * 1024 * 1024), "16 MB"),
}


READ_ALL = """
import pathlib, resource, sys
from learnhub.core.errors import DomainError
from learnhub.members.service.reading import read
for path in pathlib.Path(sys.argv[1]).iterdir():
    try:
        read(path.read_bytes(), "x")
    except DomainError:
        pass
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _zip(files: dict[str, bytes]) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return file.getvalue()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_in_two_seconds(name: str) -> None:
    """Refused in plain words, in two seconds of processor time; the child that reads it stays below 100 MB."""
    make, words = HOSTILE[name]
    data = make()
    before = processor_seconds()
    with pytest.raises(DomainError) as refusal:
        read(data, "roster.xlsx")
    assert processor_seconds() - before < 2
    assert words in refusal.value.message


@pytest.mark.long
def test_child_stays_small(tmp_path: Path) -> None:
    """No hostile file makes any child take 100 MB: a sheet of all rows and columns ends at the child's own limit."""
    for number, (make, _) in enumerate(HOSTILE.values()):
        (tmp_path / str(number)).write_bytes(make())
    done = subprocess.run([sys.executable, "-c", READ_ALL, tmp_path], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 100 * 1024


def test_xlsx_and_csv_say_the_same() -> None:
    """Every way of writing the same rows is read as the same text, rare characters too."""
    wanted = [(number, [str(cell) for cell in row]) for number, row in enumerate(ROWS, 1)]
    ways = {
        "xlsx": xlsx({"党员": ROWS}),
        "utf-8": csv_bytes(ROWS),
        "utf-8 with mark": csv_bytes(ROWS, "utf-8-sig"),
        "gb18030": csv_bytes(ROWS, "gb18030"),
        "utf-16, tabs": csv_bytes(ROWS, "utf-16", "\t"),
        "semicolons": csv_bytes(ROWS, separator=";"),
    }
    for name, data in ways.items():
        (sheet,) = read(data, name)
        found = [(number, [*cells, *[""] * (9 - len(cells))]) for number, cells in sheet.rows]
        assert found == wanted, name


def test_numbers_and_days_of_a_spreadsheet() -> None:
    """A number is read as it would be typed, a day as a day, and a number that lost digits shows it."""
    assert [workbook.as_text(cell) for cell in (13800000000.0, 1960.05, 430423199001011234.0, True)] == [
        "13800000000",
        "1960.05",
        "4.30423E+17",
        "TRUE",
    ]


def test_rows_keep_their_numbers_below_empty_ones() -> None:
    """The row named in a fault is the row on the screen of the spreadsheet."""
    (sheet,) = read(xlsx({"党员": [[], [], ["姓名", "性别"], [], ["王庚", "男"]]}), "x")
    assert [number for number, _ in sheet.rows] == [3, 5]


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-", "@x", "\tx", "'=1", "''", "'", "赵甲", ""])
def test_guard_of_formulas_is_taken_off_again(cell: str) -> None:
    """What our CSV writes before a formula our reader takes away, and nothing else."""
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
    (sheet,) = read(csv_bytes([["姓名", "性别"], ["x", guarded(cell)]]), "x")
    assert sheet.rows[1][1][1] == cell


def test_long_and_wide_csv_is_refused() -> None:
    """More rows or columns than any roster has are not read."""
    with pytest.raises(DomainError, match="列太多"):
        read(csv_bytes([["姓名", "性别", *["x"] * 300]]), "x")
    with pytest.raises(DomainError, match="行太多"):
        read(b"a\n" * (workbook.MOST_ROWS + 2), "x")
    assert reading.VERDICTS.keys() >= {"wide", "long"}
