"""Verbs about what is due: how often a kind of meeting is held, and why a branch did not hold one."""

import datetime as dt

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learnhub.audit.queries import earlier
from learnhub.audit.rules import Act
from learnhub.audit.service import note
from learnhub.core.errors import Conflict, DomainError
from learnhub.core.orm import FOREVER
from learnhub.core.text import N_
from learnhub.meetings import queries
from learnhub.meetings.models import DutyExplanation, DutyRule
from learnhub.meetings.rules import MeetingKind
from learnhub.meetings.rules.duties import EVERY, THEME_DAY, period
from learnhub.organizations import queries as organizations


def add_duty_rule(
    session: Session, act: Act, *, kind: MeetingKind, months: int, basis: str, valid_from: dt.date
) -> None:
    """From `valid_from` on, `kind` is generally held once in `months` months (0 for never), by `basis`.

    The former rule ends there. Raises DomainError for the theme day, whose month is fixed, for a period that is no
    whole part of a year, without a basis, and for a day before this year or not after the newest rule's.
    """
    if earlier(session, act.key):
        return
    if kind is THEME_DAY.kind or months not in EVERY:
        raise DomainError(N_("请选一种会议和它的间隔。"), field="kind")
    if not basis.strip():
        raise DomainError(N_("请填依据的文件或者计划。"), field="basis")
    if valid_from < dt.date(act.day.year, 1, 1):
        raise DomainError(N_("新规则最早从今年 1 月 1 日起执行。"), field="valid_from")
    newest = queries.newest_duty_rule(session, kind)
    if newest and valid_from <= newest.valid_from:
        raise DomainError(N_("新规则要晚于现有最新一条的执行日期。"), field="valid_from")
    if newest:
        newest.valid_to = valid_from
    session.add(DutyRule(kind=kind, months=months, basis=basis.strip(), valid_from=valid_from, valid_to=FOREVER))
    note(session, act, "meeting.duty-rule", f"kind:{kind.value}", months=months, day=valid_from.isoformat())


def explain(session: Session, act: Act, *, organization_id: int, kind: MeetingKind, month: str, reason: str) -> None:
    """A branch says why it did not hold `kind` in the period in which `month` lies; what it said before is kept.

    Raises DomainError without a reason, for an organization that is no branch and for a kind that no rule asks for,
    Conflict when somebody wrote one at the same moment.
    """
    if earlier(session, act.key):
        return
    if not reason.strip():
        raise DomainError(N_("请写明为什么没有开。"), field="reason")
    place = organizations.organization(session, organization_id, act.day)
    if place is None or not place.is_branch:
        raise DomainError(N_("只有党支部写说明。"))
    first = _first(session, act, kind, month)
    _withdraw(session, act, organization_id, kind, first)
    row = DutyExplanation(
        organization_id=organization_id, kind=kind, period=first, reason=reason.strip(), noted_at=act.at,
        noted_by=act.actor_id,
    )  # fmt: skip
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise Conflict(N_("别的记录人刚刚也写了说明，请看看现在的再改。")) from None
    note(
        session,
        act,
        "meeting.explain",
        f"organization:{organization_id}",
        organization_id,
        kind=kind.value,
        period=first,
    )


def withdraw_explanation(session: Session, act: Act, *, organization_id: int, kind: MeetingKind, month: str) -> None:
    """Take the explanation of that period back; without one nothing changes."""
    if earlier(session, act.key):
        return
    first = _first(session, act, kind, month)
    if _withdraw(session, act, organization_id, kind, first):
        subject = f"organization:{organization_id}"
        note(session, act, "meeting.withdraw-explanation", subject, organization_id, kind=kind.value, period=first)


def _first(session: Session, act: Act, kind: MeetingKind, month: str) -> str:
    rules = (THEME_DAY, *queries.duty_rules(session, act.day))
    found = next((each for each in rules if each.kind is kind), None)
    if found is None:
        raise DomainError(N_("这种会议没有规定次数，不用说明。"))
    return period(month, found.months)[0]


def _withdraw(session: Session, act: Act, organization_id: int, kind: MeetingKind, first: str) -> bool:
    row = queries.held_explanation(session, organization_id, kind, first)
    if row is not None:
        row.withdrawn_at, row.withdrawn_by = act.at, act.actor_id
        session.flush()
    return row is not None
