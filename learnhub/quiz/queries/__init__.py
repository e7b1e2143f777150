"""Questions to attempts. Values, never rows."""

import dataclasses
import datetime as dt
from typing import Any

from sqlalchemy import Integer, String, bindparam, func, select
from sqlalchemy.orm import Session

from learnhub.content.schema import Question
from learnhub.core.holding import Holding, holding
from learnhub.core.text import N_
from learnhub.quiz import rules
from learnhub.quiz.models import Answer, Attempt, ErratumRaise
from learnhub.quiz.queries.attempts import AttemptValue, StoredAnswer, attempt, held_attempt, without_key
from learnhub.quiz.queries.errata import gained_since
from learnhub.quiz.rules import Grade

__all__ = [
    "AttemptSummary",
    "AttemptValue",
    "BatchResult",
    "Before",
    "StoredAnswer",
    "about_person",
    "attempt",
    "attempts",
    "before",
    "held_attempt",
    "open_attempt_id",
    "results_of_batch",
]


@dataclasses.dataclass(frozen=True, slots=True)
class AttemptSummary:
    """One line about an attempt: open while `handed_in_at` is None, then with its grade."""

    id: int
    unit: str
    title: str
    batch_id: int | None
    started_at: dt.datetime
    handed_in_at: dt.datetime | None
    grade: Grade | None


@dataclasses.dataclass(frozen=True, slots=True)
class BatchResult:
    """A member's best result in a batch's completion test, in whole per cent rounded down, and where it stands."""

    percent: int
    attempt_id: int


_SUMMARIES = (
    select(
        Attempt.id,
        Attempt.unit,
        Attempt.title,
        Attempt.batch_id,
        Attempt.started_at,
        Attempt.handed_in_at,
        (Attempt.earned + gained_since()).label("earned"),
        Attempt.possible,
    )
    .where(
        Attempt.account_id == bindparam("account_id", type_=Integer),
        Attempt.unit == bindparam("unit", type_=String),
    )
    .order_by(Attempt.id.desc())
    .limit(20)
)


def attempts(session: Session, account_id: int, unit: str) -> tuple[AttemptSummary, ...]:
    """This account's attempts at `unit`, newest first, twenty at most; an open one has no grade. One statement."""
    rows = session.execute(_SUMMARIES, {"account_id": account_id, "unit": unit})
    return tuple(
        AttemptSummary(
            row.id,
            row.unit,
            row.title,
            row.batch_id,
            row.started_at,
            row.handed_in_at,
            _grade(row.earned, row.possible),
        )
        for row in rows
    )


def open_attempt_id(session: Session, account_id: int, unit: str, batch_id: int | None) -> int | None:
    """The id of this account's open attempt at `unit` (in that batch, or in none)."""
    return session.scalar(
        select(Attempt.id).where(
            Attempt.account_id == account_id,
            Attempt.unit == unit,
            func.coalesce(Attempt.batch_id, 0) == (batch_id or 0),
            Attempt.handed_in_at.is_(None),
        )
    )


def results_of_batch(session: Session, batch_id: int) -> dict[int, BatchResult]:
    """The best handed-in result of each member in the completion test of a batch, by member id, errata counted.

    One statement.

    Of equal results the first counts.
    """
    rows = session.execute(
        select(Attempt.member_id, Attempt.id, Attempt.earned + gained_since(), Attempt.possible)
        .where(Attempt.batch_id == batch_id, Attempt.member_id.is_not(None), Attempt.handed_in_at.is_not(None))
        .order_by(Attempt.id)
    )
    best: dict[int, BatchResult] = {}
    for member_id, attempt_id, earned, possible in rows:
        percent = Grade(earned, possible).percent
        if member_id not in best or percent > best[member_id].percent:
            best[member_id] = BatchResult(percent, attempt_id)
    return best


@dataclasses.dataclass(frozen=True, slots=True)
class Before:
    """Earlier attempts at a batch's test: which questions the last one asked, and what was wholly right in any.

    `right` is the hash of the question and the answer, by the question's id.
    """

    asked: tuple[str, ...]
    right: dict[str, tuple[str, Any]]


def before(session: Session, account_id: int, unit: str, batch_id: int) -> Before:
    """What this account did in earlier attempts at a batch's test (two statements)."""
    earlier = session.execute(
        select(Attempt.id, Attempt.questions, Attempt.grades)
        .where(
            Attempt.account_id == account_id,
            Attempt.unit == unit,
            Attempt.batch_id == batch_id,
            Attempt.handed_in_at.is_not(None),
        )
        .order_by(Attempt.id)
    ).all()
    of_earlier = select(Answer.attempt_id, Answer.question_id, Answer.value)
    rows = session.execute(of_earlier.where(Answer.attempt_id.in_([each.id for each in earlier])))
    given = {(attempt_id, question_id): value for attempt_id, question_id, value in rows}
    right = {
        each["id"]: (each["hash"], given[row.id, each["id"]])
        for row in earlier
        for each, earned in zip(row.questions, row.grades or (), strict=True)
        if earned == rules.POSSIBLE and (row.id, each["id"]) in given
    }
    return Before(tuple(each["id"] for each in earlier[-1].questions) if earlier else (), right)


def _grade(earned: int | None, possible: int | None) -> Grade | None:
    return None if earned is None or possible is None else Grade(earned, possible)


def about_person(session: Session, account_id: int, member_id: int | None) -> tuple[Holding, ...]:
    """Each attempt with its questions as they were shown, and each answer in words beside what is stored.

    Of an attempt that is not handed in the questions come without their keys.
    """
    attempts = holding(session, N_("做过的练习和测验"), Attempt, Attempt.account_id == account_id)
    of_account = [(Attempt.__table__, Attempt.id == Answer.attempt_id)]
    answers = holding(session, N_("练习和测验的答案"), Answer, Attempt.account_id == account_id, join=of_account)
    asked: dict[tuple[int, str], Question] = {}
    for row in attempts.rows:
        found = [rules.restore(each) for each in row["questions"]]
        shown = found if row["handed_in_at"] else [without_key(each) for each in found]
        asked |= {(row["id"], each.id): each for each in shown}
        row["questions"] = [each.model_dump(mode="json", exclude={"source", "line"}) for each in shown]
    for row in answers.rows:
        question = asked[row["attempt_id"], row["question_id"]]
        row |= {"question": question.title, "answer": _in_words(question, row["value"])}
    raised = [(Attempt.__table__, Attempt.id == ErratumRaise.attempt_id)]
    errata = holding(session, N_("题目更正给您补上的得分"), ErratumRaise, Attempt.account_id == account_id, join=raised)
    return attempts, answers, errata


def _in_words(question: Question, answer: rules.Answer | None) -> str:
    """An answer as it was seen: the words of what was chosen, in order."""
    words = {each.key: each.text for each in (*question.options, *question.targets)}
    if isinstance(answer, dict):
        return "、".join(f"{words.get(left, left)} - {words.get(right, right)}" for left, right in answer.items())
    given = [answer] if isinstance(answer, str) else answer or []
    return "、".join(words.get(each, each) for each in given)
