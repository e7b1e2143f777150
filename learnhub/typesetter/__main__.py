"""The typesetter's process: it listens at the socket that it inherits, and ends when nobody has asked for a while.

It is started by `client.py`, serves one asker at a time, knows neither secrets nor database, and ends with who started it.
"""

import os
import re
import socket
import sys
from multiprocessing.connection import Connection
from pathlib import Path

from learnhub.typesetter.errors import FontsMissing, TypesettingFailed
from learnhub.typesetter.fonts import FontSet
from learnhub.typesetter.messages import Answer, Request
from learnhub.typesetter.work import typeset

# How long it waits for another paper, in seconds; starting again costs a fifth of a second of processor time.
IDLE_SECONDS = 5
# A paper that took more than this leaves the process too large to be kept.
MOST_KIBIBYTES = 400 * 1024
_PEAK = re.compile(r"^VmHWM:\s+(\d+) kB", re.M)


def main(descriptor: int) -> None:
    """Answer until nobody has asked for IDLE_SECONDS, the starting process is gone, or so much memory was needed."""
    starter, fonts, idle = os.getppid(), _Fonts(), 0
    with socket.socket(fileno=descriptor) as listener:
        listener.settimeout(1.0)
        while idle < IDLE_SECONDS and os.getppid() == starter and _peak_kibibytes() < MOST_KIBIBYTES:
            try:
                asker, _ = listener.accept()
            except TimeoutError:
                idle += 1
                continue
            idle = 0
            asker.settimeout(None)
            with Connection(asker.detach()) as connection:
                _serve(connection, fonts)


class _Fonts:
    """The fonts that were asked for last."""

    def __init__(self) -> None:
        self._folders: tuple[str, str] | None = None
        self._fonts: FontSet | None = None

    def get(self, folder: str, spare: str) -> FontSet:
        """The fonts of these folders; those of others are forgotten. Raises FontsMissing."""
        if self._fonts is None or self._folders != (folder, spare):
            self._fonts = None
            self._fonts = FontSet(Path(folder), Path(spare) if spare else None)
            self._folders = (folder, spare)
        return self._fonts


def _serve(connection: Connection, fonts: _Fonts) -> None:
    """One request; an asker that has gone meanwhile costs nobody else anything."""
    try:
        request = Request.receive(connection)
        _answer(request, fonts).send(connection)
    except (EOFError, OSError):
        return


def _answer(request: Request, fonts: _Fonts) -> Answer:
    try:
        used = fonts.get(request.fonts, request.spare_fonts)
        if not request.layout:
            return Answer(unprintable=used.find_unprintable(request.words))
        pdf, unprintable = typeset(used, request.layout, request.data, request.pictures, to_keep=request.to_keep)
        return Answer(pdf, unprintable)
    except FontsMissing as error:
        return Answer(fonts_missing=str(error.args[0]))
    except TypesettingFailed as error:
        return Answer(failure=str(error))


def _peak_kibibytes() -> int:
    """The most memory that this program ever had; `getrusage` would count that of the process which started it too."""
    try:
        found = _PEAK.search(Path("/proc/self/status").read_text(encoding="utf-8"))
    except OSError:
        return 0
    return int(found[1]) if found else 0


if __name__ == "__main__":
    main(int(sys.argv[1]))
