"""Kinds of batches and of sessions, and what a timetable makes one look at twice."""

import dataclasses
import datetime as dt
import enum
import itertools
from collections.abc import Sequence

from learnhub.core import clock
from learnhub.core.text import N_


class BatchKind(enum.Enum):
    """A training class, or a reading class whose sessions include study exchange."""

    TRAINING = "training"
    READING = "reading"


class SessionKind(enum.Enum):
    """What is done in a session."""

    LECTURE = "lecture"
    EXCHANGE = "exchange"
    READING = "reading"


BATCH_LABELS = {BatchKind.TRAINING: N_("培训班"), BatchKind.READING: N_("专题读书班")}
SESSION_LABELS = {
    SessionKind.LECTURE: N_("授课"),
    SessionKind.EXCHANGE: N_("交流研讨"),
    SessionKind.READING: N_("自学"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class NewSession:
    """A session to be put on a batch's timetable; `course` is the slug of a course of the catalogue.

    `quarters` are quarter hours; None takes what the rule table says for its day.
    """

    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str
    lecturer: str = ""
    course: str | None = None
    quarters: int | None = None
    kind: SessionKind = SessionKind.LECTURE


@dataclasses.dataclass(frozen=True, slots=True)
class Hint:
    """Something about one session to look at twice; never an error. `words` is a message that the titles fill."""

    session_id: int
    words: str
    title: str
    other: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Slot:
    """When a session is: its id, title and instants."""

    id: int
    title: str
    starts_at: dt.datetime
    ends_at: dt.datetime


def hints(slots: Sequence[Slot], starts_on: dt.date, ends_on: dt.date) -> tuple[Hint, ...]:
    """Sessions that overlap the one before them, and those outside the days of the batch, by time."""
    ordered = sorted(slots, key=lambda each: (each.starts_at, each.id))
    found = [
        Hint(later.id, N_("“%(title)s”和“%(other)s”的时间重叠"), later.title, earlier.title)
        for earlier, later in itertools.pairwise(ordered)
        if later.starts_at < earlier.ends_at
    ]
    return (
        *found,
        *(
            Hint(each.id, N_("“%(title)s”不在这一期的起止日期之内"), each.title)
            for each in ordered
            if not starts_on <= clock.local(each.starts_at).date() <= ends_on
        ),
    )


@dataclasses.dataclass(frozen=True, slots=True)
class ClassDates:
    """What is filled in for one of the classes proposed: its title, where and when."""

    title: str
    place: str
    starts_on: dt.date
    ends_on: dt.date
