"""One look at the database, by its driver alone: what it says decides whether the application may be made at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from learnhub.doctor.queries import postgresql, sqlite
from learnhub.doctor.queries.state import DatabaseState, Fault

__all__ = ["DatabaseState", "Fault", "look", "open_database", "path_of"]


def path_of(database_url: str) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL."""
    prefix = "sqlite:///"
    return Path(database_url.removeprefix(prefix)) if database_url.startswith(prefix) else None


def look(database_url: str, *, budget: float | None) -> DatabaseState:
    """The state of the database at `database_url`; never raises for what is wrong with it.

    A SQLite file is looked through for damage for `budget` seconds of processor time at most (None: to its end).
    """
    path = path_of(database_url)
    return sqlite.look(path, budget) if path else postgresql.look(database_url)


@contextmanager
def open_database(database_url: str) -> Iterator[Any]:
    """A connection of the driver at which each statement is a transaction of its own."""
    path = path_of(database_url)
    connection = sqlite.connect(path) if path else postgresql.connect(database_url)
    try:
        yield connection
    finally:
        connection.close()
