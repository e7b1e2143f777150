"""How values are printed: dates, times, hours, rates, numbers, in the reader's language."""

import datetime as dt
import re
import unicodedata
from fractions import Fraction

from flask import Flask
from flask_babel import gettext as _

from learnhub.core import clock
from learnhub.core.text import N_
from learnhub.core.voice import Rate
from learnhub.typesetter.characters import is_ordinary, name_code
from learnhub.typesetter.client import find_unprintable
from learnhub.typesetter.errors import FontsMissing, TypesetterUnavailable
from learnhub.web.i18n import language

_WEEKDAYS = (N_("星期一"), N_("星期二"), N_("星期三"), N_("星期四"), N_("星期五"), N_("星期六"), N_("星期日"))
_MONTHS = (
    N_("一月"),
    N_("二月"),
    N_("三月"),
    N_("四月"),
    N_("五月"),
    N_("六月"),
    N_("七月"),
    N_("八月"),
    N_("九月"),
    N_("十月"),
    N_("十一月"),
    N_("十二月"),
)


# A link to a PDF of ours, or a form that makes one; a lesson may well link to somebody else's, or to one of its own files.
_OFFERS_PDF = re.compile(r'href="/(?!media/)[^"]*\.pdf\b|value="pdf"')


def day(value: dt.date | dt.datetime, year: bool = False) -> str:
    """A civil day: 11 月 25 日, with `year` 2026 年 11 月 25 日."""
    if isinstance(value, dt.datetime):
        value = clock.local(value).date()
    if language() == "en":
        return f"{value:%B} {value.day}" + (f", {value.year}" if year else "")
    words = _("%(month)s 月 %(day)s 日", month=value.month, day=value.day)
    return _("%(year)s 年", year=value.year) + " " + words if year else words


def pdf_gaps(page: str) -> str:
    """The characters of a page that a PDF which it offers cannot show, each with its code; empty for other pages."""
    if not _OFFERS_PDF.search(page):
        return ""
    written = {"Lo", "Co", "Cn"}  # letters without case, somebody's own characters, and what is not assigned
    rare = [each for each in dict.fromkeys(page) if not is_ordinary(each) and unicodedata.category(each) in written]
    try:
        missing = find_unprintable("".join(rare))
    except (FontsMissing, TypesetterUnavailable):  # the PDF itself says so
        return ""
    return _("、").join(f"{each} {name_code(each)}" for each in missing)


def weekday(value: dt.date | dt.datetime) -> str:
    """The day of the week."""
    if isinstance(value, dt.datetime):
        value = clock.local(value).date()
    return _(_WEEKDAYS[value.weekday()])


def time(value: dt.datetime | dt.time) -> str:
    """A time of day such as 9:00, of an instant in the configured zone."""
    if isinstance(value, dt.datetime):
        value = clock.local(value).time()
    return f"{value.hour}:{value.minute:02d}"


def month(value: str, year: bool = False) -> str:
    """A civil month `2026-11`: 十一月, with `year` 2026 年 11 月."""
    number = int(value[5:])
    if not year:
        return _(_MONTHS[number - 1])
    if language() == "en":
        return f"{clock.first_day(value):%B} {value[:4]}"
    return _("%(year)s 年 %(month)s 月", year=value[:4], month=number)


def hours(quarters: int) -> str:
    """Quarter hours as hours: 102 is 25.5."""
    return f"{quarters / 4:.2f}".rstrip("0").rstrip(".")


def rate(part: int, whole: int) -> Rate:
    """A rate with one decimal, rounded down so that it never reads 100 % before it is; a dash for no denominator."""
    if whole == 0:
        return Rate("—", None)
    tenths = int(Fraction(part * 1000, whole))
    return Rate(f"{tenths // 10}.{tenths % 10}%", tenths / 1000)


def number(value: int) -> str:
    """A whole number in groups of three, parted by a thin space that does not break."""
    return f"{value:,}".replace(",", "\u202f")


def init_app(app: Flask) -> None:
    """Give the filters to templates, under their own names."""
    for each in (day, weekday, time, month, hours, number, pdf_gaps):
        app.jinja_env.filters[each.__name__] = each
    app.jinja_env.globals["rate"] = rate
    app.jinja_env.globals["clock"] = clock
