"""Tables of quizzes: an attempt keeps the questions as shown, so later edits of content cannot touch it."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import Base

_OPEN = text("handed_in_at IS NULL")


class Attempt(Base):
    """One person's work on one quiz. `unit` names it (`course:first-response`, `month:2026-11`).

    `batch_id` is set for a completion test and empty for practice. `questions` is the list of snapshots in the order
    shown, keys included. `earned` and `possible` are whole points, set when it is handed in.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        Index(
            "uq_attempt_open",
            "account_id",
            "unit",
            text("coalesce(batch_id, 0)"),
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_attempt_batch_id", "batch_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    unit: Mapped[str] = mapped_column(String(96))
    title: Mapped[str] = mapped_column(String(200))
    batch_id: Mapped[int | None]
    content_hash: Mapped[str] = mapped_column(String(64))
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    started_at: Mapped[dt.datetime]
    handed_in_at: Mapped[dt.datetime | None]
    earned: Mapped[int | None]
    possible: Mapped[int | None]


class Answer(Base):
    """The newest answer to one question of an attempt; `revision` is the browser's count and only rises."""

    __tablename__ = "answer"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(96), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    revision: Mapped[int]
    saved_at: Mapped[dt.datetime]
