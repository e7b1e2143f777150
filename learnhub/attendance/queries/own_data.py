"""What this room keeps about one person, for their own copy of it."""

from sqlalchemy.orm import Session

from learnhub.attendance.models import Attendance, CheckInClaim, CheckInScreen, FollowUp, Occasion
from learnhub.attendance.rules import FOLLOW_UP_LABELS, LEAVE_LABELS, OUTCOME_LABELS
from learnhub.core.holding import Holding, holding
from learnhub.core.text import N_

_OCCASION = (Occasion.title, Occasion.place, Occasion.day)


def about_person(session: Session, account_id: int, member_id: int | None) -> tuple[Holding, ...]:
    """Each roll, make-up, home visit and check-in of the member, withdrawn ones among them."""
    if member_id is None:
        return ()
    at = Occasion.__table__
    return (
        holding(
            session, N_("点名"), Attendance, Attendance.member_id == member_id, beside=_OCCASION,
            join=[(at, Occasion.id == Attendance.occasion_id)], labels={**OUTCOME_LABELS, **LEAVE_LABELS},
        ),
        holding(
            session, N_("补课和送学上门"), FollowUp, FollowUp.member_id == member_id,
            beside=(Occasion.title.label("occasion_title"), Occasion.day.label("occasion_day")),
            join=[(at, Occasion.id == FollowUp.occasion_id)], labels=FOLLOW_UP_LABELS,
        ),
        holding(
            session, N_("扫码签到"), CheckInClaim, CheckInClaim.member_id == member_id, without={"token_hash"},
            beside=_OCCASION,
            join=[
                (CheckInScreen.__table__, CheckInScreen.id == CheckInClaim.screen_id),
                (at, Occasion.id == CheckInScreen.occasion_id),
            ],
        ),
    )  # fmt: skip
