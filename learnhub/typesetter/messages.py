"""What is asked of the typesetter, and what it answers: JSON in one message, each file's bytes in one of its own."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Any, Self


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """A paper to be set; without `layout`, which characters of `words` no font has."""

    fonts: str
    spare_fonts: str
    layout: str = ""
    data: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    words: str = ""
    to_keep: bool = False
    pictures: Sequence[bytes] = ()

    def send(self, connection: Connection) -> None:
        """Send it. Raises OSError when nobody is there any more."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        values["pictures"] = len(self.pictures)
        connection.send_bytes(json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        for picture in self.pictures:
            connection.send_bytes(picture)

    @classmethod
    def receive(cls, connection: Connection) -> Self:
        """Receive one. Raises EOFError or OSError when the other side is gone."""
        values = json.loads(connection.recv_bytes())
        values["pictures"] = [connection.recv_bytes() for _ in range(values["pictures"])]
        return cls(**values)


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """A PDF and the characters that it does not show; or why there is none, in `fonts_missing` or `failure`."""

    pdf: bytes = b""
    unprintable: str = ""
    fonts_missing: str = ""
    failure: str = ""

    def send(self, connection: Connection) -> None:
        """Send it. Raises OSError when nobody is there any more."""
        values = {name: getattr(self, name) for name in ("unprintable", "fonts_missing", "failure")}
        connection.send_bytes(json.dumps(values).encode())
        connection.send_bytes(self.pdf)

    @classmethod
    def receive(cls, connection: Connection) -> Self:
        """Receive one. Raises EOFError or OSError when the other side is gone."""
        values = json.loads(connection.recv_bytes())
        return cls(connection.recv_bytes(), **values)
