"""No page answers 500, in any world, to anybody, whatever is asked (docs/promises.md, R15); and the next good request is answered.

`make test` opens every route of the small worlds, and of a town, with a part of what is odd; `make long` opens the towns on
both databases and asks for everything that is odd where all there is stands beside each other, in the demonstration.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from learnhub.core import clock
from learnhub.web.requests import CleanRequest
from tests import databases, worlds
from tests.crawl.crawler import Crawler, Notes
from tests.crawl.odd_requests import OddRequests
from tests.read_fields import ReadFields
from tests.worlds import World

_built: dict[tuple[str, str], World] = {}


@pytest.fixture
def world(request: pytest.FixtureRequest, kind: databases.Kind, shared_parts: dict[str, Any]) -> Iterator[World]:
    """The world named by the parameter, built once for each kind of database, with the clock held at its moment."""
    name = request.param
    if (kind.name, name) not in _built:
        _built[kind.name, name] = worlds.build(name, kind, Path(shared_parts["content"]) / "content.json")
    found = _built[kind.name, name]
    clock.fix(found.now)
    return found


@pytest.fixture(autouse=True)
def _reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests note what names are asked for."""
    monkeypatch.setattr(CleanRequest, "parameter_storage_class", ReadFields)
    monkeypatch.setattr(ReadFields, "names", defaultdict(set))


def crawl(world: World, *, reads: bool, oddly: bool, thoroughly: bool = False) -> Notes:
    """Everybody walks through the world and opens every route; then, `oddly`, what was found is asked for oddly."""
    notes, rules = Notes(), list(world.app.url_map.iter_rules())
    with databases.rolled_back(world.app) as connection:
        # Every statement of the site is compiled once; the site itself keeps those that it needs most.
        connection.execution_options(compiled_cache={})
        crawlers = {login: Crawler(world, connection, login, notes, reads) for login in world.everybody}
        for crawler in crawlers.values():
            crawler.walk(2 if thoroughly else 1)
        for crawler in crawlers.values():
            crawler.open_all(rules)
        if oddly:
            OddRequests(crawlers, notes, rules, thoroughly).ask_all()
    return notes


def _check(world: World, notes: Notes) -> None:
    what = f"{world.name}: {notes.requests} requests, {len(notes.opened)} pages, {len(notes.forms)} forms"
    assert not notes.wrong, f"{what}, {len(notes.wrong)} faults:\n" + "\n".join(notes.wrong.values())


@pytest.mark.one_database(kind="postgresql", crossed_by_everything=True)
@pytest.mark.parametrize("world", ["first day, without content", "only migrated, without content"], indirect=True)
def test_no_page_of_a_small_world_answers_500(world: World) -> None:
    """Little costs little: these are asked oddly too."""
    _check(world, crawl(world, reads=True, oddly=True))


@pytest.mark.one_database(kind="sqlite")
@pytest.mark.parametrize("world", ["after all months, without content"], indirect=True)
def test_no_page_of_a_town_answers_500(world: World) -> None:
    """A sample: a town with a year of records, in a month that nobody wrote a unit for."""
    _check(world, crawl(world, reads=False, oddly=False))


@pytest.mark.long
@pytest.mark.parametrize("world", ["demo town", "town without content", "after all months"], indirect=True)
def test_no_page_of_a_town_answers_500_whatever_is_asked(world: World, kind_name: str) -> None:
    """Every page that anybody can open, and every route with what is odd.

    A page says the same on both databases, so it is read as a browser does on one.
    """
    _check(world, crawl(world, reads=kind_name == "sqlite", oddly=True, thoroughly=world.name == "demo town"))


@pytest.mark.long
@pytest.mark.one_database(kind="postgresql")
@pytest.mark.parametrize("world", ["only migrated", "first day", "before all months"], indirect=True)
def test_no_page_of_another_world_answers_500(world: World) -> None:
    """Worlds that differ from those in one thing: content in a small one, the other side of all months."""
    _check(world, crawl(world, reads=False, oddly=False))
