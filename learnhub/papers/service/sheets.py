"""Papers as XLSX: rows pass through without being held, nothing in a cell is ever a formula or a link."""

import datetime as dt
from collections.abc import Iterator
from typing import IO, Any

import xlsxwriter

from learnhub.papers.rules import Block, Box, Cell, Grid, Heading, Paper, Paragraph, Picture, Table

# Excel takes no more rows on one sheet than this.
MOST_ROWS = 1_000_000
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_xlsx(file: IO[bytes], paper: Paper) -> None:
    """Write `paper` into `file`: what it is about, its text and tables in order, and the counting basis at the end.

    A table with more rows than a sheet holds ends at the last row that fits.
    """
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.set_properties({"title": paper.title, "created": paper.made_at.astimezone(dt.UTC).replace(tzinfo=None)})
        _Sheet(book, paper).write()


class _Sheet:
    """One sheet that is written from top to bottom."""

    def __init__(self, book: Any, paper: Paper) -> None:
        self._paper = paper
        self._sheet = book.add_worksheet(_sheet_name(paper.title))
        self._text = book.add_format({"num_format": "@"})
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "vcenter"})
        self._total = book.add_format({"bold": True, "top": 1})
        self._line = 0

    def write(self) -> None:
        paper, sheet = self._paper, self._sheet
        tables = [block for block in paper.blocks if isinstance(block, Table)]
        for place, width in enumerate(_widths(tables)):
            sheet.set_column(place, place, width)
        if paper.landscape:
            sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        self._words(paper.title, self._title)
        for label, value in paper.facts:
            self._words(f"{label}{': ' if paper.language == 'en' else '：'}{value}")
        self._line += 1
        for block in paper.blocks:
            self._block(block)
        for note in paper.notes:
            self._words(note)
        for words in (paper.issuer, paper.issued_on):
            if words:
                self._words(words)

    def _block(self, block: Block) -> None:
        """A table, words, or a form; what is only for paper (signatures, page breaks) is left out."""
        if isinstance(block, Table):
            self._table(block)
            self._line += 1
        elif isinstance(block, Grid):
            for boxes in block.rows:
                self._row(tuple(_filled(boxes)))
            self._line += 1
        elif isinstance(block, Heading | Paragraph):
            self._words(block.text, self._head if isinstance(block, Heading) else None)
        elif isinstance(block, Picture) and block.caption:
            self._words(block.caption)

    def _words(self, words: str, form: Any = None) -> None:
        if self._line < MOST_ROWS:
            self._sheet.write_string(self._line, 0, words, form or self._text)
            self._line += 1

    def _table(self, table: Table) -> None:
        if table.caption:
            self._words(table.caption, self._head)
        if table.groups:
            self._row(tuple(_spread(table)), self._head)
        self._row(tuple(column.label for column in table.columns), self._head)
        before: tuple[Cell, ...] | None = None
        for row in table.rows:  # one row behind, to know the last
            if before is not None:
                self._row(before)
            before = row
        if before is not None:
            self._row(before, self._total if table.total_last else None)

    def _row(self, cells: tuple[Cell, ...], form: Any = None) -> None:
        if self._line >= MOST_ROWS:
            return
        for place, cell in enumerate(cells):
            if isinstance(cell, int):
                self._sheet.write_number(self._line, place, cell, form)
            elif cell:
                self._sheet.write_string(self._line, place, cell, form or self._text)
        self._line += 1


def _filled(boxes: tuple[Box, ...]) -> Iterator[str]:
    for box in boxes:
        yield box.text
        yield from [""] * (box.span - 1)


def _spread(table: Table) -> Iterator[str]:
    for group in table.groups:
        yield group.label
        yield from [""] * (group.span - 1)


def _widths(tables: list[Table]) -> list[int]:
    """The widest wish for each column of the sheet."""
    most = max((len(table.columns) for table in tables), default=0)
    return [max(table.columns[place].width for table in tables if place < len(table.columns)) for place in range(most)]


def _sheet_name(title: str) -> str:
    """`title` as the name of a sheet: without what Excel refuses, and short enough."""
    return "".join(each for each in title if each not in "[]:*?/\\'")[:31]
