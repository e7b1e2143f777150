"""Verbs of feedback: turn to the sponsor, reply, say what one thinks of a course."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict, DomainError
from learnhub.core.orm import held
from learnhub.core.text import N_
from learnhub.feedback import queries
from learnhub.feedback.models import Complaint, Opinion, Reply
from learnhub.feedback.rules import (
    MOST_NAMELESS_AN_HOUR,
    MOST_OWN_A_DAY,
    Clarity,
    ComplaintKind,
    Use,
    due_on,
    new_number,
)

# The actor of acts that nobody signed for.
NOBODY = 0


def complain(
    session: Session,
    act: Act,
    *,
    kind: ComplaintKind,
    words: str,
    contact: str,
    page: str,
    named: bool,
    reply_days: int,
) -> str:
    """Take in a complaint or a suggestion; returns the number by which its sender asks about it.

    Without a name (`named` false) nothing is kept that leads to the sender. A repeated sending gives the same number.
    Raises DomainError when too many came at once.
    """
    if earlier := trail.earlier(session, act.key):
        return earlier.removeprefix("complaint:")
    account_id = act.actor_id if named and act.actor_id != NOBODY else None
    _check_flood(session, act, account_id)
    row = Complaint(
        number=new_number(),
        kind=kind,
        words=words,
        contact=contact,
        page=page,
        account_id=account_id,
        received_at=act.at,
        due_on=due_on(act.day, reply_days),
    )
    session.add(row)
    session.flush()
    # The trail says that something came in, not from whom, when it came without a name.
    actor = Act(account_id or NOBODY, act.at, act.key)
    audit.note(session, actor, "complaint.receive", f"complaint:{row.number}", kind=kind.value)
    return row.number


def _check_flood(session: Session, act: Act, account_id: int | None) -> None:
    if account_id is None:
        most, since = MOST_NAMELESS_AN_HOUR, act.at - dt.timedelta(hours=1)
    else:
        most, since = MOST_OWN_A_DAY, act.at - dt.timedelta(days=1)
    if queries.received_since(session, since, account_id) >= most:
        raise DomainError(N_("现在收到的太多，请过一会儿再提交，您写的还在。"), field="words")


def reply(session: Session, act: Act, *, complaint_id: int, words: str, instead_of: str, because: str = "") -> None:
    """Reply to a complaint. A second reply takes the place of the first, with a reason.

    `instead_of` is the reply as its writer saw it (empty for none): raises Conflict when somebody else replied
    meanwhile, DomainError without a reason for a change.
    """
    if trail.earlier(session, act.key):
        return
    found = held(session, select(Complaint).where(Complaint.id == complaint_id), N_("没有这一件。"))
    standing = session.scalar(select(Reply).where(Reply.complaint_id == found.id, Reply.withdrawn_at.is_(None)))
    if (standing.words if standing else "") != instead_of:
        raise Conflict(N_("别人已经答复了这一件，请先看看。"))
    if standing is not None:
        if not because:
            raise DomainError(N_("改答复要写明原因。"), field="because")
        standing.withdrawn_at, standing.withdrawn_by, standing.withdrawn_because = act.at, act.actor_id, because
        session.flush()
    session.add(Reply(complaint_id=found.id, words=words, noted_at=act.at, noted_by=act.actor_id))
    audit.note(session, act, "complaint.reply", f"complaint:{found.number}")


def give_opinion(session: Session, act: Act, *, subject: str, clarity: Clarity, use: Use, words: str) -> None:
    """Say what the actor thinks of a course or a month; a later opinion takes the place of the earlier one."""
    row = queries.opinion_row(session, act.actor_id, subject)
    if row is None:
        row = Opinion(account_id=act.actor_id, subject=subject)
        session.add(row)
    row.clarity, row.use, row.words, row.given_at = clarity, use, words, act.at


def take_opinion_back(session: Session, act: Act, *, subject: str) -> None:
    """Take the actor's opinion of a course or a month back, if there is one."""
    if row := queries.opinion_row(session, act.actor_id, subject):
        session.delete(row)
