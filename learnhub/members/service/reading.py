"""From the bytes of an uploaded file to its sheets of text; every file gets a verdict within two seconds of processor
time (docs/promises.md, R8)."""

import csv
import re
from collections.abc import Iterator

from learnhub.core import workbook
from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.members.rules.columns import layout
from learnhub.members.rules.parsing import RawSheet
from learnhub.members.rules.quotes import separated_rows

LARGEST = 16 * 1024 * 1024
_OLD_FORMAT = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_GUARDED = tuple("=+-@\t\r'")
# What programs give the name .xls though it is none: a page of the web, such a page as one mail, a table as XML.
_WEB_PAGE = re.compile(r"<\s*(!doctype\s+html|html|head|body|table|meta)\b", re.IGNORECASE)
_MAIL = re.compile(r"mime-version:", re.IGNORECASE)
_XML_TABLE = re.compile(r"<\?xml|<\w*:?workbook\b", re.IGNORECASE)

VERDICTS = {
    "broken": N_("这个文件打不开，可能没有传完整。请在电脑上打开看看，另存一次再上传。"),
    "locked": N_("这个文件设了密码，请去掉密码再上传。"),
    "foreign": N_("这不是 Excel 表格。请上传 .xlsx 或 .csv 文件。"),
    "bomb": N_("这个文件展开后大得不合常理，没有打开。请另存为新的 .xlsx 再上传。"),
    "wide": N_("这张表的列太多，名册用不到这么多列。请删去多余的列，另存后再上传。"),
    "long": N_("这张表的行太多，一次最多十万行。请删去多余的行，另存后再上传。"),
    "old": N_("这是旧格式（.xls 或 .et）。请打开它，另存为 .xlsx 再上传。"),
    "sheets": N_("这个文件里的工作表太多，一次最多 200 张。请分成几个文件再上传。"),
    "page": N_("这其实是一个网页，只是名字像表格（.xls）。请用 Excel 或 WPS 打开它，另存为 .xlsx 再上传。"),
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
    text = _decoded(data)
    start = text[:4096].lstrip("\ufeff \t\r\n")
    if start.startswith("<") or _MAIL.match(start):
        raise _refused(_kind_of_markup(start))
    return [RawSheet("", list(_delimited(text)))]


def _kind_of_markup(start: str) -> str:
    if _WEB_PAGE.search(start) or _MAIL.match(start):
        return "page"
    return "old" if _XML_TABLE.match(start) else "foreign"


def _workbook(data: bytes) -> list[RawSheet]:
    try:
        sheets, uncalculated = workbook.read_sheets(data)
    except workbook.Refused as refused:
        raise _refused(str(refused)) from None
    return [RawSheet(each.name, each.rows, each.is_hidden, uncalculated) for each in sheets]


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
    """Rows of a CSV file; the separator is the one with which a header is recognised, else the most frequent one."""
    head = text[:20_000].splitlines()[:40]
    heads = {each: list(enumerate(csv.reader(head, delimiter=each), 1)) for each in ",\t;"}
    found = (each for each, rows in heads.items() if layout(rows))
    separator = next(found, None) or max(heads, key=lambda each: sum(line.count(each) for line in head))
    yield from _lines(text, separator)


def _lines(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    try:
        for number, cells in enumerate(separated_rows(text, separator), 1):
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
