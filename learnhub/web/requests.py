"""What a request may bring: made harmless once, before any page, form or statement sees it.

Characters that nothing can store or show (`learnhub.core.text.is_storable`) are taken out of query, form, file names and
cookies: nobody types them, they come along when text is pasted. An address with one, or with a number that no id
reaches, is the address of nothing.
"""

from typing import IO, Any

from flask import Flask, Request, abort, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.formparser import FormDataParser
from werkzeug.routing import IntegerConverter, Map
from werkzeug.user_agent import UserAgent
from werkzeug.utils import cached_property

from learnhub.core.text import LARGEST_INTEGER, drop_unstorable, is_storable


class IdConverter(IntegerConverter):
    """`<int:…>` of an address: ASCII digits that an id in the database can hold; anything else is no page."""

    regex = r"[0-9]{1,10}"

    def __init__(self, map: Map, max: int = LARGEST_INTEGER, **arguments: Any) -> None:
        super().__init__(map, max=max, **arguments)


class CleanParser(FormDataParser):
    """Reads a form without what cannot be stored, in names, values and names of files."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> tuple[IO[bytes], MultiDict[str, str], MultiDict[str, Any]]:
        """As Werkzeug's own; the stream, the fields and the files."""
        rest, fields, files = super().parse(stream, mimetype, content_length, options)
        for _name, file in files.items(multi=True):
            file.filename = file.filename and drop_unstorable(file.filename)
        return rest, self.cls(_clean(fields)), files


class CleanRequest(Request):
    """A request whose words can all be stored and shown."""

    form_data_parser_class = CleanParser

    @property
    def is_json(self) -> bool:
        """Never: Flask-WTF would fill forms from such a body. A view that takes JSON reads the bytes itself."""
        return False

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The query of the address."""
        return self.parameter_storage_class(_clean(super().args))

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """What the browser kept for us."""
        return ImmutableMultiDict(_clean(super().cookies))

    @cached_property
    def user_agent(self) -> UserAgent:
        """What the browser calls itself."""
        return self.user_agent_class(drop_unstorable(self.headers.get("User-Agent", "")))


def init_app(app: Flask) -> None:
    """Have `app` take every request this way."""
    app.request_class = CleanRequest
    app.url_map.converters = {**app.url_map.converters, "int": IdConverter}
    app.before_request(_refuse_unstorable_path)
    app.jinja_env.globals["own_address"] = own_address


def own_address() -> str:
    """The address of the page asked for, to come back to; the start page's for one that only a form leads to."""
    address = request.full_path.rstrip("?")
    return address if request.method == "GET" and address.isprintable() else "/"


def _clean(fields: MultiDict[str, str]) -> list[tuple[str, str]]:
    return [(drop_unstorable(name), drop_unstorable(value)) for name, value in fields.items(multi=True)]


def _refuse_unstorable_path() -> None:
    if not is_storable(request.path):
        abort(404)
