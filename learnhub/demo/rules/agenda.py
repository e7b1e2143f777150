"""What a branch holds in a year, before anything of it has happened: which meetings on which days about what."""

import dataclasses
import datetime as dt
import random
from collections.abc import Iterator

from learnhub.core import clock
from learnhub.demo.rules import words
from learnhub.demo.rules.pack import MonthPack, Pack
from learnhub.demo.rules.rows import HabitRow
from learnhub.meetings.rules import MeetingKind, day_in

_K = MeetingKind
# Out of a hundred: months in which a branch held no theme day; theme days that were the quarter's general meeting too;
# months with a meeting of the committee; theme days of the present month that are scheduled or held already.
_GAPS, _COMBINED, _COMMITTEE, _PRESENT = 2, 30, 93, 67


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """One meeting: kinds, the month it counts for, when, how long (minutes), about what; `pack` for theme days."""

    kinds: frozenset[MeetingKind]
    month: str
    day: dt.date
    starts: dt.time
    minutes: int
    theme: str
    lesson: str = ""
    pack: MonthPack | None = None


def plans(rng: random.Random, habit: HabitRow, pack: Pack, today: dt.date, *, committee: bool) -> Iterator[Plan]:
    """The twelve whole months before that of `today`, in order; `committee` says whether the branch has one."""
    this_month = clock.month_of(today)
    for step in range(-12, 0):
        month = clock.next_month(this_month, step)
        yield from sorted(_month(rng, habit, pack, month, committee=committee), key=lambda plan: plan.day)


def present(rng: random.Random, habit: HabitRow, pack: Pack, today: dt.date) -> Iterator[Plan]:
    """The theme day of the present month, in most branches."""
    if rng.randrange(100) < _PRESENT:
        yield _theme_day(rng, habit, pack, clock.month_of(today), frozenset({_K.THEME_DAY}))


def _month(rng: random.Random, habit: HabitRow, pack: Pack, month: str, *, committee: bool) -> Iterator[Plan]:
    of_year = int(month[5:])
    general = of_year % 3 == 0
    combined = general and rng.randrange(100) < _COMBINED
    if rng.randrange(100) >= _GAPS:
        kinds = frozenset({_K.THEME_DAY, _K.GENERAL} if combined else {_K.THEME_DAY})
        yield _theme_day(rng, habit, pack, month, kinds)
    if general and not combined:
        yield _plan(rng, habit, month, _K.GENERAL, rng.choice(words.GENERAL_THEMES))
    if of_year % 3 == 2:
        yield _plan(rng, habit, month, _K.LECTURE, rng.choice(words.LECTURES))
    if of_year == 1:
        yield _plan(rng, habit, month, _K.ORGANIZATIONAL_LIFE, words.LIFE_THEME)
    if committee and rng.randrange(100) < _COMMITTEE:
        yield _plan(rng, habit, month, _K.COMMITTEE, rng.choice(words.COMMITTEE_THEMES))


def _theme_day(rng: random.Random, habit: HabitRow, pack: Pack, month: str, kinds: frozenset[MeetingKind]) -> Plan:
    about = pack.month(month)
    shift = rng.choice((0, 0, 0, 0, 0, -1, 1, 2))
    day = day_in(month, max(1, habit.day_of_month + shift))
    return Plan(kinds, month, day, habit.starts, habit.minutes, about.theme, about.lesson, about)


def _plan(rng: random.Random, habit: HabitRow, month: str, kind: MeetingKind, theme: str) -> Plan:
    kinds = {kind, _K.APPRAISAL} if kind is _K.ORGANIZATIONAL_LIFE else {kind}
    day = day_in(month, rng.randint(3, 8) if kind is _K.COMMITTEE else rng.randint(9, 27))
    lesson = theme if kind is _K.LECTURE else ""
    return Plan(frozenset(kinds), month, day, habit.starts, 60 if kind is _K.COMMITTEE else 90, theme, lesson)
