"""The databases of the tests: one template of each kind with the schema and the cast, and copies of it."""

import contextlib
import dataclasses
import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url

from config import Config
from learnhub.app import create_app
from learnhub.web.db import db, may_write
from tests import cast

SECRET_KEY = "oatPy7VQl9WqIi2T-fnq0H72r9OZTb95rtpYu5WF3Ng"
IDENTITY_KEY = "YjFrW4SLMLofiTZFls8ZpVnaMNrilqry6ssPGnyjqm0"
_numbers = itertools.count(1)


def settings(database_url: str, folder: Path) -> Config:
    """Settings of an application under test."""
    return Config.from_environment(
        {
            "LEARNHUB_SECRET_KEY": SECRET_KEY,
            "LEARNHUB_IDENTITY_KEY": IDENTITY_KEY,
            "DATABASE_URL": database_url,
            "LEARNHUB_INSTANCE": str(folder),
            "LEARNHUB_SECURE_COOKIES": "0",
            "LEARNHUB_SITE_NAME": "示例县党员学习平台",
        }
    )


@dataclasses.dataclass
class Kind:
    """One kind of database: where its template is, and an application that tests share on it."""

    name: str
    folder: Path
    address: str
    template: str
    shared: Flask

    def copy(self) -> str:
        """The address of a fresh copy of the template, for tests that need real commits."""
        number = next(_numbers)
        if self.name == "sqlite":
            path = self.folder / f"copy-{number}.sqlite3"
            shutil.copyfile(self.template, path)
            return f"sqlite:///{path}"
        name = f"{self.template}_{number}"
        _administer(self.address, f'CREATE DATABASE "{name}" TEMPLATE "{self.template}"')
        return _named(self.address, name)

    def empty(self) -> str:
        """The address of a database without any table."""
        number = next(_numbers)
        if self.name == "sqlite":
            return f"sqlite:///{self.folder / f'empty-{number}.sqlite3'}"
        name = f"{self.template}_{number}"
        _administer(self.address, f'CREATE DATABASE "{name}"')
        return _named(self.address, name)


def build(name: str, server: str | None, published: Path) -> Kind:
    """Make the template of kind `name` by running the migrations and inserting the cast."""
    folder = Path(tempfile.mkdtemp(prefix=f"learnhub-{name}-"))
    if name == "sqlite":
        template = str(folder / "template.sqlite3")
        url = f"sqlite:///{template}"
    else:
        assert server is not None
        template = f"learnhub_test_{os.getpid()}"
        _administer(server, f'CREATE DATABASE "{template}"')
        url = _named(server, template)
    _fill(create_app(dataclasses.replace(settings(url, folder), published_content=published)))
    kind = Kind(name, folder, server or "", template, shared=None)  # type: ignore[arg-type]
    kind.shared = create_app(dataclasses.replace(settings(kind.copy(), folder), published_content=published))
    kind.shared.config["PROPAGATE"] = True
    with kind.shared.app_context():
        event.listen(db.engine, "before_cursor_execute", _refuse_writes_of_readers)
    return kind


@contextlib.contextmanager
def rolled_back(app: Flask) -> Iterator[Connection]:
    """All that `app` does inside the block happens on one connection, and is undone afterwards."""
    with app.app_context():
        engines = db.engines
    engine = engines[None]
    with engine.connect() as connection:
        connection.begin()
        engines[None] = connection  # type: ignore[assignment]  # Flask-SQLAlchemy asks this mapping, not a bind
        db.session.session_factory.configure(join_transaction_mode="create_savepoint")
        try:
            yield connection
        finally:
            engines[None] = engine
            db.session.session_factory.configure(join_transaction_mode="conditional_savepoint")
            connection.rollback()


def _fill(app: Flask) -> None:
    with app.app_context():
        upgrade()
        for load in app.extensions["published_rules"]:
            load(db.session())
        cast.insert(db.session())
        db.session.commit()
        db.session.remove()
        if db.engine.dialect.name == "sqlite":
            with db.engine.connect() as connection:
                connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        db.engine.dispose()


def drop(kind: Kind) -> None:
    """Remove everything of this kind."""
    with kind.shared.app_context():
        db.engine.dispose()
    if kind.name == "postgresql":
        with psycopg.connect(kind.address, autocommit=True) as connection:
            rows = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{kind.template}%"])
            for (name,) in rows.fetchall():
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(kind.folder, ignore_errors=True)


@contextlib.contextmanager
def count_statements() -> Iterator[list[str]]:
    """Collect the statements that reach any engine inside the block, but not the beginnings and ends of transactions."""
    seen: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().upper().startswith(("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _refuse_writes_of_readers(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
    """The shared connection began outside a request and may write; a reading request must not, all the same."""
    if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")) and not may_write():
        raise AssertionError(f"a request that reads tried to write: {statement[:80]}")


def _administer(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)


def _named(server: str, database: str) -> str:
    return make_url(server).set(database=database).render_as_string(hide_password=False)
