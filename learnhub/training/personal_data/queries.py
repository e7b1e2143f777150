"""What this room keeps about one person, for their own copy of it."""

from sqlalchemy.orm import Session

from learnhub.core.holding import Holding, Join, holding
from learnhub.core.orm import Base
from learnhub.core.text import N_
from learnhub.records.rules import WAY_LABELS
from learnhub.training.batches.models import Batch, Place, Waiting
from learnhub.training.recognition.models import Recognition
from learnhub.training.recognition.rules import EVIDENCE_LABELS
from learnhub.training.reflections.models import Reflection
from learnhub.training.results.models import Result
from learnhub.training.tasks.models import Task


def about_person(session: Session, account_id: int, member_id: int | None) -> tuple[Holding, ...]:
    """The member's places and waiting places in batches, recognised study, reflections and results of tests."""
    if member_id is None:
        return ()
    batch = Batch.title.label("batch")

    def of(model: type[Base]) -> list[Join]:
        return [(Batch.__table__, Batch.id == model.metadata.tables[model.__tablename__].c.batch_id)]

    return (
        holding(session, N_("编入的班次"), Place, Place.member_id == member_id, beside=[batch], join=of(Place)),
        holding(
            session, N_("候补的班次"), Waiting, Waiting.member_id == member_id, beside=[batch],
            join=of(Waiting),
        ),
        holding(
            session, N_("认定的学习"), Recognition, Recognition.member_id == member_id,
            beside=[Task.title.label("task")], join=[(Task.__table__, Task.id == Recognition.task_id)],
            labels={**WAY_LABELS, **EVIDENCE_LABELS},
        ),
        holding(
            session, N_("学习体会"), Reflection, Reflection.member_id == member_id, beside=[batch], join=of(Reflection)
        ),
        holding(
            session, N_("结业测验的结果"), Result, Result.member_id == member_id, beside=[batch],
            join=of(Result),
        ),
    )  # fmt: skip
