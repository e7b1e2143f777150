"""The one table of reading: the member's own marks, which are nobody's record."""

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import Base


class Mark(Base):
    """The mark 我学过了: `unit` names what was studied (`month:2026-11:film`, `course:first-response:burns`)."""

    __tablename__ = "mark"
    __table_args__ = (UniqueConstraint("account_id", "unit"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    unit: Mapped[str] = mapped_column(String(160))
    marked_at: Mapped[dt.datetime]
    content_hash: Mapped[str] = mapped_column(String(64))
