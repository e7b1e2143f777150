"""Tables of the reports: what was issued on a day stays as it was issued."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import Base


class RollupDay(Base):
    """The civil day that the roll-up of a task holds for; a task without one is counted from the facts every time."""

    __tablename__ = "rollup_day"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True, autoincrement=False)
    day: Mapped[dt.date]


class CoverageRollup(Base):
    """How many of those who stand directly in an organization each column of a task's coverage counts.

    A roll-up, kept in the transaction that changes the facts (`reports.service.rollup`) and recounted from them by
    `flask reports recount`: a county's page adds up two thousand rows instead of classifying forty thousand members.
    The tree and the domain asked for are applied in reading. Columns as in `reports.rules.Column`.
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
