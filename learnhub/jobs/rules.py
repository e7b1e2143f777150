"""Words of jobs: where one stands, what a handler is given, how long things are kept."""

import dataclasses
import datetime as dt
import enum
from collections.abc import Callable, Mapping
from typing import Any

from learnhub.core.text import N_

# A worker that has not said anything for so long is dead, and another takes its job up.
STALE = dt.timedelta(seconds=60)
# A job that ended three workers will end a fourth.
MOST_TRIES = 3
# A result is made again in minutes; kept for ever it would be one more place with people's names.
KEPT = dt.timedelta(days=7)
# The civil hour from which the work of the night is done: nobody writes, and the new day has begun.
QUIET_HOUR = 1
# Work of the night that takes so long has been left for dead, and is claimed again.
LONGEST_NIGHTLY = dt.timedelta(hours=1)


class JobState(enum.Enum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


STATE_LABELS = {
    JobState.WAITING: N_("排队中"),
    JobState.RUNNING: N_("正在做"),
    JobState.DONE: N_("做好了"),
    JobState.FAILED: N_("没有做成"),
    JobState.CANCELLED: N_("已取消"),
    JobState.EXPIRED: N_("文件已过期"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class JobValue:
    """A job as it stands; `done` of `total` steps, `tries` how often a worker began, `size` of the result in bytes."""

    id: int
    kind: str
    title: str
    organization_id: int
    account_id: int
    permission: str
    language: str
    arguments: Mapping[str, Any]
    submitted_at: dt.datetime
    tries: int
    done: int
    total: int
    state: JobState
    finished_at: dt.datetime | None
    failed_because: str
    file_name: str
    media_type: str
    size: int

    @property
    def ends(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in {JobState.WAITING, JobState.RUNNING}


class Cancelled(Exception):
    """The person who asked for the job has taken it back, or another worker has taken it up."""


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """What a handler has written: the name to save it by and its media type."""

    file_name: str
    media_type: str


# `progress(done, total)` says how far a handler is; it raises Cancelled when nobody wants the result any more.
Progress = Callable[[int, int], None]
