"""Search over everything that may be read: a plain scan of the folded text, so nothing that is there can be missed.

Two Chinese characters are a word as good as any, one will do, and Latin words need not be whole. Only texts that have all
characters of the words are scanned; the sets of texts for each character, one bit a text, take half a megabyte for a
thousand month units (4 000 texts), where postings of bigrams would take fifty to save two milliseconds.
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
        self._having: dict[str, int] = {}
        for place, (_, _, text) in enumerate(self._rows):
            for character in set(text):
                self._having[character] = self._having.get(character, 0) | 1 << place

    def find(self, words: str) -> tuple[SearchEntry, ...]:
        """Everything that has all of `words` in title or text; nothing for no words.

        What has them all in its title comes first, otherwise the order of the catalogue holds.
        """
        wanted = terms(words)
        scanned = [term for term in wanted if len(term) > 1]  # one character is told by its bits
        rows = [row for row in self._candidates(wanted) if all(term in row[2] for term in scanned)]
        rows.sort(key=lambda row: not all(term in row[1] for term in wanted))
        return tuple(row[0] for row in rows)

    def _candidates(self, wanted: Sequence[str]) -> Iterator[tuple[SearchEntry, str, str]]:
        """The rows that have every character of `wanted`."""
        if not wanted:
            return
        left = -1
        for character in set("".join(wanted)):
            left &= self._having.get(character, 0)
        for place, bit in enumerate(reversed(f"{left:b}")):
            if bit == "1":
                yield self._rows[place]


def shown(entry: SearchEntry, words: str) -> Hit:
    """`entry` as a result for `words`: every occurrence in the title and in one piece of the text is told."""
    wanted = terms(words)
    return Hit(entry, _pieces(unicodedata.normalize("NFC", entry.title), wanted), _snippet(entry.text, wanted))


def _snippet(text: str, wanted: Sequence[str]) -> tuple[Piece, ...]:
    flat = " ".join(unicodedata.normalize("NFC", text).split())
    begin = max(0, _first(flat, wanted) - BEFORE)
    end = min(len(flat), begin + SHOWN)
    pieces = _pieces(flat[begin:end], wanted)
    before: tuple[Piece, ...] = (("…", False),) if begin else ()
    after: tuple[Piece, ...] = (("…", False),) if end < len(flat) else ()
    return before + pieces + after


def _first(text: str, wanted: Sequence[str]) -> int:
    """Where in `text` the first of the folded terms stands, 0 when none does (the title has them)."""
    folded = text.translate(_FOLDING)
    start = min((place for term in wanted if (place := folded.find(term)) >= 0), default=0)
    return start if len(folded) == len(text) else _places(text)[start] if text else 0


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
