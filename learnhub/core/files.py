"""Files that are there whole or not at all."""

import contextlib
import os
import shutil
from pathlib import Path


def write_whole(file: Path, body: bytes) -> None:
    """Put `body` at `file`; where that fails, what stood there stands there still. Raises OSError."""
    target = file.resolve()  # through links: what they lead to is what gets replaced
    if target.exists() and not target.is_file():
        file.write_bytes(body)  # a device such as standard output; or a folder, which is refused
        return
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with fresh.open("wb") as stream:
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(FileNotFoundError):
            shutil.copymode(target, fresh)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
