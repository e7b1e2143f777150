"""Verbs of a branch's fixed day."""

import dataclasses
import datetime as dt

from sqlalchemy.orm import Session

from learnhub.audit.queries import earlier
from learnhub.audit.rules import Act
from learnhub.audit.service import note
from learnhub.core.errors import DomainError
from learnhub.core.orm import FOREVER
from learnhub.core.text import N_
from learnhub.meetings import queries
from learnhub.meetings.models import UsualDay
from learnhub.meetings.rules import HabitValue


def set_usual(session: Session, act: Act, *, organization_id: int, usual: HabitValue, since: dt.date) -> None:
    """Fix day, hour, length (minutes), place and chair of a branch's theme day from the civil day `since` on.

    What held until then keeps its span; what was set for later is replaced and stays readable as never in force.
    Raises DomainError for a day that has passed. 依据：党员教育管理工作条例第十六条，主题党日相对固定。
    """
    if earlier(session, act.key):
        return
    if since < act.day:
        raise DomainError(N_("不能从已经过去的日子起算，请填今天或以后的日期。"), field="since")
    for row in queries.usual_rows_from(session, organization_id, since):
        row.valid_to = since if row.valid_from < since else row.valid_from
    session.add(
        UsualDay(
            organization_id=organization_id,
            valid_from=since,
            valid_to=FOREVER,
            noted_at=act.at,
            noted_by=act.actor_id,
            **dataclasses.asdict(usual),
        )
    )
    note(session, act, "meeting.set-usual", f"organization:{organization_id}", organization_id, since=since.isoformat())
