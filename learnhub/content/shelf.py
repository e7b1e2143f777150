"""The published catalogue as a worker serves it: taken up when it changes, never taken away by what is broken."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from learnhub.content.child import read_catalogue
from learnhub.content.folder import Stamp, stamp_of
from learnhub.content.problems import UNREADABLE, WHOLE_FOLDER, Problem, file_error, first_error, is_transient
from learnhub.content.publish import EMPTY, fault_file, read_fault
from learnhub.content.schema import Catalogue
from learnhub.core.text import N_

_log = logging.getLogger(__name__)
LOOK_EVERY = 1.0
_UNSEEN: Stamp | None = (-1, -1, -1)


@dataclass(frozen=True)
class Fault:
    """Why the newest content is not what serves: a message id and, where they are known, the problems behind it."""

    reason: str
    problems: tuple[Problem, ...] = ()

    @property
    def is_transient(self) -> bool:
        """Whether only the machine was in the way, so that authors have nothing to mend."""
        return is_transient(self.problems)


def log_fault(fault: Fault) -> None:
    """Write a fault to the log, with the first place authors should look at."""
    _log.error("content: %s %s", fault.reason, first_error(fault.problems, Path(WHOLE_FOLDER)))


class Shelf:
    """Holds one catalogue for all threads of a worker.

    `clock` gives seconds that only rise (`time.monotonic`); `report` is called once for each distinct fault. A missing
    or damaged file never takes the last good catalogue away; before the first there is an empty one.
    """

    def __init__(
        self,
        target: Path,
        clock: Callable[[], float] = time.monotonic,
        report: Callable[[Fault], None] = log_fault,
    ) -> None:
        self._target = target
        self._clock = clock
        self._report = report
        self._lock = threading.Lock()
        self._next_look = float("-inf")
        self._stamps = (_UNSEEN, _UNSEEN)
        self._broken = ""
        self._problems: tuple[Problem, ...] = ()
        self._catalogue = EMPTY
        self.fault: Fault | None = None

    @property
    def media_folder(self) -> Path:
        """Where the served files stand, each named by its digest."""
        return self._target.parent / "media"

    def current(self) -> Catalogue:
        """The catalogue to serve now. Take it once for a request: the next call may give the next version."""
        if self._clock() >= self._next_look:
            # Only the first look may make others wait; later ones serve what they have while one thread loads.
            with_waiting = self._catalogue is EMPTY
            if self._lock.acquire(blocking=with_waiting):
                try:
                    self._look()
                finally:
                    self._lock.release()
        return self._catalogue

    def _look(self) -> None:
        if self._clock() < self._next_look:
            return
        catalogue, problems = _stamp(self._target), _stamp(fault_file(self._target))
        if catalogue != self._stamps[0] and not self._load():
            catalogue = _UNSEEN
        if problems != self._stamps[1] and not self._load_problems():
            problems = _UNSEEN
        self._stamps = catalogue, problems
        fault = self._fault()
        if fault and fault != self.fault:
            self._report(fault)
        self.fault = fault
        # Not before all is loaded: until then, whoever comes first of all waits instead of finding nothing.
        self._next_look = self._clock() + LOOK_EVERY

    def _load(self) -> bool:
        """Take the published file up. False when it could not be read at this moment, and may be in the next."""
        try:
            catalogue = read_catalogue(self._target)
            _ = catalogue.index  # made here, so that no visitor waits for it
            self._catalogue, self._broken = catalogue, ""
        except FileNotFoundError:
            self._broken = N_("还没有发布过学习内容，或者已发布的内容不见了。")
        except (OSError, ValidationError) as error:
            self._broken = N_("已发布的学习内容损坏了，现在用的是上一个好的版本。")
            if self._catalogue is EMPTY:
                self._broken = N_("已发布的学习内容损坏了，网站上现在没有内容。")
            return isinstance(error, ValidationError)
        return True

    def _load_problems(self) -> bool:
        """Read what keeps the newest version from being served. False when that could not be read at this moment."""
        try:
            self._problems = read_fault(self._target)
        except OSError as error:
            self._problems = (file_error(fault_file(self._target).name, UNREADABLE, why=error.strerror or "?"),)
            return False
        return True

    def _fault(self) -> Fault | None:
        """What is wrong with the file that serves comes first; why there is no newer one is told with it."""
        if self._broken:
            return Fault(self._broken, self._problems)
        if not self._problems:
            return None
        if is_transient(self._problems):
            return Fault(N_("新的学习内容还没有发布成，现在用的是上一个好的版本。"), self._problems)
        return Fault(N_("新的学习内容有错误，现在用的是上一个好的版本。"), self._problems)


def _stamp(file: Path) -> Stamp | None:
    """None stands for no file."""
    try:
        return stamp_of(file.stat())
    except OSError:
        return None
