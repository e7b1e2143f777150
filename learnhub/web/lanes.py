"""Lanes: what makes a request wait may occupy only some of a process's threads, so that reading goes on.

SQLite has one lock for all who write, and PostgreSQL has locks that somebody else may hold. Whoever waits for one sleeps
in a thread; so writers wait here first, a few at most, and all others are asked to come again.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import TimeoutError as Congested

# So many requests of a process may write or wait to while nothing goes on; the server has more threads than that.
MOST_WRITERS = 3
# A lane in which no transaction ended for so long is stuck: somebody else holds the lock. Processes of the same server
# take longer turns at SQLite's lock than one would think.
STUCK_SECONDS = 1.5
_LANE, _ENDED = "learnhub.lane", "learnhub.transaction_ended"


class WriterLane:
    """The places of those who write to one database; one of them at a time where it can take no more.

    A machine that is only busy makes writers wait; a lane that is stuck refuses all beyond its places at once.
    """

    def __init__(self, *, one_at_a_time: bool) -> None:
        self._changed = threading.Condition()
        self._free = MOST_WRITERS
        self._moved_at = time.monotonic()
        self._turn = threading.Lock() if one_at_a_time else None

    def enter(self, seconds: float) -> None:
        """Wait for a place, and then up to `seconds` for the turn; raises Congested when it is in vain."""
        with self._changed:
            if self._free == MOST_WRITERS:
                self._moved_at = time.monotonic()
            while not self._free:
                left = self._moved_at + STUCK_SECONDS - time.monotonic()
                if left <= 0:
                    raise Congested("too many wait to write")
                self._changed.wait(left)
            self._free -= 1
        if self._turn is not None and not self._turn.acquire(timeout=seconds):
            self._give_place_back()
            raise Congested("others write for too long")

    def leave(self, *, ended: bool) -> None:
        """Let the next one in; `ended` says that the transaction had begun, and so the lock was to be had."""
        if ended:
            self._moved_at = time.monotonic()
        if self._turn is not None:
            self._turn.release()
        self._give_place_back()

    def _give_place_back(self) -> None:
        with self._changed:
            self._free += 1
            self._changed.notify()


def take_turns(engine: Engine, is_writing: Callable[[], bool], seconds: Callable[[], float]) -> None:
    """Have transactions of `engine` that are about to write, as `is_writing` says, wait in a lane for up to `seconds`.

    A place is given back with the connection, however the transaction ends.
    """
    lane = WriterLane(one_at_a_time=engine.dialect.name == "sqlite")

    def begin(connection: Connection) -> None:
        if is_writing():
            lane.enter(seconds())
            connection.info[_LANE] = lane

    event.listen(engine, "begin", begin)
    for end in ("commit", "rollback"):
        event.listen(engine, end, _note_end)
    event.listen(engine, "checkin", _give_back)
    event.listen(engine, "invalidate", lambda raw, record, _error: _give_back(raw, record))


def _note_end(connection: Connection) -> None:
    if not connection.invalidated:
        connection.info[_ENDED] = True


def _give_back(_raw: object, record: Any) -> None:
    ended = record.info.pop(_ENDED, False)
    lane: WriterLane | None = record.info.pop(_LANE, None)
    if lane is not None:
        lane.leave(ended=ended)
