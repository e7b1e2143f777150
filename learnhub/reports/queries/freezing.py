"""A report as it is issued: its table as plain data, and who stands behind each number."""

import dataclasses
import datetime as dt
import functools
import json
import operator
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.organizations.rules import Domain, OrganizationKind
from learnhub.reports.models import FrozenFile, FrozenReport
from learnhub.reports.queries import facts
from learnhub.reports.queries.coverage import Coverage, CoverageRow
from learnhub.reports.queries.facts import Question
from learnhub.reports.rules import Column, Figures

COVERAGE = "training-coverage"


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """Where one member stands: the branch, the row of the table that counts them, and the columns that do."""

    organization_id: int
    row_id: int
    counted: frozenset[Column]


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    """A report as issued: what its page shows. `rule` is whom the task was for when the report was issued."""

    id: int
    task_id: int
    organization_id: int
    day: dt.date
    domain: Domain | None
    issued_at: dt.datetime
    issued_by: int
    sha256: str
    task_title: str
    rows: tuple[CoverageRow, ...]
    total: CoverageRow
    columns: frozenset[Column]
    basis: tuple[str, ...]
    source: str
    rule: Mapping[str, Any]

    def row(self, row_id: int | None) -> CoverageRow:
        """The row that is about an organization, the total for None; raises NotFound."""
        found = next((each for each in self.rows if each.organization_id == row_id), None)
        if row_id is None or (found is None and not self.rows and row_id == self.organization_id):
            return self.total
        if found is None:
            raise NotFound(N_("表中没有这个单位。"))
        return found


def people(session: Session, question: Question) -> dict[int, Standing]:
    """Where everybody in question stands, by the member's id; one statement."""
    found = facts.everybody(session, question)
    columns = tuple(Column)
    bits = functools.reduce(
        operator.add, (case((facts.counted(found, each), 1 << number), else_=0) for number, each in enumerate(columns))
    )
    rows = session.execute(select(found.c.member_id, found.c.organization_id, found.c.path, bits))
    counted = _Sets(columns)
    return {
        member_id: Standing(organization_id, facts.first_below(path) or question.organization_id, counted[number])
        for member_id, organization_id, path, number in rows
    }


