"""Verbs of the outbox: put in, claim, and say how it went.

Whoever sends claims in one transaction, sends outside of any, and says how it went in another. Between sending and saying
a sender can die: the message is then sent once more after `STALE`, under the same Message-ID. Exactly once cannot be had
from mail; two senders at once never send the same message.
"""

import datetime as dt
import secrets
from typing import Any

from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.notices import queries
from learnhub.notices.models import NoticeChoice, NoticeMessage
from learnhub.notices.queries import Due
from learnhub.notices.rules import (
    MOST_TRIES,
    Failure,
    MessageKind,
    Problem,
    next_try,
    not_before,
)


def compose(
    session: Session,
    row: NoticeChoice,
    kind: MessageKind,
    subject: str,
    content: dict[str, Any] | None,
    *,
    due_at: dt.datetime,
    until: dt.datetime,
    at: dt.datetime,
) -> None:
    """Put a message into the outbox; `until` is when it would come too late."""
    message = NoticeMessage(
        choice_id=row.id,
        kind=kind,
        subject=subject,
        message_id=secrets.token_hex(16),
        content=content,
        composed_at=at,
        due_at=due_at,
        until=until,
    )
    session.add(message)
    session.flush()


def claim(session: Session, *, at: dt.datetime) -> Due | None:
    """Take up the next message, None when none is due. What is unwanted, too late or tried too often ends here."""
    while row := queries.claimable(session, at):
        choice = session.get_one(NoticeChoice, row.choice_id)
        wait = _quiet_until(row, choice, at)
        if problem := _hindrance(session, row, choice, at):
            _end(row, problem, at)
        elif wait > at:
            row.due_at = wait
        else:
            row.tries, row.claimed_at = row.tries + 1, at
            session.flush()
            found = queries.value(choice)
            return Due(row.id, row.kind, row.message_id, row.content, row.composed_at, row.tries, found)
        session.flush()
    return None


def _quiet_until(row: NoticeMessage, choice: NoticeChoice, at: dt.datetime) -> dt.datetime:
    return at if row.kind is MessageKind.CONFIRM else not_before(at, choice.quiet_from, choice.quiet_to)


def _hindrance(session: Session, row: NoticeMessage, choice: NoticeChoice, at: dt.datetime) -> Problem | None:
    """Why the message is not to go out any more."""
    who = queries.stands_as(session, choice.account_id, clock.local(at).date())
    stands = queries.value(choice).stands or (row.kind is MessageKind.CONFIRM and choice.ended_at is None)
    if who is None or not stands or (row.kind is MessageKind.DIGEST and not who.branches):
        return Problem.UNWANTED
    if at >= row.until:
        return row.problem or Problem.TOO_LATE
    if row.tries >= MOST_TRIES:
        return Problem.INTERRUPTED
    return None


def sent(session: Session, *, due: Due, at: dt.datetime) -> None:
    """Note that the message was handed over; what it said is forgotten."""
    row = queries.held_message(session, due.id)
    if row.ended_at is None and row.tries == due.tries:
        row.sent_at = row.ended_at = at
        row.problem, row.content = None, None


def failed(session: Session, *, due: Due, failure: Failure, at: dt.datetime) -> None:
    """Note why the message was not handed over: it waits for its next try, or is given up.

    An address that refuses is to be confirmed anew before anything else is sent to it.
    """
    row = queries.held_message(session, due.id)
    if row.ended_at is not None or row.tries != due.tries:
        return
    again = None if failure.final else next_try(row.tries, at)
    row.problem = failure.problem
    if again is not None and again < row.until:
        row.due_at, row.claimed_at = again, None
        return
    _end(row, failure.problem, at)
    if failure.problem is Problem.REFUSED:
        choice = queries.held_choice(session, choice_id=row.choice_id)
        if choice.version == due.choice.version:
            choice.confirmed_at = None


def _end(row: NoticeMessage, problem: Problem, at: dt.datetime) -> None:
    row.ended_at, row.problem, row.content = at, problem, None
