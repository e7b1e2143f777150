"""Tables of rotational training: tasks, batches, their sessions, places and test results."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import STANDING, Base, Noted, choice
from learnhub.records.rules import CompletionWay
from learnhub.training.rules import BatchKind, SessionKind
from learnhub.training.rules.recognition import EvidenceClass


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


class Reflection(Base):
    """What a member of a reading class chose to write, for the organizer of that class alone.

    No record of training: the member may rewrite it or take it away, and nothing is counted from it.
    """

    __tablename__ = "reflection"
    __table_args__ = (UniqueConstraint("batch_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[dt.datetime]


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


class Recognition(Noted, Base):
    """Study elsewhere that counts for a task: a class of a higher level, study brought home or at the place of residence.

    `title` is the class, or what was studied; `organizer` who held it: the higher level, the visitor, the receiving
    organization. `evidence` says what it was recognised on, `reference` where that is found. The completion and the
    credits that follow from it name it as their source (`recognition:7`). On the weakest evidence it waits until it is
    approved (`approved_at`), and nothing follows before; refused, it is withdrawn.
    """

    __tablename__ = "recognition"
    __table_args__ = (
        Index(
            "uq_recognition_task_id_member_id_title_starts_on_ends_on",
            "task_id",
            "member_id",
            "title",
            "starts_on",
            "ends_on",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index("ix_recognition_member_id", "member_id"),
        CheckConstraint("(approved_at IS NULL) = (approved_by IS NULL)", name="approval"),
        CheckConstraint("ends_on >= starts_on", name="span"),
        CheckConstraint("quarters > 0", name="quarters"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    way: Mapped[CompletionWay] = mapped_column(choice(CompletionWay, "recognition_way"))
    title: Mapped[str] = mapped_column(String(200))
    organizer: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    quarters: Mapped[int]
    evidence: Mapped[EvidenceClass] = mapped_column(choice(EvidenceClass, "evidence_class"))
    reference: Mapped[str] = mapped_column(String(300))
    approved_at: Mapped[dt.datetime | None]
    approved_by: Mapped[int | None]


class Holiday(Noted, Base):
    """A day that is not worked though it is no weekend (`working` False), or is though it is one, by which notice."""

    __tablename__ = "holiday"
    __table_args__ = (Index("uq_holiday_day", "day", unique=True, sqlite_where=STANDING, postgresql_where=STANDING),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[dt.date]
    working: Mapped[bool]
    basis: Mapped[str] = mapped_column(String(300))
