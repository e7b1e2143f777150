"""Tables of meetings. When and where stands on the occasion; here stands what a meeting was about."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import Base, choice
from learnhub.meetings.rules import MeetingKind


class Meeting(Base):
    """A meeting of an organization; its roll is the occasion's. `month` (`YYYY-MM`) is data, not derived from time."""

    __tablename__ = "meeting"
    __table_args__ = (
        Index("ix_meeting_organization_id_month", "organization_id", "month"),
        Index("ix_meeting_month", "month"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id"), unique=True)
    month: Mapped[str] = mapped_column(String(7))
    theme: Mapped[str] = mapped_column(String(200))
    chair: Mapped[str] = mapped_column(String(100))
    recorder: Mapped[str] = mapped_column(String(100), default="")
    lesson: Mapped[str] = mapped_column(String(200), default="")
    lecturer: Mapped[str] = mapped_column(String(100), default="")
    film: Mapped[str] = mapped_column(String(200), default="")
    film_source: Mapped[str] = mapped_column(String(200), default="")
    practice: Mapped[str] = mapped_column(String(200), default="")
    practice_people: Mapped[int | None]
    decisions: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    scheduled_at: Mapped[dt.datetime]
    scheduled_by: Mapped[int]


class MeetingKindOf(Base):
    """One of the kinds a meeting is."""

    __tablename__ = "meeting_kind"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    kind: Mapped[MeetingKind] = mapped_column(choice(MeetingKind, "kind"), primary_key=True)


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
