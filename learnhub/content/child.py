"""Loading in a child that can be killed: text that chokes a parser costs the child, never the site."""

import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from learnhub.content.links import Seams, note_missing
from learnhub.content.load import OUT_OF_MEMORY
from learnhub.content.part import WHOLE, Part
from learnhub.content.problems import Problem, Problems, Severity, locate
from learnhub.content.schema import Catalogue
from learnhub.core.text import N_

BASE_SECONDS = 4.0
SECONDS_A_FILE = 0.01
# From so many Markdown files on the check uses all processors; below, starting more children costs more than it saves.
LARGE = 400
# Bytes a second.
SLOW_DISK = 20_000_000
PROBLEMS = TypeAdapter(tuple[Problem, ...])
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Outcome:
    """What a look at the folder gave: the version, None when there are errors, and all problems."""

    version: str | None
    problems: tuple[Problem, ...]

    def first_error(self, folder: Path) -> str:
        """One line about the first error in `folder`: file, line and reason; empty when there is none."""
        return next((locate(problem, folder) for problem in self.problems if problem.severity is Severity.ERROR), "")


def limit_for(folder: Path, media_root: Path | None = None) -> float:
    """How many seconds loading may take: 4, and a hundredth for each Markdown file (ten times what it needs).

    A folder of large films adds what reading it from a slow disk takes.
    """
    large = sum(each.stat().st_size for each in media_root.rglob("*") if each.is_file()) if media_root else 0
    texts = sum(1 for _ in folder.rglob("*.md"))
    return BASE_SECONDS + SECONDS_A_FILE * texts + large / SLOW_DISK


def inspect(folder: Path, limit: float | None = None, media_root: Path | None = None) -> Outcome:
    """Load and check `folder` in a child and publish nothing."""
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch, "catalogue.json")
        problems = run(folder, out, limit, media_root=media_root)
        return Outcome(read_catalogue(out).version if out.exists() else None, problems)


def survey(folder: Path, limit: float | None = None, media_root: Path | None = None) -> tuple[Problem, ...]:
    """All problems of `folder`, unsorted: a large one is read by as many children as there are processors, in shares."""
    seconds = limit_for(folder, media_root) if limit is None else limit
    shares = len(os.sched_getaffinity(0)) if sum(1 for _ in folder.rglob("*.md")) >= LARGE else 1
    parts = [Part(share=share, of=shares) for share in range(shares)]
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(shares) as pool:
        outs = [Path(scratch, f"{part.share}.json") for part in parts]
        found = list(pool.map(lambda part, out: run(folder, out, seconds, part, media_root), parts, outs))
        late = Problems()
        if shares > 1:
            seams = [Seams.model_validate_json(out.read_bytes()) for out in outs if out.exists()]
            anchored = {path: ids for each in seams for path, ids in each.anchored.items()}
            for use in (use for each in seams for use in each.pending if use.target in anchored):
                note_missing(late, use, anchored)
    unique = {problem.model_dump_json(): problem for problems in (*found, late.sorted()) for problem in problems}
    return tuple(unique.values())


def run(
    folder: Path, out: Path, limit: float | None, part: Part = WHOLE, media_root: Path | None = None
) -> tuple[Problem, ...]:
    """Load `folder` (or a `part` of it) in a child, which writes `out` when there are no errors; all problems.

    `limit` is in seconds.

    The child knows neither the secret nor the database: its environment is not ours.
    """
    seconds = limit_for(folder, media_root) if limit is None else limit
    media = str(media_root.resolve()) if media_root else ""
    places = [str(folder.resolve()), media, part.prefix, str(part.share), str(part.of), str(out.resolve())]
    command = [sys.executable, "-m", "learnhub.content.load", *places]
    environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(  # noqa: S603 (our own program; no shell)
            command, cwd=_ROOT, env=environment, capture_output=True, timeout=seconds, check=False
        )
    except subprocess.TimeoutExpired as late:
        out.unlink(missing_ok=True)
        reason = N_("读这个文件用了太久（超过 %(seconds)s 秒），已经停下；请看看有没有没配对的括号或很长的一段。")
        return (fatal(_last_file(late.stderr), reason, seconds=f"{seconds:g}"),)
    try:
        problems = PROBLEMS.validate_json(done.stdout)
    except ValidationError:
        out.unlink(missing_ok=True)
        if done.returncode == OUT_OF_MEMORY:
            return (fatal(_last_file(done.stderr), N_("读这个文件用的内存太多，已经停下。")),)
        reason = N_("读到这个文件时程序出错而停下（%(code)s）。")
        return (fatal(_last_file(done.stderr), reason, code=str(done.returncode)),)
    return problems


def fatal(file: str, reason: str, **values: str) -> Problem:
    """An error about a whole file."""
    return Problem(file=file, line=1, column=1, severity=Severity.ERROR, reason=reason, values=values)


def _last_file(stderr: bytes | None) -> str:
    """The last file the child named before it ended; a Python traceback is no file name."""
    lines = (stderr or b"").decode("utf-8", "replace").splitlines()
    return next((line for line in reversed(lines) if line.endswith(".md") and not line.startswith(" ")), ".")


def read_catalogue(file: Path) -> Catalogue:
    """The catalogue in a JSON file. Raises OSError, or ValidationError when it is damaged or of another schema."""
    return Catalogue.model_validate_json(file.read_bytes())
