"""Questions about occasions and their rolls."""

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import Subquery, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from learnhub.attendance.models import Attendance, FollowUp, Occasion
from learnhub.attendance.rules import FollowUpKind, Outcome, RollMark
from learnhub.core import orm
from learnhub.core.text import N_
from learnhub.records.rules import CreditKind


@dataclasses.dataclass(frozen=True, slots=True)
class OccasionValue:
    """Something with a roll. Instants are UTC, `day` is the civil day that membership is asked for."""

    id: int
    organization_id: int
    title: str
    place: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    day: dt.date
    credit_kind: CreditKind
    quarters: int
    basis: str
    roll_version: int
    finished_at: dt.datetime | None
    finished_by: int | None
    cancelled_at: dt.datetime | None
    cancelled_because: str | None

    @property
    def called(self) -> bool:
        """Whether the roll has been called."""
        return self.roll_version > 0

    @property
    def source(self) -> str:
        """What its credits name as their source."""
        return f"occasion:{self.id}"


@dataclasses.dataclass(frozen=True, slots=True)
class FollowUpValue:
    """A make-up or a home visit that stands."""

    id: int
    occasion_id: int
    member_id: int
    kind: FollowUpKind
    day: dt.date
    visitor: str
    content: str


@dataclasses.dataclass(frozen=True, slots=True)
class PastMark:
    """One mark of a roll's history: from when it stood, and until when and why not any longer."""

    member_id: int
    mark: RollMark
    noted_at: dt.datetime
    noted_by: int
    withdrawn_at: dt.datetime | None
    withdrawn_because: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class MemberOccasion:
    """An occasion as one member met it."""

    occasion: OccasionValue
    mark: RollMark
    follow_up: FollowUpValue | None


_OCCASION = tuple(getattr(Occasion, each.name) for each in dataclasses.fields(OccasionValue))
_FOLLOW_UP = tuple(getattr(FollowUp, each.name) for each in dataclasses.fields(FollowUpValue))
_MARK = (Attendance.outcome, Attendance.leave_reason, Attendance.reason)


def occasion_rows() -> Subquery:
    """Every occasion with the columns of `OccasionValue`, in that order, for rooms above to join by `id`."""
    return select(*_OCCASION).subquery("occasion_rows")


def occasion(session: Session, occasion_id: int) -> OccasionValue | None:
    """The occasion, or None when there is none."""
    row = session.execute(select(*_OCCASION).where(Occasion.id == occasion_id)).first()
    return OccasionValue(*row) if row else None


def occasions(session: Session, occasion_ids: Sequence[int]) -> dict[int, OccasionValue]:
    """The occasions by id."""
    rows = session.execute(select(*_OCCASION).where(Occasion.id.in_(occasion_ids)))
    return {row.id: OccasionValue(*row) for row in rows}


def held(session: Session, occasion_id: int) -> Occasion:
    """The occasion's row, held against other writers until the transaction ends; raises NotFound."""
    return orm.held(session, select(Occasion).where(Occasion.id == occasion_id), N_("没有这次活动。"))


def held_follow_up(session: Session, follow_up_id: int) -> FollowUp:
    """A follow-up's row that still stands, held like an occasion's; raises NotFound."""
    statement = select(FollowUp).where(FollowUp.id == follow_up_id, FollowUp.withdrawn_at.is_(None))
    return orm.held(session, statement, N_("没有这条补课或上门记录。"))


def rolls(session: Session, occasion_ids: Sequence[int]) -> dict[int, dict[int, RollMark]]:
    """The standing marks of several occasions: occasion id -> member id -> mark; an uncalled one has no entry."""
    found: dict[int, dict[int, RollMark]] = defaultdict(dict)
    statement = select(Attendance.occasion_id, Attendance.member_id, *_MARK).where(
        Attendance.occasion_id.in_(occasion_ids), Attendance.withdrawn_at.is_(None)
    )
    for occasion_id, member_id, *mark in session.execute(statement):
        found[occasion_id][member_id] = RollMark(*mark)
    return dict(found)


