"""How much memory a web process takes, kept small: what is free goes back to the system, what grew is replaced.

Statements that were compiled, templates, and pages of memory that are no longer shared with the parent make every process
grow. A new one is forked from the parent within milliseconds and shares nearly all with it.
"""

import ctypes
import re
import time
from pathlib import Path

# A process with more than this of its own, in MiB, is replaced once nobody has asked it anything for LOOK_SECONDS; and at
# the latest when it is so old, since a site that is always busy has no such moment.
MOST_MEBIBYTES = 60
LOOK_SECONDS = 5.0
LONGEST_LIFE_SECONDS = 600.0
# Options of mallopt(3).
_M_ARENA_MAX, _M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD = -8, -3, -1
_PRIVATE = re.compile(r"^Private_Dirty:\s+(\d+) kB", re.M)


def share_one_heap() -> None:
    """Have threads share one heap, and large pieces return to the system as soon as they are free (glibc alone)."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for option, value in ((_M_ARENA_MAX, 1), (_M_MMAP_THRESHOLD, 2**20), (_M_TRIM_THRESHOLD, 2**20)):
            mallopt(option, value)


class OwnMemory:
    """Looks at this process every few seconds."""

    def __init__(self) -> None:
        self._born = self._looked = time.monotonic()
        self._requests = 0
        self._trim = getattr(ctypes.CDLL(None), "malloc_trim", None)

    def is_to_be_replaced(self, requests: int) -> bool:
        """Whether this process, which has had so many requests, should end; gives back what is free beforehand."""
        now = time.monotonic()
        if now < self._looked + LOOK_SECONDS:
            return False
        is_idle = requests == self._requests
        self._looked, self._requests = now, requests
        if self._trim is not None:
            self._trim(0)
        is_due = is_idle or now > self._born + LONGEST_LIFE_SECONDS
        return is_due and measure_own_mebibytes() > MOST_MEBIBYTES


def measure_own_mebibytes() -> int:
    """The memory that this process shares with no other, in MiB; 0 where the system does not tell."""
    try:
        found = _PRIVATE.search(Path("/proc/self/smaps_rollup").read_text(encoding="ascii"))
    except OSError:
        return 0
    return int(found[1]) // 1024 if found else 0
