"""Words and arithmetic of feedback: numbers to ask by, deadlines, public figures, opinions shown in aggregate only."""

import dataclasses
import datetime as dt
import enum
import secrets
from collections.abc import Iterable

from learnhub.content.schema import Catalogue
from learnhub.core.text import N_

# Without 0 O 1 I L: read aloud, written down, typed again.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_GROUP = 4
_GROUPS = 3
# Fewer takers than this, and a figure could be laid at somebody's door (docs/counting.md, What is never counted).
FEWEST_OPINIONS = 10
# Complaints without a name that are taken in one hour, so that a flood cannot bury the others; and one person's in a day.
MOST_NAMELESS_AN_HOUR = 60
MOST_OWN_A_DAY = 10


class ComplaintKind(enum.Enum):
    """What somebody turns to the sponsor with."""

    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    WRONG_CONTENT = "wrong_content"
    HELP = "help"


KIND_LABELS = {
    ComplaintKind.COMPLAINT: N_("投诉"),
    ComplaintKind.SUGGESTION: N_("建议"),
    ComplaintKind.WRONG_CONTENT: N_("内容有错"),
    ComplaintKind.HELP: N_("用不了，要帮忙"),
}


class Clarity(enum.Enum):
    """How a course reads."""

    CLEAR = "clear"
    PARTLY = "partly"
    HARD = "hard"


class Use(enum.Enum):
    """Whether a course is of use in one's own work and life."""

    USEFUL = "useful"
    LITTLE = "little"
    NONE = "none"


CLARITY_LABELS = {Clarity.CLEAR: N_("看得懂"), Clarity.PARTLY: N_("有些地方不懂"), Clarity.HARD: N_("看不懂")}
USE_LABELS = {Use.USEFUL: N_("用得上"), Use.LITTLE: N_("用处不大"), Use.NONE: N_("用不上")}


def new_number() -> str:
    """A number to ask by, such as `7K3M-9QXA-22FD`: 59 random bits, so nobody finds another's by trying."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def as_number(typed: str) -> str:
    """The number that somebody typed, whatever the case, spaces and hyphens; empty when it cannot be one."""
    letters = [each for each in typed.upper() if each.isalnum()]
    if len(letters) != _GROUP * _GROUPS or any(each not in _LETTERS for each in letters):
        return ""
    return "-".join("".join(letters[start : start + _GROUP]) for start in range(0, len(letters), _GROUP))


def due_on(received: dt.date, days: int) -> dt.date:
    """The last civil day on which a reply is in time: `days` calendar days after the day it came."""
    return received + dt.timedelta(days=days)


@dataclasses.dataclass(frozen=True, slots=True)
class Handled:
    """What became of one complaint: the civil days it came, was due and was answered (None: not yet)."""

    received_on: dt.date
    due_on: dt.date
    answered_on: dt.date | None


@dataclasses.dataclass(frozen=True, slots=True)
class MonthFigures:
    """One month's public figures; the last four sum to `received`."""

    month: str
    received: int
    in_time: int
    late: int
    open: int
    overdue: int


def figures(handled: Iterable[Handled], today: dt.date) -> tuple[MonthFigures, ...]:
    """The public figures by the civil month in which complaints came, newest first."""
    by_month: dict[str, list[Handled]] = {}
    for each in handled:
        by_month.setdefault(f"{each.received_on:%Y-%m}", []).append(each)
    return tuple(_month(month, by_month[month], today) for month in sorted(by_month, reverse=True))


def _month(month: str, all_of_it: list[Handled], today: dt.date) -> MonthFigures:
    answered = [each for each in all_of_it if each.answered_on is not None]
    waiting = [each for each in all_of_it if each.answered_on is None]
    in_time = sum(each.answered_on <= each.due_on for each in answered if each.answered_on)
    overdue = sum(today > each.due_on for each in waiting)
    return MonthFigures(month, len(all_of_it), in_time, len(answered) - in_time, len(waiting) - overdue, overdue)


def title_of(catalogue: Catalogue, subject: str) -> str | None:
    """The title of what an opinion is about (`course:first-response`, `month:2026-11`); None when there is no such thing."""
    kind, _, name = subject.partition(":")
    if kind == "course":
        return next((each.title for each in catalogue.courses if each.slug == name), None)
    if kind == "month":
        return next((each.title for each in catalogue.units if each.month == name), None)
    return None
