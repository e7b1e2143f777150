"""Objections: a member's own, those that wait for an answer at a place, and what they are about."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from learnhub.core import orm
from learnhub.core.text import N_, whole_number
from learnhub.organizations import queries as organizations
from learnhub.records.models import Completion, Credit, Objection
from learnhub.records.rules import MISSING, Answer, CompletionWay, CreditKind, ObjectionState

# For how long an answered objection stays on the list of the place that answered it.
ANSWERED_DAYS = 30


@dataclasses.dataclass(frozen=True, slots=True)
class ObjectionValue:
    """An objection and its answer; `taken_up` once another one follows it at the level above."""

    id: int
    member_id: int
    organization_id: int
    above: bool
    follows_id: int | None
    subject: str
    about: str
    words: str
    raised_at: dt.datetime
    raised_by: int
    due_on: dt.date
    answered_at: dt.datetime | None
    answer: Answer | None
    answer_words: str | None
    taken_up: bool

    def state(self, day: dt.date) -> ObjectionState:
        """Where it stands on `day`."""
        if self.answer:
            return ObjectionState(self.answer.value)
        return ObjectionState.OVERDUE if day > self.due_on else ObjectionState.WAITING

    def may_go_up(self, day: dt.date) -> bool:
        """Whether the member may take it to the level above: once, after the branch's answer or its deadline."""
        if self.above or self.taken_up:
            return False
        return self.state(day) in {ObjectionState.EXPLAINED, ObjectionState.CORRECTED, ObjectionState.OVERDUE}


@dataclasses.dataclass(frozen=True, slots=True)
class Fact:
    """The entry that an objection is about, as it stands; `kind` and `quarters` are those of a credit."""

    member_id: int
    title: str
    day: dt.date
    source: str
    kind: CreditKind | None = None
    way: CompletionWay | None = None
    quarters: int = 0
    basis: str = ""

    @property
    def occasion(self) -> int | None:
        """The id of the occasion it comes from, where it comes from one."""
        return occasion_of(self.source)

    @property
    def follows_roll(self) -> bool:
        """Whether it follows from a roll (and the results of a class), and so is corrected there and nowhere else."""
        return self.source.partition(":")[0] in {"occasion", "batch"}

    @property
    def recognition(self) -> int | None:
        """The id of the recognition (认定) it follows from, where it follows from one."""
        kind, _, number = self.source.partition(":")
        # The hours of an earlier year name it with that year: `recognition:7-2025`.
        return whole_number(number.partition("-")[0]) if kind == "recognition" else None


def occasion_of(source: str) -> int | None:
    """The id of the occasion that `source` (`occasion:7`) names; None for anything else."""
    kind, _, number = source.partition(":")
    return whole_number(number) if kind == "occasion" else None


_AFTER = aliased(Objection)
_FIELDS = tuple(getattr(Objection, each.name) for each in dataclasses.fields(ObjectionValue)[:-1])


def _rows() -> Select[tuple[object, ...]]:
    return (
        select(*_FIELDS, _AFTER.id.is_not(None))
        .select_from(Objection)
        .outerjoin(_AFTER, _AFTER.follows_id == Objection.id)
    )


def _values(session: Session, *where: ColumnElement[bool]) -> tuple[ObjectionValue, ...]:
    rows = session.execute(_rows().where(*where).order_by(Objection.due_on, Objection.id))
    return tuple(ObjectionValue(*row) for row in rows)


def objection(session: Session, objection_id: int) -> ObjectionValue | None:
    """The objection, or None when there is none."""
    return next(iter(_values(session, Objection.id == objection_id)), None)


def objections_of(session: Session, member_id: int) -> tuple[ObjectionValue, ...]:
    """All objections of one member, newest first."""
    return tuple(sorted(_values(session, Objection.member_id == member_id), key=lambda each: -each.id))


def objections_at(session: Session, organization_id: int, above: bool, at: dt.datetime) -> tuple[ObjectionValue, ...]:
    """Those put to `organization_id` or anything below it that wait, or were answered in the last `ANSWERED_DAYS` days.

    `above` chooses between those put to branches and those put to the level above. By their deadline.
    """
    below = organizations.subtree([organization_id], at.date())
    since = at - dt.timedelta(days=ANSWERED_DAYS)
    return _values(
        session,
        Objection.organization_id.in_(select(below.c.id)),
        Objection.above.is_(above),
        or_(Objection.answered_at.is_(None), Objection.answered_at > since),
    )


def waiting_objections(session: Session, organization_ids: Sequence[int], above: bool) -> int:
    """How many objections put to exactly these organizations wait for an answer."""
    if not organization_ids:
        return 0
    statement = select(func.count()).where(
        Objection.organization_id.in_(organization_ids), Objection.above.is_(above), Objection.answered_at.is_(None)
    )
    return session.scalar(statement) or 0


def open_objection(session: Session, member_id: int, subject: str) -> int | None:
    """The id of a member's objection to `subject` that waits for its answer, or None; one may miss several things."""
    if subject == MISSING:
        return None
    return session.scalar(
        select(Objection.id).where(
            Objection.member_id == member_id, Objection.subject == subject, Objection.answered_at.is_(None)
        )
    )


def held_objection(session: Session, objection_id: int) -> Objection:
    """An objection's row, held against other writers until the transaction ends; raises NotFound."""
    return orm.held(session, select(Objection).where(Objection.id == objection_id), N_("没有这条异议。"))


def branch_of_objection(session: Session, *, objection_id: int) -> int | None:
    """The branch that an objection was put to; a guard's place. None for one put to the level above."""
    return session.scalar(
        select(Objection.organization_id).where(Objection.id == objection_id, Objection.above.is_(False))
    )


def level_of_objection(session: Session, *, raised_id: int) -> int | None:
    """The organization above the branch that an objection was put to; a guard's place."""
    return session.scalar(select(Objection.organization_id).where(Objection.id == raised_id, Objection.above.is_(True)))


def fact(session: Session, subject: str) -> Fact | None:
    """The standing credit or completion that `subject` names; None for anything else, and once it is withdrawn."""
    kind, _, number = subject.partition(":")
    found = whole_number(number)
    if found is None:
        return None
    if kind == "credit":
        row = session.get(Credit, found, populate_existing=True)
        if row and row.withdrawn_at is None:
            return Fact(row.member_id, row.title, row.day, row.source, row.kind, quarters=row.quarters, basis=row.basis)
    if kind == "completion":
        done = session.get(Completion, found, populate_existing=True)
        if done and done.withdrawn_at is None:
            return Fact(done.member_id, done.title, done.completed_on, done.source, way=done.way)
    return None
