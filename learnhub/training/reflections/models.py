"""The table of reflections."""

import datetime as dt

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import Base


class Reflection(Base):
    """What a member of a reading class chose to write, for the organizer of that class alone.

    No record of training: the member may rewrite it or take it away, and nothing is counted from it.
    """

    __tablename__ = "reflection"
    __table_args__ = (UniqueConstraint("batch_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[dt.datetime]
