"""Credit hours and completions: registered, and withdrawn with a reason."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import CursorResult, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError
from learnhub.core.orm import changed
from learnhub.core.text import N_
from learnhub.records.models import Completion, Credit
from learnhub.records.rules import NewCompletion, NewCredit


def credit(session: Session, act: Act, *, credits: Sequence[NewCredit]) -> int:
    """Register `credits`; returns how many are new. One already standing of the same member and source stays as it is.

    Credit hours are registered once, when the session or the unit is. Raises DomainError for a day in the future.
    """
    if trail.earlier(session, act.key):
        return 0
    _check_happened(act, (each.day for each in credits))
    count = _add(session, act, Credit, [dataclasses.asdict(each) for each in credits])
    subject = credits[0].source if len({each.source for each in credits}) == 1 else "credits"
    audit.note(session, act, "records.credit", subject, count=count)
    return count


def withdraw(session: Session, act: Act, *, source: str, member_ids: Sequence[int], reason: str) -> int:
    """Withdraw the credits of `member_ids` from `source` with a `reason`; returns how many stood until now.

    Raises DomainError without a reason.
    """
    if trail.earlier(session, act.key):
        return 0
    count = _withdraw(session, act, Credit, source=source, member_ids=member_ids, reason=reason)
    audit.note(session, act, "records.withdraw", source, count=count)
    return count


def complete(session: Session, act: Act, *, completions: Sequence[NewCompletion]) -> int:
    """Register `completions`; returns how many are new.

    One already standing of the same member, subject and source stays as it is. A member who completes a task twice has
    two rows: one person covered, two person-times (人次). Raises DomainError for a day in the future.
    """
    if trail.earlier(session, act.key):
        return 0
    _check_happened(act, (each.completed_on for each in completions))
    changed(session, members={each.member_id for each in completions})
    count = _add(session, act, Completion, [dataclasses.asdict(each) for each in completions])
    subject = completions[0].source if len({each.source for each in completions}) == 1 else "completions"
    audit.note(session, act, "records.complete", subject, count=count)
    return count


def withdraw_completions(session: Session, act: Act, *, source: str, member_ids: Sequence[int], reason: str) -> int:
    """Withdraw the completions of `member_ids` that `source` (`batch:12`) proves, with a `reason`; how many stood.

    Raises DomainError without a reason. Certificates made from them say from then on that they were corrected.
    """
    if trail.earlier(session, act.key):
        return 0
    changed(session, members=set(member_ids))
    count = _withdraw(session, act, Completion, source=source, member_ids=member_ids, reason=reason)
    changed(session, members=member_ids)
    audit.note(session, act, "records.withdraw_completions", source, count=count)
    return count


def _check_happened(act: Act, days: Iterable[dt.date]) -> None:
    """Nothing is recorded before it has happened."""
    if any(day > act.day for day in days):
        raise DomainError(N_("还没有到的日子不能登记。"))


def _withdraw(
    session: Session,
    act: Act,
    table: type[Credit] | type[Completion],
    *,
    source: str,
    member_ids: Sequence[int],
    reason: str,
) -> int:
    if not reason.strip():
        raise DomainError(N_("更正记录要写明原因。"), field="reason")
    standing = update(table).where(
        table.source == source, table.member_id.in_(member_ids), table.withdrawn_at.is_(None)
    )
    values = {"withdrawn_at": act.at, "withdrawn_by": act.actor_id, "withdrawn_because": reason.strip()}
    result: CursorResult[Any] = session.execute(standing.values(values))  # type: ignore[assignment]
    return result.rowcount


def _add(session: Session, act: Act, table: type[Credit] | type[Completion], rows: list[dict[str, Any]]) -> int:
    """Insert `rows` but those that the partial unique index of standing facts refuses; how many went in."""
    if not rows:
        return 0
    noted = [{**row, "noted_at": act.at, "noted_by": act.actor_id} for row in rows]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).on_conflict_do_nothing().returning(table.id)
    return len(session.scalars(statement, noted).all())
