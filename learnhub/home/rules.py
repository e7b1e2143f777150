"""What a branch's organizational life asks for, by its shape, and how far a theme day has come."""

import dataclasses
import datetime as dt
import enum

from learnhub.content.schema import Catalogue, MonthUnit, NotInCatalogue
from learnhub.core.text import N_
from learnhub.meetings.rules import MeetingKind, State


@dataclasses.dataclass(frozen=True, slots=True)
class Duty:
    """A kind of meeting that is generally held once in a period of whole months, counted from January."""

    kind: MeetingKind
    months: int
    basis: str


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """How a branch is made up: heads, and how many groups it has."""

    full: int
    probationary: int
    groups: int

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


COMMITTEE_FROM = 7
_COMMITTEE = Duty(
    MeetingKind.COMMITTEE, 1, N_("《中国共产党支部工作条例（试行）》第十二条：支部委员会会议一般每月召开一次")
)
_GROUP = Duty(MeetingKind.GROUP, 1, N_("《中国共产党支部工作条例（试行）》第十三条：党小组会一般每月召开一次"))
_GENERAL = Duty(
    MeetingKind.GENERAL, 3, N_("《中国共产党支部工作条例（试行）》第十一条：支部党员大会一般每季度召开一次")
)


def duties(shape: Shape) -> tuple[Duty, ...]:
    """What a branch of this shape holds beside the theme day; a committee or groups it does not have hold nothing."""
    return tuple(
        duty
        for duty, applies in ((_COMMITTEE, shape.has_committee), (_GROUP, shape.groups > 0), (_GENERAL, True))
        if applies
    )


def period(month: str, months: int) -> tuple[str, ...]:
    """The months of the period of `months` months, counted from January, in which `month` (`YYYY-MM`) lies."""
    year, number = month[:4], int(month[5:])
    first = number - (number - 1) % months
    return tuple(f"{year}-{each:02d}" for each in range(first, first + months))


class Step(enum.Enum):
    """What comes next on a theme day's way."""

    SCHEDULE = "schedule"
    PRINT = "print"
    CALL = "call"
    FINISH = "finish"
    NOTHING = "nothing"


def next_step(state: State, day: dt.date, today: dt.date) -> Step:
    """The next step of a theme day in `state` to be held on `day`.

    The sheet is printed before the day; from the day on the roll comes first.
    """
    if state is State.CANCELLED:
        return Step.SCHEDULE
    if state is State.FINISHED:
        return Step.NOTHING
    if state is State.CALLED:
        return Step.FINISH
    return Step.CALL if today >= day else Step.PRINT


def unit_of(catalogue: Catalogue, month: str) -> MonthUnit | None:
    """The unit of a month, or None while nothing is published for it."""
    try:
        return catalogue.unit(month)
    except NotInCatalogue:
        return None
