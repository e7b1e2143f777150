"""One value for a paper, whatever it is shown as: page, XLSX, PDF and Word are all made from it.

Words come in the reader's language already; this room knows none of its own.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterable
from typing import ClassVar

from learnhub.core.voice import Cell


class Style(enum.Enum):
    """How a paper looks: a table with its counting basis, an official document (GB/T 9704-2012), or a form to be filed.

    A form to be filed leaves room at the left for binding and numbers its pages.
    """

    REPORT = "report"
    OFFICIAL = "official"
    FILING = "filing"


class Form(enum.Enum):
    """What a paper can be taken away as."""

    XLSX = "xlsx"
    PDF = "pdf"
    WORD = "docx"


MEDIA_TYPES = {
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.PDF: "application/pdf",
    Form.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column: its label, its width (in Latin characters) beside the others', and whether it holds numbers."""

    label: str
    width: int = 10
    numeric: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """A heading over `span` neighbouring columns; an empty label leaves them without one."""

    label: str
    span: int


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    """A table. `rows` may be any iterable for XLSX, which holds one row at a time; the other forms need a sequence.

    `total_last` marks the last row as the total; `groups`, when given, span all columns. `row_height` (millimetres) is
    how high each row is at least, for what is written in by pen. The head stands on each page, no row is parted.
    """

    kind: ClassVar[str] = "table"
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Cell, ...]]
    caption: str = ""
    groups: tuple[Group, ...] = ()
    total_last: bool = False
    row_height: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Box:
    """One box of a form: a label or what was filled in, over `span` columns, at least `height` millimetres high.

    `flows`: its text may be longer than a page, so it may be parted between two; `centred` is for figures.
    """

    text: str
    span: int = 1
    label: bool = False
    height: int = 0
    flows: bool = False
    centred: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Grid:
    """A form of boxes; the boxes of each row span `columns` columns of equal width together.

    It stands on one page where it fits on one.
    """

    kind: ClassVar[str] = "grid"
    columns: int
    rows: tuple[tuple[Box, ...], ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Signatures:
    """A line on which each of `labels` is followed by room for a name written by hand."""

    kind: ClassVar[str] = "signatures"
    labels: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG of `width` × `height` pixels with the words below it; two of them fit on a page."""

    kind: ClassVar[str] = "picture"
    jpeg: bytes
    width: int
    height: int
    caption: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins on a new page."""

    kind: ClassVar[str] = "page_break"


@dataclasses.dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a paper; level 1 is 一、, level 2 is （一） in an official document, the number being part of the words."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text."""

    kind: ClassVar[str] = "paragraph"
    text: str


Block = Heading | Paragraph | Table | Grid | Signatures | Picture | PageBreak


@dataclasses.dataclass(frozen=True, slots=True)
class Paper:
    """A paper: what it is called, what it is about, what it says, and how its figures are counted.

    `facts` stand above (task, organization, roster date), `notes` below (the counting basis, the source). `made_at` is
    an aware instant and the only time in the file, so one value always gives the same bytes. `footer` stands on every
    printed page; `issuer` and `issued_on` (words) sign an official document. `holder` is whose paper it is and stands
    above the title; `page_words` numbers the pages where the style asks for it and has places for `%(page)s` and
    `%(pages)s`; with `cover`, title, facts and notes have the first page for themselves.
    """

    title: str
    made_at: dt.datetime
    blocks: tuple[Block, ...]
    facts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    style: Style = Style.REPORT
    landscape: bool = False
    language: str = "zh-CN"
    footer: str = ""
    issuer: str = ""
    issued_on: str = ""
    holder: str = ""
    page_words: str = ""
    cover: bool = False

    @property
    def page_parts(self) -> tuple[str, str, str]:
        """What stands before the page's number, between it and how many there are, and after that."""
        before, _, rest = self.page_words.partition("%(page)s")
        between, _, after = rest.partition("%(pages)s")
        return before, between, after
