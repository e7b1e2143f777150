"""Which files of a folder are read, where it is not all of them."""

import zlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """The files below `prefix` (`courses/first-response/`), and of all courses, months and pages one in `of`.

    Shares `0 … of - 1` together are the whole: a large folder is checked by as many processes as there are processors.
    """

    prefix: str = ""
    share: int = 0
    of: int = 1

    def has(self, path: str) -> bool:
        """Whether the file at `path` is read."""
        place = "/".join(path.split("/")[:2])
        return path.startswith(self.prefix) and zlib.crc32(place.encode()) % self.of == self.share


WHOLE = Part()
