"""Verbs of a branch's work list: putting a private hint aside, and asking the level above for help."""

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learnhub.audit.queries import earlier
from learnhub.audit.rules import Act
from learnhub.audit.service import note
from learnhub.core.errors import Conflict, DomainError
from learnhub.core.text import N_
from learnhub.meetings import queries
from learnhub.meetings.models import HelpRequest, HintDismissal
from learnhub.organizations import queries as organizations


def dismiss_hint(session: Session, act: Act, *, organization_id: int, member_id: int | None, reason: str) -> None:
    """Put aside the hint that months passed without a record of a member, or of the branch itself (None).

    It holds for this gap only. Raises DomainError without a `reason`, and when there is no such hint.
    """
    if earlier(session, act.key):
        return
    if not reason.strip():
        raise DomainError(N_("请写明理由，以后能看到为什么。"), field="reason")
    found = [each for each in queries.hints(session, organization_id, act.day) if each.member_id == member_id]
    if not found:
        raise DomainError(N_("这条提示已经没有了。"))
    if found[0].dismissal:
        return
    session.add(
        HintDismissal(
            organization_id=organization_id,
            member_id=member_id,
            since=found[0].last,
            reason=reason.strip(),
            noted_at=act.at,
            noted_by=act.actor_id,
        )
    )
    note(session, act, "meeting.dismiss-hint", f"organization:{organization_id}", organization_id)


def restore_hint(session: Session, act: Act, *, organization_id: int, member_id: int | None) -> None:
    """Take back that a hint was put aside; the reason stays kept."""
    if earlier(session, act.key):
        return
    for row in queries.standing_dismissals(session, organization_id, member_id):
        row.withdrawn_at, row.withdrawn_by = act.at, act.actor_id
    note(session, act, "meeting.restore-hint", f"organization:{organization_id}", organization_id)


def ask_help(session: Session, act: Act, *, organization_id: int, words: str) -> None:
    """A branch says what it needs help with; what it asked before is replaced and kept.

    Raises DomainError without words and for an organization that is no branch, Conflict when somebody asked just now.
    """
    if earlier(session, act.key):
        return
    place = organizations.organization(session, organization_id, act.day)
    if place is None or not place.is_branch:
        raise DomainError(N_("只有党支部能在这里请求帮助。"))
    if not words.strip():
        raise DomainError(N_("请写明需要帮什么。"), field="words")
    _settle(session, act, organization_id)
    asked = HelpRequest(organization_id=organization_id, words=words.strip(), noted_at=act.at, noted_by=act.actor_id)
    try:
        with session.begin_nested():
            session.add(asked)
    except IntegrityError:
        raise Conflict(N_("别的记录人刚刚也写了请求，请看看现在的内容再改。")) from None
    note(session, act, "meeting.ask-help", f"organization:{organization_id}", organization_id)


def withdraw_help(session: Session, act: Act, *, organization_id: int) -> None:
    """The branch needs no help any more; without a request nothing changes."""
    if earlier(session, act.key):
        return
    _settle(session, act, organization_id)
    note(session, act, "meeting.withdraw-help", f"organization:{organization_id}", organization_id)


def _settle(session: Session, act: Act, organization_id: int) -> None:
    row = queries.held_help(session, organization_id)
    if row is not None:
        row.withdrawn_at, row.withdrawn_by = act.at, act.actor_id
        session.flush()
