"""The table of test results."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import STANDING, Base, Noted


class Result(Noted, Base):
    """The result of a completion test, in per cent; `attempt_id` where it was taken here, empty for one on paper."""

    __tablename__ = "test_result"
    __table_args__ = (
        Index(
            "uq_test_result_batch_id_member_id",
            "batch_id",
            "member_id",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        CheckConstraint("percent BETWEEN 0 AND 100", name="percent"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    percent: Mapped[int]
    attempt_id: Mapped[int | None]
