"""What a branch is to hold by its shape, and what came of it: decided here once, for pages and for reports."""

import dataclasses
import enum
from collections.abc import Iterable

from learnhub.core.text import N_
from learnhub.meetings.rules import MeetingKind

# From so many full members on a branch has a committee (《中国共产党支部工作条例（试行）》: 正式党员 7 人以上的党支部设立支部委员会).
COMMITTEE_FROM = 7
# How many months a period may have, in words: whole parts of a year; 0 says that nothing is required.
EVERY = {
    1: N_("每月一次"),
    2: N_("两个月一次"),
    3: N_("每季度一次"),
    4: N_("四个月一次"),
    6: N_("半年一次"),
    12: N_("每年一次"),
    0: N_("不规定次数"),
}
# A duty with a long period is listed as due in so many of its last months, so that nobody is reminded all year.
_NEAR = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Duty:
    """A kind of meeting that is generally held once in a period of whole months, counted from January."""

    kind: MeetingKind
    months: int
    basis: str


THEME_DAY = Duty(
    MeetingKind.THEME_DAY, 1, N_("《中国共产党党员教育管理工作条例》第十六条：党支部每月相对固定一天开展主题党日")
)


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """How a branch is made up: heads, how many groups it has, and whether it is a temporary one (临时党支部)."""

    full: int
    probationary: int
    groups: int
    temporary: bool = False

    @property
    def heads(self) -> int:
        """All members."""
        return self.full + self.probationary

    @property
    def has_committee(self) -> bool:
        """Whether the branch is to have a committee: seven full members or more.

        依据：《中国共产党支部工作条例（试行）》，正式党员 7 人以上的党支部设立支部委员会。
        """
        return self.full >= COMMITTEE_FROM

    def may_owe(self, kind: MeetingKind) -> bool:
        """Whether a branch of this shape holds meetings of `kind` at all.

        Nobody's membership moves to a temporary branch, so its members take part in the yearly organizational life and
        appraisal where they belong (依据：《中国共产党支部工作条例（试行）》第八条，党员组织关系不转接). A branch of mobile
        members holds both (同上第十条) and follows its shape like any other.
        """
        if kind is MeetingKind.COMMITTEE:
            return self.has_committee
        if kind is MeetingKind.GROUP:
            return self.groups > 0
        if kind in _WHERE_THEY_BELONG:
            return not self.temporary
        return True


_WHERE_THEY_BELONG = frozenset({MeetingKind.ORGANIZATIONAL_LIFE, MeetingKind.APPRAISAL, MeetingKind.TALK})


def duties(shape: Shape, rules: Iterable[Duty]) -> tuple[Duty, ...]:
    """Those of `rules` that a branch of this shape is bound by; without members it is bound by none."""
    return tuple(duty for duty in rules if duty.months and shape.heads and shape.may_owe(duty.kind))


def period(month: str, months: int) -> tuple[str, ...]:
    """The months of the period of `months` months, counted from January, in which `month` (`YYYY-MM`) lies."""
    year, number = month[:4], int(month[5:])
    first = number - (number - 1) % months
    return tuple(f"{year}-{each:02d}" for each in range(first, first + months))


def is_near(duty: Duty, month: str) -> bool:
    """Whether a duty is on the list of `month`: one with a long period in its last three months, any other always."""
    return month in period(month, duty.months)[-_NEAR:]


class Held(enum.Enum):
    """What came of one kind of meeting in one period at one branch; each stands in exactly one."""

    ON_TIME = "on_time"
    MADE_UP = "made_up"
    EXPLAINED = "explained"
    MISSING = "missing"
    COMING = "coming"
    NOT_APPLICABLE = "not_applicable"


HELD_LABELS = {
    Held.ON_TIME: N_("已开"),
    Held.MADE_UP: N_("补开"),
    Held.EXPLAINED: N_("有说明"),
    Held.MISSING: N_("未开"),
    Held.COMING: N_("未到期"),
    Held.NOT_APPLICABLE: N_("不适用"),
}
# Those of which a meeting is asked, in the order in which they are shown.
DUE = (Held.ON_TIME, Held.MADE_UP, Held.EXPLAINED, Held.MISSING, Held.COMING)


@dataclasses.dataclass(frozen=True, slots=True)
class Happened:
    """What happened of one kind for one month: held until its period's end, or after it; how often held; and whether
    one was called off with a reason."""

    in_time: bool = False
    after: bool = False
    times: int = 0
    called_off: bool = False


def came(happened: Iterable[Happened], *, due: bool, lasts: bool, explained: bool) -> Held:
    """What came of a kind in a period, of whose months `happened` tells.

    `due` says whether the branch's shape asks for it, `lasts` that the period is not over, `explained` that the branch
    wrote why it was not held. A meeting that was held goes before everything that excuses it.
    """
    found = tuple(happened)
    if not due:
        return Held.NOT_APPLICABLE
    if any(each.in_time for each in found):
        return Held.ON_TIME
    if any(each.after for each in found):
        return Held.MADE_UP
    if explained:
        return Held.EXPLAINED
    if lasts:
        return Held.COMING
    return Held.EXPLAINED if any(each.called_off for each in found) else Held.MISSING
