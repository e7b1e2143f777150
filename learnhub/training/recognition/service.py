"""Recognising study elsewhere for a task: one, a whole list, corrections, withdrawal."""

import dataclasses
from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict, DomainError, Forbidden
from learnhub.core.text import N_
from learnhub.members import queries as members
from learnhub.records import queries as record_queries
from learnhub.records import service as records
from learnhub.records.rules import CompletionWay, NewCompletion, NewCredit
from learnhub.training.recognition import queries
from learnhub.training.recognition.models import Recognition
from learnhub.training.recognition.rules import (
    CREDITED_AS,
    WEAKEST,
    NewRecognition,
    check_fit,
    completing,
    must_fit,
    recognition_source,
    yearly,
)
from learnhub.training.tasks.queries import TaskValue, held_task


def recognise(
    session: Session,
    act: Act,
    *,
    task_id: int,
    organization_id: int,
    new: Sequence[NewRecognition],
    by_branch: bool = False,
) -> int:
    """Recognise study elsewhere for a task; returns how many were new.

    Its hours are credited in the calendar year of the days they were studied, and add up: with the task's hours the
    member is covered, by the way of the study that reached them. What is said `by_branch` on the weakest evidence waits
    for the organizer's yes. The same member, class and days stand once: what is on file already is left as it is. Raises
    DomainError, naming the field, for what cannot be, for a way that does not fit the member on the day, and for members
    who are not at or below `organization_id`.
    """
    if trail.earlier(session, act.key):
        return 0
    task = held_task(session, task_id)
    ids = sorted({each.member_id for each in new})
    known = {each.id for each in queries.people(session, organization_id, act.day, ids=ids)}
    if not known.issuperset(ids):
        raise DomainError(N_("这名党员不在您负责的范围里。"), field="member")
    have, fresh = queries.standing_identities(session, task_id, ids), []
    for each in new:
        each.check(act.day)
        if each.identity not in have:
            have.add(each.identity)
            fresh.append(each)
    _check_fit(session, fresh)
    _add(session, act, task, fresh, by_branch=by_branch)
    audit.note(session, act, "training.recognise", task.subject, organization_id, count=len(fresh))
    return len(fresh)


def withdraw_recognition(
    session: Session,
    act: Act,
    *,
    recognition_id: int,
    reason: str,
    ways: Collection[CompletionWay] = tuple(CompletionWay),
) -> int:
    """Withdraw a recognition with a `reason`, and with it the completion and the hours; returns the member's id.

    `ways` are those that this person may withdraw. Raises DomainError without a reason, Conflict when it was withdrawn.
    """
    row = queries.recognition_row(session, recognition_id)
    if trail.earlier(session, act.key):
        return row.member_id
    if row.way not in ways:
        raise Forbidden(N_("上级调训的认定由组织培训的干部更正。"))
    if not reason.strip():
        raise DomainError(N_("请写明原因。"), field="reason")
    if row.withdrawn_at:
        raise Conflict(N_("这条认定已经撤回了。"))
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = act.at, act.actor_id, reason.strip()
    session.flush()
    part = act.without_key()
    for credited in _sources(row):
        records.withdraw(session, part, source=credited, member_ids=[row.member_id], reason=reason)
    _decide(session, act, held_task(session, row.task_id), [row.member_id], because=reason)
    audit.note(session, act, "training.withdraw_recognition", recognition_source(row.id))
    return row.member_id


def approve_recognitions(session: Session, act: Act, *, organization_id: int, recognition_ids: Sequence[int]) -> int:
    """Say yes to what branches recognised on the weakest evidence: hours and completions follow; returns how many.

    Whole or not at all. Raises DomainError when nobody is named or a member is not at or below `organization_id`,
    Forbidden for what the same person noted, Conflict when one was decided meanwhile.
    """
    if trail.earlier(session, act.key):
        return 0
    rows = _waiting(session, act, organization_id, recognition_ids)
    for row in rows:
        row.approved_at, row.approved_by = act.at, act.actor_id
    session.flush()
    part = act.without_key()
    records.credit(session, part, credits=[credit for row in rows for credit in _credits(row)])
    for task_id in sorted({row.task_id for row in rows}):
        of_task = sorted({row.member_id for row in rows if row.task_id == task_id})
        _decide(session, act, held_task(session, task_id), of_task)
    audit.note(session, act, "training.approve_recognitions", _subject(rows), organization_id, count=len(rows))
    return len(rows)


def refuse_recognitions(
    session: Session, act: Act, *, organization_id: int, recognition_ids: Sequence[int], reason: str
) -> int:
    """Say no to what branches recognised on the weakest evidence, with the reason they read; returns how many.

    Raises what `approve_recognitions` raises, and DomainError without a reason.
    """
    if trail.earlier(session, act.key):
        return 0
    if not reason.strip():
        raise DomainError(N_("不同意要写明原因，支部看得到。"), field="reason")
    rows = _waiting(session, act, organization_id, recognition_ids)
    for row in rows:
        row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = act.at, act.actor_id, reason.strip()
    session.flush()
    audit.note(session, act, "training.refuse_recognitions", _subject(rows), organization_id, count=len(rows))
    return len(rows)


