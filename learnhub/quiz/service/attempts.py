"""Verbs of the quiz: start, save answers as they are given, hand in. Score and identity are always the server's."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.content.schema import Question
from learnhub.core.errors import Conflict, NotFound
from learnhub.core.text import N_
from learnhub.quiz import queries, rules
from learnhub.quiz.models import Answer, Attempt
from learnhub.quiz.queries import AttemptValue, StoredAnswer
from learnhub.quiz.rules import POSSIBLE, Grade
from learnhub.quiz.rules.sent import NewAnswer, is_news
from learnhub.quiz.service.errata import raise_late
from learnhub.quiz.service.papers import Paper

NOTHING_BEFORE = queries.Before((), {})
_ATTEMPTS, _ANSWERS = (each.metadata.tables[each.__tablename__] for each in (Attempt, Answer))
_ANSWERED = [each.name for each in dataclasses.fields(StoredAnswer)]
# Built once, and of tables: handing in is what everybody does in the same minutes.
_NEW_ANSWERS = insert(_ANSWERS).inline()
_CHANGED_ANSWERS = (
    update(_ANSWERS)
    .where(_ANSWERS.c.attempt_id == bindparam("of"), _ANSWERS.c.question_id == bindparam("question"))
    .values({_ANSWERS.c[name]: bindparam(name, type_=_ANSWERS.c[name].type) for name in _ANSWERED})
)
_HANDED_IN = (
    update(_ATTEMPTS)
    .where(_ATTEMPTS.c.id == bindparam("of"))
    .values(
        {
            _ATTEMPTS.c[name]: bindparam(name, type_=_ATTEMPTS.c[name].type)
            for name in ("handed_in_at", "grades", "earned", "possible")
        }
    )
)


@dataclasses.dataclass(frozen=True, slots=True)
class Saved:
    """What stands stored after a save, and whether it is something else than what came (`differs`)."""

    question_id: str
    stored: StoredAnswer
    differs: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    """What a page brings when it is handed in: its answers, whether one of them has two meanings (`doubled`), and
    whether the person was shown what is missing and is sure."""

    answers: Sequence[NewAnswer] = ()
    doubled: bool = False
    is_sure: bool = True


@dataclasses.dataclass(frozen=True, slots=True)
class HandingIn:
    """What came of handing a page in: what stands stored, and the grade. Without a grade it is still open, since what
    was sent is not what stands stored, or the numbers in `unanswered` have no answer."""

    saved: tuple[Saved, ...]
    unanswered: tuple[int, ...]
    grade: Grade | None


Reader = Callable[[Sequence[Question]], Sheet]


class AlreadyHandedIn(Conflict):
    """The attempt was handed in; nothing more can be answered in it."""

    def __init__(self) -> None:
        super().__init__(N_("这份练习已经交卷，不能再改答案。"))


def start(session: Session, act: Act, *, paper: Paper, member_id: int | None, batch_id: int | None = None) -> int:
    """Begin the actor's attempt at `paper`, or go on with the open one; returns its id.

    `batch_id` makes it the completion test of that batch; whether the member has a place there is asked by the
    training room, which stands above. A resit asks again only what was not wholly right before, as long as the question
    is still the same; what was right counts. The questions are stored as shown: no later edit reaches them.
    """
    if subject := trail.earlier(session, act.key):
        kind, _, number = subject.partition(":")
        if kind == "attempt":
            return int(number)
        act = act.without_key()
    if found := queries.open_attempt_id(session, act.actor_id, paper.unit, batch_id):
        return found
    seed = f"{act.actor_id}\n{paper.unit}\n{batch_id}\n{act.at.isoformat()}"
    known = queries.before(session, act.actor_id, paper.unit, batch_id) if batch_id is not None else NOTHING_BEFORE
    # A resit is about the same questions: it draws no others.
    asked = tuple(each for each in paper.questions if each.id in known.asked) or paper.drawn(seed)
    carried = {
        each.id: known.right[each.id][1]
        for each in asked
        if each.id in known.right and known.right[each.id][0] == each.hash
    }
    if len(carried) == len(asked):
        carried = {}  # all was right: whoever wants to do it again does all of it
    row = Attempt(
        account_id=act.actor_id,
        member_id=member_id,
        unit=paper.unit,
        title=paper.title,
        batch_id=batch_id,
        content_hash=paper.content_hash,
        questions=[rules.snapshot(each, rules.shown(each, seed)) for each in asked],
        carried=list(carried),
        started_at=act.at,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # begun in another tab at the same moment
        found = queries.open_attempt_id(session, act.actor_id, paper.unit, batch_id)
        if found is None:
            raise
        return found
    session.add_all(
        Answer(attempt_id=row.id, question_id=question_id, value=value, revision=1, saved_at=act.at)
        for question_id, value in carried.items()
    )
    audit.note(session, act, "attempt.start", f"attempt:{row.id}")
    return row.id


def save_answer(
    session: Session, act: Act, *, attempt_id: int, question_id: str, value: object, revision: int
) -> Saved:
    """Save one answer of the actor's open attempt; see `save_answers`."""
    (saved,) = save_answers(session, act, attempt_id=attempt_id, answers=[NewAnswer(question_id, value, revision)])
    return saved


