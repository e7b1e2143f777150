"""What this room keeps about one person, for their own copy of it."""

from sqlalchemy.orm import Session

from learnhub.core.holding import Holding, holding
from learnhub.core.text import N_
from learnhub.notices.models import NoticeChoice, NoticeMessage
from learnhub.notices.rules import CHANNEL_LABELS, DIGEST_LABELS, PROBLEM_LABELS


def about_person(session: Session, account_id: int, member_id: int | None) -> tuple[Holding, ...]:
    """What the person asked to be sent, when they agreed to it and ended it, and the messages that were made of it."""
    own = NoticeMessage.choice_id == NoticeChoice.id
    return (
        holding(
            session, N_("提醒的设置"), NoticeChoice, NoticeChoice.account_id == account_id, without={"secret"},
            labels={**CHANNEL_LABELS, **DIGEST_LABELS},
        ),
        holding(
            session, N_("发过的提醒"), NoticeMessage, NoticeChoice.account_id == account_id,
            join=[(NoticeChoice.__table__, own)], labels=PROBLEM_LABELS,
        ),
    )  # fmt: skip