class _Sets(dict[int, frozenset[Column]]):
    """Sets of columns by their bits: few differ, many members share each."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self.columns = columns

    def __missing__(self, bits: int) -> frozenset[Column]:
        self[bits] = frozenset(each for number, each in enumerate(self.columns) if bits >> number & 1)
        return self[bits]


def encode(found: Mapping[int, Standing]) -> bytes:
    """`found` as bytes, the same for the same people: columns are named, so that later ones shift none."""
    columns = tuple(Column)
    bits = {each: 1 << number for number, each in enumerate(columns)}
    rows = [
        [member_id, each.organization_id, each.row_id, sum(bits[column] for column in each.counted)]
        for member_id, each in sorted(found.items())
    ]
    data = {"columns": [each.value for each in columns], "people": rows}
    return zlib.compress(json.dumps(data, separators=(",", ":")).encode(), 6)


def decode(data: bytes) -> dict[int, Standing]:
    """The people of `encode`."""
    plain = json.loads(zlib.decompress(data))
    counted = _Sets([Column(each) for each in plain["columns"]])
    return {row[0]: Standing(row[1], row[2], counted[row[3]]) for row in plain["people"]}


def value_of(table: Coverage, basis: Sequence[str], source: str) -> dict[str, Any]:
    """The table as plain data, with the words of the counting basis as they are now."""
    return {
        "task": {"title": table.task.title, "rule": rule_of(table)},
        "rows": [_plain(row) for row in table.rows],
        "total": _plain(table.total),
        "basis": list(basis),
        "source": source,
    }


def rule_of(asked: Coverage | Question) -> dict[str, Any]:
    """Whom the task of a table or question is for, as plain data."""
    return {"organization": asked.task.organization_id, "audience": asked.task.audience.to_json()}


def _plain(row: CoverageRow) -> dict[str, Any]:
    return {
        "id": row.organization_id,
        "name": row.name,
        "kind": row.kind.value,
        "own": row.own,
        "heads": {column.value: row.figures[column] for column in Column},
    }


def _row(data: Mapping[str, Any]) -> CoverageRow:
    heads = {column: data["heads"].get(column.value, 0) for column in Column}
    return CoverageRow(data["id"], data["name"], OrganizationKind(data["kind"]), Figures(heads), own=data["own"])


def frozen(session: Session, report_id: int) -> Frozen:
    """A report as issued, rebuilt from what was stored and nothing else; raises NotFound."""
    row = session.get(FrozenReport, report_id)
    if row is None:
        raise NotFound(N_("没有这份存档的报表。"))
    value = row.value
    return Frozen(
        id=row.id,
        task_id=row.task_id,
        organization_id=row.organization_id,
        day=row.day,
        domain=row.domain,
        issued_at=row.issued_at,
        issued_by=row.issued_by,
        sha256=row.sha256,
        task_title=value["task"]["title"],
        rows=tuple(_row(each) for each in value["rows"]),
        total=_row(value["total"]),
        columns=frozenset(Column(each) for each in value["total"]["heads"]),
        basis=tuple(value["basis"]),
        source=value["source"],
        rule=value["task"]["rule"],
    )


def frozen_people(session: Session, report_id: int) -> dict[int, Standing]:
    """Who stood behind the numbers of a report when it was issued."""
    data = session.scalar(select(FrozenReport.people).where(FrozenReport.id == report_id))
    return decode(data) if data else {}


@dataclasses.dataclass(frozen=True, slots=True)
class Issue:
    """One line of the list of issued reports."""

    id: int
    task_title: str
    organization_name: str
    day: dt.date
    domain: Domain | None
    issued_at: dt.datetime


def issues(session: Session, organization_id: int, task_id: int | None = None) -> tuple[Issue, ...]:
    """The reports issued for an organization, the newest first."""
    chosen = select(FrozenReport).where(FrozenReport.organization_id == organization_id)
    if task_id is not None:
        chosen = chosen.where(FrozenReport.task_id == task_id)
    rows = session.scalars(chosen.order_by(FrozenReport.id.desc()))
    return tuple(
        Issue(row.id, row.value["task"]["title"], row.value["total"]["name"], row.day, row.domain, row.issued_at)
        for row in rows
    )


@dataclasses.dataclass(frozen=True, slots=True)
class FileValue:
    """A file of an issued report, without its bytes."""

    id: int
    name: str
    sha256: str


def files(session: Session, report_id: int) -> tuple[FileValue, ...]:
    """The files of an issued report."""
    rows = session.execute(
        select(FrozenFile.id, FrozenFile.name, FrozenFile.sha256)
        .where(FrozenFile.report_id == report_id)
        .order_by(FrozenFile.id)
    )
    return tuple(FileValue(*row) for row in rows)


@dataclasses.dataclass(frozen=True, slots=True)
class IssuedFile:
    """A file of an issued report as it was handed out."""

    name: str
    media_type: str
    bytes: bytes


def file_of(session: Session, report_id: int, file_id: int) -> IssuedFile:
    """One file of an issued report with its bytes; raises NotFound."""
    statement = select(FrozenFile.name, FrozenFile.media_type, FrozenFile.bytes)
    row = session.execute(statement.where(FrozenFile.id == file_id, FrozenFile.report_id == report_id)).first()
    if row is None:
        raise NotFound(N_("没有这份文件。"))
    return IssuedFile(*row)


def organization_of_report(session: Session, *, report_id: int, **_others: int) -> int | None:
    """The organization that a report was issued for; a guard's place. Other parts of an address make no difference."""
    return session.scalar(select(FrozenReport.organization_id).where(FrozenReport.id == report_id))


def newest(session: Session, question: Question) -> FrozenReport | None:
    """The newest report issued for the same question."""
    same_domain = FrozenReport.domain.is_(None) if question.domain is None else FrozenReport.domain == question.domain
    return session.scalar(
        select(FrozenReport)
        .where(
            FrozenReport.kind == COVERAGE,
            FrozenReport.task_id == question.task.id,
            FrozenReport.organization_id == question.organization_id,
            FrozenReport.day == question.day,
            same_domain,
        )
        .order_by(FrozenReport.id.desc())
        .limit(1)
    )
