"""SQLite's FTS5 over characters and pairs of neighbours: the floor of searching Chinese text."""

import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from learnhub.content.schema.search import fold
from learnhub.core.sqlite import sqlite_module

FOUND = "SELECT count(*) FROM texts WHERE texts MATCH ?"
FIRST = "SELECT title, substr(body, 1, 120) FROM texts WHERE texts MATCH ? LIMIT 3"


def build(file: Path, texts: Iterable[tuple[str, str]]) -> None:
    """Write the table of `texts`, each a title and a body, into a new file."""
    table = opened(file)
    table.execute("CREATE VIRTUAL TABLE texts USING fts5 (tokens, title UNINDEXED, body UNINDEXED, tokenize = 'ascii')")
    rows = ((_tokens(fold(f"{title}\n{body}")), title, body) for title, body in texts)
    table.execute("BEGIN")
    table.executemany("INSERT INTO texts VALUES (?, ?, ?)", rows)
    table.execute("COMMIT")
    table.close()


def opened(file: Path) -> Any:
    """A connection to it."""
    return sqlite_module().connect(file, isolation_level=None)


def match(words: str) -> str:
    """What to ask the table for `words`, all of which must be there."""
    return "tokens: (" + " AND ".join(_phrase(term) for term in fold(words).split()) + ")"


def _tokens(text: str) -> str:
    """Every character and every pair of neighbours as a word of hexadecimal digits, in order of place."""
    code = [f"{ord(character):x}" for character in text]
    return " ".join(f"u{one} b{one}x{two}" for one, two in zip(code, [*code[1:], "0"], strict=True))


def _phrase(term: str) -> str:
    code = [f"{ord(character):x}" for character in term]
    if len(code) == 1:
        return f"u{code[0]}"
    pairs = [f"b{one}x{two}" for one, two in itertools.pairwise(code)]
    # Between two pairs stands the single character, so a phrase names it too.
    words = [pairs[0]]
    for one, pair in zip(code[1:], pairs[1:], strict=False):
        words += [f"u{one}", pair]
    return '"' + " ".join(words) + '"'
