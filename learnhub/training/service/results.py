"""Rolls and test results of a batch."""

import dataclasses
from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance_queries
from learnhub.attendance import service as attendance
from learnhub.attendance.rules import RollMark, RollSaved, has_ended
from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_
from learnhub.records.rules import batch_source
from learnhub.training import queries
from learnhub.training.models import Result
from learnhub.training.rules import NewResult
from learnhub.training.service.completions import decide_anew
from learnhub.training.service.steps import correctable_batch_held, open_batch_held


def call_roll(
    session: Session,
    act: Act,
    *,
    session_id: int,
    marks: Mapping[int, RollMark],
    base_version: int,
    register: bool,
    because: str = "",
) -> RollSaved:
    """Save the roll of a session for everybody with a place; with `register`, credit its hours too if it has ended.

    `base_version` and `because` are those of `attendance.service.call_roll`, and so is RollChanged, which is raised when
    somebody else saved another roll meanwhile. In a closed batch it is a correction, after which the completion of
    those whose mark changed is decided anew. Raises Conflict for a cancelled batch.
    """
    found = queries.session_of(session, session_id)
    if found is None:
        raise NotFound(N_("没有这次课。"))
    task, batch = correctable_batch_held(session, found.batch_id, because)
    before = attendance_queries.roll(session, found.occasion.id)
    saved = attendance.call_roll(
        session,
        act,
        occasion_id=found.occasion.id,
        expected=queries.placed(session, found.batch_id),
        marks=marks,
        base_version=base_version,
        because=because,
    )
    if register and has_ended(found.occasion, act.at):
        attendance.finish(session, act.without_key(), occasion_id=found.occasion.id)
    if batch.closed_at is not None:
        after = attendance_queries.roll(session, found.occasion.id)
        marked = [each for each in before.keys() | after.keys() if before.get(each) != after.get(each)]
        decide_anew(session, act, task=task, batch=batch, member_ids=marked, because=because)
    return saved


def enter_results(
    session: Session, act: Act, *, batch_id: int, percents: Mapping[int, int | None], because: str = ""
) -> int:
    """Enter results of a test on paper, in per cent by member id (None takes one back); returns how many changed.

    A changed result withdraws the one before it. In a closed batch it is a correction with its reason `because`, after
    which the completion of those whose result changed is decided anew. Raises DomainError for somebody without a place
    or a figure outside 0 to 100, Conflict for a cancelled batch.
    """
    if trail.earlier(session, act.key):
        return 0
    task, batch = correctable_batch_held(session, batch_id, because)
    standing = queries.standing_results(session, batch_id)
    before = {member: row.percent for member, row in standing.items()}
    changed = {member: percent for member, percent in percents.items() if before.get(member) != percent}
    check_placed(session, batch_id, changed)
    for member_id, percent in changed.items():
        replace_result(session, act, batch_id, NewResult(member_id, percent), standing, because=because)
    session.flush()
    audit.note(
        session, act, "training.enter_results", batch_source(batch_id), batch.organization_id, changed=len(changed)
    )
    if batch.closed_at is not None:
        decide_anew(session, act, task=task, batch=batch, member_ids=list(changed), because=because)
    return len(changed)


def record_result(session: Session, act: Act, *, batch_id: int, member_id: int, percent: int, attempt_id: int) -> None:
    """Record the result of a completion test taken here, in per cent. A better one that stands already stays."""
    if trail.earlier(session, act.key):
        return
    _task, batch = open_batch_held(session, batch_id)
    standing = queries.standing_results(session, batch_id)
    if member_id in standing and standing[member_id].percent >= percent:
        return
    check_placed(session, batch_id, [member_id])
    replace_result(session, act, batch_id, NewResult(member_id, percent, attempt_id), standing)
    session.flush()
    audit.note(session, act, "training.record_result", f"batch:{batch_id}", batch.organization_id, member=member_id)


def replace_result(
    session: Session, act: Act, batch_id: int, new: NewResult, standing: Mapping[int, Result], *, because: str = ""
) -> None:
    """Withdraw the member's `standing` result of the batch, if there is one, and note the new one, if there is one.

    `because` is why, where it is a correction.
    """
    if new.percent is not None and not 0 <= new.percent <= 100:
        raise DomainError(N_("成绩要在 0 到 100 之间。"))
    before = standing.get(new.member_id)
    if before is not None:
        before.withdrawn_at, before.withdrawn_by, before.withdrawn_because = act.at, act.actor_id, because or None
        session.flush()  # the old one must be gone before the partial unique index sees the new one
    if new.percent is not None:
        session.add(
            Result(
                batch_id=batch_id,
                **dataclasses.asdict(new),
                noted_at=act.at,
                noted_by=act.actor_id,
            )
        )


def check_placed(session: Session, batch_id: int, member_ids: Collection[int]) -> None:
    """Raise DomainError unless everybody has a standing place in the batch."""
    if not set(queries.placed(session, batch_id)).issuperset(member_ids):
        raise DomainError(N_("名单里有人不是这一期的学员，请刷新后再试。"))
