"""Make-ups and home visits: facts of their own, after the occasion."""

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy.orm import Session

from learnhub.attendance import queries
from learnhub.attendance.models import FollowUp
from learnhub.attendance.rules import FollowUpKind, RollMark
from learnhub.attendance.service.credits import credit, earned, withdraw
from learnhub.attendance.service.steps import still_on
from learnhub.audit.queries import earlier
from learnhub.audit.rules import Act, subject_id
from learnhub.audit.service import note
from learnhub.core.errors import DomainError
from learnhub.core.text import N_


@dataclasses.dataclass(frozen=True, slots=True)
class Deed:
    """What was done: how, on which civil day, by whom, with what content."""

    kind: FollowUpKind
    day: dt.date
    visitor: str
    content: str


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
    """Note a make-up or a home visit for a member who did not take part, and return its id; see `follow_up_together`."""
    deed = Deed(kind, day, visitor, content)
    return follow_up_together(session, act, missed=[(occasion_id, member_id)], deed=deed)[0]


def follow_up_together(session: Session, act: Act, *, missed: Sequence[tuple[int, int]], deed: Deed) -> tuple[int, ...]:
    """Note one make-up or visit for everybody in `missed` (occasion and member ids), and return the ids.

    Whole or not at all. A finished occasion's follow-up is credited at once. Raises DomainError when nobody is named,
    when a member took part or has one already, when several people are named for what is done with one, or when the
    day lies before an occasion or in the future.
    """
    if subject := earlier(session, act.key):
        return (subject_id(subject),)
    if not missed:
        raise DomainError(N_("请选至少一个人。"), field="member")
    if deed.kind is FollowUpKind.ONE_TO_ONE and len({member for _, member in missed}) > 1:
        raise DomainError(N_("一对一补课一次只记一个人；几个人一起补，请选集中补课。"), field="kind")
    by_occasion = defaultdict[int, list[int]](list)
    for occasion_id, member_id in dict.fromkeys(missed):
        by_occasion[occasion_id].append(member_id)
    ids = list[int]()
    for number, (occasion_id, members) in enumerate(sorted(by_occasion.items())):
        ids += _note_all(session, act if number == 0 else act.without_key(), occasion_id, members, deed)
    return tuple(ids)


def _note_all(session: Session, act: Act, occasion_id: int, members: Sequence[int], deed: Deed) -> list[int]:
    occasion = still_on(session, occasion_id)
    standing = queries.roll(session, occasion_id)
    done = {each.member_id for each in queries.follow_ups(session, occasion_id)}
    for member_id in members:
        _check_follow_up(standing.get(member_id), already=member_id in done)
    if not occasion.day <= deed.day <= act.day:
        raise DomainError(N_("日期要在活动当天到今天之间。"), field="day")
    facts = [
        FollowUp(
            occasion_id=occasion_id,
            member_id=member_id,
            **dataclasses.asdict(deed),
            noted_at=act.at,
            noted_by=act.actor_id,
        )
        for member_id in members
    ]
    session.add_all(facts)
    session.flush()
    if occasion.finished_at:
        credited = earned(session, occasion, {member_id: standing[member_id] for member_id in members})
        credit(session, act, credited.values())
    for number, fact in enumerate(facts):
        own = act if number == 0 else act.without_key()
        note(session, own, "occasion.follow-up", f"follow-up:{fact.id}", occasion.organization_id, occasion=occasion_id)
    return [fact.id for fact in facts]


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


def _check_follow_up(mark: RollMark | None, *, already: bool) -> None:
    if mark is None:
        raise DomainError(N_("这个人不在点名的名单里。"), field="member")
    if mark.attended:
        raise DomainError(N_("这个人参加了，不用补课。"), field="member")
    if already:
        raise DomainError(N_("这个人已经记过补课或者上门。"), field="member")
