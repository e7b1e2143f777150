"""What an import would do, as plain values: each row new, changed, unchanged or wrong."""

import dataclasses
import enum
import hashlib
import json
from collections import Counter

from learnhub.members.rules.columns import SheetKind, headers, word_for
from learnhub.members.rules.days import UNKNOWN
from learnhub.members.rules.parsing import Fault, SkippedRow
from learnhub.members.rules.questions import ImportQuestion, QuestionKind


class Status(enum.Enum):
    """What a row would do to the roster."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    WRONG = "wrong"
    LEAVING = "leaving"


@dataclasses.dataclass(frozen=True, slots=True)
class Difference:
    """A changed cell: the column's header, what the roster says, and what the file says, both as words."""

    column: str
    before: str
    after: str


@dataclasses.dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of the file and what it would do; `target_id` is the organization or member it is about, None for a new
    one; `values` are those to be, over what there is. `tab` names the sheet, where the file has several of one kind.

    Who leaves has the number 0, and the reason among the values.
    """

    sheet: SheetKind
    number: int
    label: str
    status: Status
    differences: tuple[Difference, ...]
    target_id: int | None
    values: dict[str, str]
    tab: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class ListedBranch:
    """A branch of which the file lists members: its code and name, how many it lists and who of the roster is missing.

    `is_complete` is what has been answered: that the file lists everybody.
    """

    code: str
    name: str
    listed: int
    missing: int
    is_complete: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """A whole import before it is confirmed. With a single fault, or a question without an answer, nothing can be."""

    rows: tuple[PlannedRow, ...]
    faults: tuple[Fault, ...]
    remarks: tuple[Fault, ...]
    passed_over: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    untouched: int
    hidden: tuple[str, ...] = ()
    skipped: tuple[SkippedRow, ...] = ()
    by_hand: tuple[str, ...] = ()
    questions: tuple[ImportQuestion, ...] = ()
    branches: tuple[ListedBranch, ...] = ()

    def of(self, kind: SheetKind) -> tuple[PlannedRow, ...]:
        """The rows of one sheet."""
        return tuple(row for row in self.rows if row.sheet is kind)

    def count(self, kind: SheetKind, status: Status) -> int:
        """How many rows of one sheet have this status."""
        return sum(row.status is status for row in self.of(kind))

    @property
    def unanswered(self) -> int:
        """How many questions have no answer yet."""
        return sum(not question.answer for question in self.questions)

    def questions_of(self, kind: QuestionKind) -> tuple[ImportQuestion, ...]:
        """The questions of one kind."""
        return tuple(question for question in self.questions if question.kind is kind)

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows by sheet and status, `members.new` and so on."""
        return dict(Counter(f"{row.sheet.value}.{row.status.value}" for row in self.rows))

    @property
    def changes_anything(self) -> bool:
        """Whether there is anything to confirm."""
        return any(row.status in {Status.NEW, Status.CHANGED, Status.LEAVING} for row in self.rows)

    @property
    def digest(self) -> str:
        """What tells two plans apart: what was previewed is what must be confirmed."""
        said = [
            [row.sheet.value, row.tab, row.number, row.status.value, row.target_id, row.values]
            + [[each.column, each.before] for each in row.differences]
            for row in self.rows
        ]
        text = json.dumps([said, len(self.faults), self.unanswered], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


_WORD_LISTS = {"sex": "sex", "kind": "kind", "domain": "domain", "standing": "standing"}
CIRCUMSTANCES = ("exempt", "mobile", "lost_contact", "suspended", "in_transit")


def shown(key: str, value: str) -> str:
    """A value of a column as the words we write into cells."""
    if not value:
        return ""
    if key == "full_on" and value == UNKNOWN:
        return word_for("nothing", "not_known")
    if key == "posts_since":
        return _post_days(value)
    if key in _WORD_LISTS:
        return word_for(_WORD_LISTS[key], value)
    if key == "posts":
        return "\u3001".join(word_for("post", each) for each in value.split(","))
    if key in CIRCUMSTANCES:
        # Reasons may be of health: they stay inside the branch and are in no file (docs/promises.md, S15).
        return word_for("holds", "yes")
    if key == "identity":
        return "*" * 14 + value[-4:]
    return value


def _post_days(value: str) -> str:
    """The days of taking up posts: one for all, or one each in the order of the posts; nothing where none is known."""
    found = set(value.split(","))
    if len(found) == 1:
        return found.pop()
    return "\u3001".join(each or word_for("nothing", "not_known") for each in value.split(","))


def differences(kind: SheetKind, before: dict[str, str], after: dict[str, str]) -> tuple[Difference, ...]:
    """The cells of a row in which `after` says something else than `before`, in the order of the columns."""
    return tuple(
        Difference(header, shown(key, before.get(key, "")), shown(key, after[key]))
        for key, header in headers(kind).items()
        if key in after and after[key] != before.get(key, "")
    )
