"""Names under which files are saved: one in ASCII that says something to every program, and the reader's own beside it."""

import io
from pathlib import Path
from typing import IO
from urllib.parse import quote

from flask import Response, send_file
from werkzeug.http import dump_options_header

# What no system of files takes in a name, and how long one may be.
_REFUSED = '\\/:*?"<>|'
_LONGEST = 80


def disposition(name: str, title: str = "", *, inline: bool = False) -> str:
    """The value of Content-Disposition for a file saved as `name` (ASCII, with its ending), or as `title` in the reader's language.

    `title` has no ending: it takes that of `name`. `inline` shows the file rather than saving it.
    """
    kind = "inline" if inline else "attachment"
    if not title:
        return dump_options_header(kind, {"filename": name})
    plain = "".join(each for each in title if each not in _REFUSED and each >= " ")[:_LONGEST]
    own = f"{plain}{Path(name).suffix}"
    if own.isascii():
        return dump_options_header(kind, {"filename": own})
    return dump_options_header(kind, {"filename": name, "filename*": f"UTF-8''{quote(own, safe='')}"})


def download(file: IO[bytes] | bytes | Path, media_type: str, name: str, title: str = "") -> Response:
    """A file to be saved, named as `disposition` says; an open one is sent from its beginning and closed by the server."""
    if isinstance(file, bytes):
        file = io.BytesIO(file)
    elif not isinstance(file, Path):
        file.seek(0)
    answer: Response = send_file(file, media_type)
    answer.headers["Content-Disposition"] = disposition(name, title)
    return answer
