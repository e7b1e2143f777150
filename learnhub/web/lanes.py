"""Lanes: what makes a request wait may occupy only some of a process's threads, so that reading goes on.

SQLite has one lock for all who write, and PostgreSQL has locks that somebody else may hold. Whoever waits for one sleeps
in a thread; so writers wait here first, a few at most, and all others are asked to come again.
"""

import threading
import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import TimeoutError as Congested

# So many requests of a process may write or wait to; the server has more threads than that.
MOST_WRITERS = 3
# How long another one waits for a place; once that was in vain, the next ones for a while do not wait at all.
BRIEF_SECONDS = 0.2
CONGESTED_SECONDS = 0.5
_LANE = "learnhub.lane"


class WriterLane:
    """The places of those who write to one database; one of them at a time where it can take no more."""

    def __init__(self, *, one_at_a_time: bool) -> None:
        self._places = threading.BoundedSemaphore(MOST_WRITERS)
        self._turn = threading.Lock() if one_at_a_time else None
        self._congested_until = 0.0

    def enter(self, seconds: float) -> None:
        """Wait for a place, and up to `seconds` for the turn; raises Congested when there is none."""
        brief = BRIEF_SECONDS if time.monotonic() >= self._congested_until else 0.0
        if not self._places.acquire(timeout=brief):
            if brief:
                self._congested_until = time.monotonic() + CONGESTED_SECONDS
            raise Congested("too many wait to write")
        if self._turn is not None and not self._turn.acquire(timeout=seconds):
            self._places.release()
            raise Congested("others write for too long")

    def leave(self) -> None:
        """Let the next one in."""
        if self._turn is not None:
            self._turn.release()
        self._places.release()


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
