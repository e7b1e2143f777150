"""A list of members trained by a higher level, recognised in one action."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict, DomainError
from learnhub.core.text import N_
from learnhub.records.rules import CompletionWay
from learnhub.training.recognition.service import recognise
from learnhub.training.recognition_lists import queries
from learnhub.training.recognition_lists.rules import ReadRow

# What a list of a higher level recognises.
LIST_WAY = CompletionWay.HIGHER_LEVEL


def recognise_list(
    session: Session, act: Act, *, task_id: int, organization_id: int, rows: Sequence[ReadRow], digest: str
) -> int:
    """Recognise the list that was looked at as `digest`, whole or nothing; returns how many were new.

    Raises DomainError when a cell is wrong, Conflict when the roster or the recognitions changed since it was looked at.
    """
    if trail.earlier(session, act.key):
        return 0
    plan = queries.plan_list(session, task_id, organization_id, rows, act.day)
    if plan.wrong:
        raise DomainError(N_("表里还有要改的地方，什么也没有登记。"))
    if plan.digest != digest:
        raise Conflict(N_("核对以后名册或者认定有了变动，请再核对一次。什么也没有登记。"))
    new = [each.new for each in plan.new]
    return recognise(session, act, task_id=task_id, organization_id=organization_id, new=new)
