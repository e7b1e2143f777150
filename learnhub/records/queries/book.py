"""Credit hours, completions and the rules they rest on."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Subquery, func, select
from sqlalchemy.orm import Session

from learnhub.records.models import Completion, Credit, HourRule, YearlyNeed
from learnhub.records.rules import ANY_POST, CompletionWay, CreditKind


@dataclasses.dataclass(frozen=True, slots=True)
class HourRuleValue:
    """What one unit of a kind is worth, in quarter hours, and the rule it rests on."""

    quarters: int
    basis: str


@dataclasses.dataclass(frozen=True, slots=True)
class NeedValue:
    """Quarter hours generally expected in a year, and the rule they rest on."""

    quarters: int
    basis: str


@dataclasses.dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One registered credit of a member."""

    id: int
    kind: CreditKind
    quarters: int
    day: dt.date
    title: str
    source: str
    basis: str
    noted_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class PastEntry:
    """A credit that was withdrawn: what it said, when and why it was taken back."""

    kind: CreditKind
    quarters: int
    day: dt.date
    title: str
    source: str
    noted_at: dt.datetime
    withdrawn_at: dt.datetime
    withdrawn_because: str


@dataclasses.dataclass(frozen=True, slots=True)
class KindSum:
    """What one kind of study adds up to in a year: how many entries, how many quarter hours."""

    kind: CreditKind
    entries: int
    quarters: int


@dataclasses.dataclass(frozen=True, slots=True)
class Ledger:
    """A member's credit hours of one calendar year, newest first."""

    year: int
    entries: tuple[LedgerEntry, ...]

    @property
    def total_quarters(self) -> int:
        """All quarter hours of the year."""
        return sum(each.quarters for each in self.entries)

    @property
    def by_kind(self) -> tuple[KindSum, ...]:
        """The sums by kind, in the order of the kinds, without those that have no entry."""
        found = ((kind, [each for each in self.entries if each.kind is kind]) for kind in CreditKind)
        return tuple(KindSum(kind, len(some), sum(each.quarters for each in some)) for kind, some in found if some)


@dataclasses.dataclass(frozen=True, slots=True)
class CompletionValue:
    """One registered completion."""

    id: int
    member_id: int
    subject: str
    source: str
    way: CompletionWay
    completed_on: dt.date
    title: str


_COMPLETION = tuple(getattr(Completion, each.name) for each in dataclasses.fields(CompletionValue))
_PAST = tuple(getattr(Credit, each.name) for each in dataclasses.fields(PastEntry))


def hour_rule(session: Session, kind: CreditKind, day: dt.date) -> HourRuleValue:
    """The rule for `kind` in force on `day`; 0 quarter hours without a basis when there is none."""
    return HourRuleValue(*_in_force(session, HourRule, HourRule.kind == kind, day))


def yearly_need(session: Session, post: str, day: dt.date) -> NeedValue:
    """What `post` (`any` or `committee`) needs in the year of `day`, as the rule in force on `day` says.

    Without a rule of its own a post needs what everybody does.
    """
    own = NeedValue(*_in_force(session, YearlyNeed, YearlyNeed.post == post, day))
    return own if own.quarters or post == ANY_POST else yearly_need(session, ANY_POST, day)


def _in_force(
    session: Session, table: type[HourRule] | type[YearlyNeed], asked: ColumnElement[bool], day: dt.date
) -> tuple[int, str]:
    """The quarter hours and the basis of the newest rule `asked` for that is in force on `day`; (0, "") without one."""
    statement = (
        select(table.quarters, table.basis)
        .where(asked, table.valid_from <= day, table.valid_to > day)
        .order_by(table.valid_from.desc(), table.id.desc())
        .limit(1)
    )
    row = session.execute(statement).first()
    return row._tuple() if row else (0, "")


def ledger(session: Session, member_id: int, year: int) -> Ledger:
    """The credits of a member whose day falls in the calendar `year`."""
    statement = (
        select(
            Credit.id,
            Credit.kind,
            Credit.quarters,
            Credit.day,
            Credit.title,
            Credit.source,
            Credit.basis,
            Credit.noted_at,
        )
        .where(
            Credit.member_id == member_id,
            Credit.day >= dt.date(year, 1, 1),
            Credit.day <= dt.date(year, 12, 31),
            Credit.withdrawn_at.is_(None),
        )
        .order_by(Credit.day.desc(), Credit.id.desc())
    )
    return Ledger(year, tuple(LedgerEntry(*row) for row in session.execute(statement)))


