"""How files say things in the reader's language."""

import dataclasses
import datetime as dt
from collections.abc import Callable

Cell = str | int


@dataclasses.dataclass(frozen=True, slots=True)
class Voice:
    """How a file says things in the reader's language: words, a rate of part and whole, a day, an instant."""

    say: Callable[[str], str]
    rate: Callable[[int, int], str]
    day: Callable[[dt.date], str]
    instant: Callable[[dt.datetime], str]
    language: str = "zh-CN"
