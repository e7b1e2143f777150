"""Who has a place in a batch, who could have one, and what a batch came to for each."""

import dataclasses
import datetime as dt

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.members import queries as members
from learnhub.members.queries import RosterMember
from learnhub.members.rules import CircumstanceKind
from learnhub.organizations import queries as organizations
from learnhub.quiz import queries as quizzes
from learnhub.records import queries as records
from learnhub.training.models import Batch, Place, Result, Task
from learnhub.training.queries.batches import SessionValue, TaskValue, sessions, task_value
from learnhub.training.rules import Outcome, shortfall

# Circumstances in which nobody is filled in by list: listed but not due, or study is brought home (art. 23).
_NOT_FILLED = frozenset({CircumstanceKind.LOST_CONTACT, CircumstanceKind.SUSPENDED, CircumstanceKind.EXEMPT})


def placed(session: Session, batch_id: int) -> tuple[int, ...]:
    """The ids of the members with a standing place in the batch."""
    statement = select(Place.member_id).where(Place.batch_id == batch_id, Place.withdrawn_at.is_(None))
    return tuple(session.scalars(statement.order_by(Place.id)))


def standing_places(session: Session, task_id: int) -> frozenset[int]:
    """The ids of the members who have a place in a batch of the task that is not closed."""
    statement = (
        select(Place.member_id)
        .join(Batch, Batch.id == Place.batch_id)
        .where(Batch.task_id == task_id, Batch.closed_at.is_(None), Place.withdrawn_at.is_(None))
    )
    return frozenset(session.scalars(statement))


def held_batch(session: Session, batch_id: int) -> tuple[TaskValue, Batch]:
    """The row of a batch and its task, held against other writers until the transaction ends; raises NotFound.

    The task is held too, so that two batches of one task filled at once never share a member.
    """
    statement = select(Task, Batch).join(Batch, Batch.task_id == Task.id).where(Batch.id == batch_id)
    row = session.execute(statement.with_for_update().execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound(N_("没有这一期。"))
    return task_value(row[0]), row[1]


def standing_place(session: Session, batch_id: int, member_id: int) -> Place | None:
    """The row of a member's standing place, for the service to withdraw."""
    return session.scalar(
        select(Place).where(Place.batch_id == batch_id, Place.member_id == member_id, Place.withdrawn_at.is_(None))
    )


def standing_results(session: Session, batch_id: int) -> dict[int, Result]:
    """The rows of the results that stand, by member id, for the service to replace."""
    rows = session.scalars(select(Result).where(Result.batch_id == batch_id, Result.withdrawn_at.is_(None)))
    return {row.member_id: row for row in rows}


def results(session: Session, batch_id: int) -> dict[int, int]:
    """The completion test's results in per cent by member id: as entered, else the best one taken here."""
    taken = {member: each.percent for member, each in quizzes.results_of_batch(session, batch_id).items()}
    return taken | {member: row.percent for member, row in standing_results(session, batch_id).items()}


def in_audience(session: Session, task: TaskValue, organization_id: int, day: dt.date) -> tuple[RosterMember, ...]:
    """The members at and below `organization_id` on `day` whom the task is for: organization order, then roster order."""
    tree = organizations.whole_tree(session, organization_id, day)
    place = {row.value.id: number for number, row in enumerate(tree)}
    domain = {row.value.id: row.value.domain for row in tree}
    found = [
        each
        for each in members.members_below(session, organization_id, day)
        if each.organization_id in place
        and task.audience.includes(
            probationary=each.probationary(day),
            posts=each.posts,
            domain=domain[each.organization_id],
            circumstances=each.circumstances,
        )
    ]
    return tuple(sorted(found, key=lambda each: place[each.organization_id]))


def waiting(session: Session, task: TaskValue, organization_id: int, day: dt.date) -> tuple[RosterMember, ...]:
    """Those due at and below `organization_id`, minus covered, exempt and already placed in an open batch of the task."""
    taken = records.completed(session, task.subject) | standing_places(session, task.id)
    return tuple(
        each
        for each in in_audience(session, task, organization_id, day)
        if each.id not in taken and _NOT_FILLED.isdisjoint(each.circumstances)
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Student:
    """Somebody with a place in a batch; `member` is None for one who left every roster since."""

    member_id: int
    member: RosterMember | None
    branch: str

    @property
    def name(self) -> str:
        """The name, or a dash for one who left every roster since."""
        return self.member.name if self.member else "—"


def students(session: Session, batch_id: int, organization_id: int, day: dt.date) -> tuple[Student, ...]:
    """Everybody with a standing place in a batch held at `organization_id`, as the roster of `day` knows them.

    In the order of the places; `branch` is the name of the member's own.
    """
    ids = placed(session, batch_id)
    known = members.members_by_id(session, ids, day)
    names = {row.value.id: row.value.name for row in organizations.whole_tree(session, organization_id, day)}
    found = ((each, known.get(each)) for each in ids)
    return tuple(
        Student(each, member, names.get(member.organization_id, "") if member else "") for each, member in found
    )


def outcomes(session: Session, task: TaskValue, batch_id: int) -> tuple[Outcome, ...]:
    """What the batch comes to for everybody with a place, in the order of the places.

    A session was attended by the roll, or is made up for by a follow-up, which the record book then credits.
    """
    timetable = sessions(session, batch_id)
    rolls = attendance.rolls(session, [each.occasion.id for each in timetable])
    credited = records.credited(session, [each.occasion.source for each in timetable])
    total = sum(each.occasion.quarters for each in timetable)
    percents = results(session, batch_id)
    found = []
    for member_id in placed(session, batch_id):
        attended = 0
        for each in timetable:
            mark = rolls.get(each.occasion.id, {}).get(member_id)
            if (mark is not None and mark.attended) or member_id in credited.get(each.occasion.source, ()):
                attended += each.occasion.quarters
        percent = percents.get(member_id)
        missing = shortfall(task.rule, total=total, attended=attended, percent=percent)
        found.append(Outcome(member_id, attended, total, percent, missing))
    return tuple(found)


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


def for_member(session: Session, member_id: int, day: dt.date) -> tuple[MyTraining, ...]:
    """The batches in which a member has a place: open ones, and those that ended in the year of `day`."""
    year = dt.date(day.year, 1, 1)
    rows = session.execute(
        select(Batch, Task)
        .join(Place, and_(Place.batch_id == Batch.id, Place.withdrawn_at.is_(None)))
        .join(Task, Task.id == Batch.task_id)
        .where(Place.member_id == member_id, or_(Batch.closed_at.is_(None), Batch.ends_on >= year))
        .order_by(Batch.closed_at.is_not(None), Batch.starts_on.desc(), Batch.id)
    )
    return tuple(_mine(session, batch, task, member_id, day) for batch, task in rows)


def _mine(session: Session, batch: Batch, task: Task, member_id: int, day: dt.date) -> MyTraining:
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
        has_test=batch.quiz_course is not None and task.pass_percent is not None,
        percent=results(session, batch.id).get(member_id),
        closed=batch.closed_at is not None,
    )


def own_test(session: Session, batch_id: int, member_id: int) -> str:
    """The slug of the course whose quiz is the completion test that a member may take now; raises NotFound."""
    slug = session.scalar(
        select(Batch.quiz_course)
        .join(Place, and_(Place.batch_id == Batch.id, Place.withdrawn_at.is_(None)))
        .where(Batch.id == batch_id, Place.member_id == member_id, Batch.closed_at.is_(None))
    )
    if slug is None:
        raise NotFound(N_("现在没有您可以参加的结业测试。"))
    return slug
