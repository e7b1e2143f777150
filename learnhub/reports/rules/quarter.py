"""Quarters of the civil year, as reports are asked for."""

import dataclasses
import datetime as dt
import re

from learnhub.core import clock

_WRITTEN = re.compile(r"(\d{4})-Q([1-4])")


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """The quarter `number` (1 to 4) of a year."""

    year: int
    number: int

    @property
    def months(self) -> tuple[str, str, str]:
        """Its three months, `YYYY-MM`."""
        first = (self.number - 1) * 3 + 1
        return (f"{self.year:04d}-{first:02d}", f"{self.year:04d}-{first + 1:02d}", f"{self.year:04d}-{first + 2:02d}")

    @property
    def first(self) -> dt.date:
        """Its first civil day."""
        return clock.first_day(self.months[0])

    @property
    def last(self) -> dt.date:
        """Its last civil day."""
        return clock.last_day(self.months[2])

    @property
    def following(self) -> "Quarter":
        """The quarter after this one."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.number}"


def quarter_of(day: dt.date) -> Quarter:
    """The quarter in which a civil day lies."""
    return Quarter(day.year, (day.month + 2) // 3)


def as_quarter(text: str) -> Quarter | None:
    """The quarter that `text` (`2026-Q3`) names, or None."""
    found = _WRITTEN.fullmatch(text)
    return Quarter(int(found[1]), int(found[2])) if found and int(found[1]) > 0 else None


def quarters_until(day: dt.date, count: int = 8) -> tuple[Quarter, ...]:
    """The quarter of `day` and those before it, newest first."""
    newest = quarter_of(day)
    ends = newest.year * 4 + newest.number - 1
    return tuple(Quarter((ends - step) // 4, (ends - step) % 4 + 1) for step in range(count))
