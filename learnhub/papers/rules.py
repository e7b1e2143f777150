"""One value for a paper, whatever it is shown as: page, XLSX, PDF and Word are all made from it.

Words come in the reader's language already; this room knows none of its own.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterable

Cell = str | int


class Style(enum.Enum):
    """How a paper looks: a table with its counting basis, or an official document (GB/T 9704-2012)."""

    REPORT = "report"
    OFFICIAL = "official"


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


class FontsMissing(Exception):
    """No font at hand can print Chinese; the message says which folder was looked into."""


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

    `total_last` marks the last row as the total; `groups`, when given, span all columns.
    """

    columns: tuple[Column, ...]
    rows: Iterable[tuple[Cell, ...]]
    caption: str = ""
    groups: tuple[Group, ...] = ()
    total_last: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a paper; level 1 is 一、, level 2 is （一） in an official document, the number being part of the words."""

    text: str
    level: int = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of text."""

    text: str


Block = Heading | Paragraph | Table


@dataclasses.dataclass(frozen=True, slots=True)
class Paper:
    """A paper: what it is called, what it is about, what it says, and how its figures are counted.

    `facts` stand above (task, organization, roster date), `notes` below (the counting basis, the source). `made_at` is
    an aware instant and the only time in the file, so one value always gives the same bytes. `footer` stands on every
    printed page; `issuer` and `issued_on` (words) sign an official document.
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
