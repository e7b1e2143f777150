"""How far a theme day has come."""

import datetime as dt
import enum

from learnhub.content.schema import Catalogue, MonthUnit, NotInCatalogue
from learnhub.meetings.rules import State


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
