"""Which folder is shown, what became of it when it was last read, and whether it has changed since."""

import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from learnhub.content.child import read_catalogue, run
from learnhub.content.folder import list_files
from learnhub.content.part import Part
from learnhub.content.problems import Problem, is_transient
from learnhub.content.schema import Catalogue, content_hash

# The stamp of a reading that the machine broke off: no folder has it, so the next look reads again.
UNREAD = ""
_PARTS = ("courses", "themedays", "pages")


@dataclass(frozen=True, slots=True)
class Seen:
    """One reading: `stamp` tells it from the next, `catalogue` is None when there are errors among `problems`."""

    stamp: str
    catalogue: Catalogue | None
    problems: tuple[Problem, ...]

    @property
    def is_unread(self) -> bool:
        """Whether the machine was too busy to read the folder to its end."""
        return self.stamp == UNREAD


def parted(folder: Path) -> tuple[Path, str]:
    """The content folder that `folder` belongs to, and which part of it that is (empty for all of it).

    Raises ValueError when it is neither a content folder nor a course, a month or the pages of one.
    """
    whole = folder.resolve()
    if any((whole / part).is_dir() for part in _PARTS):
        return whole, ""
    for root in (whole.parent.parent, whole.parent):
        part = whole.relative_to(root).as_posix()
        if part.split("/")[0] in _PARTS:
            return root, part
    raise ValueError(folder)


class Preview:
    """Reads a folder in a child when any of its files changed; safe to ask from several threads.

    `media_root` holds films that are too large for git.
    """

    def __init__(self, folder: Path, media_root: Path | None = None) -> None:
        self.media_root = media_root
        self.root, self.part = parted(folder)
        self._lock = threading.Lock()
        self._seen: Seen | None = None

    def look(self) -> Seen:
        """The newest reading. Raises OSError when the disk fails."""
        with self._lock:
            stamp = self._stamp()
            if self._seen is None or self._seen.stamp != stamp:
                self._seen = self._read(stamp)
            return self._seen

    def _read(self, stamp: str) -> Seen:
        with tempfile.TemporaryDirectory() as scratch:
            out = Path(scratch, "catalogue.json")
            problems = run(self.root, out, Part(f"{self.part}/" if self.part else ""), self.media_root)
            if is_transient(problems):
                return Seen(UNREAD, None, problems)
            return Seen(stamp, read_catalogue(out) if out.exists() else None, problems)

    def _stamp(self) -> str:
        roots = [root / self.part for root in (self.root, self.media_root) if root]
        files = sorted(found for root in roots for found in list_files(root))
        return content_hash([[str(path), status.st_mtime_ns, status.st_size] for path, status in files])
