"""Into which kinds of members a coverage is broken down: in each way every member is in one kind, so the kinds sum up."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Mapping

from learnhub.core.text import N_
from learnhub.reports.rules.coverage import OLDER_FROM, Column, Figures

# The last age of each band of the rosters but the last one (docs/counting.md, Words that the code uses).
BAND_ENDS = (30, 35, 40, 45, 50, 55, OLDER_FROM - 1)
BANDS = (
    N_("30 岁及以下"),
    N_("31 至 35 岁"),
    N_("36 至 40 岁"),
    N_("41 至 45 岁"),
    N_("46 至 50 岁"),
    N_("51 至 55 岁"),
    N_("56 至 60 岁"),
    N_("61 岁及以上"),
)


class By(enum.Enum):
    """A way of breaking down."""

    SEX = "sex"
    AGE = "age"
    MOBILE = "mobile"
    PROBATIONARY = "probationary"
    POST = "post"
    DOMAIN = "domain"


BY_LABELS = {
    By.SEX: N_("性别"),
    By.AGE: N_("年龄"),
    By.MOBILE: N_("是否流动"),
    By.PROBATIONARY: N_("正式、预备"),
    By.POST: N_("支部职务"),
    By.DOMAIN: N_("支部所在领域"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Part:
    """One kind of members in one way of breaking down, with its figures."""

    by: By
    label: str
    figures: Figures


def born_until(age: int, day: dt.date) -> str:
    """The last month of birth (`YYYY-MM`) of those who are `age` or older on `day`, reckoned in whole months."""
    return f"{day.year - age:04d}-{day.month:02d}"


def holds_together(parts: list[Part], total: Mapping[Column, int]) -> bool:
    """Whether in every way of breaking down the kinds sum to the total, column by column."""
    return all(
        sum(part.figures[column] for part in parts if part.by is by) == total[column] for by in By for column in Column
    )