def save_answers(session: Session, act: Act, *, attempt_id: int, answers: Sequence[NewAnswer]) -> tuple[Saved, ...]:
    """Save answers of the actor's open attempt; what stands stored afterwards, in the order given.

    What is not newer by `rules.sent.is_news` changes nothing, so a repeated or late request is harmless; `differs` then
    tells that another tab or device was there first. Not put on the trail: each change of a mind is nobody's business, and
    the handing-in is noted. Raises NotFound for somebody else's attempt, AlreadyHandedIn when a new answer comes too
    late, MalformedAnswer for what cannot be an answer.
    """
    return _save(session, act, _own(session, act, attempt_id), answers)


def take_answers(
    session: Session, act: Act, *, attempt_id: int, batch_id: int, answers: Sequence[NewAnswer]
) -> tuple[Saved, ...]:
    """Save answers to a completion test that its member handed to the batch's organizer as a file, the last resort.

    The same revisions hold as for the member's own saving: nothing newer is overwritten. Put on the trail, since somebody
    else acted. Raises NotFound for an attempt that is no test of this batch, and what `save_answers` raises.
    """
    found = queries.held_attempt(session, attempt_id)
    if found is None or found.batch_id != batch_id:
        raise NotFound(N_("这份答案不是本期结业测试的。"))
    saved = _save(session, act, found, answers)
    audit.note(session, act, "attempt.take_answers", f"attempt:{found.id}", count=len(saved))
    return saved


def _save(session: Session, act: Act, attempt: AttemptValue, answers: Iterable[NewAnswer]) -> tuple[Saved, ...]:
    """Write those of `answers` that are news; `attempt.answers` then says what stands."""
    stored, known, saved = attempt.answers, frozenset(attempt.answers), []
    written: dict[str, StoredAnswer] = {}
    for new in answers:
        question = attempt.to_answer(new.question_id)
        if question is None:
            raise NotFound(N_("这份练习里没有这道题。"))
        value = rules.normalise(question, new.value)
        now = stored.get(new.question_id, StoredAnswer(None, 0, act.at))
        if is_news(new, value, stored=now.value, revision=now.revision, client=now.client):
            now = StoredAnswer(value, new.revision, act.at, new.client)
            stored[new.question_id] = written[new.question_id] = now
        saved.append(Saved(new.question_id, now, differs=now.value != value))
    if written and attempt.handed_in_at is not None:
        raise AlreadyHandedIn
    _write(session, attempt.id, written, known)
    return tuple(saved)


def _write(session: Session, attempt_id: int, written: dict[str, StoredAnswer], known: frozenset[str]) -> None:
    fresh: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for question_id, each in written.items():
        row = {name: getattr(each, name) for name in _ANSWERED}
        if question_id in known:
            changed.append({**row, "of": attempt_id, "question": question_id})
        else:
            fresh.append({**row, "attempt_id": attempt_id, "question_id": question_id})
    for statement, rows in ((_NEW_ANSWERS, fresh), (_CHANGED_ANSWERS, changed)):
        if rows:
            session.connection().execute(statement, rows)


def hand_in(session: Session, act: Act, *, attempt_id: int) -> Grade:
    """Hand the actor's attempt in and grade it from the stored questions and answers only; the grade in half points.

    A second handing-in changes nothing and returns the first result. Raises NotFound for somebody else's attempt.
    """
    attempt = _own(session, act, attempt_id)
    return attempt.grade or _grade(session, act, attempt)


def hand_in_sheet(session: Session, act: Act, *, attempt_id: int, read: Reader) -> HandingIn:
    """Save what a page brings, then hand in, all in one transaction; `read` takes the sheet off the page by its questions.

    What must be looked at once before is not handed in: something else stands stored than was sent, an answer has two
    meanings, or one is missing and nobody has said that this is meant. It is saved all the same. A second handing-in
    changes nothing. Raises NotFound for somebody else's attempt, MalformedAnswer for what cannot be an answer.
    """
    attempt = _own(session, act, attempt_id)
    if attempt.grade is not None:
        return HandingIn((), (), attempt.grade)
    sheet = read([each for each in attempt.keyed if each.id not in attempt.carried])
    saved = _save(session, act, attempt, sheet.answers)
    if sheet.doubled or any(each.differs for each in saved):
        return HandingIn(saved, (), None)
    if attempt.unanswered and not sheet.is_sure:
        return HandingIn(saved, attempt.unanswered, None)
    return HandingIn(saved, (), _grade(session, act, attempt))


def _grade(session: Session, act: Act, attempt: AttemptValue) -> Grade:
    grades = [_graded(each, attempt.answers.get(each.id)) for each in attempt.keyed]
    result, earned = rules.total(grades), [each.earned for each in grades]
    row = {"grades": earned, "earned": result.earned, "possible": result.possible, "handed_in_at": act.at}
    session.connection().execute(_HANDED_IN, {**row, "of": attempt.id})
    raise_late(session, attempt, earned)
    # The attempt itself tells a repetition, whatever key came with it.
    audit.note(session, act.without_key(), "attempt.hand_in", f"attempt:{attempt.id}")
    return result


def _graded(question: Question, answer: StoredAnswer | None) -> Grade:
    try:
        return rules.grade(question, answer.value if answer else None)
    except rules.MalformedAnswer:  # stored by an older version of the rules: it earns nothing, and hinders nothing
        return Grade(0, POSSIBLE)


def _own(session: Session, act: Act, attempt_id: int) -> AttemptValue:
    found = queries.held_attempt(session, attempt_id)
    if found is None or found.account_id != act.actor_id:
        raise NotFound(N_("没有这份练习。"))
    return found
