"""The site's own static files: read at start, compressed once, served under addresses that name their content."""

import dataclasses
import gzip
import hashlib
import io
import mimetypes
from pathlib import Path
from typing import Any, BinaryIO

from flask import Flask, Response, abort, request
from werkzeug.wsgi import wrap_file

FOLDER = Path(__file__).parent / "static"
_TEXT = {".css", ".js", ".svg", ".webmanifest"}
_TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json"}


@dataclasses.dataclass(frozen=True, slots=True)
class StaticFile:
    """One file in memory."""

    body: bytes
    compressed: bytes | None
    kind: str
    version: str


def read(folder: Path = FOLDER) -> dict[str, StaticFile]:
    """Every file below `folder` by its path, text compressed."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            body = path.read_bytes()
            kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            found[path.relative_to(folder).as_posix()] = StaticFile(
                body=body,
                compressed=gzip.compress(body, 9, mtime=0) if path.suffix in _TEXT else None,
                kind=f"{kind}; charset=utf-8" if path.suffix in _TEXT else kind,
                version=hashlib.sha256(body).hexdigest()[:12],
            )
    return found


class FilePart(io.RawIOBase):
    """`length` bytes of an open file from `start` on, for a server's own way of sending files."""

    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        self._file = file
        self._start, self._length = start, length
        self._file.seek(start)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill `buffer` with what comes next."""
        part = self._file.read(min(len(buffer), self._length - self.tell()))
        buffer[: len(part)] = part
        return len(part)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place within the part."""
        beginning = {io.SEEK_SET: 0, io.SEEK_CUR: self.tell(), io.SEEK_END: self._length}[whence]
        return self._file.seek(self._start + beginning + offset) - self._start

    def tell(self) -> int:
        """The place within the part."""
        return self._file.tell() - self._start

    def close(self) -> None:
        self._file.close()
        super().close()


def send_part_by_server(response: Response, path: Path) -> Response:
    """`response`, the answer to a request for a range of the file `path`, handed to the server as a file.

    Otherwise a thread would copy all of it for a reader who may take hours, or wait for one who has paused.
    """
    content_range = response.content_range
    if response.status_code == 206 and content_range.start is not None and content_range.stop is not None:
        response.response.close()  # type: ignore[union-attr]
        part = FilePart(path.open("rb"), content_range.start, content_range.stop - content_range.start)
        response.response = wrap_file(request.environ, part)  # type: ignore[arg-type]
    return response


def init_app(app: Flask) -> None:
    """Serve the files at `/static/<name>` and give templates their addresses as `asset["name"]`."""
    files = read()
    app.jinja_env.globals["asset"] = {name: f"/static/{name}?v={file.version}" for name, file in files.items()}

    def static(name: str) -> Response:
        """One file; kept for a year by the browser when asked for by its present version."""
        file = files.get(name)
        if file is None:
            abort(404)
        packed = file.compressed is not None and "gzip" in request.headers.get("Accept-Encoding", "")
        response = Response(file.compressed if packed else file.body, content_type=file.kind)
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        fresh = request.args.get("v") == file.version
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "no-cache"
        response.set_etag(file.version)
        response.make_conditional(request)
        return response

    static.policy = "public"  # type: ignore[attr-defined]
    app.add_url_rule("/static/<path:name>", "static", static)
