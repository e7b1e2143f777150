"""Tables of notices: what each person asked for, and what goes out."""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import Base, choice
from learnhub.notices.rules import Channel, DigestDay, MessageKind, Problem


class NoticeChoice(Base):
    """What one person asked to be sent, and where; nobody has a row who never asked.

    `version` rises with each new address, so that a link sent to an earlier one confirms nothing. Nothing but that link is
    sent before `confirmed_at`. `ended_at` is the unsubscription: address and secret go with it. `digested_on` is the last
    civil day whose digest was looked for, `look_at` when the next look is due.
    """

    __tablename__ = "notice_choice"
    __table_args__ = (
        Index("ix_notice_choice_look_at", "look_at"),
        CheckConstraint("ended_at IS NULL OR (address = '' AND secret = '')", name="ended_keeps_no_address"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), unique=True)
    channel: Mapped[Channel] = mapped_column(choice(Channel, "channel"))
    address: Mapped[str] = mapped_column(String(500))
    secret: Mapped[str] = mapped_column(String(200), default="")
    digest: Mapped[DigestDay] = mapped_column(choice(DigestDay, "digest"))
    meetings: Mapped[bool]
    quiet_from: Mapped[dt.time]
    quiet_to: Mapped[dt.time]
    language: Mapped[str] = mapped_column(String(8))
    version: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[dt.datetime]
    confirmed_at: Mapped[dt.datetime | None]
    paused_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    digested_on: Mapped[dt.date | None]
    look_at: Mapped[dt.datetime]


class NoticeMessage(Base):
    """One message on its way out (the outbox). `subject` says what it is about, once for each choice.

    Whoever sends it claims it first: `tries` rises and `claimed_at` is set, and only that try may say how it went. What
    it says (`content`) is emptied once nothing more will happen to it. `until` is when it would come too late.
    """

    __tablename__ = "notice_message"
    __table_args__ = (
        UniqueConstraint("choice_id", "subject"),
        Index(
            "ix_notice_message_due_at",
            "due_at",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("ended_at IS NOT NULL OR sent_at IS NULL", name="sent_is_ended"),
        CheckConstraint("tries >= 0", name="tries"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    choice_id: Mapped[int] = mapped_column(ForeignKey("notice_choice.id"))
    kind: Mapped[MessageKind] = mapped_column(choice(MessageKind, "kind"))
    subject: Mapped[str] = mapped_column(String(64))
    message_id: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    composed_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    until: Mapped[dt.datetime]
    claimed_at: Mapped[dt.datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[Problem | None] = mapped_column(choice(Problem, "problem"))
    sent_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
