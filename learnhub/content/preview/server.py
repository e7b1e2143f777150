"""The pages of a preview, for one author on their own computer: no database, no sign-in, nothing is stored."""

from pathlib import Path

from flask import Flask, Response, abort, jsonify, render_template, send_file
from flask.typing import ResponseReturnValue
from werkzeug.serving import BaseWSGIServer, make_server

from learnhub.content.preview.state import Preview
from learnhub.content.schema import MEDIA_TYPES, NotInCatalogue

STATIC = Path(__file__).resolve().parents[2] / "web" / "static"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'"


def serve(folder: Path, port: int, media_root: Path | None = None) -> BaseWSGIServer:
    """A server for `folder` on this computer only; port 0 takes any free one. Raises ValueError for a foreign folder."""
    return make_server("127.0.0.1", port, application(folder, media_root), threaded=True)


def application(folder: Path, media_root: Path | None = None) -> Flask:
    """The pages, at the same addresses as on the site, since links inside content lead there."""
    preview = Preview(folder, media_root)
    app = Flask(__name__, static_folder=str(STATIC), template_folder="pages")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    def page(template: str, **values: object) -> ResponseReturnValue:
        seen = preview.look()
        if seen.catalogue is None:
            return render_template("problems.html", seen=seen, folder=preview.part or preview.root.name), 500
        try:
            found = {name: find(seen.catalogue) for name, find in values.items() if callable(find)}
        except NotInCatalogue:
            return render_template("elsewhere.html", seen=seen), 404
        return render_template(template, seen=seen, contents=seen.catalogue, **found)

    @app.get("/")
    def index() -> ResponseReturnValue:
        return page("index.html")

    @app.get("/courses/<slug>")
    def course(slug: str) -> ResponseReturnValue:
        return page("course.html", course=lambda contents: contents.course(slug))

    @app.get("/courses/<slug>/<lesson>")
    def lesson(slug: str, lesson: str) -> ResponseReturnValue:
        return page("lesson.html", lesson=lambda contents: contents.lesson(slug, lesson))

    @app.get("/months/<month>")
    def unit(month: str) -> ResponseReturnValue:
        return page("unit.html", unit=lambda contents: contents.unit(month))

    @app.get("/months/<month>/lesson")
    def unit_lesson(month: str) -> ResponseReturnValue:
        return page("lesson.html", lesson=lambda contents: contents.unit(month).lesson)

    @app.get("/courses/<place>/quiz")
    @app.get("/months/<place>/quiz")
    def quiz(place: str) -> ResponseReturnValue:
        return page("quiz.html", questions=lambda contents: contents.quiz(place))

    @app.get("/pages/<slug>")
    def single(slug: str) -> ResponseReturnValue:
        return page("lesson.html", lesson=lambda contents: contents.page(slug))

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
