"""Writing many rows at once, and remembering how to take them back. Rows are plain JSON values here."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Date, Enum, delete, func, insert, select, update
from sqlalchemy.orm import Session

from learnhub.core.errors import DomainError
from learnhub.core.orm import FOREVER, Base, changed
from learnhub.core.text import N_
from learnhub.members.models import Circumstance, Member, Membership, Post
from learnhub.organizations import queries as organizations
from learnhub.organizations.models import FormerDescription, Organization, OrganizationLink

Row = dict[str, Any]
# In the order in which rows refer to each other; taking back goes the other way.
TABLES: dict[str, Any] = {
    each.__tablename__: each
    for each in (Organization, FormerDescription, OrganizationLink, Member, Membership, Post, Circumstance)
}
_CHUNK = 10_000
_CHANGED_SINCE = N_("导入以后名册又有改动，不能撤销这次导入了。")


class Writer:
    """Writes rows of the roster's tables and keeps what `take_back` needs."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.created: dict[str, list[int]] = {}
        self.changed: list[tuple[str, int, Row, Row]] = []
        self.removed: list[tuple[str, Row]] = []
        self.inserted: dict[str, Sequence[Row]] = {}
        self.whose: list[int] = []
        self.described: dict[str, str] = {}

    def insert(self, table: type[Base], rows: Sequence[Row]) -> list[int]:
        """Insert `rows` and return their ids in the same order."""
        if not rows:
            return []
        model = TABLES[table.__tablename__]
        statement = insert(model).returning(model.id, sort_by_parameter_order=True)
        ids = list(self.session.scalars(statement, [_typed(model, row) for row in rows]))
        self.created.setdefault(table.__tablename__, []).extend(ids)
        self.inserted[table.__tablename__] = rows
        return ids

    def change(self, table: type[Base], id_: int, before: Row, after: Row, *, of: int) -> None:
        """Note that columns of one row of a member, or of an organization, `of` go from `before` to `after`.

        `flush` writes it.
        """
        self.changed.append((table.__tablename__, id_, before, after))
        self.whose.append(of)

    def remove(self, table: type[Base], row: Row) -> None:
        """Note that a row goes (all its columns are given, its id too); `flush` writes it."""
        self.removed.append((table.__tablename__, row))

    def flush(self) -> None:
        """Write what was noted: what ends or goes before what begins, so that nothing overlaps meanwhile."""
        for name, row in self.removed:
            self.session.execute(delete(TABLES[name]).where(TABLES[name].id == row["id"]))
        for name in TABLES:
            rows = [{"id": id_, **after} for table, id_, _, after in self.changed if table == name]
            _update(self.session, name, rows)

    @property
    def undo(self) -> Row:
        """What `take_back` needs, as plain JSON."""
        return {
            "created": self.created,
            "changed": self.changed,
            "removed": self.removed,
            "described": self.described,
        }


def take_back(session: Session, undo: Row) -> None:
    """Put back what a Writer did. Raises DomainError when the same rows have been changed since."""
    for name in TABLES:
        _check_unchanged(session, name, undo)
    _check_described(session, undo)
    _say_changed(session, undo)
    for name, model in reversed(TABLES.items()):
        for chunk in _chunks(undo["created"].get(name, [])):
            session.execute(delete(model).where(model.id.in_(chunk)))
    for name, model in TABLES.items():
        _update(session, name, [{"id": id_, **before} for table, id_, before, _ in undo["changed"] if table == name])
        rows = [_typed(model, row) for table, row in undo["removed"] if table == name]
        if rows:
            session.execute(insert(model), rows)


def _say_changed(session: Session, undo: Row) -> None:
    """Whom taking back concerns, asked while the rows that go are still there."""
    changed(session, members=(row["member_id"] for _table, row in undo["removed"]))
    for name, model in TABLES.items():
        ids = undo["created"].get(name, []) + [id_ for table, id_, _, _ in undo["changed"] if table == name]
        for chunk in _chunks(ids):
            if model is Member:
                changed(session, members=chunk)
            elif model in (Organization, FormerDescription, OrganizationLink):
                key = model.id if model is Organization else model.organization_id
                roots = list(session.scalars(select(key).where(model.id.in_(chunk))))
                changed(session, organizations=organizations.ids_below(session, roots, dt.date.min))
            else:
                changed(session, members=session.scalars(select(model.member_id).where(model.id.in_(chunk))))
            if model is Membership:
                changed(
                    session, organizations=session.scalars(select(model.organization_id).where(model.id.in_(chunk)))
                )


def _check_unchanged(session: Session, name: str, undo: Row) -> None:
    model = TABLES[name]
    created = undo["created"].get(name, [])
    if hasattr(model, "valid_to") and model is not FormerDescription:
        lasting = 0
        for chunk in _chunks(created):
            statement = select(func.count()).select_from(model)
            lasting += session.scalar(statement.where(model.id.in_(chunk), model.valid_to == FOREVER)) or 0
        if lasting != len(created):
            raise DomainError(_CHANGED_SINCE)
    wanted = {id_: _typed(model, after) for table, id_, _, after in undo["changed"] if table == name}
    for chunk in _chunks(list(wanted)):
        for row in session.scalars(select(model).where(model.id.in_(chunk))):
            after = wanted.pop(row.id)
            if any(getattr(row, key) != value for key, value in after.items()):
                raise DomainError(_CHANGED_SINCE)
    if wanted:
        raise DomainError(_CHANGED_SINCE)


def _check_described(session: Session, undo: Row) -> None:
    """No organization was described anew from a later day than the import's: what it was before could not be told."""
    days = {int(id_): dt.date.fromisoformat(day) for id_, day in undo.get("described", {}).items()}
    for id_, rows in organizations.former_descriptions(session, days).items():
        if rows[-1].valid_to > days[id_]:
            raise DomainError(_CHANGED_SINCE)


def _update(session: Session, name: str, rows: list[Row]) -> None:
    if rows:
        model = TABLES[name]
        session.execute(update(model), [_typed(model, row) for row in rows])


def _chunks(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK)]


def _typed(model: Any, row: Row) -> Row:
    """`row` with the values its columns take: days and words instead of text."""
    return {key: _value(model.__table__.c[key].type, value) for key, value in row.items()}


def _value(kind: Any, value: Any) -> Any:
    if isinstance(value, str) and isinstance(kind, Date):
        return dt.date.fromisoformat(value)
    if isinstance(value, str) and isinstance(kind, Enum) and kind.enum_class:
        return kind.enum_class(value)
    return value
