"""Words: message ids are Chinese, English is one `.po` read on first use, and the reader chooses by a cookie."""

import functools
import io
from pathlib import Path

from babel.core import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request
from flask_babel import Babel, Domain, get_locale

FOLDER = Path(__file__).parent / "translations"
COOKIE = "language"
# Ready-made locales: a selector that returned a string would make Babel parse it on every request.
LOCALES = {"zh-CN": Locale.parse("zh_CN"), "en": Locale.parse("en")}


@functools.cache
def catalogue(name: str) -> NullTranslations:
    """The translations into the locale `name`; none for Chinese, whose words are the message ids."""
    path = FOLDER / name / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=name))
    compiled.seek(0)
    return Translations(compiled)


class _PoDomain(Domain):
    """Reads `.po` files in memory: no compiled file to build, forget or merge."""

    def get_translations(self) -> NullTranslations:
        return catalogue(str(get_locale() or LOCALES["zh-CN"]))


def language() -> str:
    """The reader's language: `zh-CN` or `en`; Chinese for a command, which has no reader to ask."""
    if not has_request_context():
        return "zh-CN"
    chosen: str | None = g.get("language")
    if chosen is None:
        chosen = request.cookies.get(COOKIE, "")
        g.language = chosen = chosen if chosen in LOCALES else "zh-CN"
    return chosen


def init_app(app: Flask) -> None:
    """Translate the pages of `app`."""
    Babel(app, locale_selector=lambda: LOCALES[language()])
    app.extensions["babel"].instance.domain_instance = _PoDomain()
    app.jinja_env.globals["language"] = language
    app.jinja_env.globals["languages"] = {code: str(locale.language_name) for code, locale in LOCALES.items()}
