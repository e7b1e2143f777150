"""Tables of occasions and their rolls."""

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.attendance.rules import FollowUpKind, LeaveReason, Outcome
from learnhub.core.orm import STANDING, Base, Noted, choice
from learnhub.records.rules import CreditKind


class Occasion(Base):
    """Something with a roll: a meeting or a session of a class.

    `day` is the civil day by which membership is asked; `quarters` is what taking part is worth (quarter hours);
    `roll_version` rises by one with each saved roll, so that a second recorder sees the first's; `roll_clients` holds, by
    the name each phone gave itself, the last revision that it saved, so that a late or repeated one changes nothing.
    """

    __tablename__ = "occasion"
    __table_args__ = (
        Index("ix_occasion_organization_id_day", "organization_id", "day"),
        CheckConstraint("ends_at > starts_at", name="span"),
        CheckConstraint("quarters >= 0", name="quarters"),
        CheckConstraint("finished_at IS NULL OR finished_at >= ends_at", name="finished_after_end"),
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
    roll_clients: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
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


class Guest(Noted, Base):
    """Somebody who is no member and sat in (列席): a name on the record and nothing else about the person."""

    __tablename__ = "guest"
    __table_args__ = (
        Index(
            "uq_guest_occasion_id_name",
            "occasion_id",
            "name",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id"))
    name: Mapped[str] = mapped_column(String(100))


class Attachment(Noted, Base):
    """A picture beside the record of an occasion; the table itself refuses a fourth one, and one twice.

    The picture lies outside the database, named by `sha256` of what is kept: a JPEG of `width` × `height` pixels, `size`
    bytes long. Withdrawn, it can be put back until `erased_at`, when the file is gone too.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        Index(
            "uq_attachment_occasion_id_place",
            "occasion_id",
            "place",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index(
            "uq_attachment_occasion_id_sha256",
            "occasion_id",
            "sha256",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        CheckConstraint("place BETWEEN 1 AND 3", name="place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id"))
    place: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    caption: Mapped[str] = mapped_column(String(200), default="")
    erased_at: Mapped[dt.datetime | None]


class CheckInSwitch(Noted, Base):
    """That an organization uses check-in codes: since when and who said so; withdrawn when it is switched off again."""

    __tablename__ = "check_in_switch"
    __table_args__ = (
        Index(
            "uq_check_in_switch_organization_id",
            "organization_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))


class CheckInScreen(Base):
    """A screen that shows codes for one occasion; its secret makes them, and they end when it is closed."""

    __tablename__ = "check_in_screen"

    id: Mapped[int] = mapped_column(primary_key=True)
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id"), unique=True)
    secret: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[int]
    closed_at: Mapped[dt.datetime | None]


class CheckInClaim(Base):
    """That a valid code was shown at an instant; whoever signs in with it within ten minutes has checked in, once.

    Only the hash of its token is kept. One member checks in once at a screen, whatever the number of claims.
    """

    __tablename__ = "check_in_claim"
    __table_args__ = (
        UniqueConstraint("screen_id", "member_id"),
        CheckConstraint("(member_id IS NULL) = (used_at IS NULL)", name="used"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    screen_id: Mapped[int] = mapped_column(ForeignKey("check_in_screen.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    issued_at: Mapped[dt.datetime]
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    used_at: Mapped[dt.datetime | None]
