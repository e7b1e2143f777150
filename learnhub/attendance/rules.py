"""Words and arithmetic of the roll (forms.md, Meetings): one outcome per member and occasion; a follow-up is a separate fact."""

import dataclasses
import enum
from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from learnhub.core.errors import Conflict, DomainError
from learnhub.core.text import N_, whole_number
from learnhub.records.rules import CreditKind


class Outcome(enum.Enum):
    """How a member met an occasion (出席、线上出席、在流入地参加、请假、缺席、不作硬性要求、列席)."""

    PRESENT = "present"
    ONLINE = "online"
    RECEIVING_PLACE = "receiving_place"
    LEAVE = "leave"
    ABSENT = "absent"
    EXEMPT = "exempt"
    NON_VOTING = "non_voting"


# Outcomes that count as having taken part, and so are credited.
ATTENDED = frozenset({Outcome.PRESENT, Outcome.ONLINE, Outcome.RECEIVING_PLACE, Outcome.NON_VOTING})
# Outcomes of those who were expected and came, wherever they came to.
CAME = ATTENDED - {Outcome.NON_VOTING}


class LeaveReason(enum.Enum):
    """Why somebody is on leave; treated as health data, shown to the member's own branch only."""

    SICK = "sick"
    PERSONAL = "personal"
    OFFICIAL = "official"
    MATERNITY = "maternity"
    OTHER = "other"


class FollowUpKind(enum.Enum):
    """How somebody who missed an occasion made up for it."""

    GROUP_MAKE_UP = "group_make_up"
    SELF_STUDY = "self_study"
    ONE_TO_ONE = "one_to_one"
    HOME_VISIT = "home_visit"


OUTCOME_LABELS = {
    Outcome.PRESENT: N_("出席"),
    Outcome.ONLINE: N_("线上出席"),
    Outcome.RECEIVING_PLACE: N_("在流入地参加"),
    Outcome.LEAVE: N_("请假"),
    Outcome.ABSENT: N_("缺席"),
    Outcome.EXEMPT: N_("不作硬性要求"),
    Outcome.NON_VOTING: N_("列席"),
}
LEAVE_LABELS = {
    LeaveReason.SICK: N_("病假"),
    LeaveReason.PERSONAL: N_("事假"),
    LeaveReason.OFFICIAL: N_("公务"),
    LeaveReason.MATERNITY: N_("产育"),
    LeaveReason.OTHER: N_("其他"),
}
FOLLOW_UP_LABELS = {
    FollowUpKind.GROUP_MAKE_UP: N_("集中补课"),
    FollowUpKind.SELF_STUDY: N_("自学补课"),
    FollowUpKind.ONE_TO_ONE: N_("一对一补课"),
    FollowUpKind.HOME_VISIT: N_("送学上门"),
}
# What each follow-up is credited as.
FOLLOW_UP_CREDIT = {
    kind: CreditKind.HOME_DELIVERED if kind is FollowUpKind.HOME_VISIT else CreditKind.MAKE_UP for kind in FollowUpKind
}


@dataclasses.dataclass(frozen=True, slots=True)
class RollMark:
    """One member's outcome; `leave_reason` exactly with LEAVE, `reason` are words beside it where there are any."""

    outcome: Outcome
    leave_reason: LeaveReason | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        if (self.outcome is Outcome.LEAVE) != (self.leave_reason is not None):
            raise DomainError(N_("请假要选一个原因；没有请假的不填原因。"))

    @classmethod
    def from_code(cls, code: str) -> "RollMark | None":
        """The mark that a form sends as `absent` or `leave:sick`, or None when there is no such one."""
        outcome, _, reason = code.partition(":")
        try:
            return cls(Outcome(outcome), LeaveReason(reason) if reason else None)
        except (ValueError, DomainError):
            return None

    @property
    def code(self) -> str:
        """What a form sends for this mark."""
        return f"{self.outcome.value}:{self.leave_reason.value}" if self.leave_reason else self.outcome.value

    @property
    def label(self) -> str:
        """The mark in words, a message id."""
        return LEAVE_LABELS[self.leave_reason] if self.leave_reason else OUTCOME_LABELS[self.outcome]

    @property
    def attended(self) -> bool:
        """Whether the member took part, and so is credited."""
        return self.outcome in ATTENDED


PRESENT = RollMark(Outcome.PRESENT)
# What a recorder chooses from for somebody who is not in the room, in the order of the chips, in as few words as fit.
NOT_HERE = {
    **{RollMark(Outcome.LEAVE, reason): words for reason, words in LEAVE_LABELS.items()},
    RollMark(Outcome.ONLINE): N_("线上"),
    RollMark(Outcome.RECEIVING_PLACE): N_("流入地"),
    RollMark(Outcome.ABSENT): N_("未请假"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class RollSaved:
    """The version a roll has after it was saved; the next saving names it as its base."""

    version: int


class RollChanged(Conflict):
    """Another recorder saved a different roll meanwhile; `roll` and `version` are theirs."""

    def __init__(self, roll: Mapping[int, RollMark], version: int) -> None:
        super().__init__(N_("别的记录人刚刚保存过点名，和您的不一样。"))
        self.roll = dict(roll)
        self.version = version


@dataclasses.dataclass(frozen=True, slots=True)
class Tally:
    """Heads by outcome. `expected` = `present` + `leave` + `absent`; exempt and non-voting ones stand beside it."""

    expected: int = 0
    present: int = 0
    leave: int = 0
    absent: int = 0
    exempt: int = 0
    non_voting: int = 0


def tally(outcomes: Iterable[Outcome]) -> Tally:
    """Count `outcomes` (应到、实到、请假、缺席、不作硬性要求、列席)."""
    heads = list(outcomes)
    present = sum(each in CAME for each in heads)
    leave, absent = heads.count(Outcome.LEAVE), heads.count(Outcome.ABSENT)
    return Tally(
        expected=present + leave + absent,
        present=present,
        leave=leave,
        absent=absent,
        exempt=heads.count(Outcome.EXEMPT),
        non_voting=heads.count(Outcome.NON_VOTING),
    )


def whole_roll(expected: Iterable[int], marks: Mapping[int, RollMark]) -> dict[int, RollMark]:
    """The roll of exactly the `expected` members (ids): each as marked, unmarked ones present.

    Somebody who is not expected can only be marked as non-voting (列席); any other mark raises DomainError.
    """
    roll = {member: marks.get(member, PRESENT) for member in expected}
    for member, mark in marks.items():
        if member not in roll:
            if mark.outcome is not Outcome.NON_VOTING:
                raise DomainError(N_("名单里有人在那一天不属于这里，请刷新后再点一次名。"))
            roll[member] = mark
    return roll


def lists_exactly(roll: Mapping[int, RollMark], expected: Collection[int]) -> bool:
    """Whether `roll` lists all of `expected` (ids) and beyond them only non-voting ones."""
    beyond = roll.keys() - set(expected)
    return set(expected) <= roll.keys() and all(roll[member].outcome is Outcome.NON_VOTING for member in beyond)


class RollFields(Protocol):
    """The fields of a sent form, each name with one or several values."""

    def get(self, name: str, default: str) -> str:
        """The first value of `name`."""

    def getlist(self, name: str) -> list[str]:
        """Every value of `name`."""


@dataclasses.dataclass(frozen=True, slots=True)
class SentRoll:
    """The marks of a sent roll: who was `shown`, how each is marked, and who is missing without a reason."""

    shown: tuple[int, ...]
    marks: Mapping[int, RollMark]
    unanswered: tuple[int, ...]

    def mark_of(self, member_id: int, otherwise: RollMark) -> RollMark | None:
        """The mark to show again: as sent (None when a reason is still asked for), `otherwise` for who was not shown."""
        return self.marks.get(member_id) if member_id in self.shown else otherwise


@dataclasses.dataclass(frozen=True, slots=True)
class RollPerson:
    """Somebody on a roll: who, what tells namesakes apart, and the mark shown before anything was sent."""

    id: int
    name: str
    about: str
    proposed: RollMark


@dataclasses.dataclass(frozen=True, slots=True)
class RollRow:
    """One row of a roll on the screen: the mark shown (None: a reason is asked for), and what another recorder noted."""

    person: RollPerson
    mark: RollMark | None
    theirs: RollMark | None

    @property
    def differs(self) -> bool:
        """Whether another recorder noted something else."""
        return self.theirs is not None and self.theirs != self.mark

    @property
    def reasons(self) -> Mapping[RollMark, str]:
        """The reasons to choose from."""
        exempt = RollMark(Outcome.EXEMPT)
        return {**NOT_HERE, exempt: N_("不作要求")} if exempt in (self.person.proposed, self.mark) else NOT_HERE


@dataclasses.dataclass(frozen=True, slots=True)
class RollPage:
    """A roll on the screen; `changed` when another recorder saved a different one meanwhile."""

    rows: tuple[RollRow, ...]
    base_version: int
    changed: RollChanged | None

    @property
    def here(self) -> int:
        """How many are shown as present."""
        return sum(row.mark == PRESENT for row in self.rows)

    @property
    def unanswered(self) -> list[RollRow]:
        """The rows that wait for a reason."""
        return [row for row in self.rows if row.mark is None]


def sent_roll(fields: RollFields) -> SentRoll:
    """Read the rows of a roll: `member` for each one shown, `here` for each ticked, `why-<id>` for the others."""
    shown = tuple(id for each in fields.getlist("member") if (id := whole_number(each)) is not None)
    here = set(fields.getlist("here"))
    marks, unanswered = {}, []
    for member in shown:
        mark = PRESENT if str(member) in here else RollMark.from_code(fields.get(f"why-{member}", ""))
        if mark is None:
            unanswered.append(member)
        else:
            marks[member] = mark
    return SentRoll(shown, marks, tuple(unanswered))


def roll_page(
    people: Iterable[RollPerson],
    *,
    version: int,
    started: int | None,
    sent: SentRoll | None,
    changed: RollChanged | None,
) -> RollPage:
    """Everybody marked as sent, else as proposed; beside it what another recorder noted.

    The form goes on from `version`, the one that stands, when nothing was sent; after somebody else's saving from
    theirs, so that pressing again confirms; otherwise from where it `started`, so that a stale page is still found out.
    """
    theirs = changed.roll if changed else {}
    rows = tuple(
        RollRow(each, sent.mark_of(each.id, each.proposed) if sent else each.proposed, theirs.get(each.id))
        for each in people
    )
    went_on = version if sent is None or started is None else started
    return RollPage(rows, changed.version if changed else went_on, changed)