def roll(session: Session, occasion_id: int) -> dict[int, RollMark]:
    """The standing marks of one occasion by member id; empty before the roll is called."""
    return rolls(session, [occasion_id]).get(occasion_id, {})


def roll_at(session: Session, occasion_id: int, at: dt.datetime) -> dict[int, RollMark]:
    """The marks as they stood at the instant `at`."""
    statement = select(Attendance.member_id, *_MARK).where(
        Attendance.occasion_id == occasion_id,
        Attendance.noted_at <= at,
        or_(Attendance.withdrawn_at.is_(None), Attendance.withdrawn_at > at),
    )
    return {member_id: RollMark(*mark) for member_id, *mark in session.execute(statement)}


def history(session: Session, occasion_id: int) -> tuple[PastMark, ...]:
    """Every mark ever noted on the roll, the withdrawn ones with their reason, oldest first."""
    statement = (
        select(
            Attendance.member_id,
            *_MARK,
            Attendance.noted_at,
            Attendance.noted_by,
            Attendance.withdrawn_at,
            Attendance.withdrawn_because,
        )
        .where(Attendance.occasion_id == occasion_id)
        .order_by(Attendance.id)
    )
    return tuple(PastMark(row[0], RollMark(*row[1:4]), *row[4:]) for row in session.execute(statement))


def outcome_counts(session: Session, occasion_ids: Sequence[int]) -> dict[int, dict[Outcome, int]]:
    """How many members have which outcome, by occasion; an uncalled one has no entry."""
    found: dict[int, dict[Outcome, int]] = defaultdict(dict)
    statement = (
        select(Attendance.occasion_id, Attendance.outcome, func.count())
        .where(Attendance.occasion_id.in_(occasion_ids), Attendance.withdrawn_at.is_(None))
        .group_by(Attendance.occasion_id, Attendance.outcome)
    )
    for occasion_id, outcome, count in session.execute(statement):
        found[occasion_id][outcome] = count
    return dict(found)


def follow_ups(session: Session, occasion_id: int) -> tuple[FollowUpValue, ...]:
    """The follow-ups that stand, in the order they were noted."""
    statement = select(*_FOLLOW_UP).where(FollowUp.occasion_id == occasion_id, FollowUp.withdrawn_at.is_(None))
    return tuple(FollowUpValue(*row) for row in session.execute(statement.order_by(FollowUp.id)))


def occasion_of_follow_up(session: Session, follow_up_id: int) -> int | None:
    """The occasion a follow-up belongs to, withdrawn or not; None when there is no such follow-up."""
    return session.scalar(select(FollowUp.occasion_id).where(FollowUp.id == follow_up_id))


def of_member(session: Session, member_id: int, year: int) -> tuple[MemberOccasion, ...]:
    """What the member attended or missed in the calendar year, newest first; cancelled occasions are left out."""
    after = aliased(FollowUp)
    statement = (
        select(*_OCCASION, *_MARK, *(getattr(after, each.name) for each in dataclasses.fields(FollowUpValue)))
        .join(Attendance, Attendance.occasion_id == Occasion.id)
        .outerjoin(
            after,
            and_(
                after.occasion_id == Occasion.id,
                after.member_id == Attendance.member_id,
                after.withdrawn_at.is_(None),
            ),
        )
        .where(
            Attendance.member_id == member_id,
            Attendance.withdrawn_at.is_(None),
            Occasion.cancelled_at.is_(None),
            Occasion.day.between(dt.date(year, 1, 1), dt.date(year, 12, 31)),
        )
        .order_by(Occasion.starts_at.desc(), Occasion.id.desc())
    )
    wide = len(_OCCASION)
    return tuple(
        MemberOccasion(
            OccasionValue(*row[:wide]),
            RollMark(*row[wide : wide + 3]),
            FollowUpValue(*row[wide + 3 :]) if row[wide + 3] is not None else None,
        )
        for row in session.execute(statement)
    )
