"""The whole folder becomes a catalogue, or a list of everything that is wrong with it.

`python -m learnhub.content.load FOLDER MEDIA_ROOT PREFIX SHARE OF OUT SECONDS` does it in a process of its own, so that text
which chokes a parser costs a child and not the site: it writes the catalogue as JSON to OUT when there are no errors (of
one share among several only what the shares must know of each other), the problems as JSON to standard output, the name of
each file to standard error before reading it, and ends with 0, or 1 when there are errors. It may use SECONDS of processor
time.
"""

import errno
import gc
import json
import os
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from learnhub.content.assemble import Assembly
from learnhub.content.links import Seams
from learnhub.content.part import WHOLE, Part
from learnhub.content.problems import (
    UNREADABLE,
    WHOLE_FOLDER,
    Problem,
    Problems,
    cannot_write,
    folder_error,
    has_errors,
)
from learnhub.content.schema import Catalogue
from learnhub.core.child_process import limit_resources
from learnhub.core.text import N_

MOST_FILES = 50_000
# Bytes.
MEMORY = 1024 * 1024 * 1024
LARGEST_RESULT = 256 * 1024 * 1024
OUT_OF_MEMORY = 3


@dataclass(frozen=True)
class Loaded:
    """What became of a folder: the catalogue when there are no errors, and all problems."""

    catalogue: Catalogue | None
    problems: tuple[Problem, ...]
    seams: Seams


def load(folder: Path, *, progress: bool = False, part: Part = WHOLE, media_root: Path | None = None) -> Loaded:
    """Read, check and render `folder`, or a `part` of it.

    Films that are not in it are looked for below `media_root`. With `progress`, name each file on standard error before
    reading it.
    """
    problems = Problems()
    assembly = Assembly(folder, _listing(folder, problems, part), problems, progress, part, media_root=media_root)
    catalogue = assembly.catalogue()
    found = tuple(problems.sorted())
    return Loaded(None if has_errors(found) else catalogue, found, assembly.links.seams())


def _listing(folder: Path, problems: Problems, part: Part) -> frozenset[str]:
    """All regular files as paths under `folder`; hidden ones and symbolic links do not exist for the site."""
    if not folder.is_dir():
        problems.error(WHOLE_FOLDER, (1, 1), N_("没有这个文件夹。"))
        return frozenset()
    files: list[str] = []
    for base, folders, names in os.walk(folder, onerror=lambda error: note_unreadable(folder, error, problems)):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        within = Path(base).relative_to(folder).as_posix()
        for name in sorted(names):
            path = name if within == "." else f"{within}/{name}"
            if name.startswith(".") or not _is_regular(f"{base}/{name}"):
                continue
            if not path.isprintable():
                problems.error(ascii(path), (1, 1), N_("文件名里有显示不了的字符。"))
                continue
            files.append(path)
        if len(files) > MOST_FILES:
            problems.error(WHOLE_FOLDER, (1, 1), N_("文件太多（超过 %(limit)s 个）。"), limit=MOST_FILES)
            break
    if not part.prefix and not any(_is_study(path) for path in files):
        problems.error(WHOLE_FOLDER, (1, 1), N_("这个文件夹里没有一门课，也没有一个月份。"))
    return frozenset(files)


def _is_regular(file: str) -> bool:
    try:
        return stat.S_ISREG(os.lstat(file).st_mode)
    except FileNotFoundError:  # gone since its folder was read: editors write files of a moment
        return False


def _is_study(path: str) -> bool:
    """Whether a course or a month can be made of this file."""
    return path.startswith(("courses/", "themedays/")) and path.endswith(".md") and not path.endswith("/README.md")


def note_unreadable(folder: Path, error: OSError, problems: Problems) -> None:
    """A folder that cannot be looked into must not look like one without files."""
    within = Path(error.filename).relative_to(folder).as_posix()
    problems.error(within, (1, 1), UNREADABLE, why=error.strerror or "?")


def main(arguments: Sequence[str]) -> int:
    """The child: load, write, report. Ends with 0, with 1 on errors, with 3 when memory ran out."""
    folder, media_root, prefix, share, of, out, seconds = arguments
    part = Part(prefix, int(share), int(of))
    limit_resources(processor_seconds=float(seconds), memory=MEMORY, file_size=LARGEST_RESULT)
    # A short life that only builds: collecting finds nothing and costs a fifth of the time.
    gc.disable()
    try:
        loaded = load(Path(folder), progress=True, part=part, media_root=Path(media_root) if media_root else None)
    except (MemoryError, RecursionError):
        return OUT_OF_MEMORY
    result = loaded.seams if part.of > 1 else loaded.catalogue
    problems = loaded.problems
    if result is not None:
        problems += _write(result.model_dump_json(), Path(out))
    json.dump([problem.model_dump(mode="json") for problem in problems], sys.stdout)
    return 1 if has_errors(problems) else 0


def _write(result: str, out: Path) -> tuple[Problem, ...]:
    """Write the result; the problem when the disk is full or the result too large, and then no file is left."""
    try:
        with out.open("w", encoding="utf-8") as stream:
            stream.write(result)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        out.unlink(missing_ok=True)
        if error.errno == errno.EFBIG:
            return (folder_error(N_("内容加起来太多（超过 %(limit)s MB）。"), limit=str(LARGEST_RESULT // 1024**2)),)
        return (cannot_write(error),)
    return ()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
