"""Words of month packs: what a subtree does in a month, and the parts a branch may replace."""

import dataclasses
import enum


class Part(enum.Enum):
    """What a branch may replace by its own; the lesson is the same for all."""

    FILM = "film"
    PRACTICE = "practice"


@dataclasses.dataclass(frozen=True, slots=True)
class PackWords:
    """A month's unit in words; `fixed` and `free` hold one item a line: what all do, and what a branch may pick."""

    title: str
    lesson: str
    practice: str
    lecturer: str = ""
    film: str = ""
    film_source: str = ""
    fixed: str = ""
    free: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class OwnValue:
    """A branch's own film or practice; empty words for none."""

    words: str
    source: str
