"""A page of search results over a thousand month units, against SQLite's FTS5 over bigrams of the same texts."""

import urllib.parse
from collections.abc import Iterator
from pathlib import Path

from bench import bigrams
from bench.frame import Result, World, result
from bench.measures.lesson_page import signed_in_member
from bench.serving import Phones, pages_a_second, side_by_side
from config import ROOT
from learnhub.content.load import load
from learnhub.content.schema import Catalogue, Index
from learnhub.content.schema.search import fold

UNITS, SECONDS = 1_000, 2.0
# Frequent and rare, of one character and of several, in Latin letters, and what is nowhere.
WORDS = ("党员", "支部", "的", "心肺复苏", "诈骗 转账", "12371", "救", "没有这样的字句")


def measure(world: World) -> Iterator[Result]:
    """`search`: pages a second of each in turn, at two workers over 16 connections; more is better."""
    settings = world.app.config["SETTINGS"]
    contents = _thousand()
    settings.published_content.write_text(contents.model_dump_json(), encoding="utf-8")
    table = Path(settings.instance_folder, "bigrams.sqlite3")
    table.unlink(missing_ok=True)
    bigrams.build(table, ((entry.title, entry.text) for entry in contents.entries()))
    _same_found(contents, table)
    token, phones = signed_in_member(world), Phones(world.app)
    paths = [f"/search?q={urllib.parse.quote(words)}" for words in WORDS]
    times: tuple[list[float], list[float]] = ([], [])
    with side_by_side(world, BENCH_SEARCH=str(table)) as (port, floor_port):
        for number in range(max(2, world.rounds // 3) + 1):
            found = tuple(pages_a_second(each, paths, phones.cookies(token), SECONDS) for each in (port, floor_port))
            if number:  # the first warms up
                for row, each in zip(times, found, strict=True):
                    row.append(each)
    yield result("search", times[0], times[1], "pages/s")


def _thousand() -> Catalogue:
    """Our content with as many months, each titled a little differently."""
    contents = load(ROOT / "content").catalogue
    assert contents is not None
    units = [
        contents.units[number % len(contents.units)].model_copy(
            update={"month": f"{1950 + number // 12}-{number % 12 + 1:02d}", "title": f"第{number}个月"}
        )
        for number in range(UNITS)
    ]
    return contents.model_copy(update={"units": tuple(units)})


def _same_found(contents: Catalogue, table: Path) -> None:
    """Both find as much; one that finds less would be quicker for nothing."""
    index, other = Index(contents.entries()), bigrams.opened(table)
    for words in WORDS:
        (count,) = other.execute(bigrams.FOUND, (bigrams.match(words),)).fetchone()
        assert len(index.find(fold(words))) == count, words
    other.close()
