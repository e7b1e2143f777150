"""Questions to feedback, as plain values."""

import dataclasses
import datetime as dt
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.core.holding import Holding, holding
from learnhub.core.text import N_
from learnhub.feedback.models import Complaint, Opinion, Reply
from learnhub.feedback.rules import (
    CLARITY_LABELS,
    FEWEST_OPINIONS,
    KIND_LABELS,
    USE_LABELS,
    Clarity,
    ComplaintKind,
    Handled,
    Use,
)
from learnhub.organizations import queries as organizations

# How many complaints one page of the list holds, and how far back the public figures go.
PAGE = 30
FIGURES_DAYS = 366


@dataclasses.dataclass(frozen=True, slots=True)
class ComplaintValue:
    """A complaint and its reply; `reply` is empty, and `answered_at` None, while there is none."""

    id: int
    number: str
    kind: ComplaintKind
    words: str
    contact: str
    page: str
    account_id: int | None
    received_at: dt.datetime
    due_on: dt.date
    reply: str
    answered_at: dt.datetime | None

    def is_overdue(self, today: dt.date) -> bool:
        """Whether the day for a reply has passed without one."""
        return self.answered_at is None and today > self.due_on


@dataclasses.dataclass(frozen=True, slots=True)
class OpinionValue:
    """What one person said of one subject."""

    clarity: Clarity
    use: Use
    words: str


@dataclasses.dataclass(frozen=True, slots=True)
class Opinions:
    """What at least ten people said of one subject: how many chose what, and their words without any name."""

    subject: str
    takers: int
    clarity: dict[Clarity, int]
    use: dict[Use, int]
    words: tuple[str, ...]


def _complaints() -> Select[tuple[Complaint, Reply]]:
    standing = and_(Reply.complaint_id == Complaint.id, Reply.withdrawn_at.is_(None))
    return select(Complaint, Reply).outerjoin(Reply, standing)


def _value(row: Any) -> ComplaintValue:
    found, reply = row
    return ComplaintValue(
        found.id,
        found.number,
        found.kind,
        found.words,
        found.contact,
        found.page,
        found.account_id,
        found.received_at,
        found.due_on,
        reply.words if reply else "",
        reply.noted_at if reply else None,
    )


def by_number(session: Session, number: str) -> ComplaintValue | None:
    """The complaint that is asked for by `number`."""
    row = session.execute(_complaints().where(Complaint.number == number)).first()
    return _value(row) if row else None


def complaint(session: Session, complaint_id: int) -> ComplaintValue | None:
    """A complaint by its id."""
    row = session.execute(_complaints().where(Complaint.id == complaint_id)).first()
    return _value(row) if row else None


def complaints(session: Session, *, before: int | None = None) -> tuple[ComplaintValue, ...]:
    """Complaints, those without a reply first and by their deadline, then the answered ones, newest first.

    `before` is the id of the last answered one on the page before, which begins the list of older answered ones.
    """
    answered = _complaints().where(Reply.id.is_not(None)).order_by(Complaint.id.desc()).limit(PAGE)
    if before is not None:
        return tuple(_value(row) for row in session.execute(answered.where(Complaint.id < before)))
    waiting = _complaints().where(Reply.id.is_(None)).order_by(Complaint.due_on, Complaint.id)
    return tuple(_value(row) for statement in (waiting, answered) for row in session.execute(statement))


def own(session: Session, account_id: int) -> tuple[ComplaintValue, ...]:
    """What this person sent with their name, newest first."""
    statement = _complaints().where(Complaint.account_id == account_id).order_by(Complaint.id.desc()).limit(PAGE)
    return tuple(_value(row) for row in session.execute(statement))


def waiting(session: Session) -> int:
    """How many complaints have no reply yet."""
    standing = select(Reply.complaint_id).where(Reply.withdrawn_at.is_(None))
    return session.scalar(select(func.count()).select_from(Complaint).where(Complaint.id.not_in(standing))) or 0


def received_since(session: Session, since: dt.datetime, account_id: int | None) -> int:
    """How many came since that instant from this person, or without a name."""
    whose = Complaint.account_id.is_(None) if account_id is None else Complaint.account_id == account_id
    statement = select(func.count()).select_from(Complaint).where(Complaint.received_at >= since, whose)
    return session.scalar(statement) or 0


def handled(session: Session, today: dt.date) -> tuple[Handled, ...]:
    """What became of each complaint of the last year, without any of its words; one statement."""
    since = clock.instant(today - dt.timedelta(days=FIGURES_DAYS), dt.time())
    first = (
        select(Reply.complaint_id, func.min(Reply.noted_at).label("at")).group_by(Reply.complaint_id).subquery("first")
    )
    statement = (
        select(Complaint.received_at, Complaint.due_on, first.c.at)
        .outerjoin(first, first.c.complaint_id == Complaint.id)
        .where(Complaint.received_at >= since)
    )
    return tuple(
        Handled(clock.local(received).date(), due, clock.local(at).date() if at else None)
        for received, due, at in session.execute(statement)
    )


def top(session: Session, **_arguments: Any) -> int | None:
    """The organization at the root of the tree: complaints are answered there, and nowhere below."""
    found = organizations.roots(session, clock.today())
    return found[0].id if found else None


def opinion(session: Session, account_id: int, subject: str) -> OpinionValue | None:
    """What this person said of the subject."""
    row = opinion_row(session, account_id, subject)
    return OpinionValue(row.clarity, row.use, row.words) if row else None


def opinion_row(session: Session, account_id: int, subject: str) -> Opinion | None:
    """The row of what this person said of the subject, for the verbs of this room."""
    return session.scalar(select(Opinion).where(Opinion.account_id == account_id, Opinion.subject == subject))


def opinions(session: Session) -> tuple[Opinions, ...]:
    """What was said of every subject on which at least ten people spoke; one statement.

    Fewer are not shown at all (依据: docs/counting.md, What is never counted). Words come in alphabetical order: the order of
    sending could tell who sent them.
    """
    by_subject: dict[str, list[Any]] = {}
    statement = select(Opinion.subject, Opinion.clarity, Opinion.use, Opinion.words).order_by(Opinion.subject)
    for row in session.execute(statement):
        by_subject.setdefault(row.subject, []).append(row)
    return tuple(_opinions(name, rows) for name, rows in by_subject.items() if len(rows) >= FEWEST_OPINIONS)


def _opinions(subject: str, rows: list[Any]) -> Opinions:
    return Opinions(
        subject,
        len(rows),
        {each: sum(row.clarity is each for row in rows) for each in Clarity},
        {each: sum(row.use is each for row in rows) for each in Use},
        tuple(sorted(row.words for row in rows if row.words)),
    )


def about_person(session: Session, account_id: int, member_id: int | None) -> tuple[Holding, ...]:
    """What the person wrote under their name, the replies to it, and what they said of courses and months."""
    own = Complaint.account_id == account_id
    return (
        holding(session, N_("署名的投诉和建议"), Complaint, own, labels=KIND_LABELS),
        holding(
            session,
            N_("对投诉和建议的答复"),
            Reply,
            own,
            beside=[Complaint.number],
            join=[(Complaint.__table__, Complaint.id == Reply.complaint_id)],
        ),
        holding(
            session,
            N_("对课程的评价"),
            Opinion,
            Opinion.account_id == account_id,
            labels={**CLARITY_LABELS, **USE_LABELS},
        ),
    )
