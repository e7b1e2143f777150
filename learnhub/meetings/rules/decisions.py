"""What meetings agree on, one matter a line, and what became of it: told at the meetings that follow."""

import dataclasses
import datetime as dt
import enum
import hashlib
from collections.abc import Iterable, Iterator, Sequence

from learnhub.core.text import N_

# So many months back what was agreed on is asked after; then it is no longer carried from agenda to agenda.
ASKED_MONTHS = 12


class Progress(enum.Enum):
    """How far something agreed on has come."""

    DONE = "done"
    GOING_ON = "going_on"
    DROPPED = "dropped"


PROGRESS_LABELS = {Progress.DONE: N_("办完了"), Progress.GOING_ON: N_("还在办"), Progress.DROPPED: N_("不办了")}


@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    """One line of what a meeting agreed on: in which meeting, on which civil day, in which words."""

    meeting_id: int
    day: dt.date
    words: str

    @property
    def key(self) -> str:
        """Sixteen hex digits of the words: what names this line within its meeting."""
        return hashlib.sha256(self.words.encode()).hexdigest()[:16]


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """What a meeting told about an earlier decision: how far it is, and a few words if there is more to say.

    `told_in` is that meeting, `day` its civil day.
    """

    decided_in: int
    key: str
    decision: str
    told_in: int
    day: dt.date
    progress: Progress
    words: str


@dataclasses.dataclass(frozen=True, slots=True)
class Matter:
    """A decision with everything that was told about it since, the earliest first."""

    decision: Decision
    told: tuple[Told, ...]

    @property
    def last(self) -> Told | None:
        """What was told last, if anything."""
        return self.told[-1] if self.told else None

    @property
    def open(self) -> bool:
        """Whether it still has to be asked after."""
        return self.last is None or self.last.progress is Progress.GOING_ON


def lines(text: str) -> tuple[str, ...]:
    """The matters in `text`, one a line, without empty and repeated ones."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def matters(decisions: Iterable[Decision], told: Sequence[Told]) -> tuple[Matter, ...]:
    """Each decision with what was told about it, in the order of the decisions.

    What was told about a line that a correction has since reworded stays with its meeting as a matter of its own.
    """
    found = {(each.meeting_id, each.key): each for each in decisions}
    for each in told:
        found.setdefault((each.decided_in, each.key), Decision(each.decided_in, each.day, each.decision))
    by_key: dict[tuple[int, str], list[Told]] = {key: [] for key in found}
    for each in sorted(told, key=lambda one: (one.day, one.told_in)):
        by_key[each.decided_in, each.key].append(each)
    return tuple(Matter(decision, tuple(by_key[key])) for key, decision in found.items())


def to_ask(known: Iterable[Matter], meeting_id: int) -> Iterator[tuple[Matter, Told | None]]:
    """What the meeting has to ask after, and what it told: matters open before it, whatever it said about them."""
    for each in known:
        own = next((one for one in each.told if one.told_in == meeting_id), None)
        others = Matter(each.decision, tuple(one for one in each.told if one.told_in != meeting_id))
        if own or others.open:
            yield each, own
