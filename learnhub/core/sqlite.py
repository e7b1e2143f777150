"""Which SQLite this process runs, and from which version on its write-ahead log can be trusted."""

import importlib
import sqlite3
from types import ModuleType

# Below this version SQLite can lose data when a write-ahead log is reset while another process reads it.
WAL_IS_SAFE_FROM = (3, 51, 3)


def sqlite_module() -> ModuleType:
    """The newest SQLite at hand: the bundled wheel where there is one, else the standard library's."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


def is_wal_safe() -> bool:
    """Whether this SQLite may keep a write-ahead log; otherwise it keeps a rollback journal."""
    version: tuple[int, int, int] = sqlite_module().sqlite_version_info
    return version >= WAL_IS_SAFE_FROM


def describe_sqlite() -> str:
    """Which SQLite runs and how it keeps its log, for the terminal."""
    module = sqlite_module()
    log = "write-ahead log" if is_wal_safe() else "rollback journal: writers wait for readers"
    return f"SQLite {module.sqlite_version} ({log}; {'of Python' if module is sqlite3 else 'bundled'})"
