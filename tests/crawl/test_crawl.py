"""No page answers 500, in any world, to anybody, whatever is asked (promise R15); and the next good request is answered.

`make test` opens every route with what there is and a part of what is odd; `make long` asks everything.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from werkzeug.routing import Rule

from learnhub.core import clock
from tests import databases, worlds
from tests.crawl.crawler import Crawler, Notes
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


def crawl(world: World, *, oddly: bool, closely: bool) -> Notes:
    """Everybody walks through the world and opens every route; then, `oddly`, what was found is asked for oddly."""
    notes, rules = Notes(), list(world.app.url_map.iter_rules())
    with databases.rolled_back(world.app) as connection:
        crawlers = {login: Crawler(world, connection, login, notes, closely) for login in world.everybody}
        for crawler in crawlers.values():
            crawler.walk()
        for crawler in crawlers.values():
            crawler.open_all(rules)
        if oddly:
            _ask_oddly(crawlers, notes, rules, closely)
    return notes


def _ask_oddly(crawlers: Mapping[str | None, Crawler], notes: Notes, rules: list[Rule], closely: bool) -> None:
    # Who holds most has the most to ask: a refusal at the door shows little.
    for login in {None, *notes.openers()[:4]} if closely else notes.openers()[:1]:
        crawlers[login].odd_addresses(rules)
        crawlers[login].unseen_posts(rules)
        crawlers[login].wrong_methods(rules)
    first = {crawlers[login].endpoint(url): (url, login) for url, login in reversed(notes.opened.items())}
    for url, login in first.values():
        crawlers[login].odd_query(url)
    for login, form, address in list(notes.forms.values()):
        crawlers[login].odd_bodies(form, address)


def _check(world: World, notes: Notes) -> None:
    what = f"{world.name}: {notes.requests} requests, {len(notes.opened)} pages, {len(notes.forms)} forms"
    assert not notes.wrong, f"{what}, {len(notes.wrong)} faults:\n" + "\n".join(notes.wrong.values())


@pytest.mark.one_database(kind="postgresql")
@pytest.mark.parametrize("world", ["first day, without content", "only migrated, without content"], indirect=True)
def test_no_page_of_a_small_world_answers_500(world: World) -> None:
    """Little costs little: these are asked oddly too."""
    _check(world, crawl(world, oddly=True, closely=False))


@pytest.mark.one_database(kind="sqlite")
@pytest.mark.parametrize("world", ["after all months, without content"], indirect=True)
def test_no_page_of_a_town_answers_500(world: World) -> None:
    """A sample: a town with a year of records, in a month that nobody wrote a unit for."""
    _check(world, crawl(world, oddly=False, closely=False))


@pytest.mark.crawl
@pytest.mark.long
@pytest.mark.parametrize("world", worlds.WORLDS, indirect=True)
def test_no_page_answers_500_in_any_world(world: World) -> None:
    """Every page that anybody can open, read as a browser does, in every world on both databases."""
    _check(world, crawl(world, oddly=False, closely=True))


@pytest.mark.crawl
@pytest.mark.long
@pytest.mark.parametrize("world", ["demo town", "first day, without content"], indirect=True)
def test_no_page_answers_500_whatever_is_asked(world: World) -> None:
    """Every route with all that is odd, on both databases."""
    _check(world, crawl(world, oddly=True, closely=True))
