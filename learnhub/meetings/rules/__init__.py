"""Words and arithmetic of organizational life (docs/counting.md, Meetings)."""

import dataclasses
import datetime as dt
import enum
import hashlib
from collections.abc import Collection

from learnhub.attendance.rules import PRESENT, Outcome, RollMark
from learnhub.core import clock
from learnhub.core.errors import Conflict, DomainError
from learnhub.core.text import N_
from learnhub.members.rules import CircumstanceKind
from learnhub.records.rules import CreditKind


class MeetingKind(enum.Enum):
    """The kinds of meeting; one meeting may be several."""

    THEME_DAY = "theme_day"
    GENERAL = "general"
    COMMITTEE = "committee"
    GROUP = "group"
    LECTURE = "lecture"
    ORGANIZATIONAL_LIFE = "organizational_life"
    APPRAISAL = "appraisal"
    TALK = "talk"


KIND_LABELS = {
    MeetingKind.THEME_DAY: N_("主题党日"),
    MeetingKind.GENERAL: N_("支部党员大会"),
    MeetingKind.COMMITTEE: N_("支部委员会"),
    MeetingKind.GROUP: N_("党小组会"),
    MeetingKind.LECTURE: N_("党课"),
    MeetingKind.ORGANIZATIONAL_LIFE: N_("组织生活会"),
    MeetingKind.APPRAISAL: N_("民主评议党员"),
    MeetingKind.TALK: N_("谈心谈话"),
}
# The order in which the kinds of one meeting are named.
KIND_ORDER = {kind: place for place, kind in enumerate(MeetingKind)}


# How often one account may look for guests of one branch within an hour: more than the guests of a joint meeting.
MOST_SEARCHES = 60

# How many months back a branch's list of missed meetings reaches, the present one among them: longer than the half year
# after which absence has grave consequences (党员教育管理工作条例第三十一条), so that nothing is made up too late unseen.
WORK_LIST_MONTHS = 7


def work_list_since(day: dt.date) -> dt.date:
    """The first day of the months that a branch's list of missed meetings reaches back to on `day`."""
    return clock.first_day(clock.next_month(clock.month_of(day), 1 - WORK_LIST_MONTHS))


class State(enum.Enum):
    """How far a meeting has come."""

    SCHEDULED = "scheduled"
    CALLED = "called"
    FINISHED = "finished"
    CANCELLED = "cancelled"


