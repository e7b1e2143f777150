"""One branch's year as rows: its meetings with rolls, make-ups and home visits, and what members are credited."""

import dataclasses
import datetime as dt
import random
from typing import NamedTuple

from learnhub.attendance.rules import FOLLOW_UP_CREDIT, FollowUpKind, Outcome
from learnhub.core import clock
from learnhub.demo.rules import words
from learnhub.demo.rules.agenda import Plan
from learnhub.demo.rules.decisions import DecisionReportRow, FollowedUp
from learnhub.demo.rules.hours import HourRules
from learnhub.demo.rules.marks import TABLE_SIZE, TABLES
from learnhub.demo.rules.roster import Belonging
from learnhub.demo.rules.rows import (
    AttendanceRow,
    CreditRow,
    FollowUpRow,
    HabitRow,
    MeetingKindRow,
    MeetingRow,
    OccasionRow,
)
from learnhub.meetings.rules import NEVER_EXPECTED, MeetingKind, credit_kind, is_committee_only, is_late
from learnhub.meetings.rules.decisions import Decision
from learnhub.members.rules import CircumstanceKind

_EVENING, _AFTERNOON = dt.time(20, 30), dt.time(17, 0)
_MAKE_UPS = (FollowUpKind.GROUP_MAKE_UP, FollowUpKind.SELF_STUDY, FollowUpKind.ONE_TO_ONE)
# Kinds after which a branch makes up for those who missed it.
_MADE_UP = frozenset({MeetingKind.THEME_DAY, MeetingKind.LECTURE})


class Branch(NamedTuple):
    """A branch as its diary needs it; `account_id` is who notes things there (0 for the system)."""

    id: int
    people: tuple[Belonging, ...]
    committee: tuple[Belonging, ...]
    habit: HabitRow
    chair_id: int
    recorder: str
    account_id: int


@dataclasses.dataclass(frozen=True, slots=True)
class Records:
    """Rows of one branch, or of one batch, ready to be written."""

    occasions: list[OccasionRow] = dataclasses.field(default_factory=list)
    meetings: list[MeetingRow] = dataclasses.field(default_factory=list)
    kinds: list[MeetingKindRow] = dataclasses.field(default_factory=list)
    told: list[DecisionReportRow] = dataclasses.field(default_factory=list)
    attendance: list[AttendanceRow] = dataclasses.field(default_factory=list)
    follow_ups: list[FollowUpRow] = dataclasses.field(default_factory=list)
    credits: list[CreditRow] = dataclasses.field(default_factory=list)


