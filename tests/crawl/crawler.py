"""Somebody who opens whatever a world offers and notes what goes wrong; what they do is undone after each request."""

import dataclasses
import re
import traceback
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from sqlalchemy import Connection
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests import cast
from tests.crawl import asking
from tests.crawl.reading import HtmlForm, links_and_forms, wrong_at_first_sight
from tests.pages import PageClient, problems
from tests.worlds import World

T = TypeVar("T")
ALL_METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
SCRIPT = {"X-Requested-By": "script", "Origin": "http://localhost"}
# Raw bodies for scripts: nothing, no JSON, JSON of another shape, and JSON with what nobody can store.
BODIES = (
    b"", b"\0", b"[" * 3000, b"null", b"[]", b"{}", b'{"question": null, "value": 1e999, "revision": 1e999}',
    b'{"question": "\\u0000", "value": ["\\ud800"], "revision": 99999999999999999999}', b"\xff\xfe",
)  # fmt: skip
# How many odd values each field, and each name in a query, meets alone.
ALONE = 3
# How many addresses of one route are followed.
FOLLOWED = 2


@dataclasses.dataclass
class Notes:
    """What everybody who looked at a world found: values for addresses, forms, pages looked at closely, and faults."""

    seen: dict[str, dict[str, Any]] = dataclasses.field(default_factory=dict)
    forms: dict[tuple[str, str, tuple[str, ...]], tuple[str | None, HtmlForm, str]] = dataclasses.field(
        default_factory=dict
    )
    opened: dict[str, str | None] = dataclasses.field(default_factory=dict)
    endpoints: set[str] = dataclasses.field(default_factory=set)
    queries: dict[str, set[str]] = dataclasses.field(default_factory=dict)
    checked: set[tuple[str, int]] = dataclasses.field(default_factory=set)
    wrong: dict[str, str] = dataclasses.field(default_factory=dict)
    requests: int = 0

    def openers(self) -> list[str | None]:
        """Who opened pages that nobody had opened before, who opened most first."""
        return [login for login, _count in Counter(self.opened.values()).most_common()]


