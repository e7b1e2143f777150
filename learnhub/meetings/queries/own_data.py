"""What this room keeps about one person, for their own copy of it."""

from sqlalchemy.orm import Session

from learnhub.core.holding import Holding, holding
from learnhub.core.text import N_
from learnhub.meetings.models import CalendarFeed, HintDismissal


def about_person(session: Session, account_id: int, member_id: int | None) -> tuple[Holding, ...]:
    """The member's calendar links, without the secret in them, and why a branch put aside the hint about a gap."""
    if member_id is None:
        return ()
    return (
        holding(session, N_("日历订阅"), CalendarFeed, CalendarFeed.member_id == member_id, without={"token"}),
        holding(session, N_("支部放下的提示"), HintDismissal, HintDismissal.member_id == member_id),
    )
