"""Errata: a corrected key is an event of its own, which raises old results and changes nothing that was shown."""

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.content.schema import Question
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_
from learnhub.quiz import rules
from learnhub.quiz.models import Erratum, ErratumRaise
from learnhub.quiz.queries import AttemptValue
from learnhub.quiz.queries import errata as queries
from learnhub.quiz.queries.errata import Concerned
from learnhub.quiz.rules.errata import regraded
from learnhub.quiz.service.papers import Paper


@dataclasses.dataclass(frozen=True, slots=True)
class Affected:
    """Whom an erratum concerns, in numbers: attempts that asked the question, and those it raises, by where they were.

    `practice` counts raised practice attempts, `tests` the raised completion tests of each batch by its id. Who they are
    is nobody's business here: a batch's organizer reads the results of the batch.
    """

    asked: int
    practice: int
    tests: dict[int, int]

    @property
    def raised(self) -> int:
        """How many attempts gain."""
        return self.practice + sum(self.tests.values())


def affected(session: Session, *, paper: Paper, question_id: str, void: bool) -> Affected:
    """Whom the present key of a question of `paper` would raise, or making it void; nothing is written.

    Raises NotFound when the paper has no such question.
    """
    return _count(list(_gains(session, paper.unit, question_id, _new(paper, question_id, void))))


def correct(session: Session, act: Act, *, paper: Paper, question_id: str, void: bool, words: str) -> Affected:
    """Put the present key of a question (or its being void) to every attempt that asked it, for the reason `words`.

    Only raises; done twice it raises nobody twice. An attempt begun before and handed in later is raised then. Raises
    DomainError without a reason, NotFound when the paper has no such question.
    """
    if trail.earlier(session, act.key):
        return Affected(0, 0, {})
    if not words.strip():
        raise DomainError(N_("请写明更正了什么、为什么。"), field="words")
    new = _new(paper, question_id, void)
    title = next(each.title for each in paper.questions if each.id == question_id)
    row = Erratum(
        unit=paper.unit,
        question_id=question_id,
        title=title[:200],
        question=rules.snapshot(new, rules.shown(new, "")) if new else None,
        words=words.strip(),
        noted_at=act.at,
        noted_by=act.actor_id,
    )
    session.add(row)
    session.flush()
    found = list(_gains(session, paper.unit, question_id, new))
    session.add_all(
        ErratumRaise(erratum_id=row.id, attempt_id=each.attempt_id, before=each.standing, after=after)
        for each, after in found
        if after > each.standing
    )
    session.flush()
    counted = _count(found)
    audit.note(session, act, "quiz.correct", f"erratum:{row.id}", unit=paper.unit, raised=counted.raised)
    return counted


def raise_late(session: Session, attempt: AttemptValue, grades: Sequence[int]) -> None:
    """Give an attempt that is handed in now, with `grades` by question, what errata since its beginning gave to others.

    One statement, and none where there are no errata to its quiz.
    """
    if not attempt.has_errata:
        return
    standing = {each.id: earned for each, earned in zip(attempt.keyed, grades, strict=True)}
    shown = {each.id: each for each in attempt.keyed}
    for each in reversed(queries.errata(session, attempt.unit)):  # the earliest first
        if each.question_id in shown:
            given = attempt.answers.get(each.question_id)
            before = standing[each.question_id]
            after = regraded(shown[each.question_id], given.value if given else None, each.question)
            if after > before:
                session.add(ErratumRaise(erratum_id=each.id, attempt_id=attempt.id, before=before, after=after))
                standing[each.question_id] = after


def _new(paper: Paper, question_id: str, void: bool) -> Question | None:
    found = next((each for each in paper.questions if each.id == question_id), None)
    if found is None:
        raise NotFound(N_("这份练习里没有这道题。"))
    return None if void else found


def _gains(session: Session, unit: str, question_id: str, new: Question | None) -> Iterator[tuple[Concerned, int]]:
    for each in queries.concerned(session, unit, question_id):
        yield each, max(each.standing, regraded(each.question, each.answer, new))


def _count(found: list[tuple[Concerned, int]]) -> Affected:
    raised = [each for each, after in found if after > each.standing]
    tests = Counter(each.batch_id for each in raised if each.batch_id is not None)
    return Affected(len(found), sum(each.batch_id is None for each in raised), dict(tests))
