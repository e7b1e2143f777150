"""The two sheets of a roster file: which columns there are, how their headers and words are recognised."""

import dataclasses
import enum
import functools
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from learnhub.core.text import N_, normalize

# A header stands in one of the first rows; above it there is at most a title and a note.
HEADER_ROWS = 6


class SheetKind(enum.Enum):
    """What a sheet lists."""

    ORGANIZATIONS = "organizations"
    MEMBERS = "members"


SHEET_LABELS = {SheetKind.ORGANIZATIONS: N_("党组织"), SheetKind.MEMBERS: N_("党员")}


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, the header we write, and its width in characters."""

    key: str
    header: str
    width: int


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns of a sheet stand: the header's row (from 1), key by position, and headers not understood."""

    kind: SheetKind
    header_row: int
    keys: Mapping[int, str]
    headers: Mapping[str, str]
    unknown: tuple[str, ...]


@functools.cache
def _file() -> dict[str, Any]:
    with Path(__file__).with_name("columns.toml").open("rb") as file:
        return tomllib.load(file)


@functools.cache
def columns(kind: SheetKind) -> tuple[Column, ...]:
    """The columns of a sheet in the order in which we write them."""
    return tuple(Column(each["key"], each["header"], each["width"]) for each in _file()[kind.value])


@functools.cache
def headers(kind: SheetKind) -> Mapping[str, str]:
    """The header we write for each column's key."""
    return {column.key: column.header for column in columns(kind)}


@functools.cache
def words(name: str) -> Mapping[str, str]:
    """The value meant by each word that cells of this sort may hold, both ours and others'."""
    return {plain(word): value for value, known in _file()["words"][name].items() for word in known}


@functools.cache
def word_for(name: str, value: str) -> str:
    """The word we write for `value`."""
    return str(_file()["words"][name][value][0])


def plain(text: str) -> str:
    """`text` with width folded and without spaces: what words in cells are compared by."""
    return "".join(normalize("NFKC", text).split())


@functools.cache
def _header_keys(kind: SheetKind) -> Mapping[str, str]:
    return {word: each["key"] for each in _file()[kind.value] for word in (each["header"], *each["also"])}


def _header(text: str) -> str:
    bare = plain(text).partition("(")[0]
    return "".join(character for character in bare if character.isalnum())


def layout(rows: Sequence[tuple[int, Sequence[str]]]) -> Layout | None:
    """The layout of a sheet, found in its first rows, or None when it is no sheet of a roster.

    A sheet with names of people and a way to tell them apart lists members; one with codes and names of
    organizations lists organizations. Of a column that stands twice the first one counts.
    """
    for number, cells in rows[:HEADER_ROWS]:
        for kind in (SheetKind.MEMBERS, SheetKind.ORGANIZATIONS):
            found = _layout(kind, number, cells)
            needed = {"name", "code"} if kind is SheetKind.ORGANIZATIONS else {"name"}
            if needed <= set(found.headers) and len(found.headers) >= 2:
                return found
    return None


def _layout(kind: SheetKind, number: int, cells: Sequence[str]) -> Layout:
    known = _header_keys(kind)
    keys: dict[int, str] = {}
    written: dict[str, str] = {}
    unknown = []
    for position, cell in enumerate(cells):
        key = known.get(_header(cell))
        if key and key not in written:
            keys[position] = key
            written[key] = " ".join(cell.split())
        elif cell.strip():
            unknown.append(" ".join(cell.split()))
    return Layout(kind, number, keys, written, tuple(unknown))
