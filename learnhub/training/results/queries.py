"""Test results of a batch, what it came to for each member, and a member's own training."""

import dataclasses
import datetime as dt

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.attendance.rules import Outcome as RollOutcome
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.quiz import queries as quizzes
from learnhub.records import queries as records
from learnhub.training.batches.models import Batch, Place
from learnhub.training.batches.queries import SessionValue, placed, sessions
from learnhub.training.batches.rules import BatchKind
from learnhub.training.results.models import Result
from learnhub.training.results.rules import Outcome, shortfall
from learnhub.training.tasks.models import Task
from learnhub.training.tasks.queries import TaskValue, amended, task_value
from learnhub.training.tasks.rules import CompletionRule


def standing_results(session: Session, batch_id: int) -> dict[int, Result]:
    """The rows of the results that stand, by member id, for the service to replace."""
    rows = session.scalars(select(Result).where(Result.batch_id == batch_id, Result.withdrawn_at.is_(None)))
    return {row.member_id: row for row in rows}


def entered_results(session: Session, batch_id: int) -> dict[int, int]:
    """The results that were entered from paper, in per cent by member id."""
    return {member: row.percent for member, row in standing_results(session, batch_id).items()}


def results(session: Session, batch_id: int) -> dict[int, int]:
    """The completion test's results in per cent by member id: as entered, else the best one taken here."""
    taken = {member: each.percent for member, each in quizzes.results_of_batch(session, batch_id).items()}
    return taken | entered_results(session, batch_id)


def outcomes(session: Session, batch_id: int) -> tuple[Outcome, ...]:
    """What the batch comes to for everybody with a place, by the rule stamped on it, in the order of the places.

    A session was attended by the roll, or is made up for by a follow-up, which the record book then credits.
    """
    rule = _rule(session, batch_id)
    timetable = sessions(session, batch_id)
    rolls = attendance.rolls(session, [each.occasion.id for each in timetable])
    credited = records.credited(session, [each.occasion.source for each in timetable])
    total = sum(each.occasion.quarters for each in timetable)
    called = sum(each.occasion.quarters for each in timetable if each.occasion.called)
    percents = results(session, batch_id)
    found = []
    for member_id in placed(session, batch_id):
        marks = {each.id: rolls.get(each.occasion.id, {}).get(member_id) for each in timetable}
        came = [
            each
            for each in timetable
            if ((mark := marks[each.id]) and mark.attended) or member_id in credited.get(each.occasion.source, ())
        ]
        attended = sum(each.occasion.quarters for each in came)
        elsewhere = all((mark := marks[each.id]) and mark.outcome is RollOutcome.RECEIVING_PLACE for each in came)
        percent = percents.get(member_id)
        missing = shortfall(rule, total=total, attended=attended, percent=percent)
        missed = max(called - attended, 0)
        found.append(
            Outcome(
                member_id,
                attended,
                total,
                percent,
                missing,
                missed,
                leave_left=rule.may_miss(total) - missed,
                where_they_live=bool(came) and elsewhere,
            )
        )
    return tuple(found)


def _rule(session: Session, batch_id: int) -> CompletionRule:
    stamped = select(Batch.leave_part, Batch.pass_percent, Batch.attempts).where(Batch.id == batch_id)
    row = session.execute(stamped).first()
    if row is None:
        raise NotFound(N_("没有这一期。"))
    return CompletionRule(*row)


@dataclasses.dataclass(frozen=True, slots=True)
class OwnTest:
    """The course whose quiz is a member's completion test, and how often it may be taken (None: any number of times)."""

    course: str
    attempts: int | None


@dataclasses.dataclass(frozen=True, slots=True)
class MyTraining:
    """What a member needs to know about one batch. Hours are quarter hours; `percent` is the own test result."""

    batch_id: int
    title: str
    task_title: str
    next_session: SessionValue | None
    attended: int
    total: int
    quarters_attended: int
    quarters_total: int
    has_test: bool
    percent: int | None
    closed: bool
    attempts: int | None = None
    reading: bool = False


def for_member(session: Session, member_id: int, day: dt.date) -> tuple[MyTraining, ...]:
    """The batches in which a member has a place: open ones, and those that ended in the year of `day`."""
    year = dt.date(day.year, 1, 1)
    statement = (
        amended()
        .join(Batch, Batch.task_id == Task.id)
        .add_columns(Batch)
        .join(Place, and_(Place.batch_id == Batch.id, Place.withdrawn_at.is_(None)))
        .where(Place.member_id == member_id, or_(Batch.closed_at.is_(None), Batch.ends_on >= year))
        .order_by(Batch.closed_at.is_not(None), Batch.starts_on.desc(), Batch.id)
    )
    rows = session.execute(statement)
    return tuple(_mine(session, batch, task_value(task, said), member_id, day) for task, said, batch in rows)


def _mine(session: Session, batch: Batch, task: TaskValue, member_id: int, day: dt.date) -> MyTraining:
    timetable = sessions(session, batch.id)
    rolls = attendance.rolls(session, [each.occasion.id for each in timetable])
    marks = {each.id: rolls.get(each.occasion.id, {}).get(member_id) for each in timetable}
    attended = [each for each in timetable if (mark := marks[each.id]) is not None and mark.attended]
    coming = [each for each in timetable if each.occasion.day >= day and not each.occasion.called]
    return MyTraining(
        batch_id=batch.id,
        title=batch.title,
        task_title=task.title,
        next_session=coming[0] if coming and batch.closed_at is None else None,
        attended=len(attended),
        total=len(timetable),
        quarters_attended=sum(each.occasion.quarters for each in attended),
        quarters_total=sum(each.occasion.quarters for each in timetable),
        has_test=batch.quiz_course is not None and batch.pass_percent is not None,
        percent=results(session, batch.id).get(member_id),
        closed=batch.closed_at is not None,
        attempts=batch.attempts,
        reading=batch.kind is BatchKind.READING,
    )


def own_test(session: Session, batch_id: int, member_id: int) -> OwnTest:
    """The completion test that a member may take now; raises NotFound."""
    row = session.execute(
        select(Batch.quiz_course, Batch.attempts)
        .join(Place, and_(Place.batch_id == Batch.id, Place.withdrawn_at.is_(None)))
        .where(
            Batch.id == batch_id,
            Place.member_id == member_id,
            Batch.closed_at.is_(None),
            Batch.quiz_course.is_not(None),
        )
    ).first()
    if row is None:
        raise NotFound(N_("现在没有您可以参加的结业测试。"))
    return OwnTest(*row)
