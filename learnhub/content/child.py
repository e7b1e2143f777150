"""Loading in a child that can be killed: text that chokes a parser costs the child, never the site."""

import math
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from learnhub.content.folder import list_files
from learnhub.content.links import Seams, note_missing
from learnhub.content.load import OUT_OF_MEMORY
from learnhub.content.part import WHOLE, Part
from learnhub.content.problems import Problem, Problems, file_error, first_error, folder_error, is_transient
from learnhub.content.schema import Catalogue
from learnhub.core.child_process import BACKSTOP_SECONDS, MachineBusy, has_used_up_processor_time, run_module
from learnhub.core.text import N_

# Processor time, about ten times what loading needs: to begin with, for each Markdown file, for each byte of a picture or film.
BASE_SECONDS = 4.0
SECONDS_A_FILE = 0.01
SECONDS_A_BYTE = 1 / 100_000_000
# Bytes a second, of the wall clock.
SLOW_DISK = 20_000_000
# From so many Markdown files on the check uses all processors; below, starting more children costs more than it saves.
LARGE = 400
PROBLEMS = TypeAdapter(tuple[Problem, ...])


@dataclass(frozen=True)
class Outcome:
    """What a look at the folder gave: the version, None when there are errors, and all problems."""

    version: str | None
    problems: tuple[Problem, ...]

    @property
    def is_transient(self) -> bool:
        """Whether only the machine was in the way: the same folder may be published in a while."""
        return is_transient(self.problems)

    def first_error(self, folder: Path) -> str:
        """One line about the first error in `folder`: file, line and reason; empty when there is none."""
        return first_error(self.problems, folder)


@dataclass(frozen=True)
class LoadingLimit:
    """What a child may use: `processor` is in seconds of processor time, `backstop` in seconds of the wall clock."""

    processor: float
    backstop: float = BACKSTOP_SECONDS


def limit_for(folder: Path, media_root: Path | None = None) -> LoadingLimit:
    """What loading may use: it grows with the number of Markdown files and with the size of all others."""
    texts, size = 0, 0
    for file, status in (found for root in (folder, media_root) if root for found in list_files(root)):
        if file.suffix == ".md":
            texts += 1
        else:
            size += status.st_size
    return LoadingLimit(
        BASE_SECONDS + SECONDS_A_FILE * texts + SECONDS_A_BYTE * size, BACKSTOP_SECONDS + size / SLOW_DISK
    )


def inspect(folder: Path, media_root: Path | None = None) -> Outcome:
    """Load and check `folder` in a child and publish nothing."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch, "catalogue.json")
        problems = run(folder, out, media_root=media_root)
        return Outcome(read_catalogue(out).version if out.exists() else None, problems)


def survey(folder: Path, media_root: Path | None = None) -> tuple[Problem, ...]:
    """All problems of `folder`, unsorted: a large one is read by as many children as there are processors, in shares."""
    texts = sum(1 for file, _ in list_files(folder) if file.suffix == ".md")
    shares = len(os.sched_getaffinity(0)) if texts >= LARGE else 1
    parts = [Part(share=share, of=shares) for share in range(shares)]
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(shares) as pool:
        outs = [Path(scratch, f"{part.share}.json") for part in parts]
        found = list(pool.map(lambda part, out: run(folder, out, part, media_root), parts, outs))
        late = Problems()
        if shares > 1:
            seams = [Seams.model_validate_json(out.read_bytes()) for out in outs if out.exists()]
            anchored = {path: ids for each in seams for path, ids in each.anchored.items()}
            for use in (use for each in seams for use in each.pending if use.target in anchored):
                note_missing(late, use, anchored)
    unique = {problem.model_dump_json(): problem for problems in (*found, late.sorted()) for problem in problems}
    return tuple(unique.values())


def run(folder: Path, out: Path, part: Part = WHOLE, media_root: Path | None = None) -> tuple[Problem, ...]:
    """Load `folder` (or a `part` of it) in a child, which writes `out` when there are no errors; all problems."""
    allowed = limit_for(folder, media_root)
    media = str(media_root.resolve()) if media_root else ""
    places = [str(folder.resolve()), media, part.prefix, str(part.share), str(part.of), str(out.resolve())]
    try:
        done = run_module("learnhub.content.load", [*places, str(allowed.processor)], backstop=allowed.backstop)
    except MachineBusy:
        out.unlink(missing_ok=True)
        return (folder_error(N_("机器太忙，没有把内容读完；和内容无关，请过一会儿再试。"), transient=True),)
    try:
        return PROBLEMS.validate_json(done.stdout)
    except ValidationError:
        out.unlink(missing_ok=True)
        return (_dead_child(done, allowed),)


def _dead_child(done: "subprocess.CompletedProcess[bytes]", allowed: LoadingLimit) -> Problem:
    """What a child that ended without a report died of, at the file that it read last."""
    file = _last_file(done.stderr)
    if has_used_up_processor_time(done):
        reason = N_("读这个文件用了太久（超过 %(seconds)s 秒），已经停下；请看看有没有没配对的括号或很长的一段。")
        return file_error(file, reason, seconds=f"{math.ceil(allowed.processor)}")
    if done.returncode == OUT_OF_MEMORY:
        return file_error(file, N_("读这个文件用的内存太多，已经停下。"))
    return file_error(file, N_("读到这个文件时程序出错而停下（%(code)s）。"), code=str(done.returncode))


def _last_file(stderr: bytes | None) -> str:
    """The last file the child named before it ended; a Python traceback is no file name."""
    lines = (stderr or b"").decode("utf-8", "replace").splitlines()
    return next((line for line in reversed(lines) if line.endswith(".md") and not line.startswith(" ")), ".")


def read_catalogue(file: Path) -> Catalogue:
    """The catalogue in a JSON file. Raises OSError, or ValidationError when it is damaged or of another schema."""
    return Catalogue.model_validate_json(file.read_bytes())
