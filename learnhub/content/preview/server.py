"""The pages of a preview, for one author on their own computer: no database, no sign-in, nothing is stored."""

import functools
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, abort, jsonify, render_template, send_file
from flask.typing import ResponseReturnValue
from werkzeug.serving import BaseWSGIServer, make_server

from learnhub.content.preview.state import Preview
from learnhub.content.schema import MEDIA_TYPES, Catalogue, NotInCatalogue

STATIC = Path(__file__).resolve().parents[2] / "web" / "static"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'"

# Address, template, the name of what it shows, and how the catalogue finds that by the parts of the address.
PAGES: tuple[tuple[str, str, str, Callable[..., object]], ...] = (
    ("/", "index.html", "contents", lambda contents: contents),
    ("/courses/<slug>", "course.html", "course", Catalogue.course),
    ("/courses/<slug>/<lesson>", "lesson.html", "lesson", Catalogue.lesson),
    ("/courses/<place>/quiz", "quiz.html", "questions", Catalogue.quiz),
    ("/months/<month>", "unit.html", "unit", Catalogue.unit),
    ("/months/<month>/lesson", "lesson.html", "lesson", lambda contents, month: contents.unit(month).lesson),
    ("/months/<place>/quiz", "quiz.html", "questions", Catalogue.quiz),
    ("/pages/<slug>", "lesson.html", "lesson", Catalogue.page),
)


def serve(folder: Path, port: int, media_root: Path | None = None) -> BaseWSGIServer:
    """A server for `folder` on this computer only; port 0 takes any free one. Raises ValueError for a foreign folder."""
    return make_server("127.0.0.1", port, application(folder, media_root), threaded=True)


def application(folder: Path, media_root: Path | None = None) -> Flask:
    """The pages, at the same addresses as on the site, since links inside content lead there."""
    preview = Preview(folder, media_root)
    app = Flask(__name__, static_folder=str(STATIC), template_folder="pages")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    for address, template, name, find in PAGES:
        app.add_url_rule(address, address, functools.partial(_page, preview, template, name, find))

    @app.get("/media/<digest>/<name>")
    def media(digest: str, name: str) -> ResponseReturnValue:
        return _media(preview, digest)

    @app.get("/version")
    def version() -> ResponseReturnValue:
        return jsonify(version=preview.look().stamp)

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response

    return app


def _page(
    preview: Preview, template: str, name: str, find: Callable[..., object], **address: str
) -> ResponseReturnValue:
    """The page of `template`, whose value `name` is what `find` has in the catalogue for the parts of the address."""
    seen = preview.look()
    if seen.catalogue is None:
        return render_template("problems.html", seen=seen, folder=preview.part or preview.root.name), 500
    try:
        value = find(seen.catalogue, **address)
    except NotInCatalogue:
        return render_template("elsewhere.html", seen=seen), 404
    return render_template(template, seen=seen, **{name: value, "contents": seen.catalogue})


def _media(preview: Preview, digest: str) -> ResponseReturnValue:
    contents = preview.look().catalogue
    try:
        found = contents.media_file(digest) if contents else None
    except NotInCatalogue:
        found = None
    roots = [root for root in (preview.root, preview.media_root) if root and found and (root / found.path).is_file()]
    if found is None or not roots:
        abort(404)
    kind = MEDIA_TYPES[Path(found.path).suffix.lower()].partition(";")[0]
    return send_file(roots[0] / found.path, mimetype=kind, conditional=True)
