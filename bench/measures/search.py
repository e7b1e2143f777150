"""Search over a thousand month units, against SQLite's FTS5 over bigrams of the same texts, kept in memory."""

import itertools
from collections.abc import Iterator

from bench.frame import Result, World, compare
from config import ROOT
from learnhub.content.load import load
from learnhub.content.schema import Index, SearchEntry, shown
from learnhub.content.schema.search import fold
from learnhub.web.db import sqlite_module

UNITS = 1_000
# Frequent and rare, of one character and of several, in Latin letters, and what is nowhere.
WORDS = ("党员", "支部", "的", "心肺复苏", "诈骗 转账", "12371", "救", "没有这样的字句")
FIRST = 3


def measure(world: World) -> Iterator[Result]:
    """`search`: all of `WORDS`, each with what a page shows of it."""
    entries = _entries()
    index, table = Index(entries), _bigrams(entries)

    def ours() -> int:
        found = [index.find(words) for words in WORDS]
        _ = [shown(entry, words) for words, of in zip(WORDS, found, strict=True) for entry in of[:FIRST]]
        return sum(map(len, found))

    def floor() -> int:
        found = 0
        for words in WORDS:
            found += len(table.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (_match(words),)).fetchall())
            table.execute("SELECT body FROM texts WHERE texts MATCH ? LIMIT ?", (_match(words), FIRST)).fetchall()
        return found

    assert ours() == floor()
    yield compare("search", ours, floor, world.rounds)


def _entries() -> list[SearchEntry]:
    """As many entries as `UNITS` months have, each text a little different."""
    contents = load(ROOT / "content").catalogue
    assert contents is not None
    months = [entry for entry in contents.entries() if entry.url.startswith("/months/")]
    return [
        each.model_copy(update={"url": f"{each.url}-{number}", "text": f"{each.text}\n{number}"})
        for number in range(UNITS // len(contents.units) + 1)
        for each in months
    ][: UNITS * 4]


def _bigrams(entries: list[SearchEntry]):  # type: ignore[no-untyped-def]  # the driver has no types
    table = sqlite_module().connect(":memory:")
    table.execute("CREATE VIRTUAL TABLE texts USING fts5 (body, tokenize = 'ascii')")
    rows = ((_tokens(fold(f"{entry.title}\n{entry.text}")),) for entry in entries)
    table.executemany("INSERT INTO texts VALUES (?)", rows)
    return table


def _tokens(text: str) -> str:
    """Every character and every pair of neighbours as a word of hexadecimal digits, in order of place."""
    code = [f"{ord(character):x}" for character in text]
    return " ".join(f"u{one} b{one}x{two}" for one, two in zip(code, [*code[1:], "0"], strict=True))


def _match(words: str) -> str:
    return " AND ".join(_phrase(term) for term in fold(words).split())


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
