"""The table of holidays."""

import datetime as dt

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import STANDING, Base, Noted


class Holiday(Noted, Base):
    """A day that is not worked though it is no weekend (`working` False), or is though it is one, by which notice."""

    __tablename__ = "holiday"
    __table_args__ = (Index("uq_holiday_day", "day", unique=True, sqlite_where=STANDING, postgresql_where=STANDING),)

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[dt.date]
    working: Mapped[bool]
    basis: Mapped[str] = mapped_column(String(300))
