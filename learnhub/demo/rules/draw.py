"""Drawing by weight."""

import random
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


def chosen(rng: random.Random, things: Iterable[Thing], weight: Callable[[Thing], float], count: int) -> list[Thing]:
    """Exactly `count` different ones of `things` (all, when there are fewer), each as likely as its weight is large.

    The order of `things` is kept.
    """
    keyed = [(rng.random() ** (1 / max(weight(each), 1e-6)), number, each) for number, each in enumerate(things)]
    best = sorted(keyed, key=lambda entry: (-entry[0], entry[1]))[:count]
    return [each for _key, _number, each in sorted(best, key=lambda entry: entry[1])]


def front(rng: random.Random, things: Sequence[Thing]) -> Thing:
    """One of `things`, those at the front more often."""
    return things[int(len(things) * rng.random() ** 2)]
