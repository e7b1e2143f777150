"""Papers as XLSX: rows pass through without being held, nothing in a cell is ever a formula or a link."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import IO, Any

import xlsxwriter

from learnhub.core.voice import Cell, Rate
from learnhub.papers.rules import Block, Box, Column, Grid, Heading, Paper, Paragraph, Picture, Table

# Excel takes no more rows on one sheet than this.
MOST_ROWS = 1_000_000
# From so many columns on the first, the names, stays in sight when the sheet is moved sideways.
_WIDE = 8
_LINE_HEIGHT = 14
# With more rows above its end, a head that stayed in sight would leave too little of the table.
_MOST_FROZEN = 16
_AT_THE_RIGHT, _NUMBER_OF_ROW, _DAY = "right", "number of a row", "yyyy-mm-dd"
# Kinds of values that do not stand where their program would put them.
_SIDES = {
    _AT_THE_RIGHT: {"num_format": "@", "align": "right"},
    _NUMBER_OF_ROW: {"num_format": "0", "align": "center"},
    _DAY: {"num_format": _DAY, "align": "center"},
}
_EDGES = {"border": 1, "border_color": "#8D8178"}
_LOOKS: dict[str, dict[str, Any]] = {
    "text": {},
    "long": {"text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 14},
    "heading": {"bold": True},
    "head": {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "bg_color": "#F4EEE4", **_EDGES},
    "cell": {"valign": "vcenter", "text_wrap": True, **_EDGES},
    "total": {"bold": True, "valign": "vcenter", **_EDGES},
}
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
        self._paper, self._book = paper, book
        self._sheet = book.add_worksheet(_sheet_name(paper.title))
        self._formats: dict[tuple[str, str], Any] = {}
        self._tables = [block for block in paper.blocks if isinstance(block, Table)]
        self._wide = _widths(self._tables)
        self._line = 0

    def write(self) -> None:
        """Write everything."""
        paper, sheet = self._paper, self._sheet
        for place, width in enumerate(self._wide):
            sheet.set_column(place, place, width)
        if paper.landscape:
            sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.set_footer("&C&P / &N")
        self._words(paper.title, "title")
        for label, value in paper.facts:
            self._words(f"{label}{': ' if paper.language == 'en' else '：'}{value}")
        self._line += 1
        for block in paper.blocks:
            self._block(block)
        for words in (*paper.notes, paper.issuer, paper.issued_on):
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
            self._words(block.text, "heading" if isinstance(block, Heading) else "text")
        elif isinstance(block, Picture) and block.caption:
            self._words(block.caption)

    def _words(self, words: str, look: str = "text") -> None:
        """One line, or as many as it takes within the tables' width: a longer one would make the whole print tiny."""
        if self._line >= MOST_ROWS:
            return
        lines = _lines(words, sum(self._wide)) if self._wide else 1
        if lines > 1 and len(self._wide) > 1:
            self._height(lines)
            self._sheet.merge_range(self._line, 0, self._line, len(self._wide) - 1, "", self._format("long"))
            self._sheet.write_string(self._line, 0, words, self._format("long"))
        else:
            self._sheet.write_string(self._line, 0, words, self._format(look))
        self._line += 1

    def _table(self, table: Table) -> None:
        if table.caption:
            self._words(table.caption, "heading")
        head = self._line
        if table.groups:
            self._group_heads(table)
        labels = tuple(column.label for column in table.columns)
        self._height(max(_lines(label, self._wide[place]) for place, label in enumerate(labels)))
        self._row(labels, "head")
        if len(self._tables) == 1 and self._line <= _MOST_FROZEN:
            # The head stays in sight and is printed on each page; so does the first column of a wide table.
            self._sheet.freeze_panes(self._line, 1 if len(labels) > _WIDE else 0)
            self._sheet.repeat_rows(head, self._line - 1)
        before: tuple[Cell, ...] | None = None
        for row in table.rows:  # one row behind, to know the last
            if before is not None:
                self._row(before, "cell", table.columns)
            before = row
        if before is not None:
            self._row(before, "total" if table.total_last else "cell", table.columns)

    def _group_heads(self, table: Table) -> None:
        """The headings over neighbouring columns, each over all of its own."""
        start, lines = 0, 1
        for group in table.groups:
            end = start + group.span - 1
            lines = max(lines, _lines(group.label, sum(self._wide[start : end + 1])))
            if group.span > 1:
                self._sheet.merge_range(self._line, start, self._line, end, group.label, self._format("head"))
            else:
                self._sheet.write_string(self._line, start, group.label, self._format("head"))
            start = end + 1
        self._height(lines)
        self._line += 1

    def _height(self, lines: int) -> None:
        """Make the row that comes next high enough: programs leave rows of merged cells at the height of one line."""
        if lines > 1:
            self._sheet.set_row(self._line, _LINE_HEIGHT * lines + 3)

    def _row(self, cells: tuple[Cell, ...], look: str = "text", columns: Sequence[Column] = ()) -> None:
        if self._line >= MOST_ROWS:
            return
        for place, cell in enumerate(cells):
            self._cell(place, cell, look, counts=not columns or columns[place].numeric)
        self._line += 1

    def _cell(self, place: int, cell: Cell, look: str, *, counts: bool) -> None:
        """A number, a day or a rate is one for the program too; all else is text, and text alone.

        A number that `counts` nothing, such as that of the row, stands in the middle, as days do: at the right it would
        touch the words beside it.
        """
        if isinstance(cell, int):
            self._sheet.write_number(self._line, place, cell, self._format(look, "0" if counts else _NUMBER_OF_ROW))
        elif isinstance(cell, float):
            self._sheet.write_number(self._line, place, cell, self._format(look, "General"))
        elif isinstance(cell, dt.date):
            self._sheet.write_datetime(self._line, place, cell, self._format(look, _DAY))
        elif isinstance(cell, Rate) and cell.number is not None:
            self._sheet.write_number(self._line, place, cell.number, self._format(look, "0.0%"))
        elif cell:
            kind = _AT_THE_RIGHT if isinstance(cell, Rate) else "@"
            self._sheet.write_string(self._line, place, str(cell), self._format(look, kind))
        elif look != "text":
            self._sheet.write_blank(self._line, place, None, self._format(look))

    def _format(self, look: str, kind: str = "@") -> Any:
        """The format of one look and kind of value, made once."""
        if (look, kind) not in self._formats:
            self._formats[look, kind] = self._book.add_format(_LOOKS[look] | _SIDES.get(kind, {"num_format": kind}))
        return self._formats[look, kind]


def _filled(boxes: tuple[Box, ...]) -> Iterator[str]:
    for box in boxes:
        yield box.text
        yield from [""] * (box.span - 1)


def _lines(words: str, width: int) -> int:
    """How many lines `words` take in a column of `width` Latin characters; a Chinese one is as wide as two."""
    wide = sum(1 if each.isascii() else 2 for each in words)
    return max(1, -(-wide // max(width - 1, 1)))


def _widths(tables: list[Table]) -> list[int]:
    """The widest wish for each column of the sheet."""
    most = max((len(table.columns) for table in tables), default=0)
    return [max(table.columns[place].width for table in tables if place < len(table.columns)) for place in range(most)]


def _sheet_name(title: str) -> str:
    """`title` as the name of a sheet: without what Excel refuses, and short enough."""
    return "".join(each for each in title if each not in "[]:*?/\\'")[:31]
