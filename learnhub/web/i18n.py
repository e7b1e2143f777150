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
from markupsafe import Markup

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


_said: dict[tuple[str, str], Markup] = {}


def say(message: str, **variables: object) -> Markup:
    """`_` of the templates: the words of a message id, with `variables` put in (escaped, unless they are Markup).

    As Jinja's own, which asks four functions each time; a page has dozens of messages.
    """
    locale = get_locale() or LOCALES["zh-CN"]
    found = _said.get((locale.language, message))
    if found is None:
        # Our own words, which Jinja would mark as safe too.
        found = Markup(catalogue(str(locale)).ugettext(message))  # noqa: S704
        _said[locale.language, message] = found
    return found % variables if "%" in found else found


def init_app(app: Flask) -> None:
    """Translate the pages of `app`."""
    Babel(app, locale_selector=lambda: LOCALES[language()])
    app.extensions["babel"].instance.domain_instance = _PoDomain()
    app.jinja_env.globals["_"] = say
    app.jinja_env.globals["language"] = language
    app.jinja_env.globals["languages"] = {code: str(locale.language_name) for code, locale in LOCALES.items()}
