"""A look at a file of SQLite: whether it is whole and can be written, and where the schema stands."""

import os
import time
import urllib.parse
from pathlib import Path
from typing import Any

from learnhub.core.sqlite import describe_sqlite, is_wal_safe, sqlite_module
from learnhub.doctor.queries.state import DatabaseState, Fault, read_tables

_MAGIC = b"SQLite format 3\0"
_WAIT_SECONDS = 2
# How many steps of SQLite's machine pass before it is asked whether the budget is spent.
_STEPS = 2_000
# What a file of this size takes is within any budget also where the check cannot be interrupted (before SQLite 3.42).
_SMALL = 64 * 2**20
_FROM_INTERRUPTED = (3, 42, 0)


def connect(path: Path) -> Any:
    """A connection to a file that is there, at which each statement is a transaction of its own."""
    address = f"file:{urllib.parse.quote(str(path))}?mode=rw"
    return sqlite_module().connect(address, uri=True, timeout=_WAIT_SECONDS, isolation_level=None)


def look(path: Path, budget: float | None) -> DatabaseState:
    """The state of the file at `path`, looked through for `budget` seconds of processor time at most."""
    product = describe_sqlite()
    try:
        if path.stat().st_size == 0:
            return DatabaseState(product)
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except FileNotFoundError:
        return DatabaseState(product, Fault.MISSING, f"{path} is not there")
    except OSError as error:
        return DatabaseState(product, Fault.UNREACHABLE, f"{path}: {error.strerror}")
    if head != _MAGIC:
        return DatabaseState(product, Fault.DAMAGED, f"{path} is not a database of SQLite")
    read_only = _find_read_only(path)
    if read_only:
        return DatabaseState(product, read_only=read_only)
    try:
        connection = connect(path)
        try:
            return _read(connection, product, path, budget)
        finally:
            connection.close()
    except sqlite_module().Error as error:
        return DatabaseState(product, _fault_of(error), f"{path}: {error}")


def _find_read_only(path: Path) -> str:
    """The file of the database that this process cannot open for writing, or nothing."""
    for file in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        try:
            os.close(os.open(file, os.O_RDWR))
        except FileNotFoundError:
            continue
        except OSError as error:
            return f"{file}: {error.strerror}"
    return ""


def _fault_of(error: Exception) -> Fault:
    words = str(error)
    if "locked" in words or "busy" in words:
        return Fault.LOCKED
    return Fault.UNREACHABLE if "unable to open" in words else Fault.DAMAGED


def _read(connection: Any, product: str, path: Path, budget: float | None) -> DatabaseState:
    if not is_wal_safe() and not _leave_wal(connection):
        return DatabaseState(product, Fault.JOURNAL, f"{path} stays in WAL mode while others hold it open")
    damage, whole = _look_through(connection, path, budget)
    if damage:
        return DatabaseState(product, Fault.DAMAGED, f"{path}: {damage}")
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return DatabaseState(product, looked_through=whole, **read_tables(connection, {name for (name,) in names}))


def _leave_wal(connection: Any) -> bool:
    """Do what the application does with a SQLite whose log is not safe; False while other processes keep the mode."""
    try:
        return bool(connection.execute("PRAGMA journal_mode=truncate").fetchone()[0] == "truncate")
    except sqlite_module().OperationalError:
        if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            return False
        raise


def _look_through(connection: Any, path: Path, budget: float | None) -> tuple[str, bool]:
    """The first damage that was come upon (or nothing), and whether all was looked at."""
    if budget is not None:
        if path.stat().st_size > _SMALL and sqlite_module().sqlite_version_info < _FROM_INTERRUPTED:
            return "", False
        until = time.process_time() + budget
        connection.set_progress_handler(lambda: time.process_time() > until, _STEPS)
    try:
        damage = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite_module().OperationalError as error:
        if "interrupted" not in str(error):
            raise
        return "", False
    finally:
        connection.set_progress_handler(None, 0)
    return ("" if damage == "ok" else " ".join(damage.split())), True
