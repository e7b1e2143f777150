"""What is due, what explains a gap, and what a branch asks for."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import STANDING, Base, Dated, Noted, choice
from learnhub.meetings.rules import MeetingKind


class HintDismissal(Noted, Base):
    """Why a branch put aside the private hint that months passed without a record; withdrawn when it is taken back.

    `member_id` is empty for the branch itself. `since` is the day of the last record before the gap, empty when none
    was known: a later record ends that gap, and the dismissal with it.
    """

    __tablename__ = "hint_dismissal"
    __table_args__ = (Index("ix_hint_dismissal_organization_id", "organization_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    since: Mapped[dt.date | None]
    reason: Mapped[str] = mapped_column(String(200))


class HelpRequest(Noted, Base):
    """What a branch asks the level above to help with, in its own words; withdrawn when it is settled."""

    __tablename__ = "help_request"
    __table_args__ = (
        Index(
            "uq_help_request_organization_id",
            "organization_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    words: Mapped[str] = mapped_column(String(500))


class DutyRule(Dated, Base):
    """How often a kind of meeting is generally held, from one day to another, and by which rule; 0 months for never."""

    __tablename__ = "duty_rule"
    __table_args__ = (CheckConstraint("months BETWEEN 0 AND 12", name="months"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[MeetingKind] = mapped_column(choice(MeetingKind, "kind"))
    months: Mapped[int]
    basis: Mapped[str] = mapped_column(String(300))


class DutyExplanation(Noted, Base):
    """Why a branch did not hold a kind of meeting in a period; `period` is its first month (`YYYY-MM`)."""

    __tablename__ = "duty_explanation"
    __table_args__ = (
        Index(
            "uq_duty_explanation_organization_id_kind_period",
            "organization_id",
            "kind",
            "period",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    kind: Mapped[MeetingKind] = mapped_column(choice(MeetingKind, "kind"))
    period: Mapped[str] = mapped_column(String(7))
    reason: Mapped[str] = mapped_column(String(300))
