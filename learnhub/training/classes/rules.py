"""Splitting those still waiting into classes, by place and size."""

import dataclasses
import enum
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence

from learnhub.core.text import N_
from learnhub.training.tasks.rules import Candidate

# More classes than anybody looks through at once; the others are proposed again once these are opened.
MOST_CLASSES = 100


class Split(enum.Enum):
    """Where classes are held: at each organization directly below, or all at the one asked."""

    EACH = "each"
    TOGETHER = "together"


SPLIT_LABELS = {Split.EACH: N_("下一级各办各的班"), Split.TOGETHER: N_("合在一起办班")}


@dataclasses.dataclass(frozen=True, slots=True)
class ClassPlan:
    """A class to be opened: where it is held, and who comes (in organization order)."""

    organization_id: int
    members: tuple[Candidate, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Room:
    """An open batch with `free` places, for members of `branches`."""

    batch_id: int
    free: int
    branches: Collection[int]


@dataclasses.dataclass(frozen=True, slots=True)
class Filling:
    """Who is to be let into an open batch that still has room."""

    batch_id: int
    members: tuple[Candidate, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Proposal:
    """Where everybody who waits is to go: into the free places of open batches, and into new classes."""

    fillings: tuple[Filling, ...] = ()
    classes: tuple[ClassPlan, ...] = ()

    @property
    def filled(self) -> int:
        """How many go into open batches."""
        return sum(len(each.members) for each in self.fillings)

    @property
    def total(self) -> int:
        """How many people in all."""
        return self.filled + sum(len(each.members) for each in self.classes)

    def first(self, most: int) -> "Proposal":
        """The same with the first `most` classes alone; the others are proposed again once these are opened."""
        return dataclasses.replace(self, classes=self.classes[:most])


def propose(waiting: Iterable[Candidate], rooms: Iterable[Room], held_at: Mapping[int, int], size: int) -> Proposal:
    """`waiting` let into `rooms` in their order, each taking those of its own branches, and the others `split`."""
    left = list(waiting)
    fillings: list[Filling] = []
    for room in rooms:
        members = [each for each in left if each.organization_id in room.branches][: room.free]
        if members:
            fillings.append(Filling(room.batch_id, tuple(members)))
            gone = {each.id for each in members}
            left = [each for each in left if each.id not in gone]
    return Proposal(tuple(fillings), split(left, held_at, size))


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


def fingerprint(proposal: Proposal) -> str:
    """A short text that is the same for the same people in the same classes: what was looked at is what is opened."""
    fillings = [(each.batch_id, [member.id for member in each.members]) for each in proposal.fillings]
    classes = [(each.organization_id, [member.id for member in each.members]) for each in proposal.classes]
    return hashlib.sha256(repr((fillings, classes)).encode()).hexdigest()[:32]


def batches_needed(remaining: int, capacity: int) -> int:
    """How many batches of `capacity` places `remaining` members still need."""
    return -(-remaining // capacity)
