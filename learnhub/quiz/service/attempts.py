"""Verbs of the quiz: start, save answers as they are given, hand in. Score and identity are always the server's."""

import dataclasses
from collections.abc import Sequence

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
from learnhub.quiz.queries import StoredAnswer
from learnhub.quiz.rules import POSSIBLE, Grade
from learnhub.quiz.service.errata import raise_late
from learnhub.quiz.service.papers import Paper

NOTHING_BEFORE = queries.Before((), {})
# Far more than anybody changes one answer, and inside what every database counts to.
HIGHEST_REVISION = 1_000_000


@dataclasses.dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer as it came: `value` as JSON in the form `quiz.rules` describes, `revision` the browser's count."""

    question_id: str
    value: object
    revision: int


@dataclasses.dataclass(frozen=True, slots=True)
class Saved:
    """What stands stored after a save, and whether it is something else than what came (`differs`)."""

    question_id: str
    stored: StoredAnswer
    differs: bool


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

    A revision not above the stored one changes nothing, so a repeated or late request is harmless; `differs` then tells
    that another tab or device was there first. Not put on the trail: each change of a mind is nobody's business, and
    the handing-in is noted. Raises NotFound for somebody else's attempt, AlreadyHandedIn when a new answer comes too
    late, MalformedAnswer for what cannot be an answer.
    """
    return _save_all(session, act, _own(session, act, attempt_id), answers)


def take_answers(
    session: Session, act: Act, *, attempt_id: int, batch_id: int, answers: Sequence[NewAnswer]
) -> tuple[Saved, ...]:
    """Save answers to a completion test that its member handed to the batch's organizer as a file, the last resort.

    The same revisions hold as for the member's own saving: nothing newer is overwritten. Put on the trail, since somebody
    else acted. Raises NotFound for an attempt that is no test of this batch, and what `save_answers` raises.
    """
    row = queries.row_to_change(session, attempt_id)
    if row is None or row.batch_id != batch_id:
        raise NotFound(N_("这份答案不是本期结业测试的。"))
    saved = _save_all(session, act, row, answers)
    audit.note(session, act, "attempt.take_answers", f"attempt:{row.id}", count=len(saved))
    return saved


def _save_all(session: Session, act: Act, row: Attempt, answers: Sequence[NewAnswer]) -> tuple[Saved, ...]:
    questions = {each["id"]: each for each in row.questions if each["id"] not in row.carried}
    stored = queries.answers_to_change(session, row.id)
    saved = []
    for new in answers:
        if new.question_id not in questions:
            raise NotFound(N_("这份练习里没有这道题。"))
        value = rules.normalise(rules.restore(questions[new.question_id]), new.value)
        if not 0 < new.revision <= HIGHEST_REVISION:
            raise rules.MalformedAnswer
        saved.append(_save(session, act, row, stored, dataclasses.replace(new, value=value)))
    session.flush()
    return tuple(saved)


def _save(session: Session, act: Act, row: Attempt, stored: dict[str, Answer], new: NewAnswer) -> Saved:
    known = stored.get(new.question_id)
    nothing_yet = known is None and new.value is None and new.revision == 1
    if known is None and not nothing_yet:
        _refuse_late(row)
        known = Answer(
            attempt_id=row.id, question_id=new.question_id, value=new.value, revision=new.revision, saved_at=act.at
        )
        session.add(known)
        stored[new.question_id] = known
    elif known is not None and _is_news(known, new):
        _refuse_late(row)
        known.value, known.revision, known.saved_at = new.value, new.revision, act.at
    if known is None:
        return Saved(new.question_id, StoredAnswer(None, 0, act.at), differs=False)
    now = StoredAnswer(known.value, known.revision, known.saved_at)
    return Saved(new.question_id, now, differs=now.value != new.value)


def _is_news(known: Answer, new: NewAnswer) -> bool:
    """Whether `new` must be written. The same answer as the very next revision is not: a page of ten unchanged answers
    then costs no write; with a gap in the revisions it is, since the one between may still be on its way."""
    if new.revision <= known.revision:
        return False
    return known.value != new.value or new.revision > known.revision + 1


def _refuse_late(row: Attempt) -> None:
    if row.handed_in_at is not None:
        raise AlreadyHandedIn


def hand_in(session: Session, act: Act, *, attempt_id: int) -> Grade:
    """Hand the actor's attempt in and grade it from the stored questions and answers only; the grade in half points.

    A second handing-in changes nothing and returns the first result. Raises NotFound for somebody else's attempt.
    """
    row = _own(session, act, attempt_id)
    if row.earned is not None and row.possible is not None:
        return Grade(row.earned, row.possible)
    answers = queries.answers_to_change(session, attempt_id)
    grades = [_graded(rules.restore(each), answers.get(each["id"])) for each in row.questions]
    result = rules.total(grades)
    row.grades = [each.earned for each in grades]
    row.earned, row.possible, row.handed_in_at = result.earned, result.possible, act.at
    session.flush()
    raise_late(session, row)
    # The attempt itself tells a repetition, whatever key came with it.
    audit.note(session, act.without_key(), "attempt.hand_in", f"attempt:{row.id}")
    return result


def _graded(question: Question, answer: Answer | None) -> Grade:
    try:
        return rules.grade(question, answer.value if answer else None)
    except rules.MalformedAnswer:  # stored by an older version of the rules: it earns nothing, and hinders nothing
        return Grade(0, POSSIBLE)


def _own(session: Session, act: Act, attempt_id: int) -> Attempt:
    row = queries.row_to_change(session, attempt_id)
    if row is None or row.account_id != act.actor_id:
        raise NotFound(N_("没有这份练习。"))
    return row
