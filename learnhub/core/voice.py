"""How papers and files say things in the reader's language, without knowing who reads or how words are translated."""

import dataclasses
import datetime as dt
from collections.abc import Callable

Cell = str | int


@dataclasses.dataclass(frozen=True, slots=True)
class Voice:
    """Words by their message id, a rate of part and whole, a day, an instant, a day of the week, a time of day."""

    say: Callable[[str], str]
    rate: Callable[[int, int], str]
    day: Callable[[dt.date], str]
    instant: Callable[[dt.datetime], str]
    weekday: Callable[[dt.date], str]
    time: Callable[[dt.datetime], str]
    language: str = "zh-CN"
