"""Search over everything that may be read: a plain scan of the folded text, so nothing that is there can be missed.

Two Chinese characters are a word as good as any, one will do, and Latin words need not be whole. Measured with a
thousand month units (4 000 texts, 2.5 million characters) a scan takes 3 ms, as long as merging the postings of an index
would; so there is no index that could be wrong or out of date.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from learnhub.content.schema.values import Value

LONGEST_WORDS = 100
BEFORE, SHOWN = 20, 80

# Words of a text and whether they are what was asked for.
Piece = tuple[str, bool]


class Part(StrEnum):
    """What kind of thing was found, in the order in which they are listed."""

    COURSE = "course"
    LESSON = "lesson"
    UNIT = "unit"
    FILM = "film"
    PRACTICE = "practice"
    PAGE = "page"


class SearchEntry(Value):
    """One thing a search can find: where it is, what it is called, its plain text.

    `within` is the title of the course or the month it belongs to, empty for what stands alone.
    """

    part: Part
    url: str
    title: str
    text: str
    within: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found as it is listed: its title and a piece of its text with the words asked for."""

    entry: SearchEntry
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]


class _Folding(dict[int, str]):
    """For `str.translate`: every character with width and case folded, worked out once."""

    def __missing__(self, point: int) -> str:
        folded = self[point] = unicodedata.normalize("NFKC", chr(point)).casefold()
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """What is compared: one form of accents, width and case folded, character by character."""
    return unicodedata.normalize("NFC", text).translate(_FOLDING)


def terms(words: str) -> tuple[str, ...]:
    """The words asked for, folded, each once; spaces of any width part them. At most `LONGEST_WORDS` characters count."""
    return tuple(dict.fromkeys(fold(words[:LONGEST_WORDS]).split()))


class Index:
    """The texts of one catalogue, folded once."""

    def __init__(self, entries: Iterable[SearchEntry]) -> None:
        self._rows = [(entry, fold(entry.title), fold(f"{entry.title}\n{entry.text}")) for entry in entries]

    def find(self, words: str) -> tuple[SearchEntry, ...]:
        """Everything that has all of `words` in title or text; nothing for no words.

        What has them all in its title comes first, otherwise the order of the catalogue holds.
        """
        wanted = terms(words)
        if not wanted:
            return ()
        found = [row for row in self._rows if all(term in row[2] for term in wanted)]
        found.sort(key=lambda row: not all(term in row[1] for term in wanted))
        return tuple(row[0] for row in found)


def shown(entry: SearchEntry, words: str) -> Hit:
    """`entry` as a result for `words`: every occurrence in the title and in one piece of the text is told."""
    wanted = terms(words)
    return Hit(entry, _pieces(unicodedata.normalize("NFC", entry.title), wanted), _snippet(entry.text, wanted))


def _snippet(text: str, wanted: Sequence[str]) -> tuple[Piece, ...]:
    flat = " ".join(unicodedata.normalize("NFC", text).split())
    starts = [start for start, _ in _occurrences(flat, wanted)]
    begin = max(0, min(starts, default=0) - BEFORE)
    end = min(len(flat), begin + SHOWN)
    pieces = _pieces(flat[begin:end], wanted)
    before: tuple[Piece, ...] = (("…", False),) if begin else ()
    after: tuple[Piece, ...] = (("…", False),) if end < len(flat) else ()
    return before + pieces + after


def _pieces(text: str, wanted: Sequence[str]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    done = 0
    for start, end in sorted(_occurrences(text, wanted), key=lambda place: (place[0], -place[1])):
        if end <= done:
            continue
        if start > done:
            pieces.append((text[done:start], False))
        pieces.append((text[max(start, done) : end], True))
        done = end
    if done < len(text):
        pieces.append((text[done:], False))
    return tuple(pieces)


def _occurrences(text: str, wanted: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where (from, to) in `text`, counted before folding, each of the folded terms stands."""
    folded = text.translate(_FOLDING)
    places = _places(text) if len(folded) != len(text) else None
    for term in wanted:
        for match in re.finditer(re.escape(term), folded):
            if places is None:
                yield match.start(), match.end()
            else:
                yield places[match.start()], places[match.end() - 1] + 1


def _places(text: str) -> list[int]:
    """For each character of the folded text, which of `text` it comes from."""
    return [place for place, character in enumerate(text) for _ in _FOLDING[ord(character)]]
