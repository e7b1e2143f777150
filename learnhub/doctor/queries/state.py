"""What a look at a database gives, and the part of it that both databases answer alike."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping
from typing import Any


class Fault(enum.Enum):
    """Why there is no use in asking the database more."""

    MISSING = "missing"
    DAMAGED = "damaged"
    UNREACHABLE = "unreachable"
    LOCKED = "locked"
    JOURNAL = "journal"


@dataclasses.dataclass(frozen=True, slots=True)
class DatabaseState:
    """The database as it was found.

    `product` names it with its version, `reason` says what the `fault` is; `read_only` says what cannot be written, and
    is empty otherwise. `revision` is the migration it is at, None without a table of ours. `options` are the settings of
    PostgreSQL that decide what a commit is worth; `looked_through` is False when a large file was not read to its end.
    """

    product: str = ""
    fault: Fault | None = None
    reason: str = ""
    read_only: str = ""
    revision: str | None = None
    looked_through: bool = True
    options: Mapping[str, str] = dataclasses.field(default_factory=dict)
    identity_fingerprint: str | None = None
    newest_entry: dt.datetime | None = None

    @property
    def answers(self) -> bool:
        """Whether its tables could be read."""
        return self.fault is None and not self.read_only


def read_tables(connection: Any, tables: set[str]) -> dict[str, Any]:
    """The fields of a DatabaseState that stand in `tables`; those that are not there are left out."""
    fields: dict[str, Any] = {}
    if "alembic_version" in tables:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        fields["revision"] = row[0] if row else None
    if "identity_key" in tables:
        row = connection.execute("SELECT fingerprint FROM identity_key").fetchone()
        fields["identity_fingerprint"] = row[0] if row else None
    if "audit_entry" in tables:
        row = connection.execute("SELECT at FROM audit_entry ORDER BY id DESC LIMIT 1").fetchone()
        fields["newest_entry"] = _instant(row[0]) if row else None
    return fields


def _instant(value: dt.datetime | str) -> dt.datetime:
    """SQLite keeps instants as text in UTC, without saying so."""
    found = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
