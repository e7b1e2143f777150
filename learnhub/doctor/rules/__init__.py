"""What a check says: how grave it is, and one line."""

import dataclasses
import enum


class Severity(enum.StrEnum):
    """How a check ended."""

    OK = "ok"
    SKIPPED = "skipped"  # what it would look at cannot be reached, which another check says
    WARNING = "warning"
    REFUSED = "refused"


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """The end of one check: `line` is one sentence without a full stop; a warning or refusal says what to do."""

    check: str
    severity: Severity
    line: str


def first_refusal(findings: tuple[Finding, ...]) -> str | None:
    """The one line that refuses a start, or None when nothing does."""
    refused = [finding.line for finding in findings if finding.severity is Severity.REFUSED]
    if not refused:
        return None
    more = f" (and {len(refused) - 1} more: `flask doctor` shows all)" if len(refused) > 1 else ""
    return refused[0] + more
