"""Somebody who opens whatever a world offers and notes what goes wrong; what they do is undone after each request."""

import dataclasses
import re
import traceback
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlsplit

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
OWN_PAGE = {"Origin": "http://localhost"}


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
    checked: set[tuple[str, int, str | None]] = dataclasses.field(default_factory=set)
    wrong: dict[str, str] = dataclasses.field(default_factory=dict)
    requests: int = 0

    def known(self, rule: Rule) -> dict[str, Any]:
        """A value for each part of the address of `rule` that was seen in this world, best at that route."""
        return {**self.seen.get("", {}), **self.seen.get(rule.endpoint, {})}

    def addresses(self, rule: Rule) -> list[str]:
        """Addresses of `rule` with what was seen, one for each form of a file."""
        return [asking.address(rule, values) for values in asking.existing(rule, self.known(rule))]

    def openers(self) -> list[str | None]:
        """Who opened pages that nobody had opened before, who opened most first."""
        return [login for login, _count in Counter(self.opened.values()).most_common()]


class Crawler:
    """One person of a world at its pages.

    Where it `reads`, pages are read as a browser does, one of each route and status for each person.
    """

    def __init__(self, world: World, connection: Connection, login: str | None, notes: Notes, reads: bool) -> None:
        self.world, self.connection, self.login, self.notes, self.reads = world, connection, login, notes, reads
        self.client = PageClient(world.app, world.app.response_class)
        self.client.checks = False
        self.asked: set[str] = set()
        if login is not None:
            with self.client.session_transaction() as cookie:
                cookie["_user_id"] = cast.token(login)
                cookie["_fresh"] = True
        self.token = self.client.token()
        self.cookie = self.client.get_cookie("learnhub")
        self.map = world.app.url_map.bind("localhost")

    def ask(self, url: str, method: str = "GET", *, afresh: bool = True, **arguments: Any) -> TestResponse | None:
        """Send a request and look at the answer; None when the site raised an error.

        `afresh` undoes what the request before did, whoever sent it.
        """
        self.notes.requests += 1
        if afresh:
            # A transaction for each: savepoints of one long one pile up until PostgreSQL has no memory for their locks.
            self.connection.rollback()
            self.connection.begin()
            if self.cookie is not None:
                self.client.set_cookie("learnhub", self.cookie.value)
        try:
            answer = self.client.open(url, method=method, **arguments)
        except Exception as error:
            place = traceback.extract_tb(error.__traceback__)[-1]
            ours = [each for each in traceback.extract_tb(error.__traceback__) if "/learnhub/" in each.filename]
            near = f"{ours[-1].filename.rpartition('/learnhub/')[2]}:{ours[-1].lineno}" if ours else place.name
            self.note(method, url, f"{type(error).__name__} at {near}: {str(error)[:200]}")
            return None
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
        kind = (self.endpoint(url, method), answer.status_code, self.login if answer.status_code == 200 else "")
        if self.reads and kind not in self.notes.checked:
            self.notes.checked.add(kind)
            for each in problems(re.sub(r'value="[\w.-]{16,}"', 'value="x"', answer.text)):
                self.note(method, url, each)

    def walk(self, followed: int) -> None:
        """Follow the links from the start page, so many addresses of each route."""
        waiting, known, count = ["/"], {"/"}, Counter[str]()
        while waiting:
            for address in self._leads_to(waiting.pop(0)):
                endpoint = self._see(address)
                if address not in known and endpoint and count[endpoint] < followed:
                    known.add(address)
                    count[endpoint] += 1
                    waiting.append(address)

    def _leads_to(self, url: str) -> list[str]:
        """Open a page; the addresses it leads to."""
        self.asked.add(url)
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
        """Open every route that may be opened, with what was seen in this world.

        Who opens a route first takes its file in every form, the others take one each.
        """
        for rule in rules:
            if rule.endpoint == "static" or "GET" not in (rule.methods or set()):
                continue
            addresses = self.notes.addresses(rule)
            if rule.endpoint in self.notes.endpoints:
                addresses = some(f"{self.login}{rule.rule}", addresses, 1)
            for url in addresses:
                if url not in self.asked:
                    self._open(url)

    def _open(self, url: str) -> None:
        answer = self.ask(url)
        if answer is not None and answer.status_code == 200:
            self._note_opened(url)
            self.notes.endpoints.add(self.endpoint(url))
            if answer.mimetype == "text/html":
                for form in links_and_forms(answer.text)[1]:
                    self._keep(form, url)

    def is_well(self) -> None:
        """The next good request is answered, whatever the one before left behind; signing out is a way of being well."""
        url = "/account" if self.login else "/sign-in"
        answer = self.ask(url, afresh=False)
        if answer is not None and answer.status_code not in {200, 302, 303}:
            self.note("GET", url, f"answered {answer.status_code} after an odd request")

    def send(self, url: str, fields: Mapping[str, list[str]]) -> None:
        """Send a form with a token, as from a page of the site."""
        answer = self.ask(url, "POST", data=self.body(fields), headers=OWN_PAGE)
        if answer is not None and answer.status_code == 400 and "页面停留太久" in answer.text:
            self.note("POST", url, "the token of the form was not taken")

    def body(self, fields: Mapping[str, list[str]]) -> MultiDict[str, str]:
        """The fields of a form with a token, and a key unless they bring one."""
        return MultiDict({"key": ["0123456789abcdef"], **fields, "csrf_token": [self.token]})


def some(about: str, values: Sequence[T], count: int) -> Sequence[T]:
    """So many of `values`; which ones is told by `about`, the same in each run."""
    first = sum(about.encode())
    return [values[(first + step) % len(values)] for step in range(min(count, len(values)))]
