"""Days and months as people write them, with what is known of a day: all of it, its month, or only its year."""

import datetime as dt
import enum
import re

from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.members.rules.columns import plain


class DayPrecision(enum.Enum):
    """How much of a day is known; where it is not all, what is kept beside it is the first day that it can have been."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


PRECISION_LABELS = {
    DayPrecision.DAY: N_("日"),
    DayPrecision.MONTH: N_("月"),
    DayPrecision.YEAR: N_("年"),
    DayPrecision.UNKNOWN: N_("不详"),
}
# What stands in the place of a day that is not known at all.
UNKNOWN = DayPrecision.UNKNOWN.value
_LENGTHS = {10: DayPrecision.DAY, 7: DayPrecision.MONTH, 4: DayPrecision.YEAR}
_DAY = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))", re.ASCII)
_TIME = re.compile(r"[ T]+\d{1,2}:\d{2}.*", re.ASCII)
_MONTH = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})月?|(\d{2}))", re.ASCII)
_YEAR = re.compile(r"(\d{4})年?", re.ASCII)
_ROUNDED_MONTH = re.compile(r"\d{4}\.1", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
# Day 0 of a spreadsheet, and the last serial number that is taken for a day: the end of 2099.
_SERIAL_ZERO, _LAST_SERIAL = dt.date(1899, 12, 30), 73_050
_FIRST_YEAR, _LAST_YEAR = 1900, 2099
_CHINESE_DIGITS = {**{sign: str(value) for value, sign in enumerate("〇一二三四五六七八九")}, "零": "0", "○": "0"}
_CHINESE_NUMBER = re.compile(r"[〇零○一二三四五六七八九十]+")


def day(cell: str) -> str:
    """A civil day. Accepts 1995-07-01, 1995/7/1, 1995.7.1, 19950701, the Chinese way, and a spreadsheet's number."""
    text = _text(cell)
    if is_serial(text):
        return _of_serial(text)
    match = _DAY.fullmatch(text)
    if match is None:
        raise DomainError(N_("日期要写到日，如 1995-07-01；这里是“%(cell)s”。"), cell=cell[:30])
    year, month, number, packed_month, packed_number = match.groups()
    try:
        found = dt.date(int(year), int(month or packed_month), int(number or packed_number))
    except ValueError:
        raise DomainError(N_("没有“%(cell)s”这一天。"), cell=cell[:30]) from None
    _check_year(year, cell)
    return found.isoformat()


def month(cell: str) -> str:
    """A civil month. Accepts 1960-05, 1960.05, 196005, a whole day, the Chinese way, and a spreadsheet's number."""
    text = _text(cell)
    if _ROUNDED_MONTH.fullmatch(text):
        raise DomainError(N_("“%(cell)s”分不清是 1 月还是 10 月，请写成 1960-01 或 1960-10 这样。"), cell=text)
    match = _MONTH.fullmatch(text)
    if match is None:
        return day(cell)[:7]
    number = int(match.group(2) or match.group(3))
    if not 1 <= number <= 12:
        raise DomainError(N_("没有“%(cell)s”这个月。"), cell=cell[:30])
    _check_year(match.group(1), cell)
    return f"{match.group(1)}-{number:02d}"


def known_part(cell: str) -> str:
    """What a cell says of a day: `YYYY-MM-DD`, only `YYYY-MM`, or only `YYYY`."""
    text = _text(cell)
    if year := _YEAR.fullmatch(text):
        _check_year(text, cell)
        return year.group(1)
    if _MONTH.fullmatch(text) or _ROUNDED_MONTH.fullmatch(text):
        return month(cell)
    return day(cell)


def is_serial(cell: str) -> bool:
    """Whether a cell is a spreadsheet's number of a day that lost its format."""
    if not cell[:5].isdigit():  # most days are not, and there are many
        return False
    match = _SERIAL.fullmatch(plain(cell))
    return match is not None and 10_000 <= int(match.group(1)) <= _LAST_SERIAL


def first_day(known: str) -> str:
    """The first day that fits what is known of it."""
    return f"{known}-01-01"[:10] if len(known) == 4 else f"{known}-01"[:10]


def last_day(known: str) -> str:
    """The last day that fits what is known of it, as text that compares like days."""
    return f"{known}-12-31"[:10] if len(known) == 4 else f"{known}-31"[:10]


def agree(one: str, other: str) -> bool:
    """Whether what is known of two days can be said of one and the same."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def precision(known: str) -> DayPrecision:
    """How much of a day `known` tells."""
    return DayPrecision.UNKNOWN if known == UNKNOWN else _LENGTHS[len(known)]


def known(day: dt.date, precision: DayPrecision) -> str:
    """What is known of a day that is kept with its precision, as `known_part` writes it; `UNKNOWN` for nothing."""
    if precision is DayPrecision.UNKNOWN:
        return UNKNOWN
    return day.isoformat()[: next(length for length, each in _LENGTHS.items() if each is precision)]


def _text(cell: str) -> str:
    text = plain(_TIME.sub("", cell))
    return _CHINESE_NUMBER.sub(_arabic, text) if "年" in text else text


def _arabic(match: re.Match[str]) -> str:
    """一九六〇 as 1960, 十二 as 12, 二十一 as 21."""
    text = match.group()
    if "十" not in text:
        return "".join(_CHINESE_DIGITS[sign] for sign in text)
    tens, _, ones = text.partition("十")
    return (_CHINESE_DIGITS.get(tens, tens) or "1") + (_CHINESE_DIGITS.get(ones, ones) or "0")


def _of_serial(text: str) -> str:
    return (_SERIAL_ZERO + dt.timedelta(days=int(text.partition(".")[0]))).isoformat()


def _check_year(year: str, cell: str) -> None:
    if not _FIRST_YEAR <= int(year[:4]) <= _LAST_YEAR:
        raise DomainError(N_("年份要写四位，如 1995；这里是“%(cell)s”。"), cell=cell[:30])
