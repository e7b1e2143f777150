"""Nothing is recorded before it has happened: when a roll may be called, and from when hours exist."""

import datetime as dt
from typing import Protocol

from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.core.text import N_

# How long before the beginning a recorder may open the roll: people are in the room before the first word.
ROLL_OPENS_BEFORE = dt.timedelta(minutes=30)


class Scheduled(Protocol):
    """Something with a beginning and an end, both instants in UTC."""

    @property
    def starts_at(self) -> dt.datetime:
        """When it begins."""

    @property
    def ends_at(self) -> dt.datetime:
        """When it ends."""


class TooEarly(DomainError):
    """The roll is not open yet, or the occasion has not ended."""


def is_roll_open(occasion: Scheduled, at: dt.datetime) -> bool:
    """Whether outcomes may be recorded at the instant `at`: from half an hour before the beginning."""
    return at >= occasion.starts_at - ROLL_OPENS_BEFORE


def opens_later(occasion: Scheduled, at: dt.datetime) -> dt.datetime | None:
    """From when the roll may be called, None when it may already at the instant `at`."""
    return None if is_roll_open(occasion, at) else occasion.starts_at - ROLL_OPENS_BEFORE


def has_ended(occasion: Scheduled, at: dt.datetime) -> bool:
    """Whether the occasion is over at the instant `at`, so that its hours exist."""
    return at >= occasion.ends_at


def check_roll_open(occasion: Scheduled, at: dt.datetime) -> None:
    """Raise TooEarly for an outcome recorded before the roll is open."""
    if not is_roll_open(occasion, at):
        opens = _words(occasion.starts_at - ROLL_OPENS_BEFORE)
        raise TooEarly(N_("还没有到点名的时间，%(time)s 起才能点名。现在可以先打印名单。"), time=opens)


def check_ended(occasion: Scheduled, at: dt.datetime) -> None:
    """Raise TooEarly for hours, or a finished record, before the end."""
    if not has_ended(occasion, at):
        ends = _words(occasion.ends_at)
        raise TooEarly(
            N_("还没有结束，%(time)s 以后才能完成记录、登记学时。提前结束了，就先把结束的时间改成实际的。"), time=ends
        )


def _words(instant: dt.datetime) -> str:
    local = clock.local(instant)
    return f"{local:%Y-%m-%d} {local.hour}:{local.minute:02}"
