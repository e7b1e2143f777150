"""What all measures share: the world they are taken in, how often, and the line each prints."""

import dataclasses
import statistics
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from bench.generate import Size

Work = Callable[[], object]


@dataclasses.dataclass(frozen=True, slots=True)
class World:
    """An application over a filled database, and how often each piece of work is timed."""

    app: Flask
    size: Size
    rounds: int
    raw: Any  # a connection of the database's own driver, for the floors

    def session(self) -> Session:
        """A session of its own; the caller closes it."""
        from learnhub.web.db import db  # noqa: PLC0415 - only inside the application

        return Session(db.engine, expire_on_commit=False)

    def query(self, statement: str, values: tuple[Any, ...] = ()) -> list[Any]:
        """All rows of `statement` (places marked `?`) by the driver alone."""
        if self.is_sqlite:
            return self.raw.execute(statement, values).fetchall()  # type: ignore[no-any-return]
        with self.raw.cursor() as cursor:
            cursor.execute(statement.replace("?", "%s"), values)
            return cursor.fetchall() if cursor.description else []

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is SQLite."""
        return type(self.raw).__module__.split(".")[0] in ("sqlite3", "pysqlite3")


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """One line: what our way took and what the floor took, medians in `unit`; `spread` is between the quartiles."""

    name: str
    ratio: float
    floor: float
    median: float
    spread: float
    unit: str

    def line(self) -> str:
        """As it is printed."""
        return (
            f"{self.name:<22} {self.ratio:>6.2f} x the floor   {self.median:>10.2f} {self.unit} "
            f"(± {self.spread / 2:.2f})   floor {self.floor:.2f} {self.unit}"
        )


def compare(name: str, ours: Work, floor: Work, rounds: int) -> Result:
    """Time both in turn, `rounds` times after one that warms up, so that a busy moment falls on both. Milliseconds."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds + 1):
        for work, found in zip((ours, floor), times, strict=True):
            begun = time.perf_counter()
            work()
            if number:
                found.append((time.perf_counter() - begun) * 1000)
    return result(name, times[0], times[1], "ms")


def result(name: str, ours: list[float], floor: list[float], unit: str) -> Result:
    """The line of two rows of figures."""
    middle, lowest = statistics.median(ours), statistics.median(floor)
    quarters = statistics.quantiles(ours, n=4) if len(ours) > 1 else [middle] * 3
    return Result(name, middle / lowest, lowest, middle, quarters[2] - quarters[0], unit)
