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
    """One problem. `reason` is a message id, `values` fill its places after translation; `line` and `column` from 1."""

    file: str
    line: int
    column: int
    severity: Severity
    reason: str
    values: dict[str, str]


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


def locate(problem: Problem, folder: Path) -> str:
    """`file:line: reason` in the language of authors; a problem of the whole folder names the folder."""
    place = f"{folder}" if problem.file == WHOLE_FOLDER else f"{problem.file}:{problem.line}"
    return f"{place}: {problem.reason % problem.values}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word an author most likely meant, or None."""
    close = difflib.get_close_matches(word.strip().lower(), list(known), n=1, cutoff=0.5)
    return close[0] if close else None


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 80 else flat[:79] + "…"


UNREADABLE = N_("这个文件读不出来：%(why)s。")
