"""Confirming an import, whole or not at all, and taking the newest one back."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import null, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act, subject_id
from learnhub.core.errors import Conflict, DomainError
from learnhub.core.text import N_
from learnhub.members import queries
from learnhub.members.models import RosterImport
from learnhub.members.rules.parsing import Parsed
from learnhub.members.rules.plan import Status
from learnhub.members.service.carrying_out import carry_out
from learnhub.members.service.planning import NO_ANSWERS, Prepared, prepare
from learnhub.members.service.revising import changes_of
from learnhub.members.service.writing import Writer, take_back
from learnhub.organizations import queries as organizations

_IMPORTED = "roster.import"


def confirm(
    session: Session,
    act: Act,
    *,
    parsed: Parsed,
    root_id: int | None,
    on: dt.date,
    file_name: str,
    digest: str,
    answers: Mapping[str, str] = NO_ANSWERS,
) -> int:
    """Carry out the import that was previewed as `digest` with these `answers`, from the civil day `on`; return its id.

    Whole or nothing: it is planned anew, and refused with DomainError when anything is wrong, with Conflict when the
    roster has changed since the preview. Until the next import it can be undone.
    """
    if subject := trail.earlier(session, act.key):
        return subject_id(subject)
    prepared = prepare(session, parsed, root_id=root_id, on=on, answers=answers)
    if prepared.plan.faults:
        raise DomainError(N_("表里还有要改的地方，什么也没有导入。"))
    if prepared.plan.unanswered:
        raise DomainError(N_("还有没有回答的问题，什么也没有导入。"))
    if prepared.plan.digest != digest:
        raise Conflict(N_("核对之后名册又有变动。请再核对一次，什么也没有导入。"))
    if not prepared.plan.changes_anything:
        raise DomainError(N_("表和名册一样，没有要改的。"))
    writer, last_id = Writer(session), queries.last_id(session)
    try:
        carry_out(writer, prepared, on, next_code=last_id + 1)
    except IntegrityError:
        raise Conflict(N_("核对之后名册又有变动。请再核对一次，什么也没有导入。")) from None
    _forget_undo(session)
    done = RosterImport(
        organization_id=root_id or organizations.roots(session, on)[0].id,
        at=act.at,
        by=act.actor_id,
        file_name=file_name[:200],
        counts=prepared.plan.counts,
        undo=writer.undo,
    )
    session.add(done)
    session.flush()
    counts: dict[str, Any] = prepared.plan.counts
    subject = f"roster-import:{done.id}"
    found = changes_of(writer, on, first=last_id == 0)
    audit.revise(session, act, _IMPORTED, subject, found, because=done.file_name)
    audit.note(session, act, _IMPORTED, subject, done.organization_id, counts=counts)
    _note_leaving(session, act.without_key(), prepared)
    return done.id


def _note_leaving(session: Session, act: Act, prepared: Prepared) -> None:
    """Note of each who leaves why, as when a member is taken off the roster alone."""
    for row in prepared.plan.rows:
        if row.status is Status.LEAVING and row.target_id is not None:
            branch = prepared.members[row.target_id].organization_id
            because = row.values["because"]
            audit.note(session, act, "member.leave", f"member:{row.target_id}", branch, because=because)


def undo(session: Session, act: Act, *, root_id: int | None, on: dt.date) -> None:
    """Take the newest import back, where it was made at or below `root_id` (anywhere, for None).

    Raises DomainError when there is none, when rows have been changed since, or when records of study rest on them.
    """
    if trail.earlier(session, act.key):
        return
    newest = queries.newest_import(session)
    if newest is None or newest.undo is None:
        raise DomainError(N_("没有可以撤销的导入。"))
    if root_id and not organizations.covers(session, [root_id], newest.organization_id, on):
        raise DomainError(N_("最近一次导入不是在您管理的范围内做的，不能由您撤销。"))
    number, place = newest.id, newest.organization_id
    taken, newest.undone_at = newest.undo, act.at
    _forget_undo(session)
    try:
        take_back(session, taken)
    except IntegrityError:
        raise DomainError(N_("导入的党员已经有了学习或会议记录，不能撤销这次导入了。")) from None
    audit.revise_back(session, act, "roster.undo-import", f"roster-import:{number}", undone=_IMPORTED)
    audit.note(session, act, "roster.undo-import", f"roster-import:{number}", place)


def _forget_undo(session: Session) -> None:
    """Drop what is kept for undoing: it is of use until the next import or until it is used."""
    session.execute(update(RosterImport).where(RosterImport.undo.is_not(None)).values(undo=null()))
