"""Tables of quizzes: an attempt keeps the questions as shown, so later edits of content cannot touch it."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import Base

_OPEN = text("handed_in_at IS NULL")
_OPEN_PRACTICE = text("handed_in_at IS NULL AND batch_id IS NULL")


class Attempt(Base):
    """One person's work on one quiz. `unit` names it (`course:first-response`, `month:2026-11`).

    `batch_id` is set for a completion test and empty for practice; training stands on a higher floor, so it carries no
    foreign key. `questions` is the list of snapshots in the order shown, keys included; `carried` names those that a resit
    does not ask again, since an earlier attempt at the same test had them right. Set when it is handed in:
    `grades`, what each question earned, and `earned` of `possible`, all in half points (`quiz.rules`).
    """

    __tablename__ = "attempt"
    __table_args__ = (
        # One open attempt a person and quiz; NULLs differ from each other in an index, so practice has its own.
        Index(
            "uq_attempt_open_practice",
            "account_id",
            "unit",
            unique=True,
            sqlite_where=_OPEN_PRACTICE,
            postgresql_where=_OPEN_PRACTICE,
        ),
        Index(
            "uq_attempt_open_test",
            "account_id",
            "unit",
            "batch_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_attempt_batch_id", "batch_id"),
        Index("ix_attempt_account_id_unit", "account_id", "unit"),
        CheckConstraint("earned BETWEEN 0 AND possible", name="earned"),
        CheckConstraint("(handed_in_at IS NULL) = (earned IS NULL)", name="graded_when_handed_in"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    unit: Mapped[str] = mapped_column(String(96))
    title: Mapped[str] = mapped_column(String(200))
    batch_id: Mapped[int | None]
    content_hash: Mapped[str] = mapped_column(String(64))
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    carried: Mapped[list[str]] = mapped_column(JSON, default=list)
    started_at: Mapped[dt.datetime]
    handed_in_at: Mapped[dt.datetime | None]
    grades: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    earned: Mapped[int | None]
    possible: Mapped[int | None]


class Answer(Base):
    """The newest answer to one question of an attempt; `revision` is the browser's count and only rises.

    `value` is an answer of `quiz.rules`, JSON null where it was taken back. `client` is the browser it came from: words by
    chance that it made for this attempt alone.
    """

    __tablename__ = "answer"
    __table_args__ = (CheckConstraint("revision > 0", name="revision"),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(96), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    revision: Mapped[int]
    client: Mapped[str] = mapped_column(String(36), default="")
    saved_at: Mapped[dt.datetime]


class Erratum(Base):
    """A question whose key was corrected after people had answered it, or that is void (`question` is then NULL).

    `question` is the snapshot with the corrected key; what attempts keep is never touched.
    """

    __tablename__ = "erratum"
    __table_args__ = (Index("ix_erratum_unit", "unit"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(String(96))
    question_id: Mapped[str] = mapped_column(String(96))
    title: Mapped[str] = mapped_column(String(200))
    question: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    words: Mapped[str] = mapped_column(String(300))
    noted_at: Mapped[dt.datetime]
    noted_by: Mapped[int]


class ErratumRaise(Base):
    """What an erratum gave one attempt, in half points: from what stood to more."""

    __tablename__ = "erratum_raise"
    __table_args__ = (
        CheckConstraint("after > before", name="raises"),
        Index("ix_erratum_raise_attempt_id", "attempt_id"),
    )

    erratum_id: Mapped[int] = mapped_column(ForeignKey("erratum.id"), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    before: Mapped[int]
    after: Mapped[int]
