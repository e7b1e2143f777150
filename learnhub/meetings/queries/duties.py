"""What branches were to hold, by their shape of each month, and what happened: of one branch or of a whole subtree."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.core import clock
from learnhub.meetings.models import DutyExplanation, DutyRule, Meeting, MeetingKindOf
from learnhub.meetings.rules import KIND_ORDER, MeetingKind
from learnhub.meetings.rules.duties import Duty, Happened, Shape, period
from learnhub.members.queries.branch_heads import branch_heads
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import TreeRow
from learnhub.organizations.rules import OrganizationKind

# By branch, kind and month (`YYYY-MM`).
Facts = dict[tuple[int, MeetingKind, str], Happened]


@dataclasses.dataclass(frozen=True, slots=True)
class DutyVersion:
    """One dated rule of how often a kind of meeting is held."""

    duty: Duty
    valid_from: dt.date
    valid_to: dt.date

    def in_force(self, day: dt.date) -> bool:
        """Whether it holds on `day`."""
        return self.valid_from <= day < self.valid_to


@dataclasses.dataclass(frozen=True, slots=True)
class ExplanationValue:
    """Why a kind of meeting was not held in the period that begins with the month `period`, and when it was written."""

    organization_id: int
    kind: MeetingKind
    period: str
    reason: str
    noted_at: dt.datetime


def duty_versions(session: Session) -> tuple[DutyVersion, ...]:
    """Every rule in the order of the kinds, the oldest first."""
    rows = session.scalars(select(DutyRule).order_by(DutyRule.valid_from, DutyRule.id)).all()
    found = [DutyVersion(Duty(row.kind, row.months, row.basis), row.valid_from, row.valid_to) for row in rows]
    return tuple(sorted(found, key=lambda each: KIND_ORDER[each.duty.kind]))


def duty_rules(session: Session, day: dt.date) -> tuple[Duty, ...]:
    """The rules in force on `day`, in the order of the kinds; those that ask for nothing are left out (one statement)."""
    return tuple(each.duty for each in duty_versions(session) if each.in_force(day) and each.duty.months)


def newest_duty_rule(session: Session, kind: MeetingKind) -> DutyRule | None:
    """The newest rule of a kind, held against other writers."""
    statement = select(DutyRule).where(DutyRule.kind == kind).order_by(DutyRule.valid_from.desc(), DutyRule.id.desc())
    return session.scalar(statement.limit(1).with_for_update())


def shapes(
    session: Session, tree: Sequence[TreeRow], day: dt.date, months: Sequence[str]
) -> dict[int, tuple[Shape, ...]]:
    """How each branch of `tree` was made up at the end of each of `months`, on `day` for the last (one statement).

    Groups and the form of a branch by the tree, which is that of `day`; a branch without members has no entry.
    """
    ends = [min(clock.last_day(each), day) for each in months]
    heads = branch_heads(session, tree[0].value.id, day, ends)
    groups = Counter(row.value.parent_id for row in tree if row.value.kind is OrganizationKind.GROUP)
    temporary = {row.value.id for row in tree if row.value.kind is OrganizationKind.TEMPORARY_BRANCH}
    return {
        branch: tuple(Shape(full, count - full, groups[branch], branch in temporary) for full, count in counts)
        for branch, counts in heads.items()
    }


def happened(
    session: Session, organization_id: int, day: dt.date, months: Sequence[str], duties: Collection[Duty]
) -> Facts:
    """What the branches at and below the organization held until `day` for each of `months` (one statement).

    `duties` are the kinds that are asked about, with their periods: what is held in a later month than it counts for is
    made up once its period is over. A kind without a period counts by the month.
    """
    below, occasion = organizations.subtree([organization_id], day), attendance.occasion_rows()
    periods = {each.kind: each.months for each in duties}
    finished = and_(occasion.c.finished_at.is_not(None), occasion.c.day <= day)
    statement = (
        select(Meeting.organization_id, MeetingKindOf.kind, Meeting.month, *_sums(finished, occasion))
        .join(below, below.c.id == Meeting.organization_id)
        .join(MeetingKindOf, MeetingKindOf.meeting_id == Meeting.id)
        .join(occasion, occasion.c.id == Meeting.occasion_id)
        .where(Meeting.month.between(months[0], months[-1]), MeetingKindOf.kind.in_(periods))
        .group_by(Meeting.organization_id, MeetingKindOf.kind, Meeting.month)
    )
    return {
        (branch, kind, month): _happened(month, periods[kind] or 1, first, times, called_off)
        for branch, kind, month, first, called_off, times in session.execute(statement)
    }


def _sums(finished: ColumnElement[bool], occasion: object) -> tuple[ColumnElement[object], ...]:
    columns = occasion.c  # type: ignore[attr-defined]
    return (
        func.min(case((finished, columns.day))),
        func.sum(case((columns.cancelled_because != "", 1), else_=0)),
        func.sum(case((finished, 1), else_=0)),
    )


def _happened(month: str, months: int, first: dt.date | None, times: int, called_off: int) -> Happened:
    in_time = first is not None and clock.month_of(first) <= period(month, months)[-1]
    return Happened(in_time, first is not None and not in_time, times, bool(called_off))


def explanations(
    session: Session, organization_id: int, day: dt.date, months: Sequence[str]
) -> set[tuple[int, MeetingKind, str]]:
    """The branch, kind and first month of every period that a branch at or below the organization has explained."""
    below = organizations.subtree([organization_id], day)
    statement = (
        select(DutyExplanation.organization_id, DutyExplanation.kind, DutyExplanation.period)
        .join(below, below.c.id == DutyExplanation.organization_id)
        .where(DutyExplanation.period.between(months[0], months[-1]), DutyExplanation.withdrawn_at.is_(None))
    )
    return {(branch, kind, month) for branch, kind, month in session.execute(statement)}


def own_explanations(session: Session, organization_id: int, months: Collection[str]) -> tuple[ExplanationValue, ...]:
    """What the branch itself explained of the periods that begin in `months` (one statement)."""
    columns = (
        DutyExplanation.organization_id, DutyExplanation.kind, DutyExplanation.period, DutyExplanation.reason,
        DutyExplanation.noted_at,
    )  # fmt: skip
    statement: Select[tuple[int, MeetingKind, str, str, dt.datetime]] = select(*columns).where(
        DutyExplanation.organization_id == organization_id,
        DutyExplanation.period.in_(months),
        DutyExplanation.withdrawn_at.is_(None),
    )
    return tuple(ExplanationValue(*row) for row in session.execute(statement))


def held_explanation(session: Session, organization_id: int, kind: MeetingKind, first: str) -> DutyExplanation | None:
    """The row of what explains that period, held against other writers; None when nothing does."""
    statement = select(DutyExplanation).where(
        DutyExplanation.organization_id == organization_id,
        DutyExplanation.kind == kind,
        DutyExplanation.period == first,
        DutyExplanation.withdrawn_at.is_(None),
    )
    return session.scalar(statement.with_for_update())
