"""The table of jobs."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import Base


class Job(Base):
    """Work that somebody asked for, and its result. State is derived from the instants (`jobs.queries.state`).

    `permission` is what the asker must still hold at `organization_id` to take the result away. `tries` rises with each
    worker that begins, so that one left for dead cannot speak for the job again.
    """

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_finished_at_id", "finished_at", "id"),
        Index("ix_job_account_id", "account_id"),
        CheckConstraint("done >= 0 AND total >= 0", name="progress"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    permission: Mapped[str] = mapped_column(String(32))
    language: Mapped[str] = mapped_column(String(8))
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    submitted_at: Mapped[dt.datetime]
    tries: Mapped[int] = mapped_column(default=0)
    beat_at: Mapped[dt.datetime | None]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[dt.datetime | None]
    failed_because: Mapped[str | None] = mapped_column(String(500))
    cancelled_at: Mapped[dt.datetime | None]
    file_name: Mapped[str | None] = mapped_column(String(200))
    media_type: Mapped[str | None] = mapped_column(String(100))
    size: Mapped[int | None]
    expired_at: Mapped[dt.datetime | None]


class NightlyWork(Base):
    """Work that some worker does once each night: the civil day it was last claimed for, and when it was done."""

    __tablename__ = "nightly_work"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[dt.date]
    begun_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
