"""Recognising study elsewhere for a task: one, a whole list, corrections, withdrawal."""

import dataclasses
from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict, DomainError, Forbidden
from learnhub.core.text import N_
from learnhub.records import service as records
from learnhub.records.rules import CompletionWay, NewCompletion, NewCredit
from learnhub.training.models import Recognition
from learnhub.training.queries import recognition as queries
from learnhub.training.queries.batches import TaskValue, held_task
from learnhub.training.rules.recognition import CREDITED_AS, NewRecognition, ReadRow, recognition_source, yearly

# What a list of a higher level recognises.
LIST_WAY = CompletionWay.HIGHER_LEVEL


def recognise(session: Session, act: Act, *, task_id: int, organization_id: int, new: Sequence[NewRecognition]) -> int:
    """Recognise study elsewhere for a task; returns how many were new.

    Each covers its member by its way, with its hours credited in the calendar year of the days they were studied. The
    same member, class and days stand once: what is on file already is left as it is. Raises DomainError, naming the
    field, for what cannot be, and for members who are not at or below `organization_id`.
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
    _add(session, act, task, fresh)
    audit.note(session, act, "training.recognise", task.subject, organization_id, count=len(fresh))
    return len(fresh)


def recognise_list(
    session: Session, act: Act, *, task_id: int, organization_id: int, rows: Sequence[ReadRow], digest: str
) -> int:
    """Recognise the list that was looked at as `digest`, whole or nothing; returns how many were new.

    Raises DomainError when a cell is wrong, Conflict when the roster or the recognitions changed since it was looked at.
    """
    if trail.earlier(session, act.key):
        return 0
    plan = queries.plan_list(session, task_id, organization_id, rows, act.day)
    if plan.wrong:
        raise DomainError(N_("表里还有要改的地方，什么也没有登记。"))
    if plan.digest != digest:
        raise Conflict(N_("核对以后名册或者认定有了变动，请再核对一次。什么也没有登记。"))
    new = [each.new for each in plan.new]
    return recognise(session, act, task_id=task_id, organization_id=organization_id, new=new)


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
    part, source = act.without_key(), recognition_source(row.id)
    records.withdraw_completions(session, part, source=source, member_ids=[row.member_id], reason=reason)
    for credited in _sources(row):
        records.withdraw(session, part, source=credited, member_ids=[row.member_id], reason=reason)
    audit.note(session, act, "training.withdraw_recognition", source)
    return row.member_id


def correct_recognition(
    session: Session,
    act: Act,
    *,
    recognition_id: int,
    organization_id: int,
    new: NewRecognition,
    because: str,
    ways: Collection[CompletionWay] = tuple(CompletionWay),
) -> None:
    """Put `new` in the place of a recognition, which is withdrawn because of `because`.

    Raises DomainError and Conflict as the two verbs do, and Conflict when what it would say stands already.
    """
    if trail.earlier(session, act.key):
        return
    part, row = act.without_key(), queries.recognition_row(session, recognition_id)
    withdraw_recognition(session, part, recognition_id=recognition_id, reason=because, ways=ways)
    same = dataclasses.replace(new, member_id=row.member_id)
    if not recognise(session, part, task_id=row.task_id, organization_id=organization_id, new=[same]):
        raise Conflict(N_("这名党员的这个班已经认定过了。"))
    audit.note(session, act, "training.correct_recognition", recognition_source(recognition_id), organization_id)


def _add(session: Session, act: Act, task: TaskValue, fresh: Sequence[NewRecognition]) -> None:
    rows = [Recognition(task_id=task.id, noted_at=act.at, noted_by=act.actor_id, **_columns(each)) for each in fresh]
    session.add_all(rows)
    session.flush()
    part = act.without_key()
    completions = [
        NewCompletion(row.member_id, task.subject, recognition_source(row.id), row.way, row.ends_on, row.title)
        for row in rows
    ]
    credits = [credit for row in rows for credit in _credits(row)]
    if rows:
        records.complete(session, part, completions=completions)
        records.credit(session, part, credits=credits)


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