def _waiting(session: Session, act: Act, organization_id: int, recognition_ids: Sequence[int]) -> Sequence[Recognition]:
    ids = sorted(set(recognition_ids))
    if not ids:
        raise DomainError(N_("请至少选一条。"), field="recognition")
    rows = queries.waiting_rows_held(session, ids)
    if len(rows) != len(ids):
        raise Conflict(N_("有的已经由别人处理了，请看看现在还等着的。"))
    of_rows = sorted({row.member_id for row in rows})
    if len(queries.people(session, organization_id, act.day, ids=of_rows)) != len(of_rows):
        raise DomainError(N_("这名党员不在您负责的范围里。"), field="recognition")
    if any(row.noted_by == act.actor_id for row in rows):
        raise Forbidden(N_("自己登记的认定由别人同意。"))
    return rows


def _subject(rows: Sequence[Recognition]) -> str:
    return recognition_source(rows[0].id) if len(rows) == 1 else "recognitions"


def correct_recognition(
    session: Session,
    act: Act,
    *,
    recognition_id: int,
    organization_id: int,
    new: NewRecognition,
    because: str,
    ways: Collection[CompletionWay] = tuple(CompletionWay),
    by_branch: bool = False,
) -> None:
    """Put `new` in the place of a recognition, which is withdrawn because of `because`.

    Raises DomainError and Conflict as the two verbs do, and Conflict when what it would say stands already.
    """
    if trail.earlier(session, act.key):
        return
    part, row = act.without_key(), queries.recognition_row(session, recognition_id)
    withdraw_recognition(session, part, recognition_id=recognition_id, reason=because, ways=ways)
    same = dataclasses.replace(new, member_id=row.member_id)
    if not recognise(
        session, part, task_id=row.task_id, organization_id=organization_id, new=[same], by_branch=by_branch
    ):
        raise Conflict(N_("这名党员的这个班已经认定过了。"))
    audit.note(session, act, "training.correct_recognition", recognition_source(recognition_id), organization_id)


def _check_fit(session: Session, fresh: Sequence[NewRecognition]) -> None:
    """Raise DomainError for a way that does not fit its member on the last day of the study."""
    asked = [each for each in fresh if must_fit(each.way)]
    for day in sorted({each.ends_on for each in asked}):
        of_day = [each for each in asked if each.ends_on == day]
        known = members.members_by_id(session, [each.member_id for each in of_day], day)
        for each in of_day:
            member = known.get(each.member_id)
            if member is None:
                raise DomainError(N_("这名党员那一天还不在名册里。"), field="ends_on")
            check_fit(each.way, member.name, day, member.circumstances)


def _add(session: Session, act: Act, task: TaskValue, fresh: Sequence[NewRecognition], *, by_branch: bool) -> None:
    rows = [Recognition(task_id=task.id, noted_at=act.at, noted_by=act.actor_id, **_columns(each)) for each in fresh]
    for row in rows:
        if not (by_branch and row.evidence is WEAKEST):
            row.approved_at, row.approved_by = act.at, act.actor_id
    session.add_all(rows)
    session.flush()
    approved = [row for row in rows if row.approved_at is not None]
    if approved:
        credits = [credit for row in approved for credit in _credits(row)]
        records.credit(session, act.without_key(), credits=credits)
        _decide(session, act, task, sorted({row.member_id for row in approved}))


def _decide(
    session: Session, act: Act, task: TaskValue, member_ids: Sequence[int], *, because: str = N_("认定的学时有变动。")
) -> None:
    """Let completions follow what stands as recognised: who reaches the task's hours is covered, nobody else."""
    part = act.without_key()
    wanted = {
        (member_id, recognition_source(each.id)): each
        for member_id, studies in queries.studies(session, task.id, member_ids).items()
        for each in completing(studies, task.quarters)
    }
    registered = {
        (each.member_id, each.source)
        for each in record_queries.completions_of_members(session, task.subject, member_ids)
        if each.source.startswith("recognition:")
    }
    for member_id, source in sorted(registered - wanted.keys()):
        records.withdraw_completions(session, part, source=source, member_ids=[member_id], reason=because)
    new = [
        NewCompletion(member_id, task.subject, source, each.way, each.ends_on, each.title)
        for (member_id, source), each in wanted.items()
        if (member_id, source) not in registered
    ]
    if new:
        records.complete(session, part, completions=new)


def _columns(new: NewRecognition) -> dict[str, object]:
    return {each.name: getattr(new, each.name) for each in dataclasses.fields(new)}


def _credits(row: Recognition) -> list[NewCredit]:
    """The hours, a credit for each calendar year: over New Year there are two."""
    parts = yearly(row.starts_on, row.ends_on, row.quarters)
    kind = CREDITED_AS[row.way]
    return [
        NewCredit(row.member_id, kind, quarters, day, row.title, source, row.reference)
        for (day, quarters), source in zip(parts, _sources(row), strict=True)
    ]


def _sources(row: Recognition) -> list[str]:
    """The sources of its credits: its own name for the year it ended in, and that with the year for those before."""
    parts, source = yearly(row.starts_on, row.ends_on, row.quarters), recognition_source(row.id)
    last = row.ends_on.year
    return [source if day.year == last else f"{source}-{day.year}" for day, _quarters in parts]
