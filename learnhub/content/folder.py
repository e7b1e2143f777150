"""What lies in a folder at this moment, while others may be writing in it."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

# Inode, time of change, size: what tells one version of a file from the next.
Stamp = tuple[int, int, int]


def stamp_of(status: os.stat_result) -> Stamp:
    """What tells this version of a file from the next."""
    return status.st_ino, status.st_mtime_ns, status.st_size


def list_files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Each regular file below `folder` with its status; what goes away meanwhile, or cannot be looked at, is not there."""
    for base, _, names in os.walk(folder):
        for name in names:
            file = Path(base, name)
            try:
                status = file.stat()
            except OSError:
                continue
            if stat.S_ISREG(status.st_mode):
                yield file, status
