"""What it takes to finish a training task: classes still needed, and the earliest day they can be over.

Pure arithmetic over a task's batches. It is about classes and days, never about a person, and it is silent while too
little is known. How far off it was on generated histories stands in docs/operators.md (`make backtest`).
"""

import dataclasses
import datetime as dt
import math
import statistics
from collections.abc import Sequence

# A pace cannot be told from fewer batches than these.
FEWEST_BATCHES = 2
# Nothing is said beyond this many working days: the pace would have to hold for four years.
_FARTHEST = 1000
_SATURDAY = 5


@dataclasses.dataclass(frozen=True, slots=True)
class Calendar:
    """Working days: Monday to Friday but `off`, and the weekend days `on` that are worked instead."""

    off: frozenset[dt.date] = frozenset()
    on: frozenset[dt.date] = frozenset()

    def works(self, day: dt.date) -> bool:
        """Whether `day` is a working day."""
        return day in self.on or (day.weekday() < _SATURDAY and day not in self.off)

    def after(self, day: dt.date, count: int) -> dt.date:
        """The `count`-th working day after `day`; with 0 `day` itself, or the next working day when it is none."""
        while count > 0 or not self.works(day):
            day += dt.timedelta(days=1)
            count -= self.works(day) and count > 0
        return day

    def between(self, first: dt.date, last: dt.date) -> int:
        """How many working days there are from `first` to `last`, both included."""
        return sum(self.works(first + dt.timedelta(days=each)) for each in range((last - first).days + 1))


@dataclasses.dataclass(frozen=True, slots=True)
class BatchFact:
    """A batch as the projection sees it. `completed` is None while it is open."""

    starts_on: dt.date
    ends_on: dt.date
    capacity: int
    placed: int
    sessions: int
    completed: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Projection:
    """What is still needed, and every figure it rests on.

    `waiting` people are in no batch; `seats` are free in batches that are open; `back` are those of the open batches
    who, at the `completing` share so far, will have to come again. `size` is that of a class, `days` its length in
    working days, `gap` the working days between the beginnings of two batches (a batch's share of several at once).
    """

    day: dt.date
    ends_on: dt.date
    waiting: int
    seats: int
    back: int
    size: int
    completing: float
    days: int
    gap: float
    batches_so_far: int
    batches: int
    sessions: int
    finish: dt.date | None

    @property
    def too_late(self) -> bool:
        """Whether, going on like this, it is not over by the end of the task."""
        return self.finish is None or self.finish > self.ends_on


def project(
    batches: Sequence[BatchFact], *, waiting: int, day: dt.date, ends_on: dt.date, calendar: Calendar
) -> Projection | None:
    """What it takes, asked on `day`, to train `waiting` people besides those placed; None while too little is known.

    The size of a class is the median of the batches so far, and so is its length; the pace is how many working days
    went by for each batch from the first beginning until now (or until the last one arranged). Nothing else is
    supposed: whoever is recognised or excused meanwhile makes it less.
    """
    known = sorted(batches, key=lambda each: each.starts_on)
    if len(known) < FEWEST_BATCHES or known[0].starts_on > day:
        return None
    running = [each for each in known if each.completed is None]
    completing = _completing(known)
    back = round(sum(each.placed for each in running) * (1 - completing))
    seats = sum(max(each.capacity - each.placed, 0) for each in running)
    size = max(round(statistics.median(each.placed or each.capacity for each in known)), 1)
    days = max(round(statistics.median(calendar.between(each.starts_on, each.ends_on) for each in known)), 1)
    until = max(day, known[-1].starts_on)
    gap = calendar.between(known[0].starts_on, until) / len(known)
    left = max(waiting + back - seats * completing, 0)
    needed = math.ceil(left / (size * completing) - 1e-9)
    found = Projection(
        day=day,
        ends_on=ends_on,
        waiting=waiting,
        seats=seats,
        back=back,
        size=size,
        completing=completing,
        days=days,
        gap=gap,
        batches_so_far=len(known),
        batches=needed,
        sessions=needed * round(statistics.median(each.sessions for each in known)),
        finish=None,
    )
    return dataclasses.replace(found, finish=_finish(found, known, calendar))


def _completing(batches: Sequence[BatchFact]) -> float:
    """The share of those placed in closed batches who completed; all of them while none is closed."""
    closed = [(each.completed, each.placed) for each in batches if each.completed is not None]
    placed = sum(each for _completed, each in closed)
    return max(sum(each for each, _placed in closed) / placed, 0.1) if placed else 1.0


def _finish(asked: Projection, known: Sequence[BatchFact], calendar: Calendar) -> dt.date | None:
    """The last day of what is arranged and of what is still needed at this pace; None when that is years away."""
    arranged = max((each.ends_on for each in known if each.completed is None), default=asked.day)
    last = max(arranged, asked.day)
    if not asked.batches:
        return last
    ahead = asked.gap * asked.batches
    if ahead > _FARTHEST:
        return None
    first = max(known[-1].starts_on, calendar.after(asked.day, 0) if asked.gap == 0 else known[-1].starts_on)
    begin = max(calendar.after(first, round(ahead)), calendar.after(asked.day, max(round(ahead - asked.gap), 1)))
    return max(last, calendar.after(begin, asked.days - 1))
