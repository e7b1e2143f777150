"""Check-in codes: made from a secret and the server's clock, good for moments, a convenience beside the roll."""

import datetime as dt
import hashlib
import hmac

from learnhub.core.errors import DomainError
from learnhub.core.text import N_

# A code changes every SLOT seconds and is taken during its own slot and the next; what it gave is kept CLAIM long.
SLOT_SECONDS = 30
CLAIM = dt.timedelta(minutes=10)
# Signs that nobody mistakes for another when they read them off a wall.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 6


class CodeRefused(DomainError):
    """A code or a claim that is late, foreign, altered or used already; nothing was noted."""


def slot_at(at: dt.datetime) -> int:
    """The number of the slot in which the instant lies, by the server's clock."""
    return int(at.timestamp()) // SLOT_SECONDS


def code_in(secret: str, slot: int) -> str:
    """The code that a screen with `secret` shows during `slot`."""
    digest = hmac.new(secret.encode(), str(slot).encode(), hashlib.sha256).digest()
    number = int.from_bytes(digest[:8], "big")
    signs = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs)


def check_code(secret: str, typed: str, at: dt.datetime) -> None:
    """Raise CodeRefused unless `typed` is the code of this slot or of the one just past."""
    now = slot_at(at)
    given = typed.strip().upper().encode()
    right = [hmac.compare_digest(code_in(secret, each).encode(), given) for each in (now, now - 1)]
    if not any(right):
        raise CodeRefused(N_("这个签到码不对，或者已经换了新的。请看屏幕上现在的码，再扫一次。"))


def check_claim(issued_at: dt.datetime, used_at: dt.datetime | None, at: dt.datetime) -> None:
    """Raise CodeRefused unless the claim is unused and not older than ten minutes."""
    if used_at is not None:
        raise CodeRefused(N_("这次扫码已经用过了。还没有签到的人请自己扫一次。"))
    if not issued_at <= at <= issued_at + CLAIM:
        raise CodeRefused(N_("扫码已经超过十分钟。请回到会场再扫一次，或者请记录人点名。"))
