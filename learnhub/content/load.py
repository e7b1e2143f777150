"""The whole folder becomes a catalogue, or a list of everything that is wrong with it.

`python -m learnhub.content.load FOLDER MEDIA_ROOT PREFIX SHARE OF OUT` does it in a process of its own, so that text which
chokes a parser costs a child and not the site: it writes the catalogue as JSON to OUT when there are no errors (of one
share among several only what the shares must know of each other), the problems as JSON to standard output, the name of
each file to standard error before reading it, and ends with 0, or 1 when there are errors.
"""

import gc
import json
import os
import resource
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from learnhub.content.assemble import Assembly
from learnhub.content.links import Seams
from learnhub.content.part import WHOLE, Part
from learnhub.content.problems import Problem, Problems, has_errors
from learnhub.content.schema import Catalogue
from learnhub.core.text import N_

MOST_FILES = 50_000
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
    assembly = Assembly(folder, _listing(folder, problems), problems, progress, part, media_root=media_root)
    catalogue = assembly.catalogue()
    found = tuple(problems.sorted())
    return Loaded(None if has_errors(found) else catalogue, found, assembly.links.seams())


def _listing(folder: Path, problems: Problems) -> frozenset[str]:
    """All regular files as paths under `folder`; hidden ones and symbolic links do not exist for the site."""
    if not folder.is_dir():
        problems.error(".", (1, 1), N_("没有这个文件夹。"))
    files: list[str] = []
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        within = Path(base).relative_to(folder).as_posix()
        for name in sorted(names):
            path = name if within == "." else f"{within}/{name}"
            if name.startswith(".") or not stat.S_ISREG(os.lstat(f"{base}/{name}").st_mode):
                continue
            if not path.isprintable():
                problems.error(ascii(path), (1, 1), N_("文件名里有显示不了的字符。"))
                continue
            files.append(path)
        if len(files) > MOST_FILES:
            problems.error(".", (1, 1), N_("文件太多（超过 %(limit)s 个）。"), limit=MOST_FILES)
            break
    return frozenset(files)


def main(folder: Path, media_root: str, part: Part, out: Path) -> int:
    """The child: load, write, report. Ends with 0, with 1 on errors, with 3 when memory ran out."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_RESULT, LARGEST_RESULT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A short life that only builds: collecting finds nothing and costs a fifth of the time.
    gc.disable()
    try:
        loaded = load(folder, progress=True, part=part, media_root=Path(media_root) if media_root else None)
    except (MemoryError, RecursionError):
        return OUT_OF_MEMORY
    result = loaded.seams if part.of > 1 else loaded.catalogue
    if result is not None:
        with out.open("w", encoding="utf-8") as stream:
            stream.write(result.model_dump_json())
            stream.flush()
            os.fsync(stream.fileno())
    json.dump([problem.model_dump(mode="json") for problem in loaded.problems], sys.stdout)
    return 0 if loaded.catalogue is not None else 1


if __name__ == "__main__":
    _folder, _media_root, _prefix, _share, _of, _out = sys.argv[1:]
    sys.exit(main(Path(_folder), _media_root, Part(_prefix, int(_share), int(_of)), Path(_out)))
