"""The client of the tests: it checks every page it fetches, as a demanding reader would."""

import functools
import itertools
import re
import uuid
from typing import Any

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_TREE = html5lib.getTreeBuilder("etree")
# Tokens and keys, by which two answers with the same page differ.
_SECRETS = re.compile(r'value="[\w.-]{16,}"')
_SPACE = "{http://www.w3.org/1999/xhtml}"


@functools.lru_cache(maxsize=1000)
def problems(html: str) -> list[str]:
    """What is wrong with a page: invalid HTML, headings, labels, ids, inline code. The same page is looked at once."""
    parser = html5lib.HTMLParser(tree=_TREE)
    document = parser.parse(html)
    found = [f"invalid HTML: {code} at {place}" for place, code, _ in parser.errors]
    elements = list(document.iter())
    found += _headings(elements) + _ids(elements) + _fields(elements)
    found += [
        f"inline code: {element.tag}"
        for element in elements
        if "style" in element.attrib or any(name.startswith("on") for name in element.attrib)
    ]
    found += ["an inline script or style" for element in elements if _inline(element)]
    return found


def _inline(element: Any) -> bool:
    return element.tag == f"{_SPACE}style" or (element.tag == f"{_SPACE}script" and "src" not in element.attrib)


def _headings(elements: list[Any]) -> list[str]:
    levels = [int(each.tag[-1]) for each in elements if re.fullmatch(rf"{re.escape(_SPACE)}h[1-6]", str(each.tag))]
    found = [] if levels.count(1) == 1 else [f"{levels.count(1)} h1 on the page"]
    return found + [f"h{a} is followed by h{b}" for a, b in itertools.pairwise(levels) if b > a + 1]


def _ids(elements: list[Any]) -> list[str]:
    ids = [element.attrib["id"] for element in elements if "id" in element.attrib]
    return [f"id {name} stands twice" for name in {name for name in ids if ids.count(name) > 1}]


def _fields(elements: list[Any]) -> list[str]:
    labels = {each.attrib.get("for") for each in elements if each.tag == f"{_SPACE}label"}
    wrapped = {id(inner) for each in elements if each.tag == f"{_SPACE}label" for inner in each.iter()}
    found = []
    for element in elements:
        if element.tag not in {f"{_SPACE}input", f"{_SPACE}select", f"{_SPACE}textarea"}:
            continue
        if element.attrib.get("type") in {"hidden", "submit"} or id(element) in wrapped:
            continue
        if element.attrib.get("id") not in labels and "aria-label" not in element.attrib:
            found.append(f"field {element.attrib.get('name')} has no label")
    return found


class PageClient(FlaskClient):
    """A browser without JavaScript: it checks pages, and sends forms with a token and a key of their own."""

    # Whether pages are checked; one that asks for every page of the site again and again may leave that to others.
    checks = True
    _token: str | None = None

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        kwargs.setdefault("buffered", True)
        response = super().open(*args, **kwargs)
        if not self.checks or response.status_code in {301, 302, 303, 307, 308}:
            return response
        if response.mimetype == "text/html" and response.data:
            wrong = problems(_SECRETS.sub('value="x"', response.text))
            assert not wrong, f"{response.request.path}: {wrong}"
        return response

    def page(self, url: str, status: int = 200) -> str:
        """The text of the page at `url`, which must answer `status`."""
        response = self.get(url)
        assert response.status_code == status, f"{url} answered {response.status_code}"
        return response.text

    def token(self) -> str:
        """A CSRF token of this browser's session."""
        if self._token is None:
            found = re.search(r'name="csrf_token" value="([^"]+)"', self.get("/sign-in").text)
            assert found, "no CSRF token on the page"
            self._token = found[1]
        return self._token

    def send(self, url: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Send a form to `url`, with a token, and a fresh key unless `data` brings one."""
        fields = {"csrf_token": self.token(), "key": uuid.uuid4().hex, **(data or {})}
        headers = {"Origin": "http://localhost", **kwargs.pop("headers", {})}
        return self.post(url, data=fields, headers=headers, **kwargs)