class Diary:
    """Holds one plan after another and collects the rows in `records`. Whatever lies before `today` has been held."""

    def __init__(self, rng: random.Random, branch: Branch, hours: HourRules, today: dt.date) -> None:
        self.records = Records()
        self._rng = rng
        self._branch = branch
        self._hours = hours
        self._today = today
        self._followed_up = FollowedUp(branch.id)

    def hold(self, plan: Plan, occasion_id: int, meeting_id: int) -> None:
        """Note the meeting: with roll, follow-ups and credits when its day is past, else as scheduled."""
        held = plan.day < self._today
        starts = clock.instant(plan.day, plan.starts)
        kind = credit_kind(plan.kinds)
        quarters, basis = self._hours.on(kind, plan.day)
        finished_on = self._finished_on(plan) if held else None
        occasion = OccasionRow(
            id=occasion_id,
            organization_id=self._branch.id,
            title=plan.theme,
            place=self._branch.habit.place,
            starts_at=starts,
            ends_at=starts + dt.timedelta(minutes=plan.minutes),
            day=plan.day,
            credit_kind=kind,
            quarters=quarters,
            basis=basis,
            roll_version=int(held),
            finished_at=clock.instant(finished_on, _EVENING) if finished_on else None,
            finished_by=self._branch.account_id if finished_on else None,
        )
        self.records.occasions.append(occasion)
        came = self._call_roll(plan, occasion) if held else 0
        meeting = self._meeting(plan, occasion, meeting_id, finished_on, came)
        self.records.meetings.append(meeting)
        if occasion.finished_at:
            told = self._followed_up.tell(meeting_id, plan.day, occasion.finished_at, self._branch.account_id)
            self.records.told.extend(told)
            self._followed_up.decide(Decision(meeting_id, plan.day, meeting.decisions))
        self.records.kinds.extend(MeetingKindRow(meeting_id, each) for each in MeetingKind if each in plan.kinds)

    def _finished_on(self, plan: Plan) -> dt.date:
        """Mostly the same day; now and then some days later, rarely only after the month."""
        chance = self._rng.random()
        day = plan.day
        if chance < 0.02:
            day = clock.last_day(plan.month) + dt.timedelta(days=self._rng.randint(2, 8))
        elif chance < 0.14:
            day += dt.timedelta(days=self._rng.randint(1, 3))
        return max(plan.day, min(day, self._today - dt.timedelta(days=1)))

    def _call_roll(self, plan: Plan, occasion: OccasionRow) -> int:
        """Everybody who belonged here on the day; returns how many came in person."""
        people = self._branch.committee if is_committee_only(plan.kinds) else self._branch.people
        followed = not plan.kinds.isdisjoint(_MADE_UP)
        records, rng, number, day, at, by = (
            self.records,
            self._rng,
            occasion.id,
            plan.day,
            occasion.ends_at,
            self._branch.account_id,
        )
        came = 0
        for member_id, since, until, circumstance, circumstance_since in people:
            if not since <= day < until:
                continue
            life = circumstance if circumstance_since <= day else None
            if life in NEVER_EXPECTED:
                continue
            mark = TABLES[life][int(rng.random() * TABLE_SIZE)]
            words_beside = rng.choice(words.LEAVE_WORDS[mark.reason.value]) if mark.reason else ""
            records.attendance.append(AttendanceRow(number, member_id, mark.outcome, mark.reason, words_beside, at, by))
            if mark.attended:
                came += mark.outcome is Outcome.PRESENT
                self._credit(occasion, member_id)
            elif followed:
                self._follow_up(plan, occasion, member_id, life)
        return came

    def _credit(self, occasion: OccasionRow, member_id: int, fact: FollowUpRow | None = None) -> None:
        """What a finished occasion gives, or a follow-up instead of it: the same words as `attendance.service` writes."""
        kind, quarters, basis, day = occasion.credit_kind, occasion.quarters, occasion.basis, occasion.day
        at = occasion.finished_at or occasion.ends_at
        if fact:
            kind, day, at = FOLLOW_UP_CREDIT[fact.kind], fact.day, max(at, fact.noted_at)
            rule = self._hours.on(kind, day)
            quarters, basis = rule if rule[0] else (quarters, basis)
        if quarters:
            source = f"occasion:{occasion.id}"
            self.records.credits.append(
                CreditRow(member_id, kind, quarters, day, occasion.title, source, basis, at, self._branch.account_id)
            )

    def _follow_up(self, plan: Plan, occasion: OccasionRow, member_id: int, life: CircumstanceKind | None) -> None:
        day = plan.day + dt.timedelta(days=self._rng.randint(1, 9))
        if day >= self._today:
            return
        home = life is CircumstanceKind.EXEMPT
        if self._rng.random() >= (0.35 if home else 0.45):
            return
        kind = FollowUpKind.HOME_VISIT if home else self._rng.choice(_MAKE_UPS)
        visitor = self._branch.recorder if member_id == self._branch.chair_id else self._branch.habit.chair
        fact = FollowUpRow(
            occasion.id,
            member_id,
            kind,
            day,
            "" if kind is FollowUpKind.SELF_STUDY else visitor,
            self._rng.choice(words.FOLLOW_UP_WORDS),
            clock.instant(day, _AFTERNOON),
            self._branch.account_id,
        )
        self.records.follow_ups.append(fact)
        self._credit(occasion, member_id, fact)

    def _meeting(
        self, plan: Plan, occasion: OccasionRow, meeting_id: int, finished_on: dt.date | None, came: int
    ) -> MeetingRow:
        habit, pack = self._branch.habit, plan.pack
        late = finished_on is not None and is_late(plan.month, plan.day, finished_on)
        ahead = min(plan.day, self._today) - dt.timedelta(days=self._rng.randint(3, 9))
        return MeetingRow(
            id=meeting_id,
            organization_id=self._branch.id,
            occasion_id=occasion.id,
            month=plan.month,
            theme_day_of=plan.month if MeetingKind.THEME_DAY in plan.kinds else None,
            theme=plan.theme,
            chair=habit.chair,
            recorder=self._branch.recorder,
            lesson=plan.lesson,
            lecturer=habit.chair if plan.lesson else "",
            film=pack.film if pack else "",
            film_source=pack.film_source if pack else "",
            practice=pack.practice if pack else "",
            practice_people=max(0, came - self._rng.randint(0, 3)) if pack and finished_on else None,
            agenda="" if pack else f"{plan.theme}\n{words.LAST_ITEM}",
            decisions=self._rng.choice(words.DECISIONS) if finished_on else "",
            summary=self._rng.choice(words.SUMMARIES) if finished_on else "",
            late_reason=self._rng.choice(words.CHANGED_LATE) if late else "",
            scheduled_at=clock.instant(ahead, _AFTERNOON),
            scheduled_by=self._branch.account_id,
        )
