"""Tables of meetings. When and where stands on the occasion; here stands what a meeting was about."""

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import STANDING, Base, Dated, Noted, choice
from learnhub.meetings.rules import MeetingKind
from learnhub.meetings.rules.decisions import Progress
from learnhub.meetings.rules.packs import Part


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
