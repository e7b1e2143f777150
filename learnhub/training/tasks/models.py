"""Tables of training tasks."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import Base


class Task(Base):
    """A training task (轮训任务): for whom, when, how many hours, on what basis, completed by which rule.

    `audience` is the rule as plain data (see `training.rules.Audience`); the completion rule is stamped here when the
    task is opened, so that a later change of settings never re-decides a closed batch. `quarters` are quarter hours;
    leave up to `leave_part`-th of the hours is allowed (7 means one seventh); `pass_percent` is empty without a test,
    `attempts` where it may be taken any number of times. What is amended later is a row of `TaskAmendment`.
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
    attempts: Mapped[int | None]
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[int]


class TaskAmendment(Base):
    """What of a task is otherwise from an instant on, and why: the newest row holds, the task's own row stays.

    A batch keeps the completion rule that held when it was opened.
    """

    __tablename__ = "task_amendment"
    __table_args__ = (
        Index("ix_task_amendment_task_id", "task_id"),
        CheckConstraint("leave_part > 0", name="leave_part"),
        CheckConstraint("pass_percent BETWEEN 0 AND 100", name="pass_percent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    title: Mapped[str] = mapped_column(String(200))
    ends_on: Mapped[dt.date]
    basis: Mapped[str] = mapped_column(String(300))
    leave_part: Mapped[int]
    pass_percent: Mapped[int | None]
    attempts: Mapped[int | None]
    because: Mapped[str] = mapped_column(String(500))
    amended_at: Mapped[dt.datetime]
    amended_by: Mapped[int]
