"""What is stored about one person, as each room hands it out: the rows of its tables, column by column.

A room's part is `about_person(session, account_id, member_id)` in its `queries`; the rooms above put the parts together.
"""

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause, select
from sqlalchemy.orm import Session

from learnhub.core.orm import Base

Join = tuple[FromClause, ColumnElement[bool]]
NO_LABELS: Mapping[Any, str] = {}


@dataclasses.dataclass(frozen=True, slots=True)
class Holding:
    """The rows of one table that are about a person.

    `title` and the `labels` of values are message ids. Who else did something (columns that end in `_by`) is not part
    of it: that is said of somebody else.
    """

    table: str
    title: str
    rows: tuple[dict[str, Any], ...]
    labels: Mapping[Any, str] = dataclasses.field(default_factory=dict)


def holding(
    session: Session,
    title: str,
    model: type[Base],
    *where: ColumnElement[bool],
    without: Collection[str] = (),
    beside: Sequence[Any] = (),
    join: Sequence[Join] = (),
    labels: Mapping[Any, str] = NO_LABELS,
) -> Holding:
    """The rows of `model` for which `where` holds, by their keys, in one statement.

    `without` names columns that stay here (secrets, other people); `beside` adds columns of tables in `join`, so that a
    row can be understood by itself.
    """
    table = model.metadata.tables[model.__tablename__]
    statement = select(*_columns(table.columns.values(), without), *beside).select_from(table)
    for other, condition in join:
        statement = statement.join(other, condition)
    rows = session.execute(statement.where(*where).order_by(*table.primary_key.columns))
    return Holding(model.__tablename__, title, tuple(dict(row._mapping) for row in rows), labels)


def _columns(columns: Sequence[Column[Any]], without: Collection[str]) -> list[Column[Any]]:
    return [each for each in columns if each.key not in without and not each.key.endswith("_by")]
