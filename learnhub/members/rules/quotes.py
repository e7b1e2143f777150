"""Quotes in a file of separated values: one that is never closed swallows the rows below it, which must not happen
silently."""

import csv
import io
from collections.abc import Iterator

from learnhub.core.errors import DomainError
from learnhub.core.text import N_

_END = "\x1elast row\x1e"
_UNCLOSED = N_(
    "第 %(row)s 行有一个引号没有配上，后面的行都被它当成了同一格，没有读。请删去这个引号，或者另存为 .xlsx 再上传。"
)
_SWALLOWED = N_(
    "第 %(row)s 行有一个引号，隔了几行才配上，中间的行像是另外的人。请检查这一行的引号，或者另存为 .xlsx 再上传。"
)


def separated_rows(text: str, separator: str) -> Iterator[list[str]]:
    """The rows of a file of separated values.

    Raises DomainError, with the row in which it was opened, for a quote that is never closed or that closes only after
    lines that are rows of their own. Raises csv.Error for what is no such file.
    """
    # A last row of our own, which an open quote would swallow like any other.
    ends_its_line = text.endswith(("\n", "\r"))
    reader = csv.reader(io.StringIO(f"{text}{'' if ends_its_line else chr(10)}{_END}", newline=""), delimiter=separator)
    columns, number, end = 0, 0, 0
    while (cells := _next(reader, number + 1)) != [_END]:
        number += 1
        if cells and cells[-1].endswith(_END):
            raise DomainError(_UNCLOSED, field="file", row=number)
        if reader.line_num - end > 1 and _holds_rows(cells, columns, separator):
            raise DomainError(_SWALLOWED, field="file", row=number)
        columns, end = max(columns, len(cells)), reader.line_num
        yield cells


def _next(reader: Iterator[list[str]], number: int) -> list[str]:
    try:
        return next(reader)
    except csv.Error as error:
        if "field larger" in str(error):
            raise DomainError(_UNCLOSED, field="file", row=number) from None
        raise


def _holds_rows(cells: list[str], columns: int, separator: str) -> bool:
    """Whether a cell of several lines holds one with as many separators as half the columns: another row."""
    least = max(2, (max(columns, len(cells)) - 1) // 2)
    return any(line.count(separator) >= least for cell in cells if "\n" in cell for line in cell.splitlines()[1:])
