"""Lanes: what makes a request wait may occupy only some of a process's threads, so that reading goes on.

SQLite has one lock for all who write, and PostgreSQL has locks that somebody else may hold. Whoever waits for one sleeps
in a thread; so writers wait here first, a few at most, and all others are asked to come again.
"""

import threading
import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import TimeoutError as Congested

# So many requests of a process may write or wait to while nothing goes on; the server has more threads than that.
MOST_WRITERS = 3
# A lane in which nobody came or went for so long is stuck: somebody else holds the lock.
STUCK_SECONDS = 0.5
_LANE = "learnhub.lane"


class WriterLane:
    """The places of those who write to one database; one of them at a time where it can take no more.

    A machine that is only busy makes writers wait; a lane that is stuck refuses all beyond its places at once.
    """

    def __init__(self, *, one_at_a_time: bool) -> None:
        self._changed = threading.Condition()
        self._free = MOST_WRITERS
        self._changed_at = time.monotonic()
        self._turn = threading.Lock() if one_at_a_time else None

    def enter(self, seconds: float) -> None:
        """Wait for a place, and then up to `seconds` for the turn; raises Congested when it is in vain."""
        with self._changed:
            while not self._free:
                left = self._changed_at + STUCK_SECONDS - time.monotonic()
                if left <= 0:
                    raise Congested("too many wait to write")
                self._changed.wait(left)
            self._change(-1)
        if self._turn is not None and not self._turn.acquire(timeout=seconds):
            self._give_place_back()
            raise Congested("others write for too long")

    def leave(self) -> None:
        """Let the next one in."""
        if self._turn is not None:
            self._turn.release()
        self._give_place_back()

    def _give_place_back(self) -> None:
        with self._changed:
            self._change(1)
            self._changed.notify()

    def _change(self, places: int) -> None:
        self._free += places
        self._changed_at = time.monotonic()


def take_turns(engine: Engine, is_writing: Callable[[], bool], seconds: Callable[[], float]) -> None:
    """Have transactions of `engine` that are about to write, as `is_writing` says, wait in a lane for up to `seconds`.

    A place is given back with the connection, however the transaction ends.
    """
    lane = WriterLane(one_at_a_time=engine.dialect.name == "sqlite")

    def begin(connection: Connection) -> None:
        if is_writing():
            lane.enter(seconds())
            connection.info[_LANE] = lane

    def give_back(_raw: object, record: object) -> None:
        if (taken := getattr(record, "info", {}).pop(_LANE, None)) is not None:
            taken.leave()

    event.listen(engine, "begin", begin)
    for ending in ("checkin", "invalidate"):
        event.listen(engine, ending, lambda raw, record, *_error: give_back(raw, record))
