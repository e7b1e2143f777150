"""Errata: which there are, whom they concern, and what they gave an attempt."""

import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ScalarSelect, and_, func, select
from sqlalchemy.orm import Session

from learnhub.content.schema import Question
from learnhub.core import clock
from learnhub.quiz import rules
from learnhub.quiz.models import Answer, Attempt, Erratum, ErratumRaise
from learnhub.quiz.rules import Grade
from learnhub.quiz.rules.errata import Raise

# How many attempts are looked through at a time.
_PIECE = 500
_RAISE = (
    Erratum.question_id,
    Erratum.title,
    ErratumRaise.before,
    ErratumRaise.after,
    Erratum.words,
    Erratum.noted_at,
)


@dataclasses.dataclass(frozen=True, slots=True)
class ErratumValue:
    """An erratum: of which question, what was corrected and why, and how many attempts it raised.

    `question` is the corrected one, None where the question is void.
    """

    id: int
    unit: str
    question_id: str
    title: str
    question: Question | None
    words: str
    noted_at: dt.datetime
    raised: int


@dataclasses.dataclass(frozen=True, slots=True)
class Concerned:
    """A handed-in attempt that asked a question: the question as shown, the answer, and half points standing now."""

    attempt_id: int
    batch_id: int | None
    question: Question
    answer: Any
    standing: int


@dataclasses.dataclass(frozen=True, slots=True)
class RaisedResult:
    """A completion test that errata raised, in whole per cent rounded down; `raises` say by which questions and why."""

    member_id: int
    before: int
    after: int
    raises: tuple[Raise, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class RaisedAttempt:
    """What an erratum gave one of somebody's own attempts."""

    attempt_id: int
    title: str
    raised: Raise


def gained_since() -> ScalarSelect[Any]:
    """Half points that errata added to the attempt of the statement around it; 0 for none."""
    gained = func.sum(ErratumRaise.after - ErratumRaise.before)
    return select(func.coalesce(gained, 0)).where(ErratumRaise.attempt_id == Attempt.id).scalar_subquery()


def raises_of(session: Session, attempt_id: int) -> tuple[Raise, ...]:
    """What errata gave the attempt, the earliest first (one statement)."""
    statement = (
        select(*_RAISE)
        .select_from(ErratumRaise)
        .join(Erratum, Erratum.id == ErratumRaise.erratum_id)
        .where(ErratumRaise.attempt_id == attempt_id)
        .order_by(Erratum.id)
    )
    return tuple(Raise(*row) for row in session.execute(statement))


def errata(session: Session, unit: str | None = None) -> tuple[ErratumValue, ...]:
    """The errata of a quiz, or all, the newest first (one statement)."""
    raised = select(func.count()).where(ErratumRaise.erratum_id == Erratum.id).scalar_subquery()
    statement = select(Erratum, raised).order_by(Erratum.id.desc())
    if unit is not None:
        statement = statement.where(Erratum.unit == unit)
    return tuple(
        ErratumValue(
            row.id,
            row.unit,
            row.question_id,
            row.title,
            rules.restore(row.question) if row.question else None,
            row.words,
            row.noted_at,
            count,
        )
        for row, count in session.execute(statement)
    )


def concerned(session: Session, unit: str, question_id: str) -> Iterator[Concerned]:
    """Every handed-in attempt at `unit` that asked the question, in pieces: there may be as many as members."""
    # One erratum raises what the last one left, so the highest stands.
    gained = (
        select(func.max(ErratumRaise.after))
        .join(Erratum, Erratum.id == ErratumRaise.erratum_id)
        .where(ErratumRaise.attempt_id == Attempt.id, Erratum.question_id == question_id)
        .scalar_subquery()
    )
    given = and_(Answer.attempt_id == Attempt.id, Answer.question_id == question_id)
    statement = (
        select(Attempt.id, Attempt.batch_id, Attempt.questions, Attempt.grades, Answer.value, gained)
        .outerjoin(Answer, given)
        .where(Attempt.unit == unit, Attempt.handed_in_at.is_not(None))
        .order_by(Attempt.id)
        .execution_options(yield_per=_PIECE)
    )
    for attempt_id, batch_id, questions, grades, value, best in session.execute(statement):
        for snapshot, earned in zip(questions, grades, strict=True):
            if snapshot["id"] == question_id:
                yield Concerned(attempt_id, batch_id, rules.restore(snapshot), value, max(earned, best or 0))


def raised_in_batch(session: Session, batch_id: int) -> tuple[RaisedResult, ...]:
    """The completion tests of a batch that errata raised, of each member the best one (one statement)."""
    statement = (
        select(Attempt.id, Attempt.member_id, Attempt.earned, Attempt.possible, *_RAISE)
        .join(ErratumRaise, ErratumRaise.attempt_id == Attempt.id)
        .join(Erratum, Erratum.id == ErratumRaise.erratum_id)
        .where(Attempt.batch_id == batch_id, Attempt.member_id.is_not(None))
        .order_by(Attempt.id, Erratum.id)
    )
    best: dict[int, RaisedResult] = {}
    for _attempt, rows in itertools.groupby(session.execute(statement), key=lambda row: row[0]):
        found = [(row[1], Grade(row[2], row[3]), Raise(*row[4:])) for row in rows]
        member_id, then, _first = found[0]
        raises = tuple(each for _member, _then, each in found)
        now = Grade(then.earned + sum(each.after - each.before for each in raises), then.possible)
        result = RaisedResult(member_id, then.percent, now.percent, raises)
        best[member_id] = max(best.get(member_id, result), result, key=lambda each: each.after)
    return tuple(best.values())


def raised_of(session: Session, account_id: int, year: int) -> tuple[RaisedAttempt, ...]:
    """What the errata of a civil year gave this account's attempts, the newest first (one statement)."""
    begins, ends = (clock.instant(dt.date(each, 1, 1)) for each in (year, year + 1))
    statement = (
        select(Attempt.id, Attempt.title, *_RAISE)
        .join(ErratumRaise, ErratumRaise.attempt_id == Attempt.id)
        .join(Erratum, Erratum.id == ErratumRaise.erratum_id)
        .where(Attempt.account_id == account_id, Erratum.noted_at >= begins, Erratum.noted_at < ends)
        .order_by(Erratum.id.desc(), Attempt.id.desc())
    )
    return tuple(RaisedAttempt(row[0], row[1], Raise(*row[2:])) for row in session.execute(statement))
