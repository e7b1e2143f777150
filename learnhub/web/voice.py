"""The voice of this request: files speak the reader's language."""

from flask_babel import gettext as _

from learnhub.core.voice import Voice
from learnhub.web import filters, i18n


def voice() -> Voice:
    """How papers and files made for this request say things."""
    return Voice(
        say=_,
        rate=filters.rate,
        day=lambda day: filters.day(day, year=True),
        instant=lambda at: f"{filters.day(at, year=True)} {filters.time(at)}",
        weekday=filters.weekday,
        time=filters.time,
        language=i18n.language(),
    )
