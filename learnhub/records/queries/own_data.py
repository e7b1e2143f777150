"""What this room keeps about one person, for their own copy of it."""

from sqlalchemy.orm import Session

from learnhub.core.holding import Holding, holding
from learnhub.core.text import N_
from learnhub.records.models import Certificate, Completion, Credit, Objection
from learnhub.records.rules import ANSWER_LABELS, CREDIT_LABELS, WAY_LABELS


def about_person(session: Session, account_id: int, member_id: int | None) -> tuple[Holding, ...]:
    """Credit hours, completions, certificates and objections of the member, withdrawn ones among them."""
    if member_id is None:
        return ()
    return (
        holding(session, N_("学时"), Credit, Credit.member_id == member_id, labels=CREDIT_LABELS),
        holding(session, N_("结业"), Completion, Completion.member_id == member_id, labels=WAY_LABELS),
        holding(session, N_("结业证书"), Certificate, Certificate.member_id == member_id),
        holding(session, N_("我的异议"), Objection, Objection.member_id == member_id, labels=ANSWER_LABELS),
    )
