"""Tables of rotational training: tasks, batches, their sessions, places and test results."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import STANDING, Base, Noted


class Task(Base):
    """A training task (轮训任务): for whom, when, how many hours, on what basis, completed by which rule.

    `audience` is the rule as plain data (see `training.rules.Audience`); the completion rule is stamped here when the
    task is opened, so that a later change of settings never re-decides a closed batch. `quarters` are quarter hours;
    leave up to `leave_part`-th of the hours is allowed (7 means one seventh); `pass_percent` is empty without a test.
    """

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="span"),
        CheckConstraint("quarters > 0", name="quarters"),
        CheckConstraint("leave_part > 0", name="leave_part"),
        CheckConstraint("pass_percent BETWEEN 0 AND 100", name="pass_percent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    title: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    quarters: Mapped[int]
    basis: Mapped[str] = mapped_column(String(300))
    audience: Mapped[dict[str, Any]] = mapped_column(JSON)
    leave_part: Mapped[int]
    pass_percent: Mapped[int | None]
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[int]


class Batch(Base):
    """A batch (期) of a task; open until it is closed, and closed for good."""

    __tablename__ = "batch"
    __table_args__ = (
        Index("ix_batch_task_id", "task_id"),
        Index("ix_batch_organization_id", "organization_id"),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("ends_on >= starts_on", name="span"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    title: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    capacity: Mapped[int]
    quiz_course: Mapped[str | None] = mapped_column(String(96))
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[int]
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[int | None]


class BatchSession(Base):
    """One session of a batch; time, place and roll are the occasion's."""

    __tablename__ = "batch_session"
    __table_args__ = (Index("ix_batch_session_batch_id", "batch_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id"), unique=True)
    lecturer: Mapped[str] = mapped_column(String(100))
    course: Mapped[str | None] = mapped_column(String(96))


class Place(Noted, Base):
    """A member's place in a batch."""

    __tablename__ = "place"
    __table_args__ = (
        Index(
            "uq_place_batch_id_member_id",
            "batch_id",
            "member_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index("ix_place_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))


class Result(Noted, Base):
    """The result of a completion test, in per cent; `attempt_id` where it was taken here, empty for one on paper."""

    __tablename__ = "test_result"
    __table_args__ = (
        Index(
            "uq_test_result_batch_id_member_id",
            "batch_id",
            "member_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    percent: Mapped[int]
    attempt_id: Mapped[int | None]
