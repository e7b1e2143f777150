"""Writing rows in bulk: the driver's own way, with each column's own conversion. A year of a county is two million rows."""

import functools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import JSON, Connection, Dialect, Table, text
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from learnhub.accounts.models import Account, RoleBinding
from learnhub.attendance.models import Attendance, FollowUp, Occasion
from learnhub.core.orm import Base
from learnhub.demo.rules import rows as row
from learnhub.demo.rules.decisions import DecisionReportRow
from learnhub.meetings.models import DecisionReport, Habit, Meeting, MeetingKindOf
from learnhub.members.models import Circumstance, Member, Membership, Post
from learnhub.organizations.models import Organization, OrganizationLink
from learnhub.records.models import Completion, Credit
from learnhub.training.batches.models import Batch, BatchSession, Place
from learnhub.training.recognition.models import Recognition
from learnhub.training.results.models import Result
from learnhub.training.tasks.models import Task

# How many rows of a table are written at once.
CHUNK = 20_000
# Each kind of row and its table, each table after those it refers to.
TABLES: dict[type[NamedTuple], type[Base]] = {
    row.OrganizationRow: Organization,
    row.LinkRow: OrganizationLink,
    row.MemberRow: Member,
    row.MembershipRow: Membership,
    row.PostRow: Post,
    row.CircumstanceRow: Circumstance,
    row.AccountRow: Account,
    row.BindingRow: RoleBinding,
    row.HabitRow: Habit,
    row.TaskRow: Task,
    row.BatchRow: Batch,
    row.OccasionRow: Occasion,
    row.BatchSessionRow: BatchSession,
    row.PlaceRow: Place,
    row.MeetingRow: Meeting,
    row.MeetingKindRow: MeetingKindOf,
    DecisionReportRow: DecisionReport,
    row.AttendanceRow: Attendance,
    row.FollowUpRow: FollowUp,
    row.ResultRow: Result,
    row.RecognitionRow: Recognition,
    row.CreditRow: Credit,
    row.CompletionRow: Completion,
}


class Writer:
    """Collects rows by table and writes them in large pieces, inside the transaction of `connection`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: dict[type[NamedTuple], list[NamedTuple]] = {kind: [] for kind in TABLES}
        self._converters = {kind: _converters(kind, connection.dialect) for kind in TABLES}
        self._written: Counter[str] = Counter()

    def add(self, rows: Sequence[NamedTuple]) -> None:
        """Take `rows` of one kind; they may be written later."""
        if rows:
            waiting = self._waiting[type(rows[0])]
            waiting.extend(rows)
            if len(waiting) >= CHUNK:
                self._flush()

    def finish(self) -> Mapping[str, int]:
        """Write what waits and let the database's own numbers go on after ours; returns rows by table."""
        self._flush()
        if self._connection.dialect.name == "postgresql":
            for kind, model in TABLES.items():
                if "id" in kind._fields:
                    name = model.__tablename__
                    # Never back: what somebody else took meanwhile stays taken.
                    last = f"greatest((SELECT max(id) FROM {name}), (SELECT last_value FROM {name}_id_seq))"  # noqa: S608
                    move = f"SELECT setval('{name}_id_seq', {last})"
                    self._connection.execute(text(move))
        return self._written

    def _flush(self) -> None:
        """All tables in order, so that no row refers to one that is not there yet."""
        for kind, rows in self._waiting.items():
            if rows:
                table, defaults = _table(kind), _defaults(kind, self._connection.dialect)
                converted = [(*each, *defaults.values()) for each in self._converted(kind, rows)]
                _insert(self._connection, table, [*kind._fields, *defaults], converted)
                self._written[table.name] += len(rows)
                rows.clear()

    def _converted(self, kind: type[NamedTuple], rows: list[NamedTuple]) -> list[tuple[Any, ...]]:
        """The rows as the driver takes them: column by column, which costs a fraction of row by row."""
        columns = [
            values if convert is None else tuple(map(convert, values))
            for values, convert in zip(zip(*rows, strict=True), self._converters[kind], strict=True)
        ]
        return list(zip(*columns, strict=True))


def _table(kind: type[NamedTuple]) -> Table:
    table = TABLES[kind].__table__
    assert isinstance(table, Table)  # noqa: S101  # a mapped class may also stand for a join
    return table


def _defaults(kind: type[NamedTuple], dialect: Dialect) -> dict[str, Any]:
    """What a table's columns that the rows do not name begin with, as the driver takes it."""
    found: dict[str, Any] = {}
    for column in _table(kind).columns:
        default = column.default
        if column.name not in kind._fields and isinstance(default, ScalarElementColumnDefault):
            convert = column.type.dialect_impl(dialect).bind_processor(dialect)
            found[column.name] = convert(default.arg) if convert else default.arg
    return found


def _converters(kind: type[NamedTuple], dialect: Dialect) -> list[Callable[[Any], Any] | None]:
    """What each column's type does to a value before the driver sees it; repeated values are converted once."""
    table = _table(kind)
    found: list[Callable[[Any], Any] | None] = []
    for name in kind._fields:
        kind_of_column = table.c[name].type
        convert = kind_of_column.dialect_impl(dialect).bind_processor(dialect)
        if convert is not None and not isinstance(kind_of_column, JSON):
            convert = functools.cache(convert)
        found.append(convert)
    return found


def _insert(connection: Connection, table: Table, names: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
            for each in rows:
                copy.write_row(each)
        return
    places = ", ".join("?" * len(names))
    statement = f'INSERT INTO "{table.name}" ({columns}) VALUES ({places})'  # noqa: S608
    connection.exec_driver_sql(statement, rows)
