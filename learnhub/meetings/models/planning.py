"""What scheduling starts from, and calendar links."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import STANDING, Base, Dated, Noted, choice
from learnhub.meetings.rules.packs import Part


class Habit(Base):
    """A branch's fixed day of the month, hour, length, place and chair: what scheduling starts from."""

    __tablename__ = "habit"
    __table_args__ = (
        CheckConstraint("day_of_month BETWEEN 1 AND 31", name="day_of_month"),
        CheckConstraint("minutes > 0", name="minutes"),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    day_of_month: Mapped[int]
    starts: Mapped[dt.time]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(200))
    chair: Mapped[str] = mapped_column(String(100))


class UsualDay(Dated, Base):
    """A branch's fixed day as somebody set it, from one day to another; it goes before what is learned (`Habit`).

    A row whose span is empty was replaced before it ever held.
    """

    __tablename__ = "usual_day"
    __table_args__ = (
        Index("ix_usual_day_organization_id", "organization_id"),
        CheckConstraint("day_of_month BETWEEN 1 AND 31", name="day_of_month"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("valid_from <= valid_to", name="span"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    day_of_month: Mapped[int]
    starts: Mapped[dt.time]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(200))
    chair: Mapped[str] = mapped_column(String(100))
    noted_at: Mapped[dt.datetime]
    noted_by: Mapped[int]


class CalendarFeed(Base):
    """A secret calendar link of a branch or of a member.

    The token is kept as it is, not as a hash: the owner can read the link again for a second device, and it opens
    nothing but times and places, which stand in this database anyway.
    """

    __tablename__ = "calendar_feed"
    __table_args__ = (
        CheckConstraint("(organization_id IS NULL) <> (member_id IS NULL)", name="one_owner"),
        Index(
            "uq_calendar_feed_organization_id",
            "organization_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_calendar_feed_member_id",
            "member_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[int]
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[int | None]


class MonthPack(Noted, Base):
    """A month's unit as an organization gives it to all below; unpublished while `published_at` is empty.

    No branch has a row: it reads the nearest one above it. At most one published and one prepared pack of a month stand.
    """

    __tablename__ = "month_pack"
    __table_args__ = (
        Index(
            "uq_month_pack_published",
            "organization_id",
            "month",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL AND published_at IS NOT NULL"),
            postgresql_where=text("withdrawn_at IS NULL AND published_at IS NOT NULL"),
        ),
        Index(
            "uq_month_pack_prepared",
            "organization_id",
            "month",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL AND published_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL AND published_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    month: Mapped[str] = mapped_column(String(7))
    title: Mapped[str] = mapped_column(String(200))
    lesson: Mapped[str] = mapped_column(String(200))
    lecturer: Mapped[str] = mapped_column(String(100), default="")
    film: Mapped[str] = mapped_column(String(200), default="")
    film_source: Mapped[str] = mapped_column(String(200), default="")
    practice: Mapped[str] = mapped_column(String(200))
    fixed: Mapped[str] = mapped_column(Text, default="")
    free: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[dt.datetime | None]
    published_by: Mapped[int | None]


class OwnPart(Noted, Base):
    """The film or the practice a branch takes instead of the published one; withdrawn when it chooses anew."""

    __tablename__ = "own_part"
    __table_args__ = (
        Index(
            "uq_own_part_organization_id_month_part",
            "organization_id",
            "month",
            "part",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    month: Mapped[str] = mapped_column(String(7))
    part: Mapped[Part] = mapped_column(choice(Part, "part"))
    words: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(200), default="")
