"""What scheduling starts from: the day a branch fixed, or what was learned."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from learnhub.meetings.models import Habit, UsualDay
from learnhub.meetings.rules import HabitValue

_SAID = (UsualDay.day_of_month, UsualDay.starts, UsualDay.minutes, UsualDay.place, UsualDay.chair)
_LEARNED = (Habit.day_of_month, Habit.starts, Habit.minutes, Habit.place, Habit.chair)


@dataclasses.dataclass(frozen=True, slots=True)
class UsualSpan:
    """A fixed day with the civil days from which and up to which it holds; the second is excluded."""

    valid_from: dt.date
    valid_to: dt.date
    usual: HabitValue


def usual(session: Session, organization_id: int, day: dt.date) -> HabitValue | None:
    """The fixed day set for `day`, else what was learned from the last theme day, else None (one statement)."""
    said = select(literal(0).label("turn"), *_SAID).where(
        UsualDay.organization_id == organization_id, UsualDay.valid_from <= day, UsualDay.valid_to > day
    )
    learned = select(literal(1), *_LEARNED).where(Habit.organization_id == organization_id)
    row = session.execute(said.union_all(learned).order_by("turn")).first()
    return HabitValue(*row[1:]) if row else None


def usual_spans(session: Session, organization_id: int) -> tuple[UsualSpan, ...]:
    """Every fixed day the branch has set and that held or will hold, the latest first."""
    statement = (
        select(UsualDay.valid_from, UsualDay.valid_to, *_SAID)
        .where(UsualDay.organization_id == organization_id, UsualDay.valid_from < UsualDay.valid_to)
        .order_by(UsualDay.valid_from.desc())
    )
    return tuple(UsualSpan(row[0], row[1], HabitValue(*row[2:])) for row in session.execute(statement))


def usual_rows_from(session: Session, organization_id: int, day: dt.date) -> Sequence[UsualDay]:
    """The rows that hold on `day` or would hold later, for a verb to change."""
    statement = select(UsualDay).where(UsualDay.organization_id == organization_id, UsualDay.valid_to > day)
    return session.scalars(statement.with_for_update()).all()
