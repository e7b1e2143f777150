"""What nobody should ask: every part of an address, of a query and of a form, odd alone and all of them at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

from tests.crawl import asking
from tests.crawl.crawler import OWN_PAGE, Crawler, Notes, some
from tests.read_fields import ReadFields

T = TypeVar("T")
ALL_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
SCRIPT = {"X-Requested-By": "script", "Origin": "http://localhost"}
# Raw bodies for scripts: nothing, no JSON, JSON of another shape, and JSON with what nobody can store.
BODIES = (
    b"", b"\0", b"[" * 3000, b"null", b"[]", b"{}", b'{"question": null, "value": 1e999, "revision": 1e999}',
    b'{"question": "\\u0000", "value": ["\\ud800"], "revision": 99999999999999999999}', b"\xff\xfe",
)  # fmt: skip
# How often all names are odd at once: each meets each of ODD, and some of the others.
TOGETHER = len(asking.ODD)
TOGETHER_FURTHER = 2
# How many of ODD each name meets alone on one kind of database, the next ones on the other.
ALONE = 2
# How many raw bodies, and methods that are not taken, each route meets.
RAW = 3


class OddRequests:
    """Asks oddly for what the crawlers of a world have found, each route as somebody who may open it.

    `thoroughly` asks for everything; otherwise for one value of each thing, drawn by the address, and all names at once.
    """

    def __init__(
        self, crawlers: Mapping[str | None, Crawler], notes: Notes, rules: Sequence[Rule], thoroughly: bool
    ) -> None:
        self.crawlers, self.notes, self.rules, self.thoroughly = crawlers, notes, rules, thoroughly
        uri = next(iter(crawlers.values())).world.app.config["SQLALCHEMY_DATABASE_URI"]
        shift = ALONE if uri.startswith("postgresql") else 0
        self.alone = (*asking.ODD[shift:], *asking.ODD[:shift])
        first = crawlers[notes.openers()[0]]  # who holds most, where a route was not met
        owners: dict[str, str | None] = {}
        for url, login in notes.opened.items():
            owners.setdefault(first.endpoint(url), login)
        for (endpoint, *_), (login, *_) in notes.forms.items():
            owners.setdefault(endpoint, login)
        self.asker: Callable[[str], Crawler] = lambda endpoint: crawlers[owners.get(endpoint, first.login)]

    def ask_all(self) -> None:
        """Everything that is odd."""
        for rule in self.rules:
            self.odd_addresses(rule)
            self.wrong_methods(rule)
            if "POST" in (rule.methods or set()):
                self.odd_scripts(rule)
        pages = {self.crawlers[login].endpoint(url): url for url, login in reversed(self.notes.opened.items())}
        for endpoint, url in pages.items():
            self.odd_query(endpoint, url)
        for (endpoint, *_), (login, form, url) in list(self.notes.forms.items()):
            self.odd_form(self.crawlers[login], endpoint, url, form.fields, form.names)
        met = {endpoint for endpoint, *_ in self.notes.forms}
        for rule in self.rules:
            if "POST" in (rule.methods or set()) and rule.endpoint not in met:
                url = self.notes.addresses(rule)[0]
                self.odd_form(self.asker(rule.endpoint), rule.endpoint, url, (), ())

    def odd_addresses(self, rule: Rule) -> None:
        """A route with one odd part at a time; everybody else asks for one of these too."""
        asker = self.asker(rule.endpoint)
        known = next(asking.existing(rule, self.notes.known(rule)))
        odd = list(asking.odd(rule, known))
        for url in self._sample(rule.rule, odd, len(odd)):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                self._ask(asker, url, method)
        asker.is_well()
        for login, other in self.crawlers.items():
            if self.thoroughly and other is not asker and odd:
                method = "GET" if "GET" in (rule.methods or set()) else "POST"
                self._ask(other, some(f"{login}{rule.rule}", odd, 1)[0], method)

    def _ask(self, crawler: Crawler, url: str, method: str) -> None:
        crawler.ask(url, method, data=crawler.body({}) if method == "POST" else None, headers=OWN_PAGE)

    def wrong_methods(self, rule: Rule) -> None:
        """A route by every method: HEAD and OPTIONS are answered, what it does not take is refused."""
        asker, url = self.asker(rule.endpoint), self.notes.addresses(rule)[0]
        taken = {method for each in self.rules if each.rule == rule.rule for method in each.methods or ()}
        for method in self._sample(url, [each for each in ALL_METHODS if each not in taken & {"GET", "POST"}], RAW):
            answer = asker.ask(url, method, headers={**OWN_PAGE, "X-CSRFToken": asker.token})
            if answer is not None and method not in taken and answer.status_code != 405:
                asker.note(method, url, f"answered {answer.status_code}, not 405")

    def odd_scripts(self, rule: Rule) -> None:
        """A route that takes a form, with bodies that are none."""
        asker, url = self.asker(rule.endpoint), self.notes.addresses(rule)[0]
        headers = {**SCRIPT, "X-CSRFToken": asker.token}
        for body in self._sample(url, BODIES, RAW):
            asker.ask(url, "POST", data=body, headers=headers, content_type="application/json")
        parts = "multipart/form-data; boundary=x"
        asker.ask(url, "POST", data=b"--x\r\nbroken", headers=headers, content_type=parts)
        asker.is_well()

    def odd_query(self, endpoint: str, url: str) -> None:
        """A page with odd values for whatever it takes from a query."""
        asker, parts = self.asker(endpoint), urlsplit(url)
        asked = {name: [value] for name, value in parse_qsl(parts.query)}

        def ask(values: Mapping[str, list[str]]) -> None:
            asker.ask(f"{parts.path}?{urlencode(values, doseq=True, quote_via=quote)}")

        self._vary(ask, (endpoint, "GET"), asked, self.notes.queries.get(endpoint, ()))
        asker.is_well()

    def odd_form(
        self, asker: Crawler, endpoint: str, url: str, fields: Iterable[tuple[str, str]], names: Iterable[str]
    ) -> None:
        """A form as it stands, empty, and with odd values for whatever its view takes."""
        as_it_stands = {name: list(values) for name, values in MultiDict(fields).lists()}
        asker.send(url, as_it_stands)
        asker.send(url, {})
        self._vary(lambda values: asker.send(url, values), (endpoint, "POST"), as_it_stands, names)
        asker.is_well()

    def _vary(
        self, send: Callable[[dict[str, list[str]]], Any], view: tuple[str, str], usual: Any, more_names: Iterable[str]
    ) -> None:
        """Send `usual` with each name odd alone, then all of them odd at once; names may come up on the way."""
        done: set[str] = set()
        while names := set(asking.one_of_each_kind({*more_names, *ReadFields.names[view]})) - done - {"csrf_token"}:
            done |= names
            for name in sorted(names) if self.thoroughly else ():
                for value in some(f"{view}{name}", self.alone, ALONE):
                    send({**usual, name: [value]})
        turns = [(asking.ODD, turn) for turn in range(TOGETHER)]
        turns += [(asking.ODDER, turn) for turn in range(TOGETHER_FURTHER)]
        for values, turn in self._sample(f"{view}", turns, len(turns)) if done else ():
            send({**usual, **{name: [_take(values, f"{view}{name}", turn)] for name in sorted(done)}})

    def _sample(self, about: str, values: Sequence[T], count: int) -> Sequence[T]:
        return some(about, values, count if self.thoroughly else 1)


def _take(values: Sequence[str], about: str, turn: int) -> str:
    return some(about, values, len(values))[turn]
