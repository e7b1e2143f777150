"""How a migration runs: one transaction each, foreign keys off meanwhile on SQLite and checked afterwards."""

import importlib.util
import pkgutil
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

import learnhub
from learnhub.core.orm import Base, Instant

for room in pkgutil.iter_modules(learnhub.__path__):
    if room.ispkg and importlib.util.find_spec(f"learnhub.{room.name}.models"):
        importlib.import_module(f"learnhub.{room.name}.models")


def render_item(kind: str, item: Any, _autogenerate: Any) -> str | bool:
    """Migrations name the database's types, not classes of ours that may change."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def migrate(connection: Connection) -> None:
    """Run what is wanted on `connection`."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=render_item,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        transaction_per_migration=True,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


engine = current_app.extensions["migrate"].db.engine
with engine.connect() as connection:
    if engine.dialect.name == "sqlite":
        raw = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")  # no effect inside a transaction, so before any begins
        migrate(connection)
        broken = raw.execute("PRAGMA foreign_key_check").fetchall()
        raw.execute("PRAGMA foreign_keys=ON")
        if broken:
            raise RuntimeError(f"the migration left rows without their parents: {broken[:5]}")
    else:
        migrate(connection)
