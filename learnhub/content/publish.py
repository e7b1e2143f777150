"""Publishing: a folder is loaded in a child, looked at again here, and swapped in whole or not at all.

Beside the published JSON stand `media/` (files by digest) and, while the newest attempt had errors, `<name>.fault`, so
that every worker can say why an older version serves.
"""

import contextlib
import os
import shutil
import time
from pathlib import Path

from pydantic import ValidationError

from learnhub.content import versions
from learnhub.content.child import PROBLEMS, Outcome, read_catalogue, run
from learnhub.content.media import digest_of
from learnhub.content.problems import (
    Problem,
    cannot_write,
    folder_error,
    has_errors,
)
from learnhub.content.schema import Catalogue, Media
from learnhub.core import clock
from learnhub.core.text import N_

STALE_SECONDS = 900
EMPTY = Catalogue(version="0" * 32, courses=(), units=(), pages=(), media=())


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
    """The problems that keep the newest version from being served; none when it is. Raises OSError."""
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
