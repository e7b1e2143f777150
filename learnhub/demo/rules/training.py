"""Rotational training of the demonstration: one task, closed and open batches, and those covered in other ways."""

import dataclasses
import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from learnhub.core import clock
from learnhub.demo.rules import words
from learnhub.demo.rules.hours import HourRules
from learnhub.demo.rules.marks import IN_CLASS, TABLE_SIZE
from learnhub.demo.rules.pack import Pack
from learnhub.demo.rules.rows import (
    AttendanceRow,
    BatchRow,
    BatchSessionRow,
    CompletionRow,
    CreditRow,
    OccasionRow,
    PlaceRow,
    RecognitionRow,
    ResultRow,
    TaskRow,
)
from learnhub.records.rules import CompletionWay, CreditKind, batch_source, task_subject
from learnhub.training.batches.rules import BatchKind, SessionKind
from learnhub.training.recognition.rules import CREDITED_AS, EvidenceClass, recognition_source
from learnhub.training.results.rules import shortfall
from learnhub.training.tasks.rules import Audience, CompletionRule

TASK_ID, TASK_QUARTERS, CAPACITY = 1, 64, 260
BASIS = "《中国共产党党员教育管理工作条例》第二十条"
RULE = CompletionRule(leave_part=7, pass_percent=60)
# How long ago closed batches ended and the open one began, in days.
CLOSED_AGO, OPEN_AGO = 75, 6
_MORNING, _AFTERNOON, _EVENING = dt.time(8, 30), dt.time(14, 30), dt.time(18, 0)
_LENGTH = dt.timedelta(hours=3)
# The civil day a fact belongs to, and the instant at which it was noted.
When = tuple[dt.date, dt.datetime]


class Host(NamedTuple):
    """Where batches are held: an organization, its name, and whom it takes (ids in organization order)."""

    organization_id: int
    name: str
    closed: tuple[tuple[int, ...], ...]
    open: tuple[int, ...]


class Elsewhere(NamedTuple):
    """Study elsewhere as it is recognised: by whom it was held, how many days and quarter hours, on what evidence."""

    way: CompletionWay
    title: str
    organizer: str
    days: int
    quarters: int
    evidence: EvidenceClass
    reference: str
    days_ago: int


@dataclasses.dataclass(frozen=True, slots=True)
class Training:
    """Rows of rotational training."""

    tasks: list[TaskRow] = dataclasses.field(default_factory=list)
    batches: list[BatchRow] = dataclasses.field(default_factory=list)
    occasions: list[OccasionRow] = dataclasses.field(default_factory=list)
    sessions: list[BatchSessionRow] = dataclasses.field(default_factory=list)
    places: list[PlaceRow] = dataclasses.field(default_factory=list)
    attendance: list[AttendanceRow] = dataclasses.field(default_factory=list)
    results: list[ResultRow] = dataclasses.field(default_factory=list)
    recognitions: list[RecognitionRow] = dataclasses.field(default_factory=list)
    credits: list[CreditRow] = dataclasses.field(default_factory=list)
    completions: list[CompletionRow] = dataclasses.field(default_factory=list)


def workday(day: dt.date) -> dt.date:
    """`day`, or the Friday before it at a weekend."""
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def _coming(today: dt.date) -> dt.date:
    """The day of the session that is still to come."""
    return workday(today + dt.timedelta(days=11))