class Crawler:
    """One person of a world at its pages.

    `closely` asks for everything and reads each page as a browser does; otherwise the first page of each route and a
    sample of what is odd, drawn by the address, must do (small worlds are read as a browser does).
    """

    def __init__(self, world: World, connection: Connection, login: str | None, notes: Notes, closely: bool) -> None:
        self.world, self.connection, self.login, self.notes, self.closely = world, connection, login, notes, closely
        self.client = PageClient(world.app, world.app.response_class)
        self.client.checks = False
        self.turns = 0
        if login is not None:
            with self.client.session_transaction() as cookie:
                cookie["_user_id"] = cast.token(login)
                cookie["_fresh"] = True
        self.token = self.client.token()
        self.cookie = self.client.get_cookie("learnhub")
        self.map = world.app.url_map.bind("localhost")

    def ask(self, url: str, method: str = "GET", **arguments: Any) -> TestResponse | None:
        """Send a request, look at the answer, undo what it did; None when the site raised an error."""
        self.notes.requests += 1
        answer = None
        inner = self.connection.begin_nested()
        try:
            answer = self.client.open(url, method=method, **arguments)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            ours = [each for each in traceback.extract_tb(error.__traceback__) if "/learnhub/" in each.filename]
            near = f"{ours[-1].filename.rpartition('/learnhub/')[2]}:{ours[-1].lineno}" if ours else place.name
            self.note(method, url, f"{type(error).__name__} at {near}: {str(error)[:200]}")
        finally:
            if inner.is_active:
                inner.rollback()
        if self.cookie is not None:
            self.client.set_cookie("learnhub", self.cookie.value)
        if answer is not None:
            self._look(method, url, answer)
        return answer

    def note(self, method: str, url: str, what: str) -> None:
        """Note a fault, once for each route."""
        key = f"{method} {self.endpoint(url, method)}: {what}"
        self.notes.wrong.setdefault(key, f"{self.world.name}, {self.login}: {method} {url[:300]}: {what}")

    def endpoint(self, url: str, method: str = "GET") -> str:
        """The name of the route that answers."""
        try:
            return str(self.map.match(urlsplit(url).path, method=method)[0])
        except HTTPException:
            return ""

    def _look(self, method: str, url: str, answer: TestResponse) -> None:
        if answer.status_code >= 500 and not (answer.status_code == 503 and url.startswith("/healthz")):
            self.note(method, url, f"answered {answer.status_code}")
        if answer.mimetype != "text/html" or not answer.data or answer.location:
            return
        for each in wrong_at_first_sight(answer.text):
            self.note(method, url, each)
        kind = (self.endpoint(url, method), answer.status_code)
        if self.closely or (self.world.is_small and kind not in self.notes.checked):
            self.notes.checked.add(kind)
            for each in problems(re.sub(r'value="[\w.-]{16,}"', 'value="x"', answer.text)):
                self.note(method, url, each)

    def walk(self) -> None:
        """Follow the links from the start page, some addresses of each route."""
        waiting, known, count = ["/"], {"/"}, Counter[str]()
        while waiting:
            for address in self._leads_to(waiting.pop(0)):
                endpoint = self._see(address)
                if address not in known and endpoint and count[endpoint] < FOLLOWED:
                    known.add(address)
                    count[endpoint] += 1
                    waiting.append(address)

    def _leads_to(self, url: str) -> list[str]:
        """Open a page; the addresses it leads to."""
        answer = self.ask(url)
        if answer is None:
            return []
        # Without content its pages cannot be there, and say so.
        if answer.status_code == 404 and "现在的学习内容里没有这一项" not in answer.text:
            self.note("GET", url, "a link that leads nowhere")
        if answer.status_code == 200:
            self._note_opened(url)
        if answer.location:
            return [answer.location.partition("#")[0].removeprefix("http://localhost")]
        if answer.mimetype != "text/html":
            return []
        links, forms = links_and_forms(answer.text)
        for form in forms:
            self._keep(form, url)
        return [link.partition("#")[0] for link in links]

    def _note_opened(self, url: str) -> None:
        self.notes.opened.setdefault(url, self.login)
        self.notes.endpoints.add(self.endpoint(url))

    def _see(self, address: str) -> str:
        """Note the values in an address that a page offers; the endpoint that it leads to."""
        parts = urlsplit(address)
        try:
            endpoint, values = self.map.match(parts.path)
        except HTTPException:
            return ""
        self.notes.seen.setdefault(endpoint, dict(values))
        for name, value in values.items():
            self.notes.seen.setdefault("", {}).setdefault(name, value)
        self.notes.queries.setdefault(endpoint, set()).update(re.findall(r"(?:^|&)([\w-]+)=", parts.query))
        return str(endpoint)

    def _keep(self, form: HtmlForm, page: str) -> None:
        address = form.action or page
        endpoint = self.endpoint(address, form.method.upper())
        if form.method == "get":
            self.notes.queries.setdefault(endpoint, set()).update(form.own_names)
        else:
            key = (endpoint, str(sorted(name for name, _ in form.fields)), tuple(form.own_names))
            self.notes.forms.setdefault(key, (self.login, form, address))

    def open_all(self, rules: Iterable[Rule]) -> None:
        """Open every route that may be opened, with what was seen in this world."""
        for rule in rules:
            if rule.endpoint == "static" or "GET" not in (rule.methods or set()):
                continue
            seen = {**self.notes.seen.get("", {}), **self.notes.seen.get(rule.endpoint, {})}
            for values in asking.existing(rule, seen):
                url = asking.address(rule, values)
                if not self.closely and (url in self.notes.opened or rule.endpoint in self.notes.endpoints):
                    continue
                answer = self.ask(url)
                if answer is not None and answer.status_code == 200:
                    self._note_opened(url)
                    if answer.mimetype == "text/html":
                        for form in links_and_forms(answer.text)[1]:
                            self._keep(form, url)

    def odd_addresses(self, rules: Iterable[Rule]) -> None:
        """Every route with one odd part at a time."""
        for rule in rules:
            seen = {**self.notes.seen.get("", {}), **self.notes.seen.get(rule.endpoint, {})}
            known = next(asking.existing(rule, seen))
            for url in self._sample(rule.rule, list(asking.odd(rule, known)), 1):
                for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                    self.ask(url, method, data=self._body({}) if method == "POST" else None, headers=self._headers())
            self.is_well()

    def odd_query(self, url: str) -> None:
        """A page with odd values for all that its room takes from a query: all at once, and each alone."""
        endpoint = self.endpoint(url)
        names = sorted({*asking.query_of(endpoint.partition(".")[0]), *self.notes.queries.get(endpoint, ())})
        for value in self._sample(url, asking.ODD, 1):
            together = [{name: value for name in names if name != "organization"}, {"organization": value}]
            for each in self._sample(url, together, 1):
                self.ask(f"{url}?{urlencode(each, quote_via=quote)}")
        for name in names if self.closely else ():
            for value in _some(url + name, asking.ODD, ALONE):
                self.ask(f"{url}?{urlencode({name: value}, quote_via=quote)}")
        self.is_well()

    def odd_bodies(self, form: HtmlForm, url: str) -> None:
        """A form as it stands, empty, with odd values everywhere, and with each field odd alone."""
        self._send(url, dict_of(form.fields))
        self._send(url, {})
        for value in self._sample(url + str(form.own_names), asking.ODD, 1):
            self._send(url, {name: [value] for name in form.own_names})
        for name in form.own_names if self.closely else ():
            for value in _some(url + name, asking.ODD, ALONE):
                self._send(url, {**dict_of(form.fields), name: [value]})
        self.is_well()

    def unseen_posts(self, rules: Iterable[Rule]) -> None:
        """Every route that takes a form, with odd values for whatever its room knows of, and odd bodies of scripts."""
        for rule in rules:
            if "POST" not in (rule.methods or set()):
                continue
            seen = {**self.notes.seen.get("", {}), **self.notes.seen.get(rule.endpoint, {})}
            url = asking.address(rule, next(asking.existing(rule, seen)))
            names = asking.fields_of(rule.endpoint.partition(".")[0])
            for value in self._sample(url, ("\0", str(2**63), "2026-13"), 1):
                self._send(url, {name: [value] for name in names})
            headers = {**SCRIPT, "X-CSRFToken": self.token}
            for body in self._sample(url, BODIES, 1):
                self.ask(url, "POST", data=body, headers=headers, content_type="application/json")
            self.ask(
                url, "POST", data=b"--x\r\nbroken", headers=headers, content_type="multipart/form-data; boundary=x"
            )
            self.is_well()

    def wrong_methods(self, rules: Iterable[Rule]) -> None:
        """Every route by every method: HEAD and OPTIONS are answered, what it does not take is refused."""
        for rule in rules:
            seen = {**self.notes.seen.get("", {}), **self.notes.seen.get(rule.endpoint, {})}
            url = asking.address(rule, next(asking.existing(rule, seen)))
            others = {method for each in rules if each.rule == rule.rule for method in each.methods or ()}
            free = [method for method in ALL_METHODS if method not in others & {"GET", "POST"}]
            for method in self._sample(url, free, 1):
                headers = {"X-CSRFToken": self.token, "Origin": "http://localhost"}
                answer = self.ask(url, method, headers=headers)
                if answer is not None and method not in others and answer.status_code != 405:
                    self.note(method, url, f"answered {answer.status_code}, not 405")

    def _sample(self, about: str, values: Sequence[T], count: int) -> Sequence[T]:
        """All of `values`, or so many of them; which ones is told by `about`, the same in each run."""
        return values if self.closely else _some(about, values, count)

    def is_well(self) -> None:
        """The next good request is answered; in a sample, now and then."""
        self.turns += 1
        if not self.closely and self.turns % 10:
            return
        url = "/account" if self.login else "/sign-in"
        answer = self.ask(url)
        if answer is not None and answer.status_code != 200:
            self.note("GET", url, f"answered {answer.status_code} after an odd request")

    def _headers(self) -> dict[str, str]:
        return {"Origin": "http://localhost"}

    def _body(self, fields: Mapping[str, list[str]]) -> MultiDict[str, str]:
        return MultiDict({**fields, "csrf_token": [self.token], "key": ["0123456789abcdef"]})

    def _send(self, url: str, fields: Mapping[str, list[str]]) -> None:
        answer = self.ask(url, "POST", data=self._body(fields), headers=self._headers())
        if answer is not None and answer.status_code == 400 and "页面停留太久" in answer.text:
            self.note("POST", url, "the token of the form was not taken")


def dict_of(fields: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The values of each field, several where it stands several times."""
    return {name: list(values) for name, values in MultiDict(fields).lists()}


def _some(about: str, values: Sequence[T], count: int) -> Sequence[T]:
    first = sum(about.encode())
    return [values[(first + step) % len(values)] for step in range(min(count, len(values)))]
