"""Time: instants are UTC, days and months are civil ones in the one configured zone. Only this module asks the time."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

# The last day of anything that has no end yet: an open end that compares and indexes like any other day.
FOREVER = dt.date(9999, 12, 31)
# Days that anybody may mean: beyond these, days cannot be counted on from in every zone, and are slips of a key.
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2999, 12, 31)
_zone = ZoneInfo("Asia/Shanghai")
_fixed: dt.datetime | None = None
_MONTH = re.compile(r"[12]\d{3}-(0[1-9]|1[0-2])")


def configure(zone: str) -> None:
    """Set the zone of civil days and months, an IANA name such as `Asia/Shanghai`."""
    global _zone
    _zone = ZoneInfo(zone)


def zone() -> ZoneInfo:
    """The configured zone."""
    return _zone


def now() -> dt.datetime:
    """The present instant, aware, UTC."""
    return _fixed or dt.datetime.now(dt.UTC)


def fix(instant: dt.datetime | None) -> None:
    """Hold the clock at `instant` (tests, demonstrations), or let it run again with `None`."""
    global _fixed
    _fixed = instant


def today() -> dt.date:
    """The present civil day in the configured zone."""
    return local(now()).date()


def local(instant: dt.datetime) -> dt.datetime:
    """`instant` (aware) in the configured zone."""
    return instant.astimezone(_zone)


def instant(day: dt.date, time: dt.time = dt.time()) -> dt.datetime:
    """The UTC instant of a civil day and time of day in the configured zone."""
    return dt.datetime.combine(day, time, tzinfo=_zone).astimezone(dt.UTC)


def month_of(day: dt.date) -> str:
    """The civil month `YYYY-MM` of `day`."""
    return f"{day.year:04d}-{day.month:02d}"


def is_month(text: str) -> bool:
    """Whether `text` is a civil month `YYYY-MM`."""
    return _MONTH.fullmatch(text) is not None


def first_day(month: str) -> dt.date:
    """The first day of the civil month `YYYY-MM`."""
    return dt.date(int(month[:4]), int(month[5:]), 1)


def next_month(month: str, step: int = 1) -> str:
    """The civil month `step` months after `month` (before it, when negative)."""
    count = int(month[:4]) * 12 + int(month[5:]) - 1 + step
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def last_day(month: str) -> dt.date:
    """The last day of the civil month `YYYY-MM`."""
    return first_day(next_month(month)) - dt.timedelta(days=1)
