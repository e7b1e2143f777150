"""Make-ups and home visits: facts of their own, after the occasion."""

import datetime as dt

from sqlalchemy.orm import Session

from learnhub.attendance import queries
from learnhub.attendance.models import FollowUp, Occasion
from learnhub.attendance.rules import FollowUpKind, RollMark
from learnhub.attendance.service.credits import credit, earned, withdraw
from learnhub.attendance.service.steps import still_on
from learnhub.audit.queries import earlier
from learnhub.audit.rules import Act, subject_id
from learnhub.audit.service import note
from learnhub.core.errors import DomainError
from learnhub.core.text import N_


def follow_up(
    session: Session,
    act: Act,
    *,
    occasion_id: int,
    member_id: int,
    kind: FollowUpKind,
    day: dt.date,
    visitor: str,
    content: str,
) -> int:
    """Note a make-up or a home visit for a member who did not take part, and return its id.

    A finished occasion's follow-up is credited at once. Raises DomainError when the member took part, has one already,
    or the day lies before the occasion or in the future.
    """
    if subject := earlier(session, act.key):
        return subject_id(subject)
    occasion = still_on(session, occasion_id)
    standing = queries.roll(session, occasion_id)
    _check_follow_up(session, occasion, standing.get(member_id), member_id)
    if not occasion.day <= day <= act.day:
        raise DomainError(N_("日期要在活动当天到今天之间。"), field="day")
    fact = FollowUp(
        occasion_id=occasion_id,
        member_id=member_id,
        kind=kind,
        day=day,
        visitor=visitor,
        content=content,
        noted_at=act.at,
        noted_by=act.actor_id,
    )
    session.add(fact)
    session.flush()
    if occasion.finished_at:
        credited = earned(session, occasion, {member_id: standing[member_id]})
        credit(session, act, credited.values())
    note(session, act, "occasion.follow-up", f"follow-up:{fact.id}", occasion.organization_id, occasion=occasion_id)
    return fact.id


def withdraw_follow_up(session: Session, act: Act, *, follow_up_id: int, reason: str) -> None:
    """Withdraw a follow-up that was noted wrongly, with a reason, and with it its credit."""
    if earlier(session, act.key):
        return
    if not reason.strip():
        raise DomainError(N_("更正要写明理由。"), field="because")
    fact = queries.held_follow_up(session, follow_up_id)
    occasion = still_on(session, fact.occasion_id)
    mark = queries.roll(session, occasion.id)[fact.member_id]
    if occasion.finished_at and not mark.attended:
        withdraw(session, act, occasion, [fact.member_id], reason)
    fact.withdrawn_at, fact.withdrawn_by, fact.withdrawn_because = act.at, act.actor_id, reason
    note(session, act, "occasion.follow-up-withdraw", f"follow-up:{fact.id}", occasion.organization_id)


def _check_follow_up(session: Session, occasion: Occasion, mark: RollMark | None, member_id: int) -> None:
    if mark is None:
        raise DomainError(N_("这个人不在点名的名单里。"), field="member")
    if mark.attended:
        raise DomainError(N_("这个人参加了，不用补课。"), field="member")
    if any(each.member_id == member_id for each in queries.follow_ups(session, occasion.id)):
        raise DomainError(N_("这个人已经记过补课或者上门。"), field="member")
