"""Patience of a process that goes on by itself: it waits while something fails, and tells the log what changes."""

import logging
import threading

from learnhub.web.logs import describe_error, name_error
from learnhub.web.outages import find_outage

FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 30.0


class Patience:
    """Waits longer after each failure, and writes one line each time that what is wrong changes.

    `stop` ends a wait at once.
    """

    def __init__(self, stop: threading.Event, log: logging.Logger) -> None:
        self._stop = stop
        self._log = log
        self._wait = FIRST_WAIT_SECONDS
        self._wrong = ""

    def wait(self, error: Exception) -> None:
        """Note that `error` stopped the work, and wait before it is tried again."""
        outage = find_outage(error)
        wrong = outage.value if outage else name_error(error)
        if wrong != self._wrong:
            if outage:
                self._log.error("the database or the disk is %s (%s); waiting for it", wrong, name_error(error))
            else:
                self._log.error("unexpected failure; trying again\n%s", describe_error(error))
        self._wrong = wrong
        self._stop.wait(self._wait)
        self._wait = min(self._wait * 2, LONGEST_WAIT_SECONDS)

    def end(self) -> None:
        """Note that the work went well."""
        if self._wrong:
            self._log.warning("going on: what was %s is over", self._wrong)
        self._wrong, self._wait = "", FIRST_WAIT_SECONDS