STATE_LABELS = {
    State.SCHEDULED: N_("已排期"),
    State.CALLED: N_("已点名"),
    State.FINISHED: N_("已记录"),
    State.CANCELLED: N_("已取消"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Minutes:
    """What a record says beyond the roll; `practice_people` is how many took part in the practice."""

    chair: str
    recorder: str = ""
    lesson: str = ""
    lecturer: str = ""
    film: str = ""
    film_source: str = ""
    practice: str = ""
    practice_people: int | None = None
    agenda: str = ""
    decisions: str = ""
    summary: str = ""

    @property
    def mark(self) -> str:
        """Sixteen hex digits that change when any of the words does: what a form says it started from."""
        return hashlib.sha256(repr(dataclasses.astuple(self)).encode()).hexdigest()[:16]


@dataclasses.dataclass(frozen=True, slots=True)
class HabitValue:
    """A fixed day of the month, hour, length in minutes, place and chair: what scheduling starts from."""

    day_of_month: int
    starts: dt.time
    minutes: int
    place: str = ""
    chair: str = ""


# What is proposed to a branch that has not scheduled anything yet; its own habit takes over from the first time.
FIRST_HABIT = HabitValue(day_of_month=25, starts=dt.time(9), minutes=120)


@dataclasses.dataclass(frozen=True, slots=True)
class Owner:
    """Whose calendar link it is: a branch's or a member's, exactly one of them."""

    organization_id: int | None = None
    member_id: int | None = None

    @property
    def subject(self) -> str:
        """The owner in words of the audit trail."""
        return f"organization:{self.organization_id}" if self.organization_id else f"member:{self.member_id}"


class ThemeDayTaken(DomainError):
    """The branch already has a theme day in that month; `meeting_id` is it."""

    def __init__(self, meeting_id: int, *, month: str, day: str, place: str) -> None:
        message = N_("%(month)s 的主题党日已经排好：%(day)s，%(place)s。要改时间请打开它，不能再排一次。")
        super().__init__(message, month=month, day=day, place=place)
        self.meeting_id = meeting_id


class RosterChanged(Conflict):
    """Somebody joined or left the branch's list since the roll was opened; nothing was saved."""

    def __init__(self) -> None:
        super().__init__(N_("这一天的党员名单刚刚有变化，请对照新名单再点一次。"))


class TooManySearches(DomainError):
    """This account looked for guests of the branch too often within the hour; nothing was looked up."""

    status = 429

    def __init__(self) -> None:
        super().__init__(N_("这一小时里找列席党员的次数太多了，请过一小时再找；您点的、写的都还在。"))


class MinutesChanged(Conflict):
    """Another recorder changed the record meanwhile; `theirs` is what it says now."""

    def __init__(self, theirs: Minutes) -> None:
        super().__init__(N_("别的记录人刚刚改过这份记录，和您的不一样。"))
        self.theirs = theirs


def day_in(month: str, day_of_month: int) -> dt.date:
    """The day of `month` with that number, or its last day when it is shorter."""
    return clock.first_day(month).replace(day=min(day_of_month, clock.last_day(month).day))


def credit_kind(kinds: Collection[MeetingKind]) -> CreditKind:
    """What taking part in a meeting of `kinds` is credited as; one meeting is credited once."""
    if MeetingKind.THEME_DAY in kinds:
        return CreditKind.THEME_DAY
    return CreditKind.LECTURE if MeetingKind.LECTURE in kinds else CreditKind.MEETING


def is_committee_only(kinds: Collection[MeetingKind]) -> bool:
    """Whether only the branch committee is expected."""
    return set(kinds) == {MeetingKind.COMMITTEE}


# Of whom nothing is required: the old and infirm (art. 23), and those a branch cannot expect (docs/counting.md,
# Coverage: lost contact and suspended are listed, not due).
# Who has lost contact or whose membership is suspended is listed in the roster, and expected nowhere.
NEVER_EXPECTED = frozenset({CircumstanceKind.LOST_CONTACT, CircumstanceKind.SUSPENDED})


def is_expected(circumstances: Collection[CircumstanceKind]) -> bool:
    """Whether a member in these circumstances is expected at the branch's meetings."""
    return NEVER_EXPECTED.isdisjoint(circumstances)


def default_mark(circumstances: Collection[CircumstanceKind]) -> RollMark:
    """What a roll proposes for a member: present, unless nothing is required of them (条例第二十三条)."""
    return RollMark(Outcome.EXEMPT) if CircumstanceKind.EXEMPT in circumstances else PRESENT


def is_late(month: str, day: dt.date, finished_on: dt.date) -> bool:
    """Whether a record is a late entry (补录): finished after its month, and after the day itself."""
    return finished_on > max(clock.last_day(month), day)


def proposals(month: str, habit: HabitValue, today: dt.date) -> tuple[dt.datetime, ...]:
    """The beginnings to choose from, as local times without zone: the fixed day, and today once that has passed."""
    fixed = day_in(month, habit.day_of_month)
    days = [fixed, today] if clock.month_of(today) == month and fixed < today else [fixed]
    return tuple(dt.datetime.combine(day, habit.starts) for day in days)


def calendar_days(month: str) -> tuple[dt.date, ...]:
    """The days of whole weeks, Monday to Sunday, that cover `month`."""
    first, last = clock.first_day(month), clock.last_day(month)
    start = first - dt.timedelta(days=first.weekday())
    count = (last - start).days + 7 - last.weekday()
    return tuple(start + dt.timedelta(days=number) for number in range(count))
