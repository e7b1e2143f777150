"""What a page leads to: the links and forms on it, and what is wrong with it at first sight."""

import dataclasses
import html
import re
from html.parser import HTMLParser

_TAGS = re.compile(r"<(script|style).*?</\1>|<[^>]*>", re.S)
# What a template leaves when it was given nothing, or too little.
_LEFT_OVER = re.compile(
    r"(?<![A-Za-z])(?:None|undefined|Undefined)(?![A-Za-z])|\{\{|\}\}|\{%|%\(\w+\)s|<[\w.]+ object at"
)


@dataclasses.dataclass
class HtmlForm:
    """A form of a page: where it is sent, how, and its fields as they stand, in their order."""

    action: str
    method: str
    fields: list[tuple[str, str]] = dataclasses.field(default_factory=list)
    names: set[str] = dataclasses.field(default_factory=set)

    @property
    def own_names(self) -> list[str]:
        """The fields that somebody may fill, or a page has filled: all but the token and the key."""
        return sorted(self.names - {"csrf_token", "key"})


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[HtmlForm] = []
        self._form: HtmlForm | None = None
        self._select: str | None = None
        self._chosen: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "a" and known.get("href", "").startswith("/"):
            self.links.append(known["href"])
        elif tag == "form":
            self._form = HtmlForm(known.get("action", ""), known.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and known.get("name"):
            self._field(tag, known, self._form)
        elif tag == "option" and self._select and (self._chosen is None or "selected" in known):
            self._chosen = known.get("value", "")

    def _field(self, tag: str, known: dict[str, str], form: HtmlForm) -> None:
        name = known["name"]
        form.names.add(name)
        if tag == "select":
            self._select, self._chosen = name, None
        elif tag == "textarea":
            self._area = name
            form.fields.append((name, ""))
        elif tag == "input" and (known.get("type") not in {"checkbox", "radio"} or "checked" in known):
            form.fields.append((name, known.get("value", "")))

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            name, before = self._form.fields[-1]
            self._form.fields[-1] = (name, before + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select" and self._select and self._form is not None:
            self._form.fields.append((self._select, self._chosen or ""))
            self._select = None


def links_and_forms(page: str) -> tuple[list[str], list[HtmlForm]]:
    """The addresses within the site that a page links to, and its forms."""
    reader = _Reader()
    reader.feed(page)
    return reader.links, reader.forms


def wrong_at_first_sight(page: str) -> list[str]:
    """Raw markup in the title, anything but one heading, words that a template left over."""
    titles = re.findall(r"<title>(.*?)</title>", page, re.S)
    found = [] if len(titles) == 1 else [f"{len(titles)} titles"]
    # What somebody searched for may hold "<"; markup of ours has an end or an attribute.
    found += [f"markup in the title: {title}" for title in titles if re.search(r"<|&lt;/|&lt;\w+ ", title)]
    if page.count("<h1") != 1:
        found.append(f"{page.count('<h1')} h1")
    words = html.unescape(_TAGS.sub(" ", page))
    found += [f"left over: {words[max(0, hit.start() - 30) : hit.end() + 20]!r}" for hit in _LEFT_OVER.finditer(words)]
    addresses = re.findall(r'(?:href|action)="([^"]*)"', page)
    return found + [f"address: {each}" for each in addresses if re.search(r"\b(None|undefined)\b", each)]
