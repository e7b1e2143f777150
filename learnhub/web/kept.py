"""Pages that say the same to many readers: rendered once, kept in memory, handed out with each reader's own put in.

What differs between readers stands in `key`, apart from three things for which a rendered page has places: the reader's
name, the token of their sign-in, and the keys by which a form sent twice is recognised, each of which is made anew.
"""

import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

from flask import current_app, g, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from learnhub.web.i18n import language

# Pages, of some ten kilobytes each.
MOST = 500
# Nobody can write these into a text: they are drawn at the start of the server.
NAME, _TOKEN, _KEY = (f"{word}-{secrets.token_hex(12)}" for word in ("name", "token", "key"))
_PLACES = re.compile(f"({NAME}|{_TOKEN}|{_KEY})")
_lock = threading.Lock()


def pages() -> OrderedDict[Hashable, list[str]]:
    """The pages that the running application keeps, each in the pieces between its places, the oldest first."""
    found: OrderedDict[Hashable, list[str]] = current_app.extensions.setdefault("kept_pages", OrderedDict())
    return found


def page(key: Hashable, name: str, render: Callable[[], str]) -> str | None:
    """The page `key` for the reader called `name`; `render` makes it, with NAME in place of the name, when it is not kept.

    None for a request whose page is its own: it asks for more than its path, or has a message to show.
    """
    if request.query_string or session.get("_flashes"):
        return None
    chosen = tuple(request.cookies.get(each, "") for each in ("mode", "size"))
    whole = (key, request.path, language(), chosen)
    token = generate_csrf()
    with _lock:
        kept = pages()
        pieces = kept.get(whole)
    if pieces is None:
        pieces = _PLACES.split(_render(render, token))
        with _lock:
            kept[whole] = pieces
            if len(kept) > MOST:
                kept.popitem(last=False)
    own = {NAME: str(escape(name)), _TOKEN: token}
    return "".join(own.get(each) or (secrets.token_urlsafe(12) if each == _KEY else each) for each in pieces)


def _render(render: Callable[[], str], token: str) -> str:
    g.csrf_token, g.form_key = _TOKEN, _KEY
    try:
        return render()
    finally:
        g.csrf_token = token
        del g.form_key
