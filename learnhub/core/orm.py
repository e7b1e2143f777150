"""The declarative base of every table. No Flask here; `web.db` hands the same class to Flask-SQLAlchemy."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Iterable
from typing import TypeVar

from sqlalchemy import DateTime, Dialect, Enum, MetaData, Select, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from learnhub.core.clock import FOREVER as FOREVER  # noqa: PLC0414 - said again for the tables
from learnhub.core.errors import NotFound

Row = TypeVar("Row")
# Whole names for constraints over several columns, so that a migration can name what it drops.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[dt.datetime]):
    """A point in time: refuses naive values, stores UTC, returns aware UTC on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Base(DeclarativeBase):
    """What every table inherits. The type map stands in the registry: Flask-SQLAlchemy copies the class body."""

    registry = registry(metadata=MetaData(naming_convention=NAMES), type_annotation_map={dt.datetime: Instant})


def choice(words: type[enum.Enum], name: str) -> Enum:
    """A column type that holds one of the values of `words`, kept by a named CHECK on both databases."""
    return Enum(
        words,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Dated:
    """Columns of what holds from one civil day up to, but not including, another (FOREVER while it lasts)."""

    valid_from: Mapped[dt.date]
    valid_to: Mapped[dt.date] = mapped_column(default=FOREVER)


class Noted:
    """Columns of a fact: who noted it and when, and when it was withdrawn by a correction (NULL while it stands).

    A fact is never overwritten. A correction withdraws it (with a reason) and notes another, so the state at any
    past instant can be asked for again. `noted_by` is an account's id; the accounts stand on a higher floor than
    some facts, so it carries no foreign key.
    """

    noted_at: Mapped[dt.datetime]
    noted_by: Mapped[int]
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_by: Mapped[int | None]
    withdrawn_because: Mapped[str | None] = mapped_column(String(500))


def held(session: Session, statement: Select[tuple[Row]], missing: str) -> Row:
    """The one row of `statement`, read anew and held against other writers until the transaction ends.

    Raises NotFound with the words `missing` when there is none.
    """
    row = session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotFound(missing)
    return row


def plain(row: Base, *names: str) -> dict[str, str | int | None]:
    """The columns `names` of a row as plain JSON values; a day that has no end yet is FOREVER before it is written too."""
    found = {name: getattr(row, name) for name in names}
    if "valid_to" in found and found["valid_to"] is None:
        found["valid_to"] = FOREVER
    return {name: _plain(value) for name, value in found.items()}


def _plain(value: str | int | dt.date | enum.Enum | None) -> str | int | None:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return str(value.value)
    return value


@dataclasses.dataclass(slots=True)
class Touched:
    """Whose facts a transaction has changed: what is added up from facts is marked with these before it ends."""

    organizations: set[int] = dataclasses.field(default_factory=set)
    members: set[int] = dataclasses.field(default_factory=set)
    tasks: set[int] = dataclasses.field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.organizations or self.members or self.tasks)


_TOUCHED = "touched"


def changed(
    session: Session,
    *,
    organizations: Iterable[int] = (),
    members: Iterable[int] = (),
    tasks: Iterable[int] = (),
) -> None:
    """Say that facts of `members`, of the members of `organizations`, or `tasks` as a whole, have changed.

    A member stands for every organization that a membership of theirs names when the transaction ends; a verb that
    takes a membership away, or points it elsewhere, names the organization that was left too.
    """
    found = touched(session)
    found.organizations.update(organizations)
    found.members.update(members)
    found.tasks.update(tasks)


def touched(session: Session) -> Touched:
    """What `changed` has said in this transaction so far."""
    found: Touched = session.info.setdefault(_TOUCHED, Touched())
    return found


def forget_touched(session: Session) -> None:
    """Begin anew: the transaction is over, or what it touched has been marked."""
    session.info.pop(_TOUCHED, None)


# The condition of a partial index over facts that have not been withdrawn.
STANDING = text("withdrawn_at IS NULL")
