"""Calling the roll and correcting it. A mark is never overwritten: it is withdrawn and another is noted."""

import dataclasses
from collections.abc import Mapping, Sequence

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from learnhub.attendance import queries
from learnhub.attendance.models import Attendance, Occasion
from learnhub.attendance.rules import RollChanged, RollMark, RollSaved, whole_roll
from learnhub.attendance.service.credits import settle
from learnhub.attendance.service.steps import noted, still_on
from learnhub.audit.queries import earlier
from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError
from learnhub.core.text import N_


def call_roll(
    session: Session,
    act: Act,
    *,
    occasion_id: int,
    expected: Sequence[int],
    marks: Mapping[int, RollMark],
    base_version: int,
    because: str = "",
) -> RollSaved:
    """Save the whole roll: every `expected` member (id) as marked, present where there is no mark.

    `base_version` is the version the recorder started from. When another recorder saved a different roll since, nothing
    is saved and RollChanged carries theirs; the same roll twice is one. After the occasion is finished a change is a
    correction: it needs `because`, and credits follow it. Raises DomainError for a mark of somebody not expected.
    """
    if earlier(session, act.key):
        return RollSaved(queries.held(session, occasion_id).roll_version)
    wanted = whole_roll(expected, marks)
    occasion = still_on(session, occasion_id)
    standing = queries.roll(session, occasion_id) if occasion.roll_version else {}
    if occasion.roll_version and wanted == standing:
        return RollSaved(occasion.roll_version)
    if base_version != occasion.roll_version:
        raise RollChanged(standing, occasion.roll_version)
    _replace(session, act, occasion, standing=standing, wanted=wanted, because=because)
    noted(session, act, "roll", occasion, version=occasion.roll_version, members=len(wanted))
    return RollSaved(occasion.roll_version)


def correct(session: Session, act: Act, *, occasion_id: int, member_id: int, mark: RollMark, reason: str) -> RollSaved:
    """Correct one member's mark, with a reason; credits of a finished occasion follow."""
    if earlier(session, act.key):
        return RollSaved(queries.held(session, occasion_id).roll_version)
    occasion = still_on(session, occasion_id)
    standing = queries.roll(session, occasion_id)
    if member_id not in standing:
        raise DomainError(N_("这个人不在点名的名单里。"))
    if not reason.strip():
        raise DomainError(N_("更正要写明理由。"), field="because")
    if standing[member_id] != mark:
        wanted = {**standing, member_id: mark}
        _replace(session, act, occasion, standing=standing, wanted=wanted, because=reason)
        noted(session, act, "correct", occasion, version=occasion.roll_version, member=member_id)
    return RollSaved(occasion.roll_version)


def _replace(
    session: Session,
    act: Act,
    occasion: Occasion,
    *,
    standing: Mapping[int, RollMark],
    wanted: Mapping[int, RollMark],
    because: str,
) -> None:
    """Withdraw the marks that no longer hold, note the new ones, and let the credits of a finished occasion follow."""
    if occasion.finished_at and not because.strip():
        raise DomainError(N_("这次活动已经完成记录。改动点名是更正，请写明理由。"), field="because")
    gone = [member for member, mark in standing.items() if wanted.get(member) != mark]
    fresh = {member: mark for member, mark in wanted.items() if standing.get(member) != mark}
    if gone:
        withdrawn = {"withdrawn_at": act.at, "withdrawn_by": act.actor_id, "withdrawn_because": because or None}
        session.execute(
            update(Attendance)
            .where(
                Attendance.occasion_id == occasion.id, Attendance.member_id.in_(gone), Attendance.withdrawn_at.is_(None)
            )
            .values(withdrawn)
            .execution_options(synchronize_session=False)
        )
    if fresh:
        # One statement for all: without render_nulls rows with and without a reason would go in separately.
        statement = insert(Attendance).execution_options(render_nulls=True)
        session.execute(statement, [_row(act, occasion, member, mark) for member, mark in fresh.items()])
    occasion.roll_version += 1
    if occasion.finished_at:
        settle(session, act, occasion, standing=standing, wanted=wanted, because=because)


def _row(act: Act, occasion: Occasion, member_id: int, mark: RollMark) -> dict[str, object]:
    return {
        "occasion_id": occasion.id,
        "member_id": member_id,
        **dataclasses.asdict(mark),
        "noted_at": act.at,
        "noted_by": act.actor_id,
    }
