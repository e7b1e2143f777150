"""Ways to spoil a site: each takes its settings, and gives others or changes what they lead to."""

import contextlib
import dataclasses
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from config import Config
from learnhub.doctor import queries

Spoil = Callable[[Config], Config | None]


@contextlib.contextmanager
def opened(config: Config) -> Iterator[Any]:
    """A connection to the site's database at which each statement is a transaction of its own."""
    with queries.open_database(config.database_url) as connection:
        yield connection


def file_of(config: Config) -> Path:
    path = queries.path_of(config.database_url)
    assert path
    return path


def run_sql(statement: str) -> Spoil:
    def spoil(config: Config) -> None:
        with opened(config) as connection:
            connection.execute(
                statement.replace("DATABASE_NAME", f'"{config.database_url.rsplit("/", 1)[1].split("?")[0]}"')
            )

    return spoil


def settings(**changes: Any) -> Spoil:
    return lambda config: dataclasses.replace(config, **changes)


def empty_content(config: Config) -> Config:
    (config.instance_folder / "nothing").mkdir()
    return dataclasses.replace(config, content_folder=config.instance_folder / "nothing")


def file_in_place_of(name: str) -> Spoil:
    """A file where the folder belongs; nobody, root neither, can write into that."""

    def spoil(config: Config) -> None:
        (config.instance_folder / name).write_text("a file")

    return spoil


def damage(config: Config) -> None:
    """Overwrite pages in the middle, as a failing disk does."""
    with opened(config) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with file_of(config).open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(size // 2 // 4096 * 4096)
        file.write(secrets.token_bytes(4096 * 8))


def drop_tables(config: Config) -> None:
    path = queries.path_of(config.database_url)
    if path:
        for each in path.parent.glob(path.name + "*"):
            each.unlink()
        path.touch()
        return
    with opened(config) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
