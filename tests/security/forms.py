"""What a browser finds on a page to send, and every way to put an id of something foreign into it."""

import dataclasses
import io
import itertools
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import lxml.html
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect
from werkzeug.test import TestResponse

Pairs = tuple[tuple[str, str], ...]
# Days, months, hours and quarters are no ids; every other number that stands alone may be one.
_MOMENT = re.compile(r"\b\d{4}-\d{2}(-\d{2})?\b|\b\d{1,2}:\d{2}\b|\b\d{4}-Q\d\b")
_NUMBER = re.compile(r"(?<![A-Za-z0-9_])\d{1,9}(?![A-Za-z0-9_])")
_SENT_ANEW = {"csrf_token", "key"}
# What is typed into an empty field, by its type and, where that does not do, by its name.
TYPED = {"date": "2026-11-20", "month": "2026-11", "time": "09:00", "number": "1", "email": "a@example.org"}
TYPED |= {"q": "周戊", "find": "冯辛"}  # somebody to be found


@dataclasses.dataclass(frozen=True)
class Sending:
    """One request as a page offers it."""

    endpoint: str
    method: str
    path: str
    query: Pairs
    body: Pairs
    files: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The path with the query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    @property
    def shape(self) -> tuple[Any, ...]:
        """The same for two sendings that differ in numbers alone."""
        fields = frozenset(re.sub(r"\d+", "1", name) for name, _value in self.body)
        buttons = frozenset(pair for pair in self.body if pair[0] in {"do", "verb"})
        return self.endpoint, self.method, fields, buttons, frozenset(name for name, _value in self.query)


class Page:
    """The forms and links of one page of this site."""

    def __init__(self, html: str, address: str, routes: MapAdapter) -> None:
        self._tree = lxml.html.document_fromstring(html)
        self._address, self._routes = address, routes

    def links(self) -> Iterator[Sending]:
        """Every link that leads to a page of ours."""
        for element in self._tree.iter("a"):
            yield from self._sending("GET", element.get("href", ""), ())

    def forms(self) -> Iterator[Sending]:
        """Every form, once for each of its buttons, as somebody sends it who fills in what is empty."""
        for form in self._tree.iter("form"):
            fields = [*form.iterdescendants("input", "select", "textarea", "button")]
            if form.get("id"):
                fields += self._tree.xpath("//*[@form=$id]", id=form.get("id"))
            files = tuple(each.get("name") for each in fields if each.get("type") == "file")
            sent = tuple(_successful(fields))
            buttons = [each for each in fields if each.tag == "button" and each.get("type", "submit") == "submit"]
            for button in buttons or [None]:
                method = (form.get("method") or "get").upper()
                own = (
                    ((button.get("name"), button.get("value", "")),)
                    if button is not None and button.get("name")
                    else ()
                )
                action = (button.get("formaction") if button is not None else None) or form.get("action")
                yield from self._sending(method, action or self._address, (*sent, *own), files)

    def _sending(self, method: str, href: str, fields: Pairs, files: tuple[str, ...] = ()) -> Iterator[Sending]:
        parts = urlsplit(urljoin(f"http://localhost{self._address}", href))
        if parts.netloc != "localhost" or not parts.scheme.startswith("http"):
            return
        try:
            endpoint, _arguments = self._routes.match(parts.path, method)
        except (HTTPException, RequestRedirect):
            return
        query = tuple(parse_qsl(parts.query, keep_blank_values=True))
        if method == "GET" and fields:
            query, fields = fields, ()
        yield Sending(endpoint, method, parts.path, query, fields, files)


def _successful(fields: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Names and values of the fields that a browser sends, with something in those that are empty or not chosen."""
    chosen: dict[str, list[tuple[str, bool]]] = {}
    for field in fields:
        name, kind = field.get("name"), field.get("type", "text")
        if not name or name in _SENT_ANEW or field.tag == "button" or kind in {"submit", "file"}:
            continue
        if field.tag == "select":
            options = [
                (each.get("value", each.text or ""), each.get("selected") is not None) for each in field.iter("option")
            ]
            chosen.setdefault(name, []).extend(options)
        elif kind in {"radio", "checkbox"}:
            chosen.setdefault(name, []).append((field.get("value", "on"), field.get("checked") is not None))
        elif field.tag == "textarea":
            yield name, field.text or "事由"
        else:
            yield name, field.get("value") or ("" if kind == "hidden" else TYPED.get(name, TYPED.get(kind, "事由")))
    for name, options in chosen.items():
        ticked = [value for value, on in options if on]
        yield from ((name, value) for value in ticked or [next((value for value, _on in options if value), "")])


def variations(sending: Sending, town: int, branch: int, read: Iterable[str]) -> Iterator[tuple[str, Sending]]:
    """The same sending with one id replaced, in every place, and with each name that is `read` there added.

    Everything foreign has the number of the foreign `branch`; where an organization may be named also that of its
    `town`. Each comes with words for what was changed.
    """
    added, is_safe = set(read), sending.method == "GET"
    for number in (branch, town):
        for path in _replaced(sending.path, number) if number == branch else ():
            yield f"path {path}", dataclasses.replace(sending, path=path)
        for query in _changed(sending.query, number, added if is_safe else (), only="organization" * (number == town)):
            yield f"query {urlencode(query)}", dataclasses.replace(sending, query=query)
        for body in () if is_safe else _changed(sending.body, number, added, only="organization" * (number == town)):
            yield f"body {urlencode(body)}", dataclasses.replace(sending, body=body)


def _changed(pairs: Pairs, number: int, read: Iterable[str], only: str) -> Iterator[Pairs]:
    names = {name for name, _value in pairs}
    for place, (name, value) in enumerate(pairs):
        if only not in name:
            continue
        before, after = pairs[:place], pairs[place + 1 :]
        for other in _replaced(value, number):
            yield (*before, (name, other), *after)
            yield (*pairs, (name, other))  # one more of them
        yield from ((*pairs, (other, value)) for other in _replaced(name, number) if other not in names)
    yield from ((*pairs, (name, str(number))) for name in sorted(set(read) - names - _SENT_ANEW) if only in name)


def _replaced(text: str, number: int) -> Iterator[str]:
    """The text with each of its ids replaced, and with two of them at once."""
    spots = [each.span() for each in _NUMBER.finditer(_MOMENT.sub(lambda found: "x" * len(found[0]), text))]
    for count in (1, 2):
        for some in itertools.combinations(spots[:6], count):
            words = text
            for start, end in reversed(some):
                words = f"{words[:start]}{number}{words[end:]}"
            yield words


def text_of(answer: TestResponse) -> str:
    """What an answer says, also inside the files that are archives."""
    if answer.data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return "" if answer.mimetype == "application/pdf" else answer.data.decode("utf-8", "replace")
