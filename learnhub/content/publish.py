"""Publishing: a folder is loaded in a child, looked at again here, and swapped in whole or not at all.

Beside the published JSON stand `media/` (files by digest) and, while the newest attempt had errors, `<name>.fault`, so
that every worker can say why an older version serves.
"""

import contextlib
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from learnhub.content import versions
from learnhub.content.child import PROBLEMS, Outcome, read_catalogue, run
from learnhub.content.media import digest_of
from learnhub.content.problems import (
    WHOLE_FOLDER,
    Problem,
    cannot_write,
    first_error,
    folder_error,
    has_errors,
    is_transient,
)
from learnhub.content.schema import Catalogue, Media
from learnhub.core import clock
from learnhub.core.text import N_

_log = logging.getLogger(__name__)
STALE_SECONDS = 900
EMPTY = Catalogue(version="0" * 32, courses=(), units=(), pages=(), media=())
LOOK_EVERY = 1.0

# Inode, time of change, size: what tells one version of a file from the next. None stands for no file.
Stamp = tuple[int, int, int]
_UNSEEN: Stamp | None = (-1, -1, -1)


def publish(folder: Path, target: Path, media_root: Path | None = None) -> Outcome:
    """Load `folder` and swap the result in at `target`; with errors `target` stays, and a fault stands beside it.

    A crash at any point leaves the old version or the new one. A disk that fails is a transient problem of the outcome.
    """
    try:
        return _publish(folder, target, media_root)
    except OSError as error:
        problems = (cannot_write(error),)
        with contextlib.suppress(OSError):
            _write(fault_file(target), PROBLEMS.dump_json(problems))
        return Outcome(None, problems)


def _publish(folder: Path, target: Path, media_root: Path | None) -> Outcome:
    target.parent.mkdir(parents=True, exist_ok=True)
    _sweep(target)
    fresh = _fresh(target)
    try:
        problems = run(folder, fresh, media_root=media_root)
        if fresh.exists():
            catalogue = read_catalogue(fresh)
            problems += _keep_media(folder, media_root, catalogue.media, target.parent / "media")
            if not has_errors(problems):
                # Before the swap: a crash between the two must not leave a fault beside the version that mended it.
                fault_file(target).unlink(missing_ok=True)
                versions.keep(fresh, catalogue.version, target)
                _swap(fresh, target)
                return Outcome(catalogue.version, problems)
        _write(fault_file(target), PROBLEMS.dump_json(problems))
        return Outcome(None, problems)
    finally:
        fresh.unlink(missing_ok=True)


def roll_back(target: Path, wanted: str = "") -> versions.Version:
    """Serve the version before the one that serves again, or the one whose hash begins with `wanted`; returns it.

    Workers take it up as they take up a publication. The content folder is not touched: the next publication serves
    what stands there. Raises NotFound or Conflict when there is nothing to go back to, OSError when the disk fails.
    """
    try:
        serving = read_catalogue(target).version
    except (OSError, ValidationError):
        serving = ""
    found = versions.before(target, serving, wanted)
    _write(target, found.file.read_bytes())
    fault_file(target).unlink(missing_ok=True)
    return found


def is_published(target: Path) -> bool:
    """Whether a version stands at `target` that can be served and is not empty."""
    try:
        return not read_catalogue(target).is_empty
    except (OSError, ValidationError):
        return False


def fault_file(target: Path) -> Path:
    """Where the problems of the newest attempt stand, while it is not the one that serves."""
    return target.with_name(target.name + ".fault")


def read_fault(target: Path) -> tuple[Problem, ...]:
    """The problems that keep the newest version from being served; none when it is."""
    try:
        return PROBLEMS.validate_json(fault_file(target).read_bytes())
    except (FileNotFoundError, ValidationError):
        return ()


def _keep_media(folder: Path, media_root: Path | None, media: tuple[Media, ...], store: Path) -> tuple[Problem, ...]:
    """Copy what is not kept yet. A file that is not what the child saw is being written: not this time."""
    store.mkdir(exist_ok=True)
    changed: list[Problem] = []
    for one in media:
        kept = store / one.digest
        if kept.exists() and kept.stat().st_size == one.size:
            continue
        file = folder / one.path
        if not file.is_file() and media_root is not None:
            file = media_root / one.path
        if not _copy(file, kept, one.digest):
            reason = N_("%(file)s 在检查时变了，请再发布一次。")
            changed.append(folder_error(reason, transient=True, file=one.path))
    return tuple(changed)


def _copy(file: Path, kept: Path, digest: str) -> bool:
    """Copy `file` piece by piece to `kept`, whole or not at all; False when it is not what `digest` names."""
    fresh = _fresh(kept)
    try:
        with file.open("rb") as source, fresh.open("w+b") as stream:
            shutil.copyfileobj(source, stream, 1024 * 1024)
            stream.flush()
            os.fsync(stream.fileno())
            stream.seek(0)
            if digest_of(stream) != digest:
                return False
        _swap(fresh, kept)
        return True
    except FileNotFoundError:
        return False
    finally:
        fresh.unlink(missing_ok=True)


def _write(file: Path, raw: bytes) -> None:
    fresh = _fresh(file)
    try:
        with fresh.open("wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
        _swap(fresh, file)
    finally:
        fresh.unlink(missing_ok=True)


def _swap(fresh: Path, target: Path) -> None:
    fresh.replace(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _fresh(target: Path) -> Path:
    return target.with_name(f".{target.name}.{os.getpid()}.{time.monotonic_ns()}.new")


def _sweep(target: Path) -> None:
    """Remove what publishers left that were killed long ago."""
    for folder in (target.parent, target.parent / "media"):
        for left in folder.glob(".*.new"):
            with contextlib.suppress(FileNotFoundError):
                if clock.now().timestamp() - left.stat().st_mtime > STALE_SECONDS:
                    left.unlink()


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
        stamps = _stamp(self._target), _stamp(fault_file(self._target))
        if stamps[0] != self._stamps[0]:
            self._broken = self._load()
        if stamps[1] != self._stamps[1]:
            self._problems = read_fault(self._target)
        self._stamps = stamps
        fault = self._fault()
        if fault and fault != self.fault:
            self._report(fault)
        self.fault = fault
        # Not before all is loaded: until then, whoever comes first of all waits instead of finding nothing.
        self._next_look = self._clock() + LOOK_EVERY

    def _load(self) -> str:
        try:
            catalogue = read_catalogue(self._target)
            _ = catalogue.index  # made here, so that no visitor waits for it
            self._catalogue = catalogue
        except FileNotFoundError:
            return N_("还没有发布过学习内容，或者已发布的内容不见了。")
        except (OSError, ValidationError):
            if self._catalogue is EMPTY:
                return N_("已发布的学习内容损坏了，网站上现在没有内容。")
            return N_("已发布的学习内容损坏了，现在用的是上一个好的版本。")
        return ""

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
    try:
        return stamp_of(file.stat())
    except OSError:
        return None


def stamp_of(status: os.stat_result) -> Stamp:
    """What tells this version of a file from the next."""
    return status.st_ino, status.st_mtime_ns, status.st_size
