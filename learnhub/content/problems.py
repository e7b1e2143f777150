"""What is wrong with a content file, said so that its author can mend it: place, weight, reason in plain Chinese."""

import difflib
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from learnhub.content.schema import Value
from learnhub.core.text import N_

# The `file` of a problem that no single file has.
WHOLE_FOLDER = "."


class Severity(StrEnum):
    """An error keeps the folder from being published, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Problem(Value):
    """One problem. `reason` is a message id, `values` fill its places after translation; `line` and `column` from 1.

    A `transient` one is the machine's and not the author's: the same folder may be published in a while.
    """

    file: str
    line: int
    column: int
    severity: Severity
    reason: str
    values: dict[str, str]
    transient: bool = False

    @property
    def is_of_folder(self) -> bool:
        """Whether no single file has the problem."""
        return self.file == WHOLE_FOLDER


class Problems:
    """Collects every problem of a folder, not only the first; at most `LIMIT`, as nobody reads more."""

    LIMIT = 500

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def error(self, file: str, place: tuple[int, int], reason: str, **values: object) -> None:
        """Note an error at (line, column) of `file`."""
        self._note(file, place, Severity.ERROR, reason, values)

    def warn(self, file: str, place: tuple[int, int], reason: str, **values: object) -> None:
        """Note a warning at (line, column) of `file`."""
        self._note(file, place, Severity.WARNING, reason, values)

    def _note(
        self, file: str, place: tuple[int, int], severity: Severity, reason: str, values: dict[str, object]
    ) -> None:
        words = {name: _short(str(value)) for name, value in values.items()}
        self._found.append(
            Problem(file=file, line=place[0], column=place[1], severity=severity, reason=reason, values=words)
        )

    def sorted(self) -> list[Problem]:
        """All of them in the order of the files, each once; errors are kept before warnings when there are too many."""
        unique = {problem.model_dump_json(): problem for problem in self._found}.values()
        kept = sorted(unique, key=lambda problem: problem.severity)[: self.LIMIT]
        return sorted(kept, key=lambda problem: (problem.file, problem.line, problem.column))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of them keeps the folder from being published."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def file_error(file: str, reason: str, **values: str) -> Problem:
    """An error about a whole file."""
    return Problem(file=file, line=1, column=1, severity=Severity.ERROR, reason=reason, values=values)


def folder_error(reason: str, *, transient: bool = False, **values: str) -> Problem:
    """An error about the whole folder, or about the machine at this moment (`transient`)."""
    return file_error(WHOLE_FOLDER, reason, **values).model_copy(update={"transient": transient})


def cannot_write(error: OSError) -> Problem:
    """What a disk that is full or read-only keeps from being published."""
    reason = N_("存放已发布内容的文件夹写不进去（%(why)s）；和内容无关，请检查磁盘后再发布。")
    return folder_error(reason, transient=True, why=error.strerror or "?")


def is_transient(problems: Iterable[Problem]) -> bool:
    """Whether only the machine kept the folder from being published, so that the same folder may be tried again."""
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    return bool(errors) and all(problem.transient for problem in errors)


def locate(problem: Problem, folder: Path) -> str:
    """One line in the language of authors: `file:line: reason`, the folder for a problem of the whole of it, and the mere
    reason where no author is at fault."""
    words = problem.reason % problem.values
    if problem.transient:
        return words
    return f"{folder}: {words}" if problem.is_of_folder else f"{problem.file}:{problem.line}: {words}"


def first_error(problems: Iterable[Problem], folder: Path) -> str:
    """One line about the first error, empty when there is none."""
    return next((locate(problem, folder) for problem in problems if problem.severity is Severity.ERROR), "")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word an author most likely meant, or None."""
    close = difflib.get_close_matches(word.strip().lower(), list(known), n=1, cutoff=0.5)
    return close[0] if close else None


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 80 else flat[:79] + "…"


UNREADABLE = N_("这个文件读不出来：%(why)s。")
