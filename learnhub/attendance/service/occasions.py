"""Opening, moving, cancelling and finishing an occasion."""

import datetime as dt

from sqlalchemy.orm import Session

from learnhub.attendance import queries
from learnhub.attendance.models import Occasion
from learnhub.attendance.rules import check_ended, check_roll_open
from learnhub.attendance.service.credits import credit, earned, withdraw
from learnhub.attendance.service.steps import check_span, noted, still_on
from learnhub.audit.queries import earlier
from learnhub.audit.rules import Act, subject_id
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.records import queries as record_queries
from learnhub.records.rules import CreditKind


def open_occasion(
    session: Session,
    act: Act,
    *,
    organization_id: int,
    title: str,
    place: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    credit_kind: CreditKind,
    quarters: int | None = None,
) -> int:
    """Open something with a roll and return its id.

    `quarters` (quarter hours) is what taking part is worth; without it the rule in force on that day decides, and its
    basis (依据) is kept with the occasion. Raises DomainError when it ends before it begins.
    """
    if subject := earlier(session, act.key):
        return subject_id(subject)
    check_span(starts_at, ends_at)
    day = clock.local(starts_at).date()
    rule = record_queries.hour_rule(session, credit_kind, day)
    occasion = Occasion(
        organization_id=organization_id,
        title=title,
        place=place,
        starts_at=starts_at,
        ends_at=ends_at,
        day=day,
        credit_kind=credit_kind,
        quarters=rule.quarters if quarters is None else quarters,
        basis=rule.basis,
        roll_version=0,
    )
    session.add(occasion)
    session.flush()
    noted(session, act, "open", occasion, quarters=occasion.quarters)
    return occasion.id


def move(
    session: Session, act: Act, *, occasion_id: int, starts_at: dt.datetime, ends_at: dt.datetime, place: str
) -> None:
    """Change when and where. A finished or cancelled occasion cannot be moved (DomainError).

    Raises TooEarly for a called roll that would come to stand before its own beginning.
    """
    if earlier(session, act.key):
        return
    occasion = still_on(session, occasion_id)
    if occasion.finished_at:
        raise DomainError(N_("这次活动已经完成记录，不能再改时间和地点。"))
    check_span(starts_at, ends_at)
    occasion.starts_at, occasion.ends_at, occasion.place = starts_at, ends_at, place
    occasion.day = clock.local(starts_at).date()
    if occasion.roll_version:
        check_roll_open(occasion, act.at)
    noted(session, act, "move", occasion, day=occasion.day.isoformat())


def cancel(session: Session, act: Act, *, occasion_id: int, reason: str) -> None:
    """Cancel with a reason; what a finished one had credited is withdrawn for the same reason."""
    if earlier(session, act.key):
        return
    if not reason.strip():
        raise DomainError(N_("请写明取消的原因。"), field="reason")
    occasion = queries.held(session, occasion_id)
    if occasion.cancelled_at:
        return
    if occasion.finished_at:
        credited = earned(session, occasion, queries.roll(session, occasion_id))
        withdraw(session, act, occasion, credited, reason)
    occasion.cancelled_at, occasion.cancelled_by, occasion.cancelled_because = act.at, act.actor_id, reason
    noted(session, act, "cancel", occasion)


def finish(session: Session, act: Act, *, occasion_id: int) -> int:
    """Finish the occasion: credit those who took part or were followed up. Returns how many members are credited.

    Finishing again changes nothing. Raises DomainError before the roll is called, TooEarly before the end.
    """
    occasion = still_on(session, occasion_id)
    if not occasion.roll_version:
        raise DomainError(N_("还没有点名。先点名，再完成记录。"))
    if not occasion.finished_at:
        _take_late_rule(session, occasion)
    credited = earned(session, occasion, queries.roll(session, occasion_id))
    if occasion.finished_at:
        return len(credited)
    check_ended(occasion, act.at)
    occasion.finished_at, occasion.finished_by = act.at, act.actor_id
    credit(session, act, credited.values())
    noted(session, act, "finish", occasion, credited=len(credited))
    return len(credited)


def _take_late_rule(session: Session, occasion: Occasion) -> None:
    """An occasion opened before there was any rule of its hours goes by the one that was entered for its day since."""
    if occasion.quarters == 0 and not occasion.basis:
        rule = record_queries.hour_rule(session, occasion.credit_kind, occasion.day)
        occasion.quarters, occasion.basis = rule.quarters, rule.basis
