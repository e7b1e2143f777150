"""The engine and the session: how each database is prepared, and how a transaction begins."""

import contextlib
from collections.abc import Iterator
from typing import Any

from flask import Flask, current_app, g, has_app_context, has_request_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from learnhub.core.orm import Base
from learnhub.core.sqlite import is_wal_safe, sqlite_module
from learnhub.web.lanes import take_turns

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# How long a request waits for a lock before it answers "please wait a moment".
LOCK_WAIT_SECONDS = 10
# How long a write waits that nobody would wait for.
BRIEF_MILLISECONDS = 50
# How long it takes at the most to find out that PostgreSQL cannot be reached.
CONNECT_SECONDS = 5
# What a connection to SQLite was last told: whether it may write, and how long it waits for a lock (milliseconds).
_WRITES = "learnhub.writes"
_WAITS = "learnhub.waits"

db = SQLAlchemy(model_class=Base, disable_autonaming=True, add_models_to_shell=False)
migrate = Migrate()


def engine_options(database_url: str) -> dict[str, Any]:
    """Options of `create_engine` for `database_url`."""
    # A compiled statement takes 0.1 MB; the pages that are asked for most need far fewer than these.
    # What people typed stands neither in the text of an error nor in a log.
    options: dict[str, Any] = {"hide_parameters": True, "query_cache_size": 100}
    if make_url(database_url).get_backend_name() == "sqlite":
        return {**options, "module": sqlite_module()}
    # Transactions begin by a statement of ours (`_begin_postgresql`). A prepared statement belongs to a connection of
    # the server, which PgBouncer hands from one client to the next.
    connect_args = {"autocommit": True, "prepare_threshold": None, "connect_timeout": CONNECT_SECONDS}
    return {**options, "pool_pre_ping": True, "pool_size": 5, "max_overflow": 10, "connect_args": connect_args}


def init_app(app: Flask) -> None:
    """Bind the database to `app` and prepare every connection of its engine."""
    db.init_app(app)
    app.teardown_appcontext(_end_session)
    migrate.init_app(app, db, directory=str(app.config["MIGRATIONS"]))
    with app.app_context():
        prepare(db.engine)


def prepare(engine: Engine) -> None:
    """Make `engine` begin its transactions as the architecture says, on either database."""
    take_turns(engine, _is_writing_request, lambda: LOCK_WAIT_SECONDS / 2)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "begin", _begin_postgresql)
    event.listen(engine, "commit", _note_commit_sent)


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


def _is_writing_request() -> bool:
    return has_request_context() and "reads_first" not in g and may_write()


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


@contextlib.contextmanager
def brief_transaction() -> Iterator[Session]:
    """A session that gives up at once when the database is locked, for a short write that nobody waits for.

    Use it in an application context of its own, and commit within the block.
    """
    g.brief = True
    try:
        yield db.session()
    finally:
        end_transaction()


def end_transaction() -> None:
    """Take back what the session has begun, also when its connection is broken."""
    try:
        db.session.rollback()
    except Exception:  # whatever the driver says of a connection that is gone
        db.session().invalidate()


def is_commit_open() -> bool:
    """Whether this request has sent a COMMIT that was not answered."""
    return bool(g.get("commit_sent"))


def has_committed() -> bool:
    """Whether this request has saved something already."""
    return bool(g.get("committed"))


def _end_session(_error: BaseException | None) -> None:
    """Give the connection back before Flask-SQLAlchemy does, which would fail over one that broke after the answer."""
    if db.session.registry.has():
        end_transaction()
        db.session.remove()


def _note_commit_sent(_connection: Connection) -> None:
    if has_request_context():
        g.commit_sent = True


@event.listens_for(db.session, "after_commit")
def _note_committed(_session: Session) -> None:
    if has_request_context() and may_write():
        g.commit_sent, g.committed = False, True


def _is_brief() -> bool:
    return has_app_context() and "brief" in g


def _prepare_sqlite(raw: Any, record: Any) -> None:
    raw.isolation_level = None
    raw.execute(
        f"PRAGMA busy_timeout={LOCK_WAIT_SECONDS * 1000}"
    )  # first: the switch of journal may itself have to wait
    wanted = "wal" if is_wal_safe() else "truncate"
    if raw.execute("PRAGMA journal_mode").fetchone()[0] != wanted:
        now = raw.execute(f"PRAGMA journal_mode={wanted}").fetchone()[0]
        if now not in (wanted, "memory"):
            raise RuntimeError(f"SQLite stayed in journal mode {now}, wanted {wanted}")
    raw.execute("PRAGMA synchronous=FULL")
    raw.execute("PRAGMA foreign_keys=ON")
    # For each thread of each process; a county fits into the system's own cache beside it.
    raw.execute("PRAGMA cache_size=-8192")


def _begin_sqlite(connection: Connection) -> None:
    raw: Any = connection.connection.dbapi_connection
    writes, waits = may_write(), BRIEF_MILLISECONDS if _is_brief() else LOCK_WAIT_SECONDS * 1000
    if connection.info.get(_WRITES) is not writes:
        raw.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        connection.info[_WRITES] = writes
    if connection.info.get(_WAITS) != waits:
        raw.execute(f"PRAGMA busy_timeout={waits}")
        connection.info[_WAITS] = waits
    only_reads = has_request_context() and "reads_first" in g
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes and not only_reads else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    """One message to the server, with what a connection behind PgBouncer cannot be told once and for all.

    Compiling a statement costs PostgreSQL more than running any of ours: a county's coverage takes a fifth without it.
    """
    raw: Any = connection.connection.dbapi_connection
    waits = BRIEF_MILLISECONDS if _is_brief() else LOCK_WAIT_SECONDS * 1000
    mode = "READ WRITE" if may_write() else "READ ONLY"
    try:
        raw.execute(f"BEGIN {mode}; SET LOCAL lock_timeout = {waits}; SET LOCAL jit = off")
    except Exception:
        connection.invalidate()  # it broke since it was asked whether it lives
        raise
