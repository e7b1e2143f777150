"""The cycle of a task: one to five years."""

import datetime as dt

from learnhub.core.errors import DomainError
from learnhub.core.text import N_

# 依据：党员教育培训按年度计划，工作规划一般五年一个周期。
LONGEST_YEARS = 5


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day `years` years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


def check_cycle(starts_on: dt.date, ends_on: dt.date) -> None:
    """Raise DomainError unless the cycle lasts from one to five whole years, both days included."""
    if ends_on < starts_on:
        raise DomainError(N_("结束的日子不能早于开始的日子。"), field="ends_on")
    after = ends_on + dt.timedelta(days=1)
    if after < years_after(starts_on, 1):
        raise DomainError(
            N_("轮训周期至少一年：从 %(start)s 开始，最早到 %(end)s 结束。"),
            field="ends_on",
            start=starts_on.isoformat(),
            end=(years_after(starts_on, 1) - dt.timedelta(days=1)).isoformat(),
        )
    if after > years_after(starts_on, LONGEST_YEARS):
        raise DomainError(
            N_("轮训周期最长五年：从 %(start)s 开始，最晚到 %(end)s 结束。"),
            field="ends_on",
            start=starts_on.isoformat(),
            end=(years_after(starts_on, LONGEST_YEARS) - dt.timedelta(days=1)).isoformat(),
        )
