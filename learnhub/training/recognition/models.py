"""The table of recognised study."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learnhub.core.orm import STANDING, Base, Noted, choice
from learnhub.records.rules import CompletionWay
from learnhub.training.recognition.rules import EvidenceClass


class Recognition(Noted, Base):
    """Study elsewhere that counts for a task: a class of a higher level, study brought home or at the place of residence.

    `title` is the class, or what was studied; `organizer` who held it: the higher level, the visitor, the receiving
    organization. `evidence` says what it was recognised on, `reference` where that is found. The completion and the
    credits that follow from it name it as their source (`recognition:7`). On the weakest evidence it waits until it is
    approved (`approved_at`), and nothing follows before; refused, it is withdrawn.
    """

    __tablename__ = "recognition"
    __table_args__ = (
        Index(
            "uq_recognition_task_id_member_id_title_starts_on_ends_on",
            "task_id",
            "member_id",
            "title",
            "starts_on",
            "ends_on",
            unique=True,
            sqlite_where=STANDING,
            postgresql_where=STANDING,
        ),
        Index("ix_recognition_member_id", "member_id"),
        CheckConstraint("(approved_at IS NULL) = (approved_by IS NULL)", name="approval"),
        CheckConstraint("ends_on >= starts_on", name="span"),
        CheckConstraint("quarters > 0", name="quarters"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    way: Mapped[CompletionWay] = mapped_column(choice(CompletionWay, "recognition_way"))
    title: Mapped[str] = mapped_column(String(200))
    organizer: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    quarters: Mapped[int]
    evidence: Mapped[EvidenceClass] = mapped_column(choice(EvidenceClass, "evidence_class"))
    reference: Mapped[str] = mapped_column(String(300))
    approved_at: Mapped[dt.datetime | None]
    approved_by: Mapped[int | None]
