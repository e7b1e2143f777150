"""Publishing again whenever a file of the content changes, and again in a while when the machine was in the way."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path

from learnhub.content.child import Outcome
from learnhub.content.folder import Stamp, list_files, stamp_of
from learnhub.content.publish import publish

_log = logging.getLogger(__name__)
# How long the watcher waits before it tries the same files again; each further failure doubles it.
FIRST_RETRY_SECONDS = 2.0
LONGEST_RETRY_SECONDS = 300.0


class CatalogueWatcher:
    """Publishes a folder anew when any file of it changed: for development, where authors look while they write.

    What the machine prevented (it was too busy, its disk is full) is tried again in 2, 4, 8 … seconds, at most 5 minutes;
    what authors have to mend waits for their change. `clock` gives seconds that only rise.
    """

    def __init__(
        self, folder: Path, target: Path, media_root: Path | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder = folder
        self._target = target
        self._media_root = media_root
        self._clock = clock
        self._stamps: frozenset[tuple[str, Stamp]] | None = None
        self._failures = 0
        self._retry_at = float("inf")

    def tick(self) -> Outcome | None:
        """Look once: the outcome of publishing when something changed since the last look (and the first time), or when
        the machine was in the way and it is time to try again."""
        stamps = frozenset((str(file), stamp_of(status)) for file, status in list_files(self._folder))
        if stamps == self._stamps and self._clock() < self._retry_at:
            return None
        self._stamps = stamps
        outcome = publish(self._folder, self._target, media_root=self._media_root)
        if outcome.version is None and outcome.is_transient:
            self._retry_at = self._clock() + min(FIRST_RETRY_SECONDS * 2.0**self._failures, LONGEST_RETRY_SECONDS)
            self._failures += 1
        else:
            self._retry_at, self._failures = float("inf"), 0
        return outcome

    def run(self, stop: threading.Event, report: Callable[[Outcome], None], every: float = 0.5) -> None:
        """Look every `every` seconds until `stop` is set, and `report` each outcome; meant for a daemon thread."""
        while not stop.wait(every):
            try:
                outcome = self.tick()
            except Exception:
                # A fault of the program: the thread lives on, and the next change is another chance.
                _log.exception("content: the watcher failed")
                continue
            if outcome is not None:
                report(outcome)
