"""Which names of a query and a form the views ask for: read from the views at work, so that none is forgotten."""

from collections import defaultdict
from typing import Any

from flask import has_request_context, request
from werkzeug.datastructures import ImmutableMultiDict


class ReadFields(ImmutableMultiDict[str, str]):
    """The fields of a request, which remember by endpoint and method what names were asked for.

    A test puts it into the place of `parameter_storage_class` and begins with `names` that are its own.
    """

    names: defaultdict[tuple[str, str], set[str]] = defaultdict(set)

    def _note(self, name: object) -> None:
        if has_request_context() and request.endpoint and isinstance(name, str):
            self.names[request.endpoint, request.method].add(name)

    def __getitem__(self, name: str) -> str:
        self._note(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._note(name)
        return super().__contains__(name)

    def get(self, name: str, *args: Any, **kwargs: Any) -> Any:
        self._note(name)
        return super().get(name, *args, **kwargs)

    def getlist(self, name: str, *args: Any, **kwargs: Any) -> Any:
        self._note(name)
        return super().getlist(name, *args, **kwargs)
