"""Tables of the reports: what was issued on a day stays as it was issued."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import Base, choice
from learnhub.organizations.rules import Domain
from learnhub.reports.rules.marks import MarkKind


class RollupDay(Base):
    """The civil day that the roll-up of a task holds for; a task without one is counted from the facts every time."""

    __tablename__ = "rollup_day"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True, autoincrement=False)
    day: Mapped[dt.date]


class CoverageRollup(Base):
    """How many of those who stand directly in an organization each column of a task's coverage counts.

    A roll-up: a county's page adds up two thousand rows instead of classifying forty thousand members. The transaction
    that changes facts marks what it touched (`RollupMark`), a sweep counts that anew (`reports.service.rollup`), and a
    page counts from the facts what is still marked. `flask reports recount` counts everything anew. The tree and the
    domain asked for are applied in reading. Columns as in `reports.rules.Column`.
    """

    __tablename__ = "coverage_rollup"
    # Rows of one task lie together in the order of their key: no second look-up.
    __table_args__ = ({"sqlite_with_rowid": False},)

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True, autoincrement=False)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True, autoincrement=False)
    heads: Mapped[int]
    lost: Mapped[int]
    exempt: Mapped[int]
    due: Mapped[int]
    centralized: Mapped[int]
    receiving_place: Mapped[int]
    home_delivered: Mapped[int]
    make_up: Mapped[int]
    higher_level: Mapped[int]
    covered: Mapped[int]
    in_training: Mapped[int]
    in_transit: Mapped[int]
    not_covered: Mapped[int]
    women: Mapped[int]
    older: Mapped[int]
    mobile: Mapped[int]
    probationary: Mapped[int]
    secretaries: Mapped[int]
    committee: Mapped[int]


class RollupMark(Base):
    """What a transaction touched: its figures in the roll-up are not to be read until a sweep has counted them anew.

    Many transactions mark at once, so there is nothing here that one could wait for: no key but the row's own, no
    foreign key. `subject_id` is the id of what `kind` says; a member stands for every organization ever belonged to.
    """

    __tablename__ = "rollup_mark"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MarkKind] = mapped_column(choice(MarkKind, "kind"))
    subject_id: Mapped[int]


class FrozenReport(Base):
    """A report as it was issued: never changed, only followed by a newer one.

    `value` is everything that its page shows, the words of the counting basis too; `people` are those counted (zlib over
    JSON, see `reports.queries.freezing`): whom each number names, without their names. `sha256` covers both.
    """

    __tablename__ = "frozen_report"
    __table_args__ = (Index("ix_frozen_report_organization_id_task_id", "organization_id", "task_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    day: Mapped[dt.date]
    domain: Mapped[Domain | None] = mapped_column(choice(Domain, "domain"))
    issued_at: Mapped[dt.datetime]
    issued_by: Mapped[int]
    value: Mapped[dict[str, Any]] = mapped_column(JSON)
    people: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))


class FrozenFile(Base):
    """A file of a frozen report, as it was handed out when the report was issued."""

    __tablename__ = "frozen_file"
    __table_args__ = (UniqueConstraint("report_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("frozen_report.id"))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    bytes: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(String(64))
