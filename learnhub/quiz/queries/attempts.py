"""One attempt with its answers: to show, or held until the transaction ends, to change.

Statements are of tables and built once, at import: a whole branch hands in within the same minutes.
"""

import dataclasses
import datetime as dt
from functools import cached_property
from typing import Any

from sqlalchemy import Integer, Select, bindparam, exists, select
from sqlalchemy.orm import Session

from learnhub.content.schema import Question
from learnhub.quiz import rules
from learnhub.quiz.models import Answer, Attempt, Erratum
from learnhub.quiz.queries.errata import gained_since, raises_of
from learnhub.quiz.rules import Grade
from learnhub.quiz.rules.errata import Raise

_ATTEMPT, _ANSWER, _ERRATUM = (each.metadata.tables[each.__tablename__].c for each in (Attempt, Answer, Erratum))


@dataclasses.dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What is stored for one question: the answer (None where it was taken back), its revision, when, from which browser."""

    value: rules.Answer | None
    revision: int
    saved_at: dt.datetime
    client: str = ""


@dataclasses.dataclass(frozen=True)
class AttemptValue:
    """One attempt as shown. `grades` (half points, by question) and `grade` are empty until it is handed in.

    `grades` are those of that moment; what errata gave since stands in `raises`, and `grade` counts it. `has_errata`
    tells whether there are any to its quiz.
    """

    id: int
    account_id: int
    unit: str
    title: str
    batch_id: int | None
    started_at: dt.datetime
    handed_in_at: dt.datetime | None
    grades: tuple[int, ...]
    grade: Grade | None
    raises: tuple[Raise, ...]
    snapshots: tuple[dict[str, Any], ...]
    carried: frozenset[str]
    answers: dict[str, StoredAnswer]
    has_errata: bool

    @cached_property
    def keyed(self) -> tuple[Question, ...]:
        """The questions as shown, in order, with their keys: for grading, never for a page before the handing-in."""
        return tuple(self._restored(each) for each in self.snapshots)

    def to_answer(self, question_id: str) -> Question | None:
        """The question to answer of that id, with its key; None when the attempt does not ask it."""
        found = next((each for each in self.snapshots if each["id"] == question_id), None)
        return None if found is None or question_id in self.carried else self._restored(found)

    def _restored(self, snapshot: dict[str, Any]) -> Question:
        question_id = snapshot["id"]
        if question_id not in self._known:
            self._known[question_id] = rules.restore(snapshot)
        return self._known[question_id]

    @cached_property
    def _known(self) -> dict[str, Question]:
        return {}

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions as shown, in order; without keys and explanations until it is handed in."""
        return self.keyed if self.handed_in_at else tuple(without_key(each) for each in self.keyed)

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """The questions to answer, in order: all of them, in a resit those that were not right before."""
        return tuple(each for each in self.questions if each.id not in self.carried)

    @property
    def unanswered(self) -> tuple[int, ...]:
        """The numbers (from 1) of the questions to answer that have no answer."""
        given = {question_id for question_id, stored in self.answers.items() if stored.value is not None}
        asked = [each["id"] for each in self.snapshots if each["id"] not in self.carried]
        return tuple(number for number, question_id in enumerate(asked, 1) if question_id not in given)

    @property
    def first_open(self) -> int:
        """The number of the first question without an answer; the last one when all have one."""
        return next(iter(self.unanswered), len(self.asked))

    @property
    def answered(self) -> int:
        """How many of the questions to answer have an answer."""
        return len(self.asked) - len(self.unanswered)


_OF_ID: Select[Any] = select(
    *(each for each in _ATTEMPT if each.key != "member_id"),
    gained_since().label("gained"),
    exists().where(_ERRATUM.unit == _ATTEMPT.unit).label("has_errata"),
).where(_ATTEMPT.id == bindparam("attempt_id", type_=Integer))
_OWN = _OF_ID.where(_ATTEMPT.account_id == bindparam("account_id", type_=Integer))
_HELD = _OF_ID.with_for_update()
_ANSWERS = select(_ANSWER.question_id, _ANSWER.value, _ANSWER.revision, _ANSWER.saved_at, _ANSWER.client).where(
    _ANSWER.attempt_id == bindparam("attempt_id", type_=Integer)
)


def attempt(session: Session, attempt_id: int, account_id: int) -> AttemptValue | None:
    """The attempt of that id if it is this account's, else None. Two statements, three where an erratum raised it."""
    return _read(session, _OWN, {"attempt_id": attempt_id, "account_id": account_id})


def held_attempt(session: Session, attempt_id: int) -> AttemptValue | None:
    """The attempt, held until the transaction ends: its answers and its handing-in wait for each other. Statements: as
    `attempt`."""
    return _read(session, _HELD, {"attempt_id": attempt_id})


def _read(session: Session, statement: Select[Any], values: dict[str, int]) -> AttemptValue | None:
    connection = session.connection()
    row = connection.execute(statement, values).one_or_none()
    if row is None:
        return None
    stored = connection.execute(_ANSWERS, {"attempt_id": row.id})
    grade = None if row.earned is None else Grade(row.earned + row.gained, row.possible)
    return AttemptValue(
        id=row.id,
        account_id=row.account_id,
        unit=row.unit,
        title=row.title,
        batch_id=row.batch_id,
        started_at=row.started_at,
        handed_in_at=row.handed_in_at,
        grades=tuple(row.grades or ()),
        grade=grade,
        raises=raises_of(session, row.id) if row.gained else (),
        snapshots=tuple(row.questions),
        carried=frozenset(row.carried),
        answers={question_id: StoredAnswer(*rest) for question_id, *rest in stored},
        has_errata=row.has_errata,
    )


def without_key(question: Question) -> Question:
    """The question as it may be shown before it is answered."""
    hidden = {"correct": (), "pairs": (), "explanation_html": "", "blanks": tuple(() for _ in question.blanks)}
    return question.model_copy(update=hidden)
