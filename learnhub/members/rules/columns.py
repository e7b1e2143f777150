"""The two sheets of a roster file: which columns there are, how their headers and words are recognised."""

import dataclasses
import enum
import functools
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from learnhub.core.text import N_, normalize

# A header stands in one or two of the first rows; above it there are at most a title and notes.
HEADER_ROWS = 12
# So many known headers make a header row, even where the one that is needed most is not among them.
_ENOUGH = 3
# By hand a column can be given no key at all: it is not read.
UNREAD = ""


class SheetKind(enum.Enum):
    """What a sheet lists."""

    ORGANIZATIONS = "organizations"
    MEMBERS = "members"


SHEET_LABELS = {SheetKind.ORGANIZATIONS: N_("党组织"), SheetKind.MEMBERS: N_("党员")}


NEEDED = {SheetKind.ORGANIZATIONS: frozenset({"name", "code"}), SheetKind.MEMBERS: frozenset({"name"})}


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, the header we write, and its width in characters."""

    key: str
    header: str
    width: int


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns of a sheet stand: the header's rows (from 1), key by position, and headers not understood.

    `is_complete` is False where the column is missing without which nothing can be read. `by_hand` are the headers
    whose key somebody has given.
    """

    kind: SheetKind
    first_row: int
    header_row: int
    keys: Mapping[int, str]
    headers: Mapping[str, str]
    unknown: tuple[str, ...]
    by_hand: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether the columns are there without which nothing can be read."""
        return NEEDED[self.kind] <= set(self.headers)


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


def normal_header(text: str) -> str:
    """A header as it is compared: without spaces, signs, brackets and what stands in them."""
    bare = plain(text).partition("(")[0]
    return "".join(character for character in bare if character.isalnum())


def layout(rows: Sequence[tuple[int, Sequence[str]]], by_hand: Mapping[str, str] | None = None) -> Layout | None:
    """The layout of a sheet, found in its first rows, or None when it is no sheet of a roster.

    A sheet with names of people and a way to tell them apart lists members; one with codes and names of
    organizations lists organizations. A header may stand in two rows. Of a column that stands twice the first one
    counts. `by_hand` are keys (or `UNREAD`) by header in its normal form, which somebody has given.
    """
    by_hand = by_hand or {}
    best: Layout | None = None
    for place, (number, cells) in enumerate(rows[:HEADER_ROWS]):
        below = rows[place + 1] if place + 1 < len(rows) else None
        for kind in (SheetKind.MEMBERS, SheetKind.ORGANIZATIONS):
            for found in _layouts(kind, number, cells, below, by_hand):
                if _is_header(found) and (best is None or _weight(found) > _weight(best)):
                    best = found
    return best


def _is_header(found: Layout) -> bool:
    return len(found.headers) >= (2 if found.is_complete else _ENOUGH)


def _weight(found: Layout) -> tuple[bool, int, bool]:
    # A row above that adds nothing is a title.
    return found.is_complete, len(found.headers), found.first_row == found.header_row


def _layouts(
    kind: SheetKind,
    number: int,
    cells: Sequence[str],
    below: tuple[int, Sequence[str]] | None,
    by_hand: Mapping[str, str],
) -> Iterator[Layout]:
    """The layout of a header in one row, and that of one in this row and the next."""
    known = {**_header_keys(kind), **by_hand}
    upper = [normal_header(cell) for cell in cells]
    if not any(upper):
        return
    yield _layout(kind, (number, number), [[each] for each in cells], known, by_hand)
    if below is None:
        return
    lower = [normal_header(cell) for cell in below[1]]
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    added = [(up, low) for up, low in zip(upper, lower, strict=True) if low and low != up]
    headed = [low in known or up + low in known for up, low in added]
    # Below a header that is understood there is nothing, the same (merged), or a header: else it is a row of data.
    if not any(headed) or any(up in known and not is_head for (up, _low), is_head in zip(added, headed, strict=True)):
        return
    tops = [*cells, *[""] * (width - len(cells))]
    bottoms = [*below[1], *[""] * (width - len(below[1]))]
    pairs = [[top] if top == low else [top + low, low, top] for top, low in zip(tops, bottoms, strict=True)]
    yield _layout(kind, (number, below[0]), pairs, known, by_hand)


def _layout(
    kind: SheetKind,
    rows: tuple[int, int],
    columns: Sequence[Sequence[str]],
    known: Mapping[str, str],
    by_hand: Mapping[str, str],
) -> Layout:
    """The layout of columns of which each has one or several readings of its header, the best first."""
    keys: dict[int, str] = {}
    written: dict[str, str] = {}
    unknown, given = [], []
    for position, readings in enumerate(columns):
        cell = next((each for each in readings if normal_header(each) in known), readings[0])
        header, line = normal_header(cell), " ".join(cell.split())
        key = known.get(header)
        if header in by_hand:
            given.append(line)
        if key and key not in written:
            keys[position] = key
            written[key] = line
        elif line and header not in by_hand:
            unknown.append(line)
    return Layout(kind, *rows, keys, written, tuple(dict.fromkeys(unknown)), tuple(given))
