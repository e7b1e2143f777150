"""Words of the record book. Credit hours (学时) are kept in quarter hours, never as floats, never as time spent."""

import dataclasses
import datetime as dt
import enum

from learnhub.core.text import N_, normalize


class CreditKind(enum.Enum):
    """What a credit was given for."""

    TRAINING = "training"
    THEME_DAY = "theme_day"
    LECTURE = "lecture"
    MEETING = "meeting"
    MAKE_UP = "make_up"
    HOME_DELIVERED = "home_delivered"
    HIGHER_LEVEL = "higher_level"


CREDIT_LABELS = {
    CreditKind.TRAINING: N_("集中轮训"),
    CreditKind.THEME_DAY: N_("主题党日"),
    CreditKind.LECTURE: N_("党课"),
    CreditKind.MEETING: N_("组织生活"),
    CreditKind.MAKE_UP: N_("补课"),
    CreditKind.HOME_DELIVERED: N_("送学上门"),
    CreditKind.HIGHER_LEVEL: N_("上级调训"),
}


# What one unit of a kind is, for which a rule says how many hours it is worth.
UNIT_LABELS = {
    CreditKind.TRAINING: N_("半天"),
    CreditKind.THEME_DAY: N_("一次"),
    CreditKind.LECTURE: N_("一次"),
    CreditKind.MEETING: N_("一次"),
    CreditKind.MAKE_UP: N_("一次"),
    CreditKind.HOME_DELIVERED: N_("一次"),
    CreditKind.HIGHER_LEVEL: N_("一天"),
}
# Kinds that a branch itself registers; its recorder corrects their hours, the others are the level above's.
BRANCH_KINDS = frozenset(CreditKind) - {CreditKind.TRAINING, CreditKind.HIGHER_LEVEL}


class CompletionWay(enum.Enum):
    """How somebody came to be covered (docs/counting.md, Coverage)."""

    CENTRALIZED = "centralized"
    RECEIVING_PLACE = "receiving_place"
    HOME_DELIVERED = "home_delivered"
    MAKE_UP = "make_up"
    HIGHER_LEVEL = "higher_level"


WAY_LABELS = {
    CompletionWay.CENTRALIZED: N_("集中"),
    CompletionWay.RECEIVING_PLACE: N_("流入地"),
    CompletionWay.HOME_DELIVERED: N_("送学上门"),
    CompletionWay.MAKE_UP: N_("补训"),
    CompletionWay.HIGHER_LEVEL: N_("上级调训"),
}


# `YearlyNeed.post`: the figure for every member, and the one for members of a branch committee.
ANY_POST = "any"
COMMITTEE_POST = "committee"
POST_LABELS = {ANY_POST: N_("全体党员"), COMMITTEE_POST: N_("书记和支部委员")}
# No rule gives more for one unit, and no year has more: 1 000 hours, a bound against slips of the hand.
MOST_QUARTERS = 4000


@dataclasses.dataclass(frozen=True, slots=True)
class NewCredit:
    """Credit hours to be registered: `quarters` (quarter hours) of `kind` on the civil `day`, from `source`."""

    member_id: int
    kind: CreditKind
    quarters: int
    day: dt.date
    title: str
    source: str
    basis: str


@dataclasses.dataclass(frozen=True, slots=True)
class NewCompletion:
    """A completion to be registered: `subject` (`task:3`) by `way`, proved by `source` (`batch:12`)."""

    member_id: int
    subject: str
    source: str
    way: CompletionWay
    completed_on: dt.date
    title: str


def task_subject(task_id: int) -> str:
    """How the record book names a training task."""
    return f"task:{task_id}"


def batch_source(batch_id: int) -> str:
    """How the record book names the batch that proves a completion."""
    return f"batch:{batch_id}"


# Thirty-two characters that nobody takes for another: without I, L, O and U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_TAKEN_FOR = str.maketrans("ILOU", "110V")
# Eleven characters at random (2 to the power of 55 codes), and one that checks them.
CODE_LENGTH = 12
_GROUP = 4


