"""What every check is given, and how it answers."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from learnhub.doctor.queries import DatabaseState
from learnhub.doctor.rules import Finding, Severity

if TYPE_CHECKING:
    from config import Config

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations" / "versions"


@dataclasses.dataclass(frozen=True, slots=True)
class Examination:
    """A start to be looked at: its settings, the state of its database, whether Flask's debugger is on.

    `prepares` says that this start brings schema and content up to date itself, as `make run` does.
    """

    settings: "Config"
    database: DatabaseState
    debug: bool
    prepares: bool


Answer = tuple[Severity, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Check:
    """One check: its name, and the function that answers how grave it is and says so in one line."""

    name: str
    look: Callable[[Examination], Answer]

    def find(self, examination: Examination) -> Finding:
        """Carry the check out."""
        severity, line = self.look(examination)
        return Finding(self.name, severity, " ".join(line.split()))


def ok(line: str) -> Answer:
    """All is well, and how."""
    return Severity.OK, line


def warning(line: str) -> Answer:
    """The start goes on; what is wrong, and what to do."""
    return Severity.WARNING, line


def refused(line: str) -> Answer:
    """The start ends; what is wrong, and what to do."""
    return Severity.REFUSED, line


NEEDS_DATABASE: Answer = (Severity.SKIPPED, "cannot be looked at until the database is well")
