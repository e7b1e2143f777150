"""Words of the record book. Credit hours (学时) are kept in quarter hours, never as floats, never as time spent."""

import dataclasses
import datetime as dt
import enum

from learnhub.core.text import N_


class CreditKind(enum.Enum):
    """What a credit was given for."""

    TRAINING = "training"
    THEME_DAY = "theme_day"
    LECTURE = "lecture"
    MEETING = "meeting"
    MAKE_UP = "make_up"
    HOME_DELIVERED = "home_delivered"
    HIGHER_LEVEL = "higher_level"


CREDIT_LABELS = {
    CreditKind.TRAINING: N_("集中轮训"),
    CreditKind.THEME_DAY: N_("主题党日"),
    CreditKind.LECTURE: N_("党课"),
    CreditKind.MEETING: N_("组织生活"),
    CreditKind.MAKE_UP: N_("补课"),
    CreditKind.HOME_DELIVERED: N_("送学上门"),
    CreditKind.HIGHER_LEVEL: N_("上级调训"),
}


class CompletionWay(enum.Enum):
    """How somebody came to be covered (product.md, How coverage is counted)."""

    CENTRALIZED = "centralized"
    RECEIVING_PLACE = "receiving_place"
    HOME_DELIVERED = "home_delivered"
    MAKE_UP = "make_up"
    HIGHER_LEVEL = "higher_level"


WAY_LABELS = {
    CompletionWay.CENTRALIZED: N_("集中"),
    CompletionWay.RECEIVING_PLACE: N_("流入地"),
    CompletionWay.HOME_DELIVERED: N_("送学上门"),
    CompletionWay.MAKE_UP: N_("补训"),
    CompletionWay.HIGHER_LEVEL: N_("上级调训"),
}


# `YearlyNeed.post`: the figure for every member, and the one for members of a branch committee.
ANY_POST = "any"
COMMITTEE_POST = "committee"


@dataclasses.dataclass(frozen=True, slots=True)
class NewCredit:
    """Credit hours to be registered: `quarters` (quarter hours) of `kind` on the civil `day`, from `source`."""

    member_id: int
    kind: CreditKind
    quarters: int
    day: dt.date
    title: str
    source: str
    basis: str


@dataclasses.dataclass(frozen=True, slots=True)
class NewCompletion:
    """A completion to be registered: `subject` (`task:3`) by `way`, proved by `source` (`batch:12`)."""

    member_id: int
    subject: str
    source: str
    way: CompletionWay
    completed_on: dt.date
    title: str


def task_subject(task_id: int) -> str:
    """How the record book names a training task."""
    return f"task:{task_id}"


def batch_source(batch_id: int) -> str:
    """How the record book names the batch that proves a completion."""
    return f"batch:{batch_id}"