def check_character(body: str) -> str:
    """The character that checks `body`: a polynomial over the field of 32 elements.

    Any one wrong character and any two neighbours exchanged make it differ.
    """
    total = 0
    for character in body:
        total = _times_x(total ^ ALPHABET.index(character))
    return ALPHABET[total]


def _times_x(value: int) -> int:
    """`value` times x, modulo x^5 + x^2 + 1."""
    doubled = value << 1
    return doubled ^ 0b100101 if doubled & 0b100000 else doubled


def read_code(typed: str) -> str | None:
    """The code that somebody typed, however they grouped it and whatever they took for what; None when it is none."""
    plain = normalize("NFKC", typed[:100]).upper().translate(_TAKEN_FOR)
    code = "".join(character for character in plain if character.isalnum())
    if len(code) != CODE_LENGTH or not set(code) <= set(ALPHABET):
        return None
    return code if check_character(code[:-1]) == code[-1] else None


def grouped(code: str) -> str:
    """A code in groups of four, for reading aloud."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


# Codes not found that one address may ask for within so many minutes; a slip of the hand never meets it.
MISSES = 20
MISS_MINUTES = 60


@dataclasses.dataclass(frozen=True, slots=True)
class NewCertificate:
    """What a certificate is made from, besides the person: `quarters` are quarter hours; `batch` may be empty."""

    completion_id: int
    member_id: int
    task: str
    organizer: str
    batch: str
    starts_on: dt.date
    ends_on: dt.date
    quarters: int
    way: CompletionWay
    issuer: str


@dataclasses.dataclass(frozen=True, slots=True)
class Paper:
    """What stands on a certificate: an immutable snapshot. `birth_year` is None where it was not wanted."""

    name: str
    birth_year: int | None
    task: str
    organizer: str
    batch: str
    starts_on: dt.date
    ends_on: dt.date
    quarters: int
    way: CompletionWay
    issued_on: dt.date
    issuer: str

    def to_json(self) -> dict[str, str | int | None]:
        """As plain values for a JSON column."""
        return {
            **dataclasses.asdict(self),
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "issued_on": self.issued_on.isoformat(),
            "way": self.way.value,
        }


class CertificateState(enum.Enum):
    """Whether a certificate still holds."""

    VALID = "valid"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class Answer(enum.Enum):
    """How an objection was answered."""

    EXPLAINED = "explained"
    CORRECTED = "corrected"
    PASSED_ON = "passed_on"


ANSWER_LABELS = {
    Answer.EXPLAINED: N_("记录没有错，说明情况"),
    Answer.CORRECTED: N_("记录不对，已经更正"),
    Answer.PASSED_ON: N_("不归本支部登记，转给上级答复"),
}


class Change(enum.Enum):
    """What an answer changes in the record book itself."""

    NONE = "none"
    HOURS = "hours"
    WITHDRAW = "withdraw"


class ObjectionState(enum.Enum):
    """Where an objection stands; derived, never stored."""

    WAITING = "waiting"
    OVERDUE = "overdue"
    EXPLAINED = "explained"
    CORRECTED = "corrected"
    PASSED_ON = "passed_on"


STATE_LABELS = {
    ObjectionState.WAITING: N_("等待答复"),
    ObjectionState.OVERDUE: N_("过了答复期限，仍在等待"),
    ObjectionState.EXPLAINED: N_("已说明"),
    ObjectionState.CORRECTED: N_("已更正"),
    ObjectionState.PASSED_ON: N_("已转上级"),
}
# The subject of an objection to something that is not on file at all.
MISSING = "missing"


@dataclasses.dataclass(frozen=True, slots=True)
class Correction:
    """What an answer corrects: nothing, the hours of a credit (`quarters`), or the whole entry, which is withdrawn."""

    change: Change = Change.NONE
    quarters: int = 0
