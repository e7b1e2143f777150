"""How papers and files say things in the reader's language, without knowing who reads or how words are translated."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Self

Cell = str | int | float | dt.date


class Rate(str):
    """A rate in words, as pages say it, with the number that the words say; None without a denominator."""

    number: float | None

    def __new__(cls, words: str, number: float | None) -> Self:
        """`number` is a share of one, rounded as the words are."""
        made = super().__new__(cls, words)
        made.number = number
        return made


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
