"""Files that are there whole or not at all."""

import contextlib
import os
import shutil
import threading
from pathlib import Path


def write_whole(file: Path, body: bytes, *, mode: int = 0o666) -> None:
    """Put `body` at `file`; where that fails, what stood there stands there still. Raises OSError.

    A new file gets the permissions `mode`, less the umask.
    """
    target = file.resolve()  # through links: what they lead to is what gets replaced
    if target.exists() and not target.is_file():
        file.write_bytes(body)  # a device such as standard output; or a folder, which is refused
        return
    fresh = target.with_name(f".{target.name}.{os.getpid()}.{threading.get_ident()}.new")
    try:
        with open(fresh, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as stream:
            stream.write(body)
            stream.flush()
            os.fsync(stream.fileno())
        with contextlib.suppress(FileNotFoundError):
            shutil.copymode(target, fresh)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
