"""Tables of occasions and their rolls."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.attendance.rules import FollowUpKind, LeaveReason, Outcome
from learnhub.core.orm import STANDING, Base, Noted, choice
from learnhub.records.rules import CreditKind


class Occasion(Base):
    """Something with a roll: a meeting or a session of a class.

    `day` is the civil day by which membership is asked; `quarters` is what taking part is worth (quarter hours);
    `roll_version` rises by one with each saved roll, so that a second recorder sees the first's.
    """

    __tablename__ = "occasion"
    __table_args__ = (
        Index("ix_occasion_organization_id_day", "organization_id", "day"),
        CheckConstraint("ends_at > starts_at", name="span"),
        CheckConstraint("quarters >= 0", name="quarters"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    title: Mapped[str] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    day: Mapped[dt.date]
    credit_kind: Mapped[CreditKind] = mapped_column(choice(CreditKind, "credit_kind"))
    quarters: Mapped[int]
    basis: Mapped[str] = mapped_column(String(300), default="")
    roll_version: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[dt.datetime | None]
    finished_by: Mapped[int | None]
    cancelled_at: Mapped[dt.datetime | None]
    cancelled_by: Mapped[int | None]
    cancelled_because: Mapped[str | None] = mapped_column(String(500))


class Attendance(Noted, Base):
    """One member's outcome at one occasion; a change withdraws the row and notes another."""

    __tablename__ = "attendance"
    __table_args__ = (
        Index(
            "uq_attendance_occasion_id_member_id",
            "occasion_id",
            "member_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index("ix_attendance_member_id", "member_id"),
        CheckConstraint("(outcome = 'leave') = (leave_reason IS NOT NULL)", name="leave_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome, "outcome"))
    leave_reason: Mapped[LeaveReason | None] = mapped_column(choice(LeaveReason, "leave_reason"))
    reason: Mapped[str] = mapped_column(String(200), default="")


class FollowUp(Noted, Base):
    """A make-up or a home visit after an occasion: when, by whom, with what content."""

    __tablename__ = "follow_up"
    __table_args__ = (
        Index(
            "uq_follow_up_occasion_id_member_id",
            "occasion_id",
            "member_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index("ix_follow_up_member_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[FollowUpKind] = mapped_column(choice(FollowUpKind, "kind"))
    day: Mapped[dt.date]
    visitor: Mapped[str] = mapped_column(String(100), default="")
    content: Mapped[str] = mapped_column(String(500))
