"""Splitting those still waiting into classes, by place and size."""

import dataclasses
import datetime as dt
import enum
import hashlib
from collections.abc import Iterable, Mapping, Sequence

from learnhub.core.text import N_
from learnhub.members.rules import Sex


class Split(enum.Enum):
    """Where classes are held: at each organization directly below, or all at the one asked."""

    EACH = "each"
    TOGETHER = "together"


SPLIT_LABELS = {Split.EACH: N_("下一级各办各的班"), Split.TOGETHER: N_("合在一起办班")}


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody a task is for, as a list names them; `organization_id` is their branch, `branch` its name."""

    id: int
    name: str
    sex: Sex
    birth_month: str
    organization_id: int
    branch: str


@dataclasses.dataclass(frozen=True, slots=True)
class ClassPlan:
    """A class to be opened: where it is held, and who comes (in organization order)."""

    organization_id: int
    members: tuple[Candidate, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class ClassDates:
    """What is filled in for one of the classes proposed: its title, where and when."""

    title: str
    place: str
    starts_on: dt.date
    ends_on: dt.date


def split(waiting: Iterable[Candidate], held_at: Mapping[int, int], size: int) -> tuple[ClassPlan, ...]:
    """Classes of at most `size` for `waiting`, at the organization that `held_at` names for the member's branch.

    In the order of `waiting`. The classes of one place differ by one person at most: no class of a few is left over.
    """
    places: dict[int, list[Candidate]] = {}
    for each in waiting:
        places.setdefault(held_at[each.organization_id], []).append(each)
    return tuple(ClassPlan(place, part) for place, people in places.items() for part in _even(people, size))


def _even(people: Sequence[Candidate], size: int) -> list[tuple[Candidate, ...]]:
    count = -(-len(people) // size)
    short, longer = divmod(len(people), count)
    parts, start = [], 0
    for number in range(count):
        end = start + short + (number < longer)
        parts.append(tuple(people[start:end]))
        start = end
    return parts


def fingerprint(plans: Iterable[ClassPlan]) -> str:
    """A short text that is the same for the same people in the same classes: what was looked at is what is opened."""
    plain = [(plan.organization_id, [each.id for each in plan.members]) for plan in plans]
    return hashlib.sha256(repr(plain).encode()).hexdigest()[:32]
