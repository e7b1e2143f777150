"""Tables of batches, their sessions, seats and waiting lists."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import STANDING, Base, Noted, choice
from learnhub.training.batches.rules import BatchKind, SessionKind


class Batch(Base):
    """A batch (期) of a task; open until it is closed or, before it began, cancelled; a closed one changes by
    corrections only. `reopened_at` is when a closing was last taken back.

    The completion rule is stamped here when the batch is opened: closing goes by this, whatever became of the task.
    `remainder_of` names the batch whose remainder it takes; what is completed in it is make-up training (补训).
    """

    __tablename__ = "batch"
    __table_args__ = (
        Index("ix_batch_task_id", "task_id"),
        Index("ix_batch_organization_id", "organization_id"),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("ends_on >= starts_on", name="span"),
        CheckConstraint("leave_part > 0", name="leave_part"),
        CheckConstraint("pass_percent BETWEEN 0 AND 100", name="pass_percent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    kind: Mapped[BatchKind] = mapped_column(choice(BatchKind, "batch_kind"), default=BatchKind.TRAINING)
    title: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    capacity: Mapped[int]
    quiz_course: Mapped[str | None] = mapped_column(String(96))
    leave_part: Mapped[int]
    pass_percent: Mapped[int | None]
    attempts: Mapped[int | None]
    remainder_of: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[int]
    closed_at: Mapped[dt.datetime | None]
    closed_by: Mapped[int | None]
    reopened_at: Mapped[dt.datetime | None]
    reopened_by: Mapped[int | None]
    cancelled_at: Mapped[dt.datetime | None]
    cancelled_by: Mapped[int | None]
    cancelled_because: Mapped[str | None] = mapped_column(String(500))


class BatchSession(Base):
    """One session of a batch; time, place and roll are the occasion's.

    A session is never overwritten: a change cancels the occasion with its reason and puts another session in its place,
    which names the one before it.
    """

    __tablename__ = "batch_session"
    __table_args__ = (Index("ix_batch_session_batch_id", "batch_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id"), unique=True)
    kind: Mapped[SessionKind] = mapped_column(choice(SessionKind, "session_kind"), default=SessionKind.LECTURE)
    lecturer: Mapped[str] = mapped_column(String(100))
    course: Mapped[str | None] = mapped_column(String(96))
    replaces: Mapped[int | None] = mapped_column(ForeignKey("batch_session.id"))


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


class Waiting(Noted, Base):
    """A member waiting, in the order of the ids, for a place in a full batch; withdrawn once placed or given up."""

    __tablename__ = "batch_waiting"
    __table_args__ = (
        Index(
            "uq_batch_waiting_batch_id_member_id",
            "batch_id",
            "member_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