class School:
    """Opens the task, holds batches and recognises what was done elsewhere; rows collect in `rows`."""

    def __init__(
        self,
        rng: random.Random,
        pack: Pack,
        hours: HourRules,
        today: dt.date,
        *,
        organization_id: int,
        account_id: int,
        occasion_ids: Iterator[int],
    ) -> None:
        self.rows = Training()
        self._rng = rng
        self._pack = pack
        self._hours = hours
        self._today = today
        self._account = account_id
        self._occasion_ids = occasion_ids
        self.title = f"{today.year} 年党员集中轮训"
        ended = workday(today - dt.timedelta(days=CLOSED_AGO))
        starts_on = min(dt.date(today.year, 1, 1), ended.replace(day=1))
        task = TaskRow(
            id=TASK_ID,
            organization_id=organization_id,
            title=self.title,
            starts_on=starts_on,
            ends_on=dt.date(_coming(today).year, 12, 31),
            quarters=TASK_QUARTERS,
            basis=BASIS,
            audience=Audience().to_json(),
            leave_part=RULE.leave_part,
            pass_percent=RULE.pass_percent,
            opened_at=clock.instant(starts_on, _MORNING),
            opened_by=account_id,
        )
        self.rows.tasks.append(task)

    def hold(self, host: Host) -> tuple[int, ...]:
        """The host's batches; returns the ids of those who came but did not complete."""
        short: list[int] = []
        for number, members in enumerate(host.closed):
            short += self._closed(host, members, number)
        if host.open:
            self._open(host)
        return tuple(short)

    def _closed(self, host: Host, members: Sequence[int], number: int) -> list[int]:
        last = workday(self._today - dt.timedelta(days=CLOSED_AGO - 7 * number))
        first = workday(last - dt.timedelta(days=1))
        at = clock.instant(last, _EVENING)
        batch = self._batch(host, members, first, last, closed_at=at)
        attended = dict.fromkeys(members, 0)
        slots = [(day, starts) for day in (first, last) for starts in (_MORNING, _AFTERNOON)]
        for place, (day, starts) in enumerate(slots):
            occasion = self._session(batch, place, day, starts, called=True)
            for member in self._roll(occasion, members):
                attended[member] += occasion.quarters
        total = sum(each.quarters for each in self.rows.occasions[-len(slots) :])
        return self._complete(batch, attended, total, at)

    def _complete(self, batch: BatchRow, attended: dict[int, int], total: int, at: dt.datetime) -> list[int]:
        """Results on paper for those who were there at the end, and completions as closing a batch writes them."""
        short = []
        for member, quarters in attended.items():
            percent = None if quarters < total / 2 else min(100, max(40, round(self._rng.gauss(82, 9))))
            if percent is not None:
                self.rows.results.append(ResultRow(batch.id, member, percent, at, self._account))
            if shortfall(RULE, total=total, attended=quarters, percent=percent):
                short.append(member)
                continue
            source, title = batch_source(batch.id), f"{self.title} {batch.title}"
            self._completion(member, CompletionWay.CENTRALIZED, source, title, (batch.ends_on, at))
        return short

    def _open(self, host: Host) -> None:
        """One day held, one still to come."""
        past = workday(self._today - dt.timedelta(days=OPEN_AGO))
        coming = _coming(self._today)
        batch = self._batch(host, host.open, past, coming, closed_at=None)
        for place, start in enumerate((_MORNING, _AFTERNOON)):
            self._roll(self._session(batch, place, past, start, called=True), host.open)
            self._session(batch, place + 2, coming, start, called=False)

    def _batch(
        self, host: Host, members: Sequence[int], first: dt.date, last: dt.date, *, closed_at: dt.datetime | None
    ) -> BatchRow:
        opened_at = clock.instant(workday(first - dt.timedelta(days=12)), _MORNING)
        of_host = sum(each.organization_id == host.organization_id for each in self.rows.batches)
        quiz = self._pack.courses[0][0] if self._pack.courses and closed_at is None else None
        batch = BatchRow(
            id=len(self.rows.batches) + 1,
            task_id=TASK_ID,
            organization_id=host.organization_id,
            kind=BatchKind.TRAINING,
            title=f"第{'一二三四五六七八九十'[of_host]}期",
            place=f"{host.name}三楼会议室",
            starts_on=first,
            ends_on=last,
            capacity=max(20, -(-len(members) // 10) * 10 + (0 if closed_at else 10)),
            quiz_course=quiz,
            leave_part=RULE.leave_part,
            pass_percent=RULE.pass_percent,
            opened_at=opened_at,
            opened_by=self._account,
            closed_at=closed_at,
            closed_by=self._account if closed_at else None,
        )
        self.rows.batches.append(batch)
        placed_at = opened_at + dt.timedelta(hours=1)
        self.rows.places.extend(PlaceRow(batch.id, member, placed_at, self._account) for member in members)
        return batch

    def _session(self, batch: BatchRow, place: int, day: dt.date, starts: dt.time, *, called: bool) -> OccasionRow:
        quarters, basis = self._hours.on(CreditKind.TRAINING, day)
        begins = clock.instant(day, starts)
        slug, title = None, words.SESSIONS[place]
        if self._pack.courses:
            slug, title = self._pack.courses[place % len(self._pack.courses)]
        occasion = OccasionRow(
            id=next(self._occasion_ids),
            organization_id=batch.organization_id,
            title=title,
            place=batch.place,
            starts_at=begins,
            ends_at=begins + _LENGTH,
            day=day,
            credit_kind=CreditKind.TRAINING,
            quarters=quarters,
            basis=basis,
            roll_version=int(called),
            finished_at=begins + _LENGTH + dt.timedelta(minutes=10) if called else None,
            finished_by=self._account if called else None,
        )
        self.rows.occasions.append(occasion)
        self.rows.sessions.append(
            BatchSessionRow(batch.id, occasion.id, SessionKind.LECTURE, words.LECTURERS[place], slug)
        )
        return occasion

    def _roll(self, occasion: OccasionRow, members: Sequence[int]) -> list[int]:
        """Mark everybody with a place and credit those who attended; returns these."""
        came = []
        for member in members:
            mark = IN_CLASS[int(self._rng.random() * TABLE_SIZE)]
            self.rows.attendance.append(
                AttendanceRow(occasion.id, member, mark.outcome, mark.reason, "", occasion.ends_at, self._account)
            )
            if mark.attended:
                came.append(member)
                at = occasion.finished_at or occasion.ends_at
                source = f"occasion:{occasion.id}"
                self._credit(member, occasion.credit_kind, source, occasion.title, (occasion.day, at))
        return came

    def recognise(self, members: Sequence[int], study: Elsewhere) -> None:
        """Recognise what `members` studied elsewhere, with the completion and the hours that follow from it."""
        last = workday(self._today - dt.timedelta(days=study.days_ago))
        first = max(last - dt.timedelta(days=study.days - 1), last.replace(month=1, day=1))  # hours of one year
        at, kept, titled = clock.instant(last, _EVENING), self.rows, study.title
        for id_, member in enumerate(members, start=len(kept.recognitions) + 1):
            kept.recognitions.append(
                RecognitionRow(
                    id_, TASK_ID, member, study.way, titled, study.organizer, first, last, study.quarters,
                    study.evidence, study.reference, at, self._account, at, self._account,
                )
            )  # fmt: skip
            source, kind = recognition_source(id_), CREDITED_AS[study.way]
            self._completion(member, study.way, source, titled, (last, at))
            kept.credits.append(
                CreditRow(member, kind, study.quarters, last, titled, source, study.reference, at, self._account)
            )

    def make_up(self, members: Sequence[int], title: str, days_ago: int) -> None:
        """Register that `members` made up for a batch they did not complete, with the hours of a make-up."""
        day = workday(self._today - dt.timedelta(days=days_ago))
        at, source = clock.instant(day, _EVENING), f"make-up:{TASK_ID}"
        for member in members:
            self._completion(member, CompletionWay.MAKE_UP, source, title, (day, at))
            self._credit(member, CreditKind.MAKE_UP, source, title, (day, at))

    def _credit(self, member: int, kind: CreditKind, source: str, title: str, when: When) -> None:
        day, at = when
        quarters, basis = self._hours.on(kind, day)
        if quarters:
            self.rows.credits.append(CreditRow(member, kind, quarters, day, title, source, basis, at, self._account))

    def _completion(self, member: int, way: CompletionWay, source: str, title: str, when: When) -> None:
        subject = task_subject(TASK_ID)
        self.rows.completions.append(
            CompletionRow(member, subject, source, way, when[0], title, when[1], self._account)
        )
