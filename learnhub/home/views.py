"""The start page of each role, and the reader's own choices of text size and language."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from learnhub.accounts import guards
from learnhub.web.i18n import COOKIE, LOCALES

bp = Blueprint("home", __name__, template_folder="templates")
YEAR_SECONDS = 365 * 24 * 3600


@bp.get("/")
@guards.signed_in
def start() -> ResponseReturnValue:
    """The start page of this visitor's roles."""
    return render_template("home/start.html")


def _own_path() -> str:
    path = request.form.get("next", "/")
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable() else "/"


@bp.post("/mode")
@guards.public
def set_mode() -> ResponseReturnValue:
    """Choose 长辈版 or the standard one, and the size of its text; kept in a cookie."""
    response = redirect(_own_path(), 303)
    for name, allowed in (("mode", {"elder", "standard"}), ("size", {"l", "xl"})):
        if request.form.get(name) in allowed:
            response.set_cookie(name, request.form[name], max_age=YEAR_SECONDS, samesite="Lax", httponly=True)
    return response


@bp.post("/language")
@guards.public
def set_language() -> ResponseReturnValue:
    """Choose the language; kept in a cookie."""
    response = redirect(_own_path(), 303)
    if request.form.get("language") in LOCALES:
        response.set_cookie(COOKIE, request.form["language"], max_age=YEAR_SECONDS, samesite="Lax", httponly=True)
    return response
