"""Study elsewhere that counts for a task: what it was recognised on, its hours by year, and its list as a file.

Pure: who somebody is, and what is on file already, is asked in `queries.recognition`.
"""

import dataclasses
import datetime as dt
import enum
from collections.abc import Collection, Iterable

from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.members.rules import CircumstanceKind
from learnhub.records.rules import CompletionWay, CreditKind

_W = CompletionWay
# The ways that are recognised rather than held here, and what their hours are called in the record book.
WAYS = (_W.HIGHER_LEVEL, _W.HOME_DELIVERED, _W.RECEIVING_PLACE)
CREDITED_AS = {
    _W.HIGHER_LEVEL: CreditKind.HIGHER_LEVEL,
    _W.HOME_DELIVERED: CreditKind.HOME_DELIVERED,
    _W.RECEIVING_PLACE: CreditKind.TRAINING,
}
# A class of ten hours a day is long; a year of them is a slip of the hand.
MOST_QUARTERS, LONGEST_DAYS = 4000, 366


class EvidenceClass(enum.Enum):
    """What study elsewhere was recognised on."""

    CERTIFICATE = "certificate"
    LIST = "list"
    VISIT = "visit"
    STATEMENT = "statement"


EVIDENCE_LABELS = {
    EvidenceClass.CERTIFICATE: N_("看过结业证书"),
    EvidenceClass.LIST: N_("办班单位的名单或者通知"),
    EvidenceClass.VISIT: N_("送学登记表"),
    EvidenceClass.STATEMENT: N_("本人说明，附函件"),
}
EVIDENCE_HINTS = {
    EvidenceClass.CERTIFICATE: N_("登记的人看到了证书原件或者照片。"),
    EvidenceClass.LIST: N_("上级党组织、流入地党组织来的结业名单、调训通知或者函。"),
    EvidenceClass.VISIT: N_("送学的人和党员本人签过字的登记表。"),
    EvidenceClass.STATEMENT: N_("只有本人说明，另有一份函件佐证；以后拿到证书再更正。"),
}
# What a branch says on this alone waits for the organizer's yes.
WEAKEST = EvidenceClass.STATEMENT
# The circumstance that a way asks for on the day: home study for the old, ill and disabled (条例第二十三条), study at
# the place of residence for who is mobile (条例第三十二条至第三十四条).
_FITTING = {_W.HOME_DELIVERED: CircumstanceKind.EXEMPT, _W.RECEIVING_PLACE: CircumstanceKind.MOBILE}
_UNFIT = {
    _W.HOME_DELIVERED: N_(
        "%(name)s在 %(day)s 不是“不作硬性要求”的党员（年老体弱、病、残），不按送学上门认定。情况有变化的，先在名册里登记。"
    ),
    _W.RECEIVING_PLACE: N_("%(name)s在 %(day)s 不是流动党员，不按流入地参加认定。情况有变化的，先在名册里登记。"),
}


def check_fit(way: CompletionWay, name: str, day: dt.date, circumstances: Collection[CircumstanceKind]) -> None:
    """Raise DomainError when `way` does not fit a member who was in these `circumstances` on `day`."""
    if way in _FITTING and _FITTING[way] not in circumstances:
        raise DomainError(_UNFIT[way], field="way", name=name, day=day.isoformat())


def must_fit(way: CompletionWay) -> bool:
    """Whether `way` is for members in certain circumstances only."""
    return way in _FITTING


@dataclasses.dataclass(frozen=True, slots=True)
class Studied:
    """An approved study elsewhere, for adding up: its id, how, what, until when, and its quarter hours."""

    id: int
    way: CompletionWay
    title: str
    ends_on: dt.date
    quarters: int


def completing(studies: Iterable[Studied], needed: int) -> tuple[Studied, ...]:
    """Those of one member's `studies` with which the hours `needed` (quarter hours) are reached, by their days.

    Hours add up until they reach the task's; what comes after is another person-time.
    """
    reached, so_far = [], 0
    for each in sorted(studies, key=lambda study: (study.ends_on, study.id)):
        so_far += each.quarters
        if so_far >= needed:
            reached.append(each)
            so_far = 0
    return tuple(reached)


@dataclasses.dataclass(frozen=True, slots=True)
class NewRecognition:
    """Study elsewhere to be recognised. `quarters` are quarter hours; the days are civil, both included."""

    member_id: int
    way: CompletionWay
    title: str
    organizer: str
    starts_on: dt.date
    ends_on: dt.date
    quarters: int
    evidence: EvidenceClass
    reference: str

    def check(self, today: dt.date) -> None:
        """Raise DomainError, naming the field, for what cannot be recognised."""
        for name, text in (("title", self.title), ("organizer", self.organizer), ("reference", self.reference)):
            if not text.strip():
                raise DomainError(N_("这一项不能空着。"), field=name)
        if self.way not in WAYS:
            raise DomainError(N_("这种方式不在这里认定。"), field="way")
        if self.ends_on < self.starts_on:
            raise DomainError(N_("结束日期不能早于开始日期。"), field="ends_on")
        if self.ends_on > today:
            raise DomainError(N_("学完以后才能认定，结束日期不能晚于今天。"), field="ends_on")
        if (self.ends_on - self.starts_on).days >= LONGEST_DAYS:
            raise DomainError(N_("一个班最长一年，请检查日期。"), field="starts_on")
        if not 0 < self.quarters <= MOST_QUARTERS:
            raise DomainError(N_("学时要大于 0，不超过 1000。"), field="hours")

    @property
    def identity(self) -> tuple[int, str, dt.date, dt.date]:
        """What makes it the same study: the member, the class and its days."""
        return self.member_id, self.title, self.starts_on, self.ends_on


def yearly(starts_on: dt.date, ends_on: dt.date, quarters: int) -> tuple[tuple[dt.date, int], ...]:
    """The hours of a class by calendar year: (last day of its part, quarter hours), in proportion to the days.

    What a division leaves over belongs to the last year, so the parts always sum to `quarters`.
    """
    days = (ends_on - starts_on).days + 1
    parts, left = [], quarters
    for year in range(starts_on.year, ends_on.year):
        last = dt.date(year, 12, 31)
        part = quarters * ((last - max(starts_on, dt.date(year, 1, 1))).days + 1) // days
        parts.append((last, part))
        left -= part
    return tuple(each for each in (*parts, (ends_on, left)) if each[1])


def recognition_source(recognition_id: int) -> str:
    """How the record book names the recognition that proves a completion."""
    return f"recognition:{recognition_id}"
