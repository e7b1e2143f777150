"""Ids against git: an id is for ever, so a question's that was given up must not come back for another, and a page's must
not vanish unseen."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from learnhub.content.folder import list_files
from learnhub.content.links import address
from learnhub.content.problems import WHOLE_FOLDER, Problems
from learnhub.core.text import N_

_HEADING = re.compile(r"(?P<sign>[+-])##\s+(?P<stem>.*?)\s*\{\s*#(?P<id>[a-z0-9-]+)[^}]*\}\s*")
_CURRENT = re.compile(r"##\s+(?P<stem>.*?)\s*\{\s*#(?P<id>[a-z0-9-]+)[^}]*\}\s*")
# Of the wall clock, and far more than git needs: a busy machine must not look like a folder without history.
SECONDS = 120


class _GitFailed(Exception):
    """git did not answer; the argument says why."""


@dataclass
class _Past:
    """The ids of one quiz file: those the newest commit has, and the stems of those that were given up before."""

    present: set[str] = field(default_factory=set)
    given_up: dict[str, str] = field(default_factory=dict)


def check_history(folder: Path, problems: Problems) -> None:
    """Compare `folder` with the commits before. Does nothing outside a git work tree and before its first commit.

    When git does not answer (it is not installed, or does not trust the owner of the folder) a warning says so.
    """
    if not any((parent / ".git").exists() for parent in (folder.resolve(), *folder.resolve().parents)):
        return
    try:
        if _git(folder, "rev-parse", "--verify", "--quiet", "HEAD"):
            _check_ids(folder, problems)
            _check_pages(folder, problems)
    except _GitFailed as failure:
        reason = N_("git 没有回答（%(why)s），所以没有和以前的版本比：题目编号和网页有没有少，这次不知道。")
        problems.warn(WHOLE_FOLDER, (1, 1), reason, why=str(failure))


def _check_ids(folder: Path, problems: Problems) -> None:
    """Note ids that are gone since the last commit and ids taken up again."""
    changes = ("-p", "-U0", "--no-renames")
    log = _git(folder, "log", "--reverse", "--relative", "--format=tformat:commit", *changes, "--", "*quiz.md")
    for path, past in _past(log).items():
        file = folder / path
        lines = file.read_text("utf-8", "replace").splitlines() if file.is_file() else []
        found = {number: match for number, line in enumerate(lines, 1) if (match := _CURRENT.fullmatch(line))}
        now = {match["id"]: (number, match["stem"]) for number, match in found.items()}
        for gone in sorted(past.present - now.keys()) if lines else ():
            reason = N_("题目编号 “%(id)s” 不见了；做过这题的记录不受影响，但编号以后不能再给别的题用。")
            problems.warn(path, (1, 1), reason, id=gone)
        for again in sorted(past.given_up.keys() & now.keys()):
            line, stem = now[again]
            if stem != past.given_up[again]:  # the same question may come back
                reason = N_("编号 “%(id)s” 以前给过另一道题（%(stem)s），后来删了；请换一个新编号。")
                problems.error(path, (line, 1), reason, id=again, stem=past.given_up[again])


def _check_pages(folder: Path, problems: Problems) -> None:
    """Note pages that the newest commit has and the folder has not, by the id that their address is made of.

    A lesson that got another number is the same page.
    """
    now = {address(file.relative_to(folder).as_posix()) for file, _ in list_files(folder)}
    for path in _git(folder, "ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0"):
        url = address(path) if path else None
        if url is not None and url not in now:
            reason = N_("网页 %(url)s 不见了：指向它的链接和学员的标记会落空。只是改名的话，请用回原来的编号。")
            problems.warn(path, (1, 1), reason, url=url)


def _past(log: str) -> dict[str, _Past]:
    found: dict[str, _Past] = {}
    for path, added, removed in _commits(log):
        past = found.setdefault(path, _Past())
        past.present -= removed.keys()
        past.present |= added.keys()
        back = {id for id, stem in added.items() if past.given_up.get(id) == stem}
        past.given_up = {id: stem for id, stem in past.given_up.items() if id not in back}
        past.given_up |= {id: stem for id, stem in removed.items() if id not in added}
    return found


def _commits(log: str) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """For each commit and file: ids with stems added and removed."""
    path, added, removed = "", dict[str, str](), dict[str, str]()
    for line in [*log.splitlines(), "commit"]:
        if line == "commit" or line.startswith("diff --git "):
            if added or removed:
                yield path, added, removed
            added, removed = {}, {}
        elif line.startswith(("--- a/", "+++ b/")):
            path = line[6:].rstrip("\t")
        elif match := _HEADING.fullmatch(line):
            (added if match["sign"] == "+" else removed)[match["id"]] = match["stem"]


def _git(folder: Path, *arguments: str) -> str:
    """What git prints, nothing when it says quietly that there is none. Raises _GitFailed."""
    command = ["git", "-C", str(folder), "-c", "core.quotePath=false", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 (fixed arguments; no shell)
            command, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise _GitFailed(f"{SECONDS} s") from None
    except OSError as error:
        raise _GitFailed(error.strerror) from None
    words = done.stderr.decode("utf-8", "replace").strip()
    if done.returncode and words:
        raise _GitFailed(words.splitlines()[0])
    return done.stdout.decode("utf-8", "replace")
