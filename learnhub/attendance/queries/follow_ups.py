"""What followed an occasion, and occasions as one member met them."""

import dataclasses
import datetime as dt

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from learnhub.attendance.models import Attendance, FollowUp, Occasion
from learnhub.attendance.queries.occasions import OCCASION, OccasionValue
from learnhub.attendance.queries.rolls import MARK
from learnhub.attendance.rules import FollowUpKind, RollMark
from learnhub.core import orm
from learnhub.core.text import N_


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
class MemberOccasion:
    """An occasion as one member met it."""

    occasion: OccasionValue
    mark: RollMark
    follow_up: FollowUpValue | None


_FOLLOW_UP = tuple(getattr(FollowUp, each.name) for each in dataclasses.fields(FollowUpValue))


def held_follow_up(session: Session, follow_up_id: int) -> FollowUp:
    """A follow-up's row that still stands, held like an occasion's; raises NotFound."""
    statement = select(FollowUp).where(FollowUp.id == follow_up_id, FollowUp.withdrawn_at.is_(None))
    return orm.held(session, statement, N_("没有这条补课或上门记录。"))


def follow_ups(session: Session, *occasion_ids: int) -> tuple[FollowUpValue, ...]:
    """The follow-ups of these occasions that stand, in the order they were noted."""
    statement = select(*_FOLLOW_UP).where(FollowUp.occasion_id.in_(occasion_ids), FollowUp.withdrawn_at.is_(None))
    return tuple(FollowUpValue(*row) for row in session.execute(statement.order_by(FollowUp.id)))


def occasion_of_follow_up(session: Session, follow_up_id: int) -> int | None:
    """The occasion a follow-up belongs to, withdrawn or not; None when there is no such follow-up."""
    return session.scalar(select(FollowUp.occasion_id).where(FollowUp.id == follow_up_id))


def of_member(session: Session, member_id: int, year: int) -> tuple[MemberOccasion, ...]:
    """What the member attended or missed in the calendar year, newest first; cancelled occasions are left out."""
    after = aliased(FollowUp)
    statement = (
        select(*OCCASION, *MARK, *(getattr(after, each.name) for each in dataclasses.fields(FollowUpValue)))
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
    wide = len(OCCASION)
    return tuple(
        MemberOccasion(
            OccasionValue(*row[:wide]),
            RollMark(*row[wide : wide + 3]),
            FollowUpValue(*row[wide + 3 :]) if row[wide + 3] is not None else None,
        )
        for row in session.execute(statement)
    )
