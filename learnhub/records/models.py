"""Tables of the record book: facts that are withdrawn by a correction, never overwritten."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import STANDING, Base, Dated, Noted, choice
from learnhub.records.rules import Answer, CompletionWay, CreditKind


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


class Certificate(Base):
    """A certificate of a completion: what stands on the paper, as it was issued, and the code that proves it.

    `paper` is a snapshot (`records.rules.Paper`) and never changes; `content_hash` covers it and the code. A
    certificate is withdrawn with a reason; one whose completion was withdrawn says so by itself.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        Index(
            "uq_certificate_completion_id",
            "completion_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index("ix_certificate_member_id", "member_id"),
        Index("uq_certificate_code", "code", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    completion_id: Mapped[int] = mapped_column(ForeignKey("completion.id"))
    paper: Mapped[dict[str, Any]] = mapped_column(JSON)
    code: Mapped[str] = mapped_column(String(16))
    content_hash: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[dt.datetime]
    issued_by: Mapped[int]
    withdrawn_at: Mapped[dt.datetime | None]
    withdrawn_by: Mapped[int | None]
    withdrawn_because: Mapped[str | None] = mapped_column(String(500))


class VerificationMiss(Base):
    """A code that was asked for and not found; kept for an hour, so that guessing stays slow. No address in clear."""

    __tablename__ = "verification_miss"
    __table_args__ = (Index("ix_verification_miss_address_hash_at", "address_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[dt.datetime]


class Objection(Base):
    """A member's objection (异议) to an entry of their own record, or to something missing, and its answer.

    `subject` names the entry (`credit:12`, `completion:3`, `occasion:9`, `missing`), `about` says it in words as it
    read. `organization_id` is who answers: the member's branch, or with `above` the level above it, after a first
    answer or in its stead; `follows_id` is the objection it takes up.
    """

    __tablename__ = "objection"
    __table_args__ = (
        Index("ix_objection_organization_id_answered_at", "organization_id", "answered_at"),
        Index("ix_objection_member_id", "member_id"),
        Index("uq_objection_follows_id", "follows_id", unique=True),
        CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name="answered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    above: Mapped[bool]
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("objection.id"))
    subject: Mapped[str] = mapped_column(String(64))
    about: Mapped[str] = mapped_column(String(200))
    words: Mapped[str] = mapped_column(String(1000))
    raised_at: Mapped[dt.datetime]
    raised_by: Mapped[int]
    due_on: Mapped[dt.date]
    answered_at: Mapped[dt.datetime | None]
    answered_by: Mapped[int | None]
    answer: Mapped[Answer | None] = mapped_column(choice(Answer, "answer"))
    answer_words: Mapped[str | None] = mapped_column(String(1000))
