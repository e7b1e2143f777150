"""The last versions of the published content, so that one command brings the one before back in all workers."""

import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from learnhub.content.child import read_catalogue
from learnhub.core import clock
from learnhub.core.errors import Conflict, NotFound
from learnhub.core.files import write_whole
from learnhub.core.text import N_

KEPT = 10
_TIME = "%Y%m%dT%H%M%S"


@dataclass(frozen=True, slots=True)
class Version:
    """A version as it was published: its hash, when, and where it is kept."""

    hash: str
    at: dt.datetime
    file: Path


def keep(fresh: Path, version: str, target: Path) -> None:
    """Keep the file `fresh`, about to be published at `target`, unless it is the version that was kept last."""
    versions = kept(target)
    if versions and versions[-1].hash == version:
        return
    folder = _folder(target)
    folder.mkdir(exist_ok=True)
    number = int(versions[-1].file.name.split("-")[0]) + 1 if versions else 1
    name = folder / f"{number:06d}-{clock.now().strftime(_TIME)}-{version}.json"
    try:
        os.link(fresh, name)
    except OSError:  # a file system without hard links
        write_whole(name, fresh.read_bytes())
    for old in versions[: max(0, len(versions) + 1 - KEPT)]:
        old.file.unlink(missing_ok=True)


def kept(target: Path) -> tuple[Version, ...]:
    """The versions kept for `target`, oldest first."""
    found = []
    for file in sorted(_folder(target).glob("*-*-*.json")):
        _, at, version = file.stem.split("-")
        found.append(Version(version, dt.datetime.strptime(at, _TIME).replace(tzinfo=dt.UTC), file))
    return tuple(found)


def before(target: Path, serving: str, wanted: str = "") -> Version:
    """The version to go back to: the one whose hash begins with `wanted`, or the one before `serving`.

    Raises NotFound when none is kept, Conflict when it cannot be read (it was written by other software).
    """
    versions = kept(target)
    newest = max((place for place, each in enumerate(versions) if each.hash == serving), default=len(versions))
    fitting = [each for each in versions if each.hash.startswith(wanted)] if wanted else versions[:newest]
    found = [each for each in fitting if each.hash != serving]
    if not found:
        raise NotFound(N_("没有可以退回的版本。"))
    try:
        read_catalogue(found[-1].file)
    except (OSError, ValidationError):
        raise Conflict(N_("那个版本读不出来（可能是别的版本的程序写的），没有退回。")) from None
    return found[-1]


def _folder(target: Path) -> Path:
    return target.with_name(f"{target.name}.versions")
