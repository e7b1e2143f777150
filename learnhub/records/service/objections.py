"""Objections: raising one, taking it to the level above, answering it, with a correction where one is due."""

import datetime as dt

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act, subject_id
from learnhub.core.errors import Conflict, DomainError, Forbidden
from learnhub.core.text import N_
from learnhub.members import queries as members
from learnhub.organizations import queries as organizations
from learnhub.records import queries
from learnhub.records.models import Objection
from learnhub.records.rules import BRANCH_KINDS, Answer, Change, Correction
from learnhub.records.service import corrections


def raise_objection(
    session: Session, act: Act, *, member_id: int, subject: str, about: str, words: str, days: int
) -> int:
    """A member objects to an entry of their own record, or to something missing; returns the objection's id.

    `subject` names the entry and `about` says it in words; `days` is the time for an answer. It goes to the member's
    branch. Raises DomainError without words, for somebody in no branch, and Conflict while the same waits already.
    """
    if earlier := trail.earlier(session, act.key):
        return subject_id(earlier)
    branch = members.organization_of_member(session, member_id=member_id)
    if branch is None:
        raise DomainError(N_("您现在不在任何支部，请联系上级党组织。"))
    if queries.open_objection(session, member_id, subject):
        raise Conflict(N_("这一条已经提过异议，正在等待答复。"))
    return _put(session, act, Objection(
        member_id=member_id, organization_id=branch, above=False, subject=subject, about=about[:200],
        words=_said(words, "words"), due_on=act.day + dt.timedelta(days=days),
    ))  # fmt: skip


def take_up(session: Session, act: Act, *, objection_id: int, member_id: int, words: str, days: int) -> int:
    """The member takes an answered or overdue objection to the level above, once; returns the new one's id.

    Raises Forbidden for somebody else's, Conflict when it cannot go up (any more).
    """
    if earlier := trail.earlier(session, act.key):
        return subject_id(earlier)
    queries.held_objection(session, objection_id)
    found = queries.objection(session, objection_id)
    if found is None or found.member_id != member_id:
        raise Forbidden(N_("这不是您提的异议。"))
    if not found.may_go_up(act.day):
        raise Conflict(N_("这条异议现在不能再向上级提：要等答复或者过了期限，并且只能提一次。"))
    return _go_up(session, act, found, _said(words, "words"), days)


def answer(
    session: Session, act: Act, *, objection_id: int, answer: Answer, words: str, correction: Correction, days: int
) -> None:
    """Answer an objection, giving the reason; `correction` is carried out as new facts in the record book.

    Passed on, it goes to the level above with another `days` for an answer. Raises Conflict when it was answered
    meanwhile, Forbidden for one's own, DomainError without words or when the correction does not fit.
    """
    if trail.earlier(session, act.key):
        return
    row = queries.held_objection(session, objection_id)
    _check_answer(row, answer, act)
    said = _said(words, "words")
    if answer is Answer.CORRECTED:
        _correct(session, act, row, correction, said)
    elif correction.change is not Change.NONE:
        raise DomainError(N_("只有选了“已经更正”，才能在这里改记录。"), field="change")
    row.answered_at, row.answered_by, row.answer, row.answer_words = act.at, act.actor_id, answer, said
    session.flush()
    audit.note(session, act, "objection.answer", f"objection:{row.id}", row.organization_id, answer=answer.value)
    if answer is Answer.PASSED_ON and (found := queries.objection(session, row.id)):
        _go_up(session, act.without_key(), found, found.words, days)


def _check_answer(row: Objection, answer: Answer, act: Act) -> None:
    if row.answered_at:
        raise Conflict(N_("这条异议已经答复过了。"))
    if row.raised_by == act.actor_id:
        raise Forbidden(N_("自己提的异议由别人答复：别的记录人，或者过了期限由上级。"))
    if row.above and answer is Answer.PASSED_ON:
        raise DomainError(N_("已经在上级，不能再转。"), field="answer")


def _correct(session: Session, act: Act, row: Objection, correction: Correction, reason: str) -> None:
    """Carry out `correction`: the entry is withdrawn with the answer as its reason, and noted anew with other hours."""
    if correction.change is Change.NONE:
        return
    fact = queries.fact(session, row.subject)
    if fact is None:
        raise DomainError(N_("这一条已经更正过，或者要在会议、培训班的记录里更正。"), field="change")
    if not row.above and fact.kind not in BRANCH_KINDS:
        raise DomainError(N_("培训班和上级调训的记录由上级更正，请转给上级答复。"), field="answer")
    corrections.carry_out(session, act.without_key(), fact, correction, reason)


def _go_up(session: Session, act: Act, found: queries.ObjectionValue, words: str, days: int) -> int:
    line = organizations.ancestors(session, found.organization_id, act.day)
    level = line[-2].id if len(line) > 1 else found.organization_id
    return _put(session, act, Objection(
        member_id=found.member_id, organization_id=level, above=True, follows_id=found.id, subject=found.subject,
        about=found.about, words=words, due_on=act.day + dt.timedelta(days=days),
    ), raised_by=found.raised_by)  # fmt: skip


def _put(session: Session, act: Act, row: Objection, raised_by: int | None = None) -> int:
    row.raised_at, row.raised_by = act.at, act.actor_id if raised_by is None else raised_by
    session.add(row)
    session.flush()
    kind = row.subject.partition(":")[0]
    audit.note(session, act, "objection.raise", f"objection:{row.id}", row.organization_id, about=kind)
    return row.id


def _said(words: str, field: str) -> str:
    if not words.strip():
        raise DomainError(N_("请写明情况。"), field=field)
    return words.strip()[:1000]
