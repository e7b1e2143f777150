"""What is on its way out, and what became of it."""

import dataclasses
import datetime as dt
from typing import Any

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from learnhub.core import orm
from learnhub.core.text import N_
from learnhub.notices.models import NoticeChoice, NoticeMessage
from learnhub.notices.rules import STALE, ChoiceValue, MessageKind, Problem

# How many of the newest messages a person's own page shows.
SHOWN = 5


@dataclasses.dataclass(frozen=True, slots=True)
class MessageValue:
    """A message as its owner and its operator see it: never what it says."""

    id: int
    choice_id: int
    account_id: int
    kind: MessageKind
    composed_at: dt.datetime
    due_at: dt.datetime
    tries: int
    problem: Problem | None
    sent_at: dt.datetime | None
    ended_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, slots=True)
class Due:
    """A message that a sender has claimed: what goes where, and which try it is."""

    id: int
    kind: MessageKind
    message_id: str
    content: dict[str, Any] | None
    composed_at: dt.datetime
    tries: int
    choice: ChoiceValue


_COLUMNS = tuple(
    NoticeChoice.account_id if each.name == "account_id" else getattr(NoticeMessage, each.name)
    for each in dataclasses.fields(MessageValue)
)


def claimable(session: Session, at: dt.datetime) -> NoticeMessage | None:
    """The message due longest that nobody is sending, or whose sender has died; held against other workers."""
    free = or_(NoticeMessage.claimed_at.is_(None), NoticeMessage.claimed_at < at - STALE)
    statement = (
        select(NoticeMessage)
        .where(NoticeMessage.ended_at.is_(None), NoticeMessage.due_at <= at, free)
        .order_by(NoticeMessage.due_at, NoticeMessage.id)
        .limit(1)
    )
    return session.scalar(statement.with_for_update(skip_locked=True).execution_options(populate_existing=True))


def held_message(session: Session, message_id: int) -> NoticeMessage:
    """A message's row, read anew and held until the transaction ends."""
    return orm.held(session, select(NoticeMessage).where(NoticeMessage.id == message_id), N_("没有这条提醒。"))


def open_messages(session: Session, choice_id: int) -> tuple[NoticeMessage, ...]:
    """The messages of a choice that have not ended, held until the transaction ends."""
    statement = select(NoticeMessage).where(NoticeMessage.choice_id == choice_id, NoticeMessage.ended_at.is_(None))
    return tuple(session.scalars(statement.with_for_update()))


def confirmations(session: Session, choice_id: int, since: dt.datetime) -> int:
    """How many links of confirmation were composed for a choice since then."""
    asked = (NoticeMessage.choice_id == choice_id, NoticeMessage.kind == MessageKind.CONFIRM)
    statement = select(func.count()).where(*asked, NoticeMessage.composed_at > since)
    return session.scalar(statement) or 0


def told_of(session: Session, choice_id: int, meeting_id: int) -> frozenset[str]:
    """What has been composed for a choice about one meeting: the subjects of those messages."""
    about = NoticeMessage.subject.startswith(f"meeting:{meeting_id}:", autoescape=True)
    return frozenset(session.scalars(select(NoticeMessage.subject).where(NoticeMessage.choice_id == choice_id, about)))


def latest(session: Session, account_id: int) -> tuple[MessageValue, ...]:
    """The newest messages of one person."""
    return _values(session, NoticeChoice.account_id == account_id, limit=SHOWN)


def listed(session: Session, limit: int) -> tuple[MessageValue, ...]:
    """The newest messages that have not arrived: waiting, failing or given up."""
    return _values(session, NoticeMessage.sent_at.is_(None), limit=limit)


def _values(session: Session, *conditions: Any, limit: int) -> tuple[MessageValue, ...]:
    statement = select(*_COLUMNS).join(NoticeChoice, NoticeChoice.id == NoticeMessage.choice_id).where(*conditions)
    return tuple(
        MessageValue(*row) for row in session.execute(statement.order_by(NoticeMessage.id.desc()).limit(limit))
    )


def counts(session: Session) -> dict[str, int]:
    """How many messages are `sent`, `waiting` or `ended` without having been sent."""
    state = case(
        (NoticeMessage.sent_at.is_not(None), "sent"), (NoticeMessage.ended_at.is_(None), "waiting"), else_="ended"
    )
    return dict(session.execute(select(state, func.count()).group_by(state)).tuples().all())
