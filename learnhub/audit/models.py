"""The audit trail, and what was changed of dated facts: before, after, and since which day it makes a difference."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Date, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.audit.rules import FactKind
from learnhub.core.orm import Base, choice


class AuditEntry(Base):
    """One act. `hash` covers the row and the hash before it; `key` is the idempotency key of the request."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "subject"),
        Index("ix_audit_entry_organization_id_at", "organization_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]
    actor_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(96))
    organization_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    key: Mapped[str | None] = mapped_column(String(64), unique=True)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class Revision(Base):
    """One change of a fact that is kept by changing its row: what it said before and says now.

    `before` is empty for what began, `after` for what was taken away. `since` is the first civil day for which the change
    makes a difference: a report as of an earlier day cannot be other than it was. Reasons of circumstances and names of
    people are not kept here. A fact of nobody and of no organization concerns the whole roster (its first import).
    """

    __tablename__ = "revision"
    __table_args__ = (
        Index("ix_revision_member_id", "member_id"),
        Index("ix_revision_noted_at", "noted_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fact: Mapped[FactKind] = mapped_column(choice(FactKind, "fact"))
    member_id: Mapped[int | None]
    organization_id: Mapped[int | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    since: Mapped[dt.date] = mapped_column(Date)
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(96))
    because: Mapped[str | None] = mapped_column(String(500))
    noted_at: Mapped[dt.datetime]
    noted_by: Mapped[int]
