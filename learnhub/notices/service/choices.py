"""Verbs of a person's own choice: ask, confirm, pause, unsubscribe. Nobody else may do any of them."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy.orm import Session

from learnhub.audit.queries import earlier
from learnhub.audit.rules import Act
from learnhub.audit.service import note
from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.notices import queries
from learnhub.notices.models import NoticeChoice, NoticeMessage
from learnhub.notices.rules import (
    MOST_CONFIRMATIONS,
    Channel,
    MessageKind,
    Problem,
    Wish,
    not_before,
    wrong_address,
)
from learnhub.notices.service.outbox import compose

# For how long a link of confirmation is good.
CONFIRM_WITHIN = dt.timedelta(days=3)
_DAY = dt.timedelta(days=1)


def choose(session: Session, act: Act, *, account_id: int, wish: Wish, hosts: Collection[str]) -> bool:
    """Keep what the person asks for; returns whether the address is to be confirmed first, by a link sent to it.

    `hosts` are those of webhooks that are allowed. An address that was confirmed and stays needs no new confirmation.
    Raises DomainError for an address to which nothing can be sent, and after too many new ones within a day.
    """
    if earlier(session, act.key):
        return False
    had = queries.choice_of(session, account_id)
    same = had is not None and had.ended_at is None and had.channel is wish.channel
    address = wish.address or (had.address if had and same and wish.channel is not Channel.MAIL else "")
    if words := wrong_address(wish.channel, address, hosts):
        raise DomainError(words, field="mail" if wish.channel is Channel.MAIL else "webhook")
    row = queries.held_choice(session, account_id=account_id) if had else _first(session, act, account_id, wish)
    moved = not same or address != row.address
    row.secret = wish.secret or ("" if moved else row.secret)
    if wish.channel is not Channel.DINGTALK:
        row.secret = ""
    row.channel, row.address, row.language = wish.channel, address, wish.language
    row.digest, row.meetings = wish.digest, wish.meetings
    row.quiet_from, row.quiet_to = wish.quiet_from, wish.quiet_to
    row.look_at, row.ended_at = act.at, None
    if moved:
        row.version, row.confirmed_at, row.paused_at = row.version + 1, None, None
        _drop_open(session, row, act.at)
    session.flush()
    if moved:
        _send_link(session, act, row)
    note(session, act, "notices.choose", f"account:{account_id}", channel=wish.channel.value, digest=wish.digest.value)
    return moved


def _first(session: Session, act: Act, account_id: int, wish: Wish) -> NoticeChoice:
    row = NoticeChoice(
        account_id=account_id,
        channel=wish.channel,
        address="",
        secret="",
        digest=wish.digest,
        meetings=wish.meetings,
        quiet_from=wish.quiet_from,
        quiet_to=wish.quiet_to,
        language=wish.language,
        version=0,
        asked_at=act.at,
        look_at=act.at,
    )
    session.add(row)
    session.flush()
    return row


def remind(session: Session, act: Act, *, account_id: int) -> None:
    """Send the link of confirmation once more; nothing happens once the address is confirmed."""
    row = queries.held_choice(session, account_id=account_id)
    if not earlier(session, act.key) and row.confirmed_at is None and row.ended_at is None:
        row.version += 1
        _drop_open(session, row, act.at)
        _send_link(session, act, row)
        note(session, act, "notices.remind", f"account:{account_id}")


def _send_link(session: Session, act: Act, row: NoticeChoice) -> None:
    if queries.confirmations(session, row.id, act.at - _DAY) >= MOST_CONFIRMATIONS:
        raise DomainError(N_("一天里最多发三次确认链接，请明天再试。"))
    subject = f"confirm:{row.version}"
    # Asked for this minute, so it does not wait for the end of the quiet hours.
    compose(session, row, MessageKind.CONFIRM, subject, None, due_at=act.at, until=act.at + CONFIRM_WITHIN, at=act.at)


def confirm(session: Session, *, choice_id: int, version: int, at: dt.datetime) -> None:
    """Confirm the address to which the link was sent. Raises DomainError for one that is not the present one any more."""
    row = queries.held_choice(session, choice_id=choice_id)
    if row.version != version or row.ended_at is not None:
        raise DomainError(N_("这个确认链接已经作废：地址改过，或者已经退订。请在“我的账号”里重新设置。"))
    if row.confirmed_at is None:
        row.confirmed_at = row.look_at = at
        note(session, Act(0, at), "notices.confirm", f"account:{row.account_id}")


def pause(session: Session, act: Act, *, account_id: int) -> None:
    """Send nothing until `resume`; what was waiting is dropped."""
    row = queries.held_choice(session, account_id=account_id)
    if not earlier(session, act.key) and row.paused_at is None and row.ended_at is None:
        row.paused_at = act.at
        _drop_open(session, row, act.at)
        note(session, act, "notices.pause", f"account:{account_id}")


def resume(session: Session, act: Act, *, account_id: int) -> None:
    """Send again from now on."""
    row = queries.held_choice(session, account_id=account_id)
    if not earlier(session, act.key) and row.paused_at is not None:
        row.paused_at, row.look_at = None, not_before(act.at, row.quiet_from, row.quiet_to)
        note(session, act, "notices.resume", f"account:{account_id}")


def unsubscribe(session: Session, act: Act, *, choice_id: int) -> None:
    """Send nothing any more and forget the address; doing it twice is the same."""
    row = queries.held_choice(session, choice_id=choice_id)
    if row.ended_at is None:
        row.ended_at, row.confirmed_at, row.address, row.secret = act.at, None, "", ""
        row.version += 1
        _drop_open(session, row, act.at)
        note(session, act, "notices.unsubscribe", f"account:{row.account_id}")


def _drop_open(session: Session, row: NoticeChoice, at: dt.datetime) -> None:
    for message in queries.open_messages(session, row.id):
        _drop(message, at)


def _drop(message: NoticeMessage, at: dt.datetime) -> None:
    message.ended_at, message.problem, message.content = at, Problem.UNWANTED, None