def corrected(session: Session, member_id: int, year: int) -> tuple[PastEntry, ...]:
    """The credits of a member in the calendar `year` that were withdrawn, in the order they were registered."""
    statement = select(*_PAST).where(
        Credit.member_id == member_id,
        Credit.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31)),
        Credit.withdrawn_at.is_not(None),
    )
    return tuple(PastEntry(*row) for row in session.execute(statement.order_by(Credit.id)))


def earned(session: Session, sources: Sequence[str]) -> dict[int, int]:
    """Quarter hours that each member was credited from all of `sources` together: member id -> quarter hours."""
    statement = (
        select(Credit.member_id, func.sum(Credit.quarters))
        .where(Credit.source.in_(sources), Credit.withdrawn_at.is_(None))
        .group_by(Credit.member_id)
    )
    return {member_id: int(quarters) for member_id, quarters in session.execute(statement)}


def years(session: Session, member_id: int) -> tuple[int, ...]:
    """The calendar years in which a member has credits, newest first."""
    statement = select(func.min(Credit.day), func.max(Credit.day)).where(
        Credit.member_id == member_id, Credit.withdrawn_at.is_(None)
    )
    first, last = session.execute(statement).one()
    return tuple(range(last.year, first.year - 1, -1)) if first else ()


def completions_of(session: Session, member_id: int) -> tuple[CompletionValue, ...]:
    """The completions of one member, newest first."""
    statement = select(*_COMPLETION).where(Completion.member_id == member_id, Completion.withdrawn_at.is_(None))
    rows = session.execute(statement.order_by(Completion.completed_on.desc(), Completion.id.desc()))
    return tuple(CompletionValue(*row) for row in rows)


def completions_of_members(session: Session, subject: str, member_ids: Sequence[int]) -> tuple[CompletionValue, ...]:
    """The completions of `subject` (`task:3`) by `member_ids`, in the order they were registered."""
    statement = select(*_COMPLETION).where(
        Completion.subject == subject, Completion.member_id.in_(member_ids), Completion.withdrawn_at.is_(None)
    )
    return tuple(CompletionValue(*row) for row in session.execute(statement.order_by(Completion.id)))


def completions_by(session: Session, source: str) -> tuple[CompletionValue, ...]:
    """The completions that `source` (`batch:12`) proves, in the order they were registered."""
    statement = select(*_COMPLETION).where(Completion.source == source, Completion.withdrawn_at.is_(None))
    return tuple(CompletionValue(*row) for row in session.execute(statement.order_by(Completion.id)))


def completed(session: Session, subject: str, member_ids: Iterable[int] | None = None) -> frozenset[int]:
    """The ids of those who completed `subject` (`task:3`), of `member_ids` only when they are given."""
    statement = select(Completion.member_id).where(Completion.subject == subject, Completion.withdrawn_at.is_(None))
    found = frozenset(session.scalars(statement))
    return found if member_ids is None else found & frozenset(member_ids)


def standing_completions(subject: str) -> Subquery:
    """Who completed `subject` (`task:3`) and when, for statements of rooms above; member_id, completed_on."""
    return (
        select(Completion.member_id, Completion.completed_on)
        .where(Completion.subject == subject, Completion.withdrawn_at.is_(None))
        .subquery("standing_completions")
    )


def credited(session: Session, sources: Sequence[str]) -> dict[str, frozenset[int]]:
    """Who has a standing credit from each of `sources`: source -> ids of members; none, no entry."""
    found: dict[str, set[int]] = {}
    statement = select(Credit.source, Credit.member_id).where(Credit.source.in_(sources), Credit.withdrawn_at.is_(None))
    for source, member_id in session.execute(statement):
        found.setdefault(source, set()).add(member_id)
    return {source: frozenset(members) for source, members in found.items()}


def completed_by(session: Session, source: str) -> frozenset[int]:
    """The ids of those whose completion `source` (`batch:12`) proves."""
    statement = select(Completion.member_id).where(Completion.source == source, Completion.withdrawn_at.is_(None))
    return frozenset(session.scalars(statement))


def last_credited(session: Session, member_ids: Sequence[int], since: dt.date) -> dict[int, dt.date]:
    """The last day since `since` of which each of the members has a standing credit; those without have no entry."""
    statement = (
        select(Credit.member_id, func.max(Credit.day))
        .where(Credit.member_id.in_(member_ids), Credit.day >= since, Credit.withdrawn_at.is_(None))
        .group_by(Credit.member_id)
    )
    return dict(row._tuple() for row in session.execute(statement))
