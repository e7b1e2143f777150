"""The site's own static files: read at start, compressed once, served under addresses that name their content."""

import dataclasses
import gzip
import hashlib
import mimetypes
from pathlib import Path

from flask import Flask, Response, abort, request

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
