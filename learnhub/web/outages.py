"""Outages: which errors mean that the database or a disk is away, busy, full or damaged, and what a page says then."""

import enum
import errno
import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from learnhub.core.sqlite import sqlite_module
from learnhub.core.text import N_


class Outage(enum.Enum):
    """Why nothing can be read or saved just now."""

    BUSY = "busy"
    AWAY = "away"
    FULL = "full"
    READ_ONLY = "read-only"
    DAMAGED = "damaged"

    @property
    def passes(self) -> bool:
        """Whether it ends by itself; an administrator has to act otherwise."""
        return self in {Outage.BUSY, Outage.AWAY}


TITLES = {
    Outage.BUSY: N_("现在人多，请稍等"),
    Outage.AWAY: N_("平台正在恢复，请稍等"),
    Outage.FULL: N_("平台现在存不进东西"),
    Outage.READ_ONLY: N_("平台现在存不进东西"),
    Outage.DAMAGED: N_("平台的数据现在读写不了"),
}
# Why it cannot be saved or shown.
REASONS = {
    Outage.BUSY: N_("很多人正在保存。"),
    Outage.AWAY: N_("平台暂时连不上数据。"),
    Outage.FULL: N_("平台的硬盘满了，要系统管理员处理好才能保存。"),
    Outage.READ_ONLY: N_("平台的数据现在只能看、不能改，要系统管理员处理好才能保存。"),
    Outage.DAMAGED: N_("平台的数据出了故障，要系统管理员处理。"),
}
# What is said to machines (Retry-After), in seconds.
RETRY_AFTER = {Outage.BUSY: 3, Outage.AWAY: 10, Outage.FULL: 60, Outage.READ_ONLY: 60, Outage.DAMAGED: 60}

# https://www.postgresql.org/docs/current/errcodes-appendix.html; the longer beginning goes before the shorter.
_STATES = {
    "55P03": Outage.BUSY,  # lock_not_available
    "40": Outage.BUSY,  # serialization_failure, deadlock_detected
    "57014": Outage.BUSY,  # query_canceled: a statement that took too long
    "57P": Outage.AWAY,  # admin_shutdown, crash_shutdown, cannot_connect_now
    "08": Outage.AWAY,  # connection exceptions, and all that PgBouncer says
    "53100": Outage.FULL,
    "53": Outage.AWAY,  # too_many_connections, out_of_memory
    "25006": Outage.READ_ONLY,
    "58": Outage.DAMAGED,  # io_error and the like
    "XX001": Outage.DAMAGED,
    "XX002": Outage.DAMAGED,
}
# https://www.sqlite.org/rescode.html
_CODES = {
    sqlite3.SQLITE_BUSY: Outage.BUSY,
    sqlite3.SQLITE_LOCKED: Outage.BUSY,
    sqlite3.SQLITE_INTERRUPT: Outage.BUSY,
    sqlite3.SQLITE_PROTOCOL: Outage.BUSY,
    sqlite3.SQLITE_CANTOPEN: Outage.AWAY,
    sqlite3.SQLITE_FULL: Outage.FULL,
    sqlite3.SQLITE_READONLY: Outage.READ_ONLY,
    sqlite3.SQLITE_PERM: Outage.READ_ONLY,
    sqlite3.SQLITE_IOERR: Outage.DAMAGED,
    sqlite3.SQLITE_CORRUPT: Outage.DAMAGED,
    sqlite3.SQLITE_NOTADB: Outage.DAMAGED,
}
_ERRNOS = {
    errno.ENOSPC: Outage.FULL,
    errno.EDQUOT: Outage.FULL,
    errno.EFBIG: Outage.FULL,
    errno.EROFS: Outage.READ_ONLY,
    errno.ENOTDIR: Outage.READ_ONLY,
    errno.EEXIST: Outage.READ_ONLY,
    errno.EACCES: Outage.READ_ONLY,
    errno.EPERM: Outage.READ_ONLY,
    errno.EIO: Outage.DAMAGED,
    errno.EMFILE: Outage.BUSY,
    errno.ENFILE: Outage.BUSY,
}
# SQLAlchemy's code for a session whose connection broke and that was not rolled back.
_BROKEN_SESSION = "8s2b"


def find_outage(error: BaseException) -> Outage | None:
    """The outage that `error` tells of; None when it is a fault of the program or of what was sent."""
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return Outage.AWAY
        return _of_driver(error.orig) if error.orig is not None else None
    if isinstance(error, PendingRollbackError):
        return Outage.AWAY if error.code == _BROKEN_SESSION else None
    if isinstance(error, PoolTimeout):
        return Outage.BUSY
    if isinstance(error, OSError):
        return _ERRNOS.get(error.errno or 0)
    return _of_driver(error)


def refuses_commit(error: BaseException) -> bool:
    """Whether the database itself answered a COMMIT with `error`, so that nothing of the transaction was kept.

    A connection that broke, or a disk that failed while the commit was being written, leaves that open.
    """
    driver = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(driver, psycopg.Error):
        return bool(driver.sqlstate) and not str(driver.sqlstate).startswith(("08", "57P", "58"))
    return _sqlite_code(driver) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CONSTRAINT}


def _of_driver(error: BaseException) -> Outage | None:
    if isinstance(error, psycopg.Error):
        state = error.sqlstate or ""
        if not state and isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            return Outage.AWAY  # no connection, or one that broke: there was nobody to name a state
        if state == "0A000" and "recovery" in str(error):
            return Outage.READ_ONLY  # a standby refuses a transaction that may write
        return next((_STATES[state[:length]] for length in (5, 3, 2) if state[:length] in _STATES), None)
    return _CODES.get(_sqlite_code(error) or 0)


def _sqlite_code(error: BaseException | None) -> int | None:
    """The primary result code of an error of SQLite; None for any other."""
    if not isinstance(error, sqlite3.Error | sqlite_module().Error):
        return None
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF
