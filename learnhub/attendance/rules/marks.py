"""Words and arithmetic of the roll (docs/counting.md, Rolls and hours): one outcome per member and occasion; a follow-up is a separate fact."""

import dataclasses
import enum
from collections.abc import Collection, Iterable, Mapping

from learnhub.core.errors import Conflict, DomainError
from learnhub.core.text import N_
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
    """The version a roll has after it was saved; the next saving names it as its base.

    `adopted` are the members whose marks another recorder saved meanwhile and which stand beside the ones just sent;
    `to_finish` tells that the occasion has ended and its record waits to be finished.
    """

    version: int
    adopted: frozenset[int] = frozenset()
    to_finish: bool = False


class RollChanged(Conflict):
    """Another recorder saved a different roll meanwhile; `roll` and `version` are theirs.

    `merged` is the union of both where they do not contradict each other, and `conflicts` are the members about whom
    they do: the recorder decides about these.
    """

    def __init__(
        self,
        roll: Mapping[int, RollMark],
        version: int,
        merged: Mapping[int, RollMark] | None = None,
        conflicts: Collection[int] | None = None,
    ) -> None:
        super().__init__(N_("别的记录人刚刚保存过点名，和您的不一样。"))
        self.roll = dict(roll)
        self.version = version
        self.merged = dict(merged or {})
        self.conflicts = None if conflicts is None else frozenset(conflicts)


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


class StrangerOnRoll(DomainError):
    """Somebody is to sit in whom this recorder did not find by name, and who does not stand on the roll."""

    def __init__(self) -> None:
        super().__init__(N_("列席的党员里有人不是在这里按姓名找到的，没有列出，也没有保存。请按姓名找到以后再选。"))


def whole_roll(
    expected: Iterable[int], marks: Mapping[int, RollMark], guests: Collection[int] = ()
) -> dict[int, RollMark]:
    """The roll of exactly the `expected` members (ids): each as marked, unmarked ones present.

    Somebody who is not expected can only be marked as non-voting (列席); any other mark raises DomainError. Who sits in
    must be one of `guests`, else StrangerOnRoll is raised.
    """
    roll = {member: marks.get(member, PRESENT) for member in expected}
    for member, mark in marks.items():
        if member not in roll:
            if mark.outcome is not Outcome.NON_VOTING:
                raise DomainError(N_("名单里有人在那一天不属于这里，请刷新后再点一次名。"))
            if member not in guests:
                raise StrangerOnRoll
            roll[member] = mark
    return roll


@dataclasses.dataclass(frozen=True, slots=True)
class Merged:
    """Two rolls that began from one: the union, whom it took from the other recorder, and who contradicts."""

    roll: Mapping[int, RollMark]
    adopted: frozenset[int]
    conflicts: frozenset[int]


def merge(base: Mapping[int, RollMark], mine: Mapping[int, RollMark], theirs: Mapping[int, RollMark]) -> Merged:
    """The union of two recorders' changes to `base`. About whom both changed something different, nobody decides here.

    Whoever is missing from one of the three was not on that roll: a guest whom only one recorder added stays.
    """
    roll, adopted, conflicts = dict[int, RollMark](), set[int](), set[int]()
    for member in dict.fromkeys([*mine, *theirs]):
        ours, other, before = mine.get(member), theirs.get(member), base.get(member)
        if ours != other and ours == before:
            adopted.add(member)
            ours = other
        elif other not in (ours, before):
            conflicts.add(member)
            ours = ours or other
        if ours is not None:
            roll[member] = ours
    return Merged(roll, frozenset(adopted), frozenset(conflicts))


def lists_exactly(roll: Mapping[int, RollMark], expected: Collection[int]) -> bool:
    """Whether `roll` lists all of `expected` (ids) and beyond them only non-voting ones."""
    beyond = roll.keys() - set(expected)
    return set(expected) <= roll.keys() and all(roll[member].outcome is Outcome.NON_VOTING for member in beyond)
