"""Bad weather for tests: a database that is away, locked or full, and a disk without room."""

import contextlib
import resource
from collections.abc import Iterator
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import make_url

from learnhub.web.db import db, engine_options, prepare
from tests import databases


@contextlib.contextmanager
def away(app: Flask, kind: databases.Kind) -> Iterator[None]:
    """The database of `app` cannot be reached: PostgreSQL has ended its connections and takes no new ones."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    with app.app_context():
        db.session.remove()
    if kind.name == "sqlite":
        with app.app_context():
            db.engine.dispose()
        file = Path(url.database or "")
        left = list(file.parent.glob(f"{file.name}*"))
        hidden = file.parent / "hidden"
        hidden.mkdir()
        for each in left:
            each.rename(hidden / each.name)
        file.mkdir()  # nothing can be opened, and none made anew, where a folder stands
        try:
            yield
        finally:
            file.rmdir()
            for each in left:
                (hidden / each.name).rename(each)
            hidden.rmdir()
        return
    with psycopg.connect(kind.address, autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{url.database}" WITH ALLOW_CONNECTIONS false')
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [url.database])
        try:
            yield
        finally:
            connection.execute(f'ALTER DATABASE "{url.database}" WITH ALLOW_CONNECTIONS true')


@contextlib.contextmanager
def locked(app: Flask) -> Iterator[None]:
    """Somebody else writes all accounts and sign-ins, and does not end."""
    with app.app_context():
        holder = create_engine(db.engine.url, **engine_options(app.config["SQLALCHEMY_DATABASE_URI"]))
    prepare(holder)
    try:
        with holder.connect() as connection, connection.begin() as transaction:
            connection.execute(text("UPDATE account SET name = 'held'"))
            connection.execute(text("UPDATE sign_in SET agent = 'held'"))
            try:
                yield
            finally:
                transaction.rollback()
    finally:
        holder.dispose()


@contextlib.contextmanager
def full(app: Flask) -> Iterator[None]:
    """SQLite finds no room for another page, as on a full disk."""

    def limit(raw: object, _record: object) -> None:
        pages = raw.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        raw.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]

    with app.app_context():
        db.session.remove()
        engine = db.engine
    engine.dispose()
    event.listen(engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(engine, "connect", limit)
        engine.dispose()


@contextlib.contextmanager
def no_room(size: int = 0) -> Iterator[None]:
    """No file of this process grows beyond `size` bytes: each write beyond fails, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
