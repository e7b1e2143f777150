"""Tables of the record book: facts that are withdrawn by a correction, never overwritten."""

import datetime as dt

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import STANDING, Base, Dated, Noted, choice
from learnhub.records.rules import CompletionWay, CreditKind


class Credit(Noted, Base):
    """Credit hours of one member from one source; `source` names it (`occasion:12`), so it is credited once.

    `quarters` are quarter hours; `day` is the civil day they belong to, and with it the year (a course over New Year
    is split by session date); `basis` is the rule they rest on, as it read when they were credited.
    """

    __tablename__ = "credit"
    __table_args__ = (
        Index(
            "uq_credit_member_id_source",
            "member_id",
            "source",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index("ix_credit_member_id_day", "member_id", "day"),
        Index("ix_credit_source", "source"),
        CheckConstraint("quarters > 0", name="quarters"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[CreditKind] = mapped_column(choice(CreditKind, "kind"))
    quarters: Mapped[int]
    day: Mapped[dt.date] = mapped_column(Date)
    title: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(64))
    basis: Mapped[str] = mapped_column(String(300))


class Completion(Noted, Base):
    """A member completed a training task. `subject` names it (`task:3`), `source` what proves it (`batch:12`)."""

    __tablename__ = "completion"
    __table_args__ = (
        Index(
            "uq_completion_member_id_subject_source",
            "member_id",
            "subject",
            "source",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index("ix_completion_subject_member_id", "subject", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    subject: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(64))
    way: Mapped[CompletionWay] = mapped_column(choice(CompletionWay, "way"))
    completed_on: Mapped[dt.date]
    title: Mapped[str] = mapped_column(String(200))


class HourRule(Dated, Base):
    """How many quarter hours one unit of a kind is worth, from one day to another, and by which rule."""

    __tablename__ = "hour_rule"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CreditKind] = mapped_column(choice(CreditKind, "kind"))
    quarters: Mapped[int]
    basis: Mapped[str] = mapped_column(String(300))


class YearlyNeed(Dated, Base):
    """Quarter hours generally expected in a year; `post` is `any` or `committee`."""

    __tablename__ = "yearly_need"

    id: Mapped[int] = mapped_column(primary_key=True)
    post: Mapped[str] = mapped_column(String(32))
    quarters: Mapped[int]
    basis: Mapped[str] = mapped_column(String(300))
