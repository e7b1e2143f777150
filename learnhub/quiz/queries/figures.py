"""How the questions of a quiz fared, by the hash of their content: what was changed counts anew."""

import dataclasses
from collections import defaultdict
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learnhub.content.schema import Question
from learnhub.quiz import rules
from learnhub.quiz.models import Answer, Attempt
from learnhub.quiz.rules.figures import STEP, Figures, Taking, figures

# Enough for every figure; of a quiz that more have taken, the last of them.
MOST_TAKERS = 500


@dataclasses.dataclass(frozen=True, slots=True)
class QuestionFigures:
    """A question as it was shown, and its figures: None while fewer than ten have taken it."""

    question: Question
    figures: Figures | None


def of_questions(session: Session, unit: str) -> tuple[QuestionFigures, ...]:
    """The figures of every question that was asked in `unit`, by content hash, in the order in which they came up.

    Of each account only the first attempt that was handed in counts, practice and tests alike. Three statements.
    """
    first = select(func.min(Attempt.id)).where(Attempt.unit == unit, Attempt.handed_in_at.is_not(None))
    firsts = first.group_by(Attempt.account_id)
    in_all = session.scalar(select(func.count()).select_from(firsts.subquery())) or 0
    wanted = (
        firsts.order_by(func.min(Attempt.id)).limit(MOST_TAKERS).offset(max(0, in_all // STEP * STEP - MOST_TAKERS))
    )
    ids = select(wanted.subquery().c[0])
    attempts = session.execute(
        select(Attempt.id, Attempt.questions, Attempt.grades).where(Attempt.id.in_(ids)).order_by(Attempt.id)
    ).all()
    answers: dict[int, dict[str, Any]] = defaultdict(dict)
    for attempt_id, question_id, value in session.execute(
        select(Answer.attempt_id, Answer.question_id, Answer.value).where(Answer.attempt_id.in_(ids))
    ):
        answers[attempt_id][question_id] = value
    shown: dict[str, dict[str, Any]] = {}
    takings: dict[str, list[Taking]] = defaultdict(list)
    for attempt_id, questions, grades in attempts:
        for place, question in enumerate(questions):
            shown.setdefault(question["hash"], question)
            takings[question["hash"]].append(_taking(grades, place, answers[attempt_id].get(question["id"])))
    return tuple(QuestionFigures(rules.restore(shown[hash]), figures(found)) for hash, found in takings.items())


def _taking(grades: list[int], place: int, value: Any) -> Taking:
    chosen = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return Taking(
        earned=grades[place],
        possible=rules.POSSIBLE,
        rest_earned=sum(grades) - grades[place],
        rest_possible=rules.POSSIBLE * (len(grades) - 1),
        chosen=tuple(chosen),
        is_answered=value not in (None, "", [], {}),
    )
