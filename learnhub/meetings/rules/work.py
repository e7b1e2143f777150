"""What a month's work list (月调度) says: gaps without a record, and what one level down may need help with."""

import dataclasses
import datetime as dt
import enum

from learnhub.core import clock
from learnhub.core.text import N_

# After so many whole months without a record the branch gets a private hint: well before the half year after which
# absence has grave consequences (党员教育管理工作条例第三十一条), so that a gap can still be made up.
GAP_MONTHS = 3
# From this day of the month a theme day that nobody scheduled is something to ask about (条例第十六条: one a month).
ASK_FROM = 16


def gap_since(day: dt.date) -> dt.date:
    """The first day of the months that, on `day`, must have passed without a record."""
    return clock.first_day(clock.next_month(clock.month_of(day), -GAP_MONTHS))


@dataclasses.dataclass(frozen=True, slots=True)
class Seen:
    """When somebody first stood on one of the branch's rolls and was last recorded, as far as is known."""

    first: dt.date | None
    last: dt.date | None


def is_gap(seen: Seen, day: dt.date) -> bool:
    """Whether, on `day`, whole months passed without a record of somebody who was on the rolls before them or at their
    beginning; an unmarked stretch of a newcomer is none."""
    since = gap_since(day)
    known_since = seen.first is not None and clock.month_of(seen.first) <= clock.month_of(since)
    return known_since and (seen.last is None or seen.last < since)


def still_put_aside(dismissed_since: dt.date | None, last: dt.date | None) -> bool:
    """Whether a dismissal of the gap after `dismissed_since` holds: a later record began another gap."""
    return last is None or (dismissed_since is not None and last <= dismissed_since)


class Lack(enum.Enum):
    """What a branch has not come to by itself, and where the level above may help."""

    LAST_MONTH = "last_month"
    NOT_SCHEDULED = "not_scheduled"
    NOT_RECORDED = "not_recorded"


LACK_LABELS = {
    Lack.LAST_MONTH: N_("上个月的主题党日还没有完成记录"),
    Lack.NOT_SCHEDULED: N_("本月主题党日还没有排期"),
    Lack.NOT_RECORDED: N_("本月主题党日的日子过了，还没有完成记录"),
}
# The same, said of a committee with branches below it: in words, never a count.
LACK_BELOW_LABELS = {
    Lack.LAST_MONTH: N_("有支部上个月的主题党日还没有完成记录"),
    Lack.NOT_SCHEDULED: N_("有支部本月主题党日还没有排期"),
    Lack.NOT_RECORDED: N_("有支部本月主题党日的日子过了，还没有完成记录"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class ThemeDayDone:
    """A theme day of a month: its civil day, and whether the record is finished."""

    day: dt.date
    finished: bool


def lacks(before: ThemeDayDone | None, now: ThemeDayDone | None, *, stood: bool, day: dt.date) -> frozenset[Lack]:
    """What a branch lacks on `day`, by its theme day of last month and of this one; `stood` says whether it already
    existed last month."""
    found = set()
    if stood and not (before and before.finished):
        found.add(Lack.LAST_MONTH)
    if now is None and day.day >= ASK_FROM:
        found.add(Lack.NOT_SCHEDULED)
    if now is not None and not now.finished and now.day < day:
        found.add(Lack.NOT_RECORDED)
    return frozenset(found)
