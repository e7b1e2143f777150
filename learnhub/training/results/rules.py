"""Who completes a batch, by the rule stamped on it."""

import dataclasses
import enum
import hashlib
from collections.abc import Iterable

from learnhub.core.text import N_
from learnhub.training.tasks.rules import CompletionRule


class Shortfall(enum.Enum):
    """Why somebody does not complete a batch."""

    MISSED = "missed"
    NO_TEST = "no_test"
    NOT_PASSED = "not_passed"


SHORTFALL_LABELS = {
    Shortfall.MISSED: N_("缺课超过允许的学时"),
    Shortfall.NO_TEST: N_("没有结业测试成绩"),
    Shortfall.NOT_PASSED: N_("结业测试没有合格"),
}


def shortfall(rule: CompletionRule, *, total: int, attended: int, percent: int | None) -> Shortfall | None:
    """What keeps somebody from completing, None when nothing does.

    `total` and `attended` are the batch's and the member's quarter hours, `percent` the test result. Hours missed count
    whatever the reason; the boundary itself is allowed.
    """
    if (total - attended) * rule.leave_part > total:
        return Shortfall.MISSED
    if rule.pass_percent is None:
        return None
    if percent is None:
        return Shortfall.NO_TEST
    return Shortfall.NOT_PASSED if percent < rule.pass_percent else None


@dataclasses.dataclass(frozen=True, slots=True)
class NewResult:
    """A test result in per cent (None takes one back); `attempt_id` where it was taken here."""

    member_id: int
    percent: int | None
    attempt_id: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch came to for one member: quarter hours attended of all, the test, and what is missing if anything.

    `missed` are the quarter hours of sessions whose roll was called and that were neither attended nor made up for;
    `leave_left` how many more may be missed, below 0 when it is too many already. `where_they_live` tells that whatever
    was attended was attended at the place of residence (在流入地参加).
    """

    member_id: int
    attended: int
    total: int
    percent: int | None
    shortfall: Shortfall | None
    missed: int = 0
    leave_left: int = 0
    where_they_live: bool = False

    @property
    def completes(self) -> bool:
        """Whether nothing is missing."""
        return self.shortfall is None


def list_digest(outcomes: Iterable[Outcome]) -> str:
    """What tells one list of who completes and who does not from another: 16 hexadecimal digits."""
    decided = sorted((each.member_id, each.completes) for each in outcomes)
    return hashlib.sha256(repr(decided).encode()).hexdigest()[:16]
