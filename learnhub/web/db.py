"""The engine and the session: how each database is prepared, and how a transaction begins."""

import contextlib
import importlib
import sqlite3
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from flask import Flask, current_app, g, has_request_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url

from learnhub.core.orm import Base

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Below this version SQLite can lose data when a write-ahead log is reset while another process reads it.
WAL_IS_SAFE_FROM = (3, 51, 3)
# How long a request waits for a lock before it answers "please wait a moment".
LOCK_WAIT_SECONDS = 10
# What a connection to SQLite was last told: whether it may write.
_WRITES = "learnhub.writes"

db = SQLAlchemy(model_class=Base, disable_autonaming=True, add_models_to_shell=False)
migrate = Migrate()


def sqlite_module() -> ModuleType:
    """The newest SQLite at hand: the bundled wheel where there is one, else the standard library's."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


def engine_options(database_url: str) -> dict[str, Any]:
    """Options of `create_engine` for `database_url`."""
    if make_url(database_url).get_backend_name() == "sqlite":
        return {"module": sqlite_module()}
    # Compiling a statement costs PostgreSQL more than running any of ours: a county's coverage takes a fifth without it.
    waits = f"-c lock_timeout={LOCK_WAIT_SECONDS * 1000} -c jit=off"
    return {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 10, "connect_args": {"options": waits}}


def init_app(app: Flask) -> None:
    """Bind the database to `app` and prepare every connection of its engine."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(app.config["MIGRATIONS"]))
    with app.app_context():
        prepare(db.engine)


def prepare(engine: Engine) -> None:
    """Make `engine` begin its transactions as the architecture says, on either database."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)


def may_write() -> bool:
    """Whether the transaction about to begin may change anything: all but requests with a safe method.

    The page that says why a request failed only reads, so that it never waits for the lock that made it fail.
    """
    if not has_request_context() or g.get("may_write"):
        return True
    if g.get("failed"):
        return False
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method not in SAFE or bool(getattr(view, "writes", False))


@contextlib.contextmanager
def before_writing() -> Iterator[None]:
    """A short read of its own at the beginning of a request that writes, such as who is signed in.

    SQLite has one lock for all who write; whoever is refused at the door need not wait for it, nor others for who is
    asked. Inside a transaction that has begun it is a part of that.
    """
    in_write = has_request_context() and may_write() and not db.session().in_transaction()
    if not in_write or db.engine.dialect.name != "sqlite":
        yield
        return
    g.reads_first = True
    try:
        yield
    finally:
        del g.reads_first
        db.session.rollback()


def _prepare_sqlite(raw: Any, record: Any) -> None:
    raw.isolation_level = None
    raw.execute(
        f"PRAGMA busy_timeout={LOCK_WAIT_SECONDS * 1000}"
    )  # first: the switch of journal may itself have to wait
    wanted = "wal" if sqlite_module().sqlite_version_info >= WAL_IS_SAFE_FROM else "truncate"
    if raw.execute("PRAGMA journal_mode").fetchone()[0] != wanted:
        now = raw.execute(f"PRAGMA journal_mode={wanted}").fetchone()[0]
        if now not in (wanted, "memory"):
            raise RuntimeError(f"SQLite stayed in journal mode {now}, wanted {wanted}")
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("PRAGMA foreign_keys=ON")
    raw.execute("PRAGMA cache_size=-65536")


def _begin_sqlite(connection: Connection) -> None:
    writes = may_write()
    if connection.info.get(_WRITES) is not writes:
        connection.connection.dbapi_connection.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")  # type: ignore[union-attr]
        connection.info[_WRITES] = writes
    only_reads = has_request_context() and "reads_first" in g
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes and not only_reads else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    raw: Any = connection.connection.dbapi_connection
    wanted = not may_write()
    if raw.read_only is not wanted:  # psycopg's value starts as None; it sends this with its own BEGIN
        raw.read_only = wanted
