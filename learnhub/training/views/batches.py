"""Batches: a new one, one with its timetable, the completion test."""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.attendance import queries as attendance
from learnhub.attendance.queries import OccasionValue
from learnhub.attendance.rules import ATTENDED, Outcome, has_ended
from learnhub.core import clock
from learnhub.core.errors import Conflict, DomainError
from learnhub.core.text import N_
from learnhub.organizations import queries as organizations
from learnhub.quiz import service as quizzes
from learnhub.quiz.queries import attempts
from learnhub.training import queries, service
from learnhub.training.forms import BatchForm
from learnhub.training.queries import BatchValue, SessionValue, TaskValue
from learnhub.training.rules import BatchKind, SessionKind, Slot, hints
from learnhub.training.views.blueprint import (
    bp,
    courses,
    courses_with_quiz,
    found_batch,
    found_task,
)
from learnhub.web.catalogue import catalogue
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@dataclasses.dataclass(frozen=True, slots=True)
class Line:
    """One line of the timetable; `came` is how many came, None before the roll is called."""

    session: SessionValue
    came: int | None


@bp.route("/training/tasks/<int:task_id>/batches/new", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def new_batch(task_id: int) -> ResponseReturnValue:
    """Open a batch with its timetable, at the place asked for or, when the task belongs below it, where the task does."""
    session, task = db.session(), found_task(task_id)
    form = _batch_form(session, task)
    where = place_of_batches(session, task)
    if form.validate_on_submit():
        try:
            batch_id = _open(session, form, task_id, where)
            session.commit()
            say(_("这一期已经开出。下面编入学员。"))
            return back_to("training.batch", batch_id=batch_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    place = organizations.organization(session, where, clock.today())
    page = render_template("training/new_batch.html", form=form, task=task, place=place, asked=guards.place())
    return page, 422 if form.errors else 200


def _open(session: Session, form: BatchForm, task_id: int, organization_id: int) -> int:
    return service.open_batch(
        session,
        guards.act(),
        task_id=task_id,
        organization_id=organization_id,
        title=form.title.data,
        place=form.place.data,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        capacity=form.capacity.data,
        kind=BatchKind(form.kind.data or BatchKind.TRAINING.value),
        quiz_course=form.quiz_course.data or None,
        sessions=form.new_sessions,
    )


def _batch_form(session: Session, task: TaskValue) -> BatchForm:
    number = len(queries.batches(session, [task.id], guards.place(), clock.today())) + 1
    usual = queries.newest_capacity(session, task.id)
    form = BatchForm(data={"title": _("第 %(number)s 期", number=number), "capacity": usual})
    form.offer(courses(), courses_with_quiz())
    return form


def place_of_batches(session: Session, task: TaskValue) -> int:
    """Where batches of the task are held: the place asked for, or the task's own when that lies below it."""
    inside = organizations.covers(session, [task.organization_id], guards.place(), clock.today())
    return guards.place() if inside else task.organization_id


@bp.get("/training/batches/<int:batch_id>")
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_batch)
def batch(batch_id: int) -> ResponseReturnValue:
    """A batch: what it is, what needs doing next, its timetable with the rolls."""
    session, (found, task) = db.session(), found_batch(batch_id)
    every = queries.all_sessions(session, batch_id)
    timetable = [each for each in every if each.occasion.cancelled_at is None]
    counts = attendance.outcome_counts(session, [each.occasion.id for each in timetable])
    lines = [Line(each, _came(counts.get(each.occasion.id))) for each in timetable]
    uncalled = [line.session for line in lines if line.came is None]
    return render_template(
        "training/batch.html",
        batch=found,
        task=task,
        lines=lines,
        total=sum(each.occasion.quarters for each in timetable),
        called=len(lines) - len(uncalled),
        unregistered=[each for each in timetable if _waits_for_hours(each.occasion, clock.now())],
        **_uncalled_by_day(uncalled, clock.today()),
        test_title=_test_title(found),
        gone=[each for each in every if each.occasion.cancelled_at is not None],
        hints=_hints(found, timetable),
        remainders=queries.remainders(session, batch_id),
        waiting=queries.count_waiting_list(session, batch_id),
    )


def _uncalled_by_day(uncalled: Sequence[SessionValue], today: dt.date) -> dict[str, object]:
    """The sessions without a roll: the first to be called by now, the next one, and those whose day has passed."""
    return {
        "today": today,
        "to_call": next((each for each in uncalled if each.occasion.day <= today), None),
        "upcoming": next((each for each in uncalled if each.occasion.day >= today), None),
        "late": [each for each in uncalled if each.occasion.day < today],
    }


def _waits_for_hours(occasion: OccasionValue, at: dt.datetime) -> bool:
    return occasion.called and not occasion.finished_at and has_ended(occasion, at)


def _hints(found: BatchValue, timetable: Sequence[SessionValue]) -> list[str]:
    """What of the timetable to look at twice, in words."""
    slots = [Slot(each.id, each.occasion.title, each.occasion.starts_at, each.occasion.ends_at) for each in timetable]
    said = [_(each.words, title=each.title, other=each.other) for each in hints(slots, found.starts_on, found.ends_on)]
    if found.is_reading and timetable and all(each.kind is not SessionKind.EXCHANGE for each in timetable):
        said.append(_("课程表里还没有交流研讨"))
    return said


def _came(counts: Mapping[Outcome, int] | None) -> int | None:
    if counts is None:
        return None
    return sum(number for outcome, number in counts.items() if outcome in ATTENDED)


def _test_title(batch: BatchValue) -> str:
    """The title of the course whose quiz is the completion test; its slug when the catalogue has lost it."""
    return dict(courses()).get(batch.quiz_course or "", batch.quiz_course or "")


@bp.post("/training/batches/<int:batch_id>/test")
@guards.as_member
def take_test(batch_id: int) -> ResponseReturnValue:
    """Begin the completion test, for a member with a place in the batch."""
    session, member_id = db.session(), guards.visitor().member_id
    test = queries.own_test(session, batch_id, member_id or 0)
    paper = quizzes.course_paper(catalogue(), test.course)
    taken = attempts(session, guards.visitor().account_id, paper.unit)
    own = [each for each in taken if each.batch_id == batch_id]
    if all(each.handed_in_at for each in own) and test.attempts is not None and len(own) >= test.attempts:
        raise Conflict(N_("结业测试可以做 %(most)s 次，您已经都做过了。成绩取最好的一次。"), most=test.attempts)
    attempt_id = quizzes.start(session, guards.act(), paper=paper, member_id=member_id, batch_id=batch_id)
    session.commit()
    return back_to("quiz.attempt", attempt_id=attempt_id)
