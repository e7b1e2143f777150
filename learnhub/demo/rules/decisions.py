"""What became of what generated meetings agreed on: told at one of the next ones, mostly done."""

import datetime as dt
import random
from typing import NamedTuple

from learnhub.meetings.rules.decisions import Decision, Progress

# Of a hundred matters asked after, so many are done and so many still under way; the others are dropped.
_DONE, _GOING_ON = 78, 19


class DecisionReportRow(NamedTuple):
    """What a meeting told about an earlier decision."""

    decided_in: int
    key: str
    decision: str
    told_in: int
    progress: Progress
    words: str
    noted_at: dt.datetime
    noted_by: int


class FollowedUp:
    """One branch's open decisions, from meeting to meeting; its draws are its own and move no other."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)
        self._open: list[Decision] = []

    def tell(self, meeting_id: int, day: dt.date, at: dt.datetime, by: int) -> list[DecisionReportRow]:
        """What the meeting of `day`, recorded at `at`, tells about the matters that are open by then."""
        told = []
        for each in [one for one in self._open if one.day < day]:
            chance = self._rng.randrange(100)
            progress = (
                Progress.DONE
                if chance < _DONE
                else Progress.GOING_ON
                if chance < _DONE + _GOING_ON
                else Progress.DROPPED
            )
            told.append(DecisionReportRow(each.meeting_id, each.key, each.words, meeting_id, progress, "", at, by))
            if progress is not Progress.GOING_ON:
                self._open.remove(each)
        return told

    def decide(self, decision: Decision) -> None:
        """Something was agreed on."""
        self._open.append(decision)
