"""Meetings and their records. When and where stands on the occasion; here stands what a meeting was about."""

import datetime as dt

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import STANDING, Base, Noted, choice
from learnhub.meetings.rules import MeetingKind
from learnhub.meetings.rules.decisions import Progress


class Meeting(Base):
    """A meeting of an organization; its roll is the occasion's. `month` (`YYYY-MM`) is data, not derived from time.

    `theme_day_of` is that month for the branch's one theme day, empty for other meetings and once cancelled: the table
    itself refuses a second one. `late_reason` stands with a record that was finished after its month.
    """

    __tablename__ = "meeting"
    __table_args__ = (
        Index("ix_meeting_organization_id_month", "organization_id", "month"),
        Index("ix_meeting_month", "month"),
        UniqueConstraint("organization_id", "theme_day_of"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id"), unique=True)
    month: Mapped[str] = mapped_column(String(7))
    theme_day_of: Mapped[str | None] = mapped_column(String(7))
    theme: Mapped[str] = mapped_column(String(200))
    chair: Mapped[str] = mapped_column(String(100))
    recorder: Mapped[str] = mapped_column(String(100), default="")
    lesson: Mapped[str] = mapped_column(String(200), default="")
    lecturer: Mapped[str] = mapped_column(String(100), default="")
    film: Mapped[str] = mapped_column(String(200), default="")
    film_source: Mapped[str] = mapped_column(String(200), default="")
    practice: Mapped[str] = mapped_column(String(200), default="")
    practice_people: Mapped[int | None]
    agenda: Mapped[str] = mapped_column(Text, default="")
    decisions: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    late_reason: Mapped[str] = mapped_column(String(200), default="")
    scheduled_at: Mapped[dt.datetime]
    scheduled_by: Mapped[int]


class MeetingKindOf(Base):
    """One of the kinds a meeting is."""

    __tablename__ = "meeting_kind"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    kind: Mapped[MeetingKind] = mapped_column(choice(MeetingKind, "kind"), primary_key=True)


class EarlierMinutes(Base):
    """What a finished record said before a correction: who changed it, when and why."""

    __tablename__ = "earlier_minutes"
    __table_args__ = (Index("ix_earlier_minutes_meeting_id", "meeting_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    minutes: Mapped[dict[str, str | int | None]] = mapped_column(JSON)
    replaced_at: Mapped[dt.datetime]
    replaced_by: Mapped[int]
    replaced_because: Mapped[str] = mapped_column(String(500))


class EarlierTime(Base):
    """When and where a meeting was to be before it was moved: who moved it, and when."""

    __tablename__ = "earlier_time"
    __table_args__ = (Index("ix_earlier_time_meeting_id", "meeting_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    place: Mapped[str] = mapped_column(String(200))
    replaced_at: Mapped[dt.datetime]
    replaced_by: Mapped[int]


class DecisionReport(Noted, Base):
    """What became of something that was agreed on, as told at a later meeting of the same branch.

    A decision is a line of the record of the meeting `decided_in`; `decision` keeps its words as they were, and `key`
    names it by them. A correction of what was told withdraws the row and notes another.
    """

    __tablename__ = "decision_report"
    __table_args__ = (
        Index("ix_decision_report_told_in", "told_in"),
        Index(
            "uq_decision_report_decided_in_key_told_in",
            "decided_in",
            "key",
            "told_in",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decided_in: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    key: Mapped[str] = mapped_column(String(16))
    decision: Mapped[str] = mapped_column(Text)
    told_in: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    progress: Mapped[Progress] = mapped_column(choice(Progress, "progress"))
    words: Mapped[str] = mapped_column(String(300), default="")
