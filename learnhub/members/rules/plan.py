"""What an import would do, as plain values: each row new, changed, unchanged or wrong."""

import dataclasses
import enum
import hashlib
import json
from collections import Counter

from learnhub.members.rules.columns import SheetKind, headers, word_for
from learnhub.members.rules.parsing import Fault


class Status(enum.Enum):
    """What a row would do to the roster."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """A changed cell: the column's header, what the roster says, and what the file says, both as words."""

    column: str
    before: str
    after: str


@dataclasses.dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of the file and what it would do; `target_id` is the organization or member it is about, None for a new
    one; `values` are those to be, over what there is.
    """

    sheet: SheetKind
    number: int
    label: str
    status: Status
    differences: tuple[Difference, ...]
    target_id: int | None
    values: dict[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """A whole import before it is confirmed. With a single fault nothing of it can be."""

    rows: tuple[PlannedRow, ...]
    faults: tuple[Fault, ...]
    remarks: tuple[Fault, ...]
    passed_over: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    untouched: int

    def of(self, kind: SheetKind) -> tuple[PlannedRow, ...]:
        """The rows of one sheet."""
        return tuple(row for row in self.rows if row.sheet is kind)

    def count(self, kind: SheetKind, status: Status) -> int:
        """How many rows of one sheet have this status."""
        return sum(row.status is status for row in self.of(kind))

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows by sheet and status, `members.new` and so on."""
        return dict(Counter(f"{row.sheet.value}.{row.status.value}" for row in self.rows))

    @property
    def changes_anything(self) -> bool:
        """Whether there is anything to confirm."""
        return any(row.status in {Status.NEW, Status.CHANGED} for row in self.rows)

    @property
    def digest(self) -> str:
        """What tells two plans apart: what was previewed is what must be confirmed."""
        said = [
            [row.sheet.value, row.number, row.status.value, row.target_id, row.values]
            + [[each.column, each.before] for each in row.differences]
            for row in self.rows
        ]
        text = json.dumps([said, len(self.faults)], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


_WORD_LISTS = {"sex": "sex", "kind": "kind", "domain": "domain", "standing": "standing"}
CIRCUMSTANCES = ("exempt", "mobile", "lost_contact", "suspended", "in_transit")


def shown(key: str, value: str) -> str:
    """A value of a column as the words we write into cells."""
    if not value:
        return ""
    if key in _WORD_LISTS:
        return word_for(_WORD_LISTS[key], value)
    if key == "posts":
        return "\u3001".join(word_for("post", each) for each in value.split(","))
    if key in CIRCUMSTANCES:
        # Reasons may be of health: they stay inside the branch and are in no file (promise S15).
        return word_for("holds", "yes")
    if key == "identity":
        return "*" * 14 + value[-4:]
    return value


def differences(kind: SheetKind, before: dict[str, str], after: dict[str, str]) -> tuple[Difference, ...]:
    """The cells of a row in which `after` says something else than `before`, in the order of the columns."""
    return tuple(
        Difference(header, shown(key, before.get(key, "")), shown(key, after[key]))
        for key, header in headers(kind).items()
        if key in after and after[key] != before.get(key, "")
    )
