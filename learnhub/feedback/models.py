"""Tables of feedback: complaints and the replies to them, and opinions of courses."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import STANDING, Base, Noted, choice
from learnhub.feedback.rules import Clarity, ComplaintKind, Use


class Complaint(Base):
    """Something that somebody turned to the sponsor with. `account_id` is empty when it came without a name.

    `number` is what its sender asks by; `page` the address from which it was sent; `due_on` the last day for a reply.
    """

    __tablename__ = "complaint"
    __table_args__ = (Index("ix_complaint_received_at", "received_at"), Index("ix_complaint_account_id", "account_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    kind: Mapped[ComplaintKind] = mapped_column(choice(ComplaintKind, "kind"))
    words: Mapped[str] = mapped_column(String(2000))
    contact: Mapped[str] = mapped_column(String(100), default="")
    page: Mapped[str] = mapped_column(String(200), default="")
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    received_at: Mapped[dt.datetime]
    due_on: Mapped[dt.date]


class Reply(Noted, Base):
    """The reply to a complaint; a better one withdraws it with a reason and stands in its place."""

    __tablename__ = "complaint_reply"
    __table_args__ = (
        Index(
            "uq_complaint_reply_complaint_id",
            "complaint_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    words: Mapped[str] = mapped_column(String(2000))


class Opinion(Base):
    """What one person says of one course or month (`subject`); theirs to change and to take back."""

    __tablename__ = "opinion"
    __table_args__ = (UniqueConstraint("account_id", "subject"), Index("ix_opinion_subject", "subject"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    subject: Mapped[str] = mapped_column(String(96))
    clarity: Mapped[Clarity] = mapped_column(choice(Clarity, "clarity"))
    use: Mapped[Use] = mapped_column(choice(Use, "use"))
    words: Mapped[str] = mapped_column(String(500), default="")
    given_at: Mapped[dt.datetime]
