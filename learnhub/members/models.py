"""Tables of the roster: a member, and what of a member is dated."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import Base, Dated, choice
from learnhub.members.rules import CircumstanceKind, PostKind, Sex
from learnhub.members.rules.days import DayPrecision


class Member(Base):
    """A Party member. Probationary while `full_on` is empty or still to come.

    `code` is the roster's own lasting number and what an export is matched by; the identity number is kept only as a
    keyed hash and its last four characters; `sort_key` is the roster's own order. Of the days of joining and of becoming
    a full member sometimes only the month or the year is known, as its precision says; the day kept is then the first
    that fits, which for one that is not known at all is the day of joining.
    """

    __tablename__ = "member"
    __table_args__ = (
        CheckConstraint("full_on IS NULL OR full_on >= joined_on", name="full_after_joining"),
        Index("ix_member_search_key", "search_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    search_key: Mapped[str] = mapped_column(String(100))
    sort_key: Mapped[str] = mapped_column(String(100))
    sex: Mapped[Sex] = mapped_column(choice(Sex, "sex"))
    birth_month: Mapped[str] = mapped_column(String(7))
    joined_on: Mapped[dt.date]
    joined_precision: Mapped[DayPrecision] = mapped_column(
        choice(DayPrecision, "joined_precision"), default=DayPrecision.DAY
    )
    full_on: Mapped[dt.date | None]
    full_precision: Mapped[DayPrecision] = mapped_column(
        choice(DayPrecision, "full_precision"), default=DayPrecision.DAY
    )
    phone: Mapped[str | None] = mapped_column(String(50))
    identity_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    identity_last_four: Mapped[str | None] = mapped_column(String(4))


class Membership(Dated, Base):
    """The branch a member belongs to from one day to another; a transfer ends one and begins the next."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("member_id", "valid_from"),
        CheckConstraint("valid_from < valid_to", name="span"),
        Index("ix_membership_organization_id", "organization_id", "valid_from", "valid_to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))


class Post(Dated, Base):
    """A post a member holds in an organization, from the day of taking it up where that is known.

    Else it is from the first day on which the roster said so, and nobody may count months from it.
    """

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("member_id", "organization_id", "kind", "valid_from"),
        CheckConstraint("valid_from < valid_to", name="span"),
        Index("ix_post_organization_id", "organization_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    kind: Mapped[PostKind] = mapped_column(choice(PostKind, "kind"))
    is_start_known: Mapped[bool] = mapped_column(default=True)


class Circumstance(Dated, Base):
    """A circumstance of a member, with its reason; reasons of health are shown to the member's own branch only."""

    __tablename__ = "circumstance"
    __table_args__ = (
        UniqueConstraint("member_id", "kind", "valid_from"),
        CheckConstraint("valid_from < valid_to", name="span"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    kind: Mapped[CircumstanceKind] = mapped_column(choice(CircumstanceKind, "kind"))
    reason: Mapped[str] = mapped_column(String(200))


class ColumnByHand(Base):
    """What a header of other people's lists means, as somebody said in the preview of an import; empty: it is not read."""

    __tablename__ = "column_by_hand"
    __table_args__ = (UniqueConstraint("organization_id", "header"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    header: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(String(32))


class RosterImport(Base):
    """One confirmed import: what it was, and what must be put back to undo it (the newest one only)."""

    __tablename__ = "roster_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    at: Mapped[dt.datetime]
    by: Mapped[int]
    file_name: Mapped[str] = mapped_column(String(200))
    counts: Mapped[dict[str, int]] = mapped_column(JSON)
    undo: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    undone_at: Mapped[dt.datetime | None]


class IdentityKey(Base):
    """The one row that says by which key the identity numbers of this roster are hashed: its fingerprint, never the key."""

    __tablename__ = "identity_key"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    since: Mapped[dt.datetime]
