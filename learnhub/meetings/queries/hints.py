"""Private hints of a branch: months that passed without a record, of the branch itself or of a member."""

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.attendance.rules import PRESENT, Outcome
from learnhub.meetings.models import HintDismissal, Meeting
from learnhub.meetings.queries.meetings import since
from learnhub.meetings.rules import default_mark, is_expected, work_list_since
from learnhub.meetings.rules.work import Seen, gap_since, is_gap, still_put_aside
from learnhub.members import queries as members
from learnhub.members.queries import RosterMember
from learnhub.records import queries as records


@dataclasses.dataclass(frozen=True, slots=True)
class DismissalValue:
    """Why a hint was put aside, and when."""

    member_id: int | None
    since: dt.date | None
    reason: str
    noted_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Hint:
    """Months without a record: of `member`, or of the branch itself (None), since `last` if that is known."""

    member: RosterMember | None
    last: dt.date | None
    dismissal: DismissalValue | None

    @property
    def member_id(self) -> int | None:
        """Whose it is; None for the branch itself."""
        return self.member.id if self.member else None


def hints(session: Session, organization_id: int, day: dt.date) -> tuple[Hint, ...]:
    """The hints of a branch on `day`, those put aside too, in the roster's order; for the branch itself alone.

    A month without a meeting is one gap of the branch and not one of each member. Of whom nothing is required, or who
    came to the branch meanwhile, there is no hint. At most nine statements.
    """
    last_held = _last_held(session, organization_id, day)
    if last_held is None:
        return ()
    put_aside = _dismissals(session, organization_id)
    if last_held < gap_since(day):
        return (_hint(None, last_held, put_aside[None]),)
    roster = [
        each
        for each in members.members_of(session, organization_id, day)
        if is_expected(each.circumstances) and default_mark(each.circumstances) is PRESENT
    ]
    seen = _seen(session, organization_id, [each.id for each in roster], day)
    return tuple(_hint(each, seen[each.id].last, put_aside[each.id]) for each in roster if is_gap(seen[each.id], day))


def standing_dismissals(session: Session, organization_id: int, member_id: int | None) -> Sequence[HintDismissal]:
    """The rows that put aside the hint of a member, or of the branch itself, and were not taken back."""
    statement = select(HintDismissal).where(
        HintDismissal.organization_id == organization_id,
        HintDismissal.member_id.is_not_distinct_from(member_id),
        HintDismissal.withdrawn_at.is_(None),
    )
    return session.scalars(statement).all()


def _hint(member: RosterMember | None, last: dt.date | None, put_aside: Iterable[DismissalValue]) -> Hint:
    standing = [each for each in put_aside if still_put_aside(each.since, last)]
    return Hint(member, last, standing[-1] if standing else None)


def _last_held(session: Session, organization_id: int, day: dt.date) -> dt.date | None:
    """The last day until `day` on which the branch held a meeting whose record is finished."""
    occasion = attendance.occasion_rows()
    statement = (
        select(func.max(occasion.c.day))
        .join(Meeting, Meeting.occasion_id == occasion.c.id)
        .where(Meeting.organization_id == organization_id, occasion.c.finished_at.is_not(None), occasion.c.day <= day)
        .where(occasion.c.cancelled_at.is_(None))
    )
    last: dt.date | None = session.scalar(statement)
    return last


def _dismissals(session: Session, organization_id: int) -> dict[int | None, list[DismissalValue]]:
    columns = (HintDismissal.member_id, HintDismissal.since, HintDismissal.reason, HintDismissal.noted_at)
    statement = select(*columns).where(
        HintDismissal.organization_id == organization_id, HintDismissal.withdrawn_at.is_(None)
    )
    found: dict[int | None, list[DismissalValue]] = defaultdict(list)
    for row in session.execute(statement.order_by(HintDismissal.id)):
        found[row.member_id].append(DismissalValue(*row))
    return found


def _seen(session: Session, organization_id: int, member_ids: Sequence[int], day: dt.date) -> dict[int, Seen]:
    """When each first stood on a roll and was last recorded, within the months of the work list.

    A record is any mark but an absence without leave, a make-up or a home visit, and credit hours from anywhere.
    """
    start = work_list_since(day)
    held = [each for each in since(session, organization_id, start) if each.occasion.called]
    days = {each.occasion.id: each.occasion.day for each in held}
    listed: dict[int, list[dt.date]] = defaultdict(list)
    recorded: dict[int, list[dt.date]] = defaultdict(list)
    for occasion_id, roll in attendance.rolls(session, list(days)).items():
        for member_id, mark in roll.items():
            listed[member_id].append(days[occasion_id])
            if mark.outcome is not Outcome.ABSENT:
                recorded[member_id].append(days[occasion_id])
    for visit in attendance.follow_ups(session, *days):
        recorded[visit.member_id].append(visit.day)
    for member_id, last in records.last_credited(session, member_ids, start).items():
        recorded[member_id].append(last)
    return {each: Seen(min(listed[each], default=None), max(recorded[each], default=None)) for each in member_ids}
