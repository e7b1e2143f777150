"""A look at PostgreSQL: whether it answers, what a commit is worth there, and where the schema stands."""

from typing import Any

from learnhub.doctor.queries.state import DatabaseState, Fault, read_tables

_WAIT_SECONDS = 5
_OURS = ("alembic_version", "identity_key", "audit_entry")
_OPTIONS = ("fsync", "full_page_writes", "synchronous_commit", "transaction_read_only", "server_version")


def connect(database_url: str) -> Any:
    """A connection at which each statement is a transaction of its own. Raises psycopg.Error."""
    import psycopg  # noqa: PLC0415 - a site on SQLite needs none of it

    address = database_url.replace("postgresql+psycopg://", "postgresql://", 1)
    return psycopg.connect(address, autocommit=True, connect_timeout=_WAIT_SECONDS, prepare_threshold=None)


def look(database_url: str) -> DatabaseState:
    """The state of the PostgreSQL database at `database_url`."""
    import psycopg  # noqa: PLC0415

    try:
        with connect(database_url) as connection, connection.transaction():
            connection.execute(f"SET LOCAL statement_timeout = {_WAIT_SECONDS * 1000}")
            return _read(connection)
    except (psycopg.Error, UnicodeError) as error:
        return DatabaseState("PostgreSQL", Fault.UNREACHABLE, _first_line(error))


def _read(connection: Any) -> DatabaseState:
    asked = ", ".join(f"current_setting('{name}')" for name in _OPTIONS)
    *values, in_recovery = connection.execute(f"SELECT {asked}, pg_is_in_recovery()").fetchone()
    options = dict(zip(_OPTIONS, values, strict=True))
    there = {name for name in _OURS if connection.execute("SELECT to_regclass(%s)", [name]).fetchone()[0]}
    read_only = ""
    if in_recovery:
        read_only = "the server is a standby"
    elif options["transaction_read_only"] == "on":
        read_only = "transactions are read-only there (default_transaction_read_only)"
    return DatabaseState(
        f"PostgreSQL {options['server_version'].split()[0]}",
        read_only=read_only,
        options=options,
        **read_tables(connection, there),
    )


def _first_line(error: Exception) -> str:
    """The driver's own words; they name host and user, never the password."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
