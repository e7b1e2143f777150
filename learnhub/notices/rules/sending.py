"""How sending goes: waits that grow, when it is given up, and the links in a message."""

import dataclasses
import datetime as dt
import enum
from typing import Self
from urllib.parse import unquote, urlsplit

from itsdangerous import BadData, URLSafeSerializer

from learnhub.core.text import N_


class MessageKind(enum.Enum):
    """What a message is for."""

    CONFIRM = "confirm"
    DIGEST = "digest"
    MEETING = "meeting"


class Problem(enum.Enum):
    """Why a message has not arrived, or never will."""

    UNREACHABLE = "unreachable"
    BUSY = "busy"
    REFUSED = "refused"
    OUR_SETTINGS = "our_settings"
    TOO_LATE = "too_late"
    UNWANTED = "unwanted"
    INTERRUPTED = "interrupted"


PROBLEM_LABELS = {
    Problem.UNREACHABLE: N_("连不上对方的服务器"),
    Problem.BUSY: N_("对方的服务器暂时不收"),
    Problem.REFUSED: N_("对方拒收，请核对地址"),
    Problem.OUR_SETTINGS: N_("平台的发信设置有问题，请联系系统管理员"),
    Problem.TOO_LATE: N_("没能按时送到，过时不再送"),
    Problem.UNWANTED: N_("发出以前您已经不要了"),
    Problem.INTERRUPTED: N_("发送时中断，不知道送到了没有"),
}
# Minutes to wait after the first, second, … try that came to nothing.
WAITS = (1, 5, 15, 60, 180)
MOST_TRIES = len(WAITS) + 1
# A sender that has not said anything for so long is dead; longer than the time-outs of one sending together.
STALE = dt.timedelta(minutes=10)
# Links of confirmation sent for one account within a day: nobody's mailbox is filled from here.
MOST_CONFIRMATIONS = 3


class Failure(Exception):
    """A sending came to nothing; `final` when trying again is of no use, `everywhere` when others would fail likewise."""

    def __init__(self, problem: Problem, *, final: bool = False, everywhere: bool = False) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.final = final
        self.everywhere = everywhere


@dataclasses.dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in. `security` is `smtps` (TLS at once), `smtp` (STARTTLS, never without) or `smtp+plain`."""

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str
    name: str

    @classmethod
    def from_settings(cls, address: str, sender: str, name: str) -> Self:
        """From the address in the settings; `sender` and `name` (the site's) are whom a mail comes from."""
        parts = urlsplit(address)
        return cls(
            host=parts.hostname or "",
            port=parts.port or (465 if parts.scheme == "smtps" else 587),
            security=parts.scheme,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            sender=sender,
            name=name,
        )


def next_try(tries: int, at: dt.datetime) -> dt.datetime | None:
    """When to try again after `tries` that came to nothing, the last one at `at`; None when that was the last."""
    return at + dt.timedelta(minutes=WAITS[tries - 1]) if tries < MOST_TRIES else None


def sealed(key: str, purpose: str, *parts: int) -> str:
    """A signed link's end for one `purpose` about these numbers; the key is the site's."""
    return URLSafeSerializer(key, salt=f"notices.{purpose}").dumps(list(parts))


def opened(key: str, purpose: str, token: str) -> tuple[int, ...] | None:
    """The numbers in a signed link's end, or None when it was not made here for this `purpose`."""
    try:
        found = URLSafeSerializer(key, salt=f"notices.{purpose}").loads(token)
    except BadData:
        return None
    return tuple(found)
