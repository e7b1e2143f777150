"""What the verbs of the roll share."""

import datetime as dt

from sqlalchemy.orm import Session

from learnhub.attendance import queries
from learnhub.attendance.models import Occasion
from learnhub.attendance.queries import OccasionValue
from learnhub.audit.rules import Act
from learnhub.audit.service import note
from learnhub.core.errors import DomainError
from learnhub.core.text import N_


def noted(session: Session, act: Act, verb: str, occasion: Occasion | OccasionValue, **details: object) -> None:
    """Note `verb` on the occasion; `details` are plain JSON."""
    note(session, act, f"occasion.{verb}", f"occasion:{occasion.id}", occasion.organization_id, **details)


def still_on(session: Session, occasion_id: int) -> Occasion:
    """The occasion's row, held for writing; raises NotFound, or DomainError when it was cancelled."""
    occasion = queries.held(session, occasion_id)
    if occasion.cancelled_at:
        raise DomainError(N_("这次活动已经取消。"))
    return occasion


def check_span(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    """Raise DomainError unless the end lies after the beginning."""
    if ends_at <= starts_at:
        raise DomainError(N_("结束的时间要晚于开始的时间。"), field="ends")
