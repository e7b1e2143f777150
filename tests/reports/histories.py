"""Generated histories of training tasks for the back-test: a seeded simulator over a range of sizes and paces.

python -m tests.reports.histories [how many]     # prints the errors (make backtest)
"""

import dataclasses
import datetime as dt
import random
import statistics
import sys

from learnhub.reports.rules.projection import BatchFact, Calendar, project

_FIRST = dt.date(2024, 1, 8)
# When it is asked: after these parts of the time from the first class to the last.
ASKED = (0.3, 0.5, 0.7, 0.9)


@dataclasses.dataclass(frozen=True)
class History:
    """How a task went in truth: its batches in order, the day it was over, its last day, the days off."""

    batches: tuple[BatchFact, ...]
    people: int
    finished: dt.date
    ends_on: dt.date
    calendar: Calendar


def history(seed: int) -> History:
    """One task: people, class size, pace and completion drawn; gaps are irregular, and summer and New Year are slow."""
    rng = random.Random(seed)
    people, size, length = rng.randint(120, 6000), rng.choice((40, 50, 60, 80, 100, 150)), rng.choice((1, 2, 2, 3, 5))
    pace, share, ragged = rng.uniform(0.5, 12), rng.uniform(0.88, 1.0), rng.uniform(0.1, 0.8)
    calendar = Calendar(off=frozenset(_FIRST + dt.timedelta(days=rng.randint(0, 900)) for _ in range(30)))
    start, left, batches = calendar.after(_FIRST, rng.randint(0, 20)), people, []
    while left > 0:
        placed = min(size, left)
        completed = sum(rng.random() < share for _ in range(placed))
        end = calendar.after(start, length - 1)
        batches.append(BatchFact(start, end, size, placed, 2 * length, max(completed, 1)))
        left -= max(completed, 1)
        slow = 1.6 if start.month in (2, 7, 8) else 1.0
        start = calendar.after(start, max(round(pace * slow * rng.lognormvariate(0, ragged)), 0))
    finished = max(each.ends_on for each in batches)
    ends_on = _FIRST + dt.timedelta(days=round((finished - _FIRST).days * rng.uniform(0.7, 1.4)))
    return History(tuple(batches), people, finished, ends_on, calendar)


@dataclasses.dataclass(frozen=True)
class Answer:
    """One question to a history: days too late (+) or too early (-), days that were still to come, flag right."""

    error: int
    ahead: int
    right: bool


def answers(number: int) -> list[Answer]:
    """The projection's answers for `number` histories, each asked at several past days."""
    found = []
    for seed in range(number):
        past = history(seed)
        first = past.batches[0].starts_on
        for part in ASKED:
            day = first + dt.timedelta(days=int((past.finished - first).days * part))
            asked = _asked(past, day)
            if asked is not None:
                found.append(asked)
    return found


def _asked(past: History, day: dt.date) -> Answer | None:
    known = [
        dataclasses.replace(each, completed=each.completed if each.ends_on < day else None)
        for each in past.batches
        if each.starts_on <= day
    ]
    done = sum(each.completed or 0 for each in known)
    placed = sum(each.placed for each in known if each.completed is None)
    waiting = max(past.people - done - placed, 0)
    said = project(known, waiting=waiting, day=day, ends_on=past.ends_on, calendar=past.calendar)
    if said is None or said.finish is None:
        return None
    right = said.too_late == (past.finished > past.ends_on)
    return Answer((said.finish - past.finished).days, (past.finished - day).days, right)


def summary(found: list[Answer]) -> dict[str, float]:
    """Median and 90th percentile of the error in days, the same in parts of the days to come, flags that were right."""
    off = sorted(abs(each.error) for each in found)
    part = sorted(abs(each.error) / max(each.ahead, 5) for each in found)
    return {
        "asked": len(found),
        "median_days": statistics.median(off),
        "p90_days": off[int(len(off) * 0.9)],
        "median_part": round(statistics.median(part), 3),
        "p90_part": round(part[int(len(part) * 0.9)], 3),
        "bias_days": statistics.median(each.error for each in found),
        "flag_right": round(sum(each.right for each in found) / len(found), 3),
    }


if __name__ == "__main__":
    for name, value in summary(answers(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)).items():
        print(f"{name}: {value}")  # noqa: T201
