"""From the bytes of an uploaded file to its sheets of text; every file gets a verdict within two seconds of processor
time (promise R8)."""

import csv
import io
from collections.abc import Iterator

from learnhub.core import workbook
from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.members.rules.columns import layout
from learnhub.members.rules.parsing import RawSheet

LARGEST = 16 * 1024 * 1024
_OLD_FORMAT = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_GUARDED = tuple("=+-@\t\r'")

VERDICTS = {
    "broken": N_("这个文件打不开，可能没有传完整。请在电脑上打开看看，另存一次再上传。"),
    "locked": N_("这个文件设了密码，请去掉密码再上传。"),
    "foreign": N_("这不是 Excel 表格。请上传 .xlsx 或 .csv 文件。"),
    "bomb": N_("这个文件展开后大得不合常理，没有打开。请另存为新的 .xlsx 再上传。"),
    "wide": N_("这张表的列太多，名册用不到这么多列。请删去多余的列，另存后再上传。"),
    "long": N_("这张表的行太多，一次最多十万行。请删去多余的行，另存后再上传。"),
    "old": N_("这是旧格式（.xls 或 .et）。请打开它，另存为 .xlsx 再上传。"),
    "large": N_("文件太大，最多 16 MB。"),
    "empty": N_("这个文件是空的。"),
    "busy": N_("机器太忙，没有把这个文件读完；和文件无关，什么也没有导入，请过一会儿再试。"),
    "letters": N_("这个文件的文字编码认不出来。请另存为 .xlsx，或者 UTF-8 编码的 .csv。"),
}


def _refused(verdict: str) -> DomainError:
    return DomainError(VERDICTS.get(verdict, VERDICTS["broken"]), field="file")


def read(data: bytes, name: str) -> list[RawSheet]:
    """The sheets of a file, which is told by its content, not by its `name`.

    Raises DomainError with the reason in plain words when it is no table that can be read.
    """
    if not data.strip():
        raise _refused("empty")
    if len(data) > LARGEST:
        raise _refused("large")
    if data.startswith(_OLD_FORMAT):
        raise _refused("locked" if _ENCRYPTED in data else "old")
    if data.startswith(b"PK"):
        return _workbook(data)
    return [RawSheet(name, list(_delimited(_decoded(data))))]


def _workbook(data: bytes) -> list[RawSheet]:
    try:
        return [RawSheet(name, rows) for name, rows in workbook.read(data)]
    except workbook.Refused as refused:
        raise _refused(str(refused)) from None


def _decoded(data: bytes) -> str:
    """Text with a byte order mark, else UTF-8, else GB18030 (which also reads GBK and GB2312)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data:
        raise _refused("foreign")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused("letters")


def _delimited(text: str) -> Iterator[tuple[int, list[str]]]:
    """Rows of a CSV file; the separator is the one with which a header is recognised."""
    head = text[:20_000]
    separator = next((each for each in ",\t;" if layout(list(_lines(head, each))[:10])), ",")
    yield from _lines(text, separator)


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for number, cells in enumerate(reader, 1):
            if number > workbook.MOST_ROWS:
                raise _refused("long")
            if len(cells) > workbook.MOST_COLUMNS:
                raise _refused("wide")
            yield number, [_unguarded(cell) for cell in cells]
    except csv.Error:
        raise _refused("broken") from None


def _unguarded(cell: str) -> str:
    """A cell without the apostrophe that our own export puts before what a spreadsheet would take for a formula."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_GUARDED) else cell


def guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; reading it again gives `cell`."""
    return f"'{cell}" if cell.startswith(_GUARDED) else cell
