"""A new batch, and what the pages of batches share."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_
from learnhub.organizations import queries as organizations
from learnhub.training.batches import queries, service
from learnhub.training.batches.forms import BatchForm
from learnhub.training.batches.queries import BatchValue
from learnhub.training.batches.rules import BATCH_LABELS, SESSION_LABELS, BatchKind
from learnhub.training.blueprint import bp
from learnhub.training.tasks import queries as tasks
from learnhub.training.tasks.queries import TaskValue
from learnhub.training.tasks.views import found_task
from learnhub.web.catalogue import catalogue
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


def found_batch(batch_id: int) -> tuple[BatchValue, TaskValue]:
    """The batch and its task, or NotFound."""
    batch = queries.batch(db.session(), batch_id)
    task = tasks.task(db.session(), batch.task_id) if batch else None
    if batch is None or task is None:
        raise NotFound(N_("没有这一期。"))
    return batch, task


def courses() -> list[tuple[str, str]]:
    """Slug and title of every course of the catalogue."""
    return [(each.slug, each.title) for each in catalogue().courses]


def courses_with_quiz() -> list[tuple[str, str]]:
    """Slug and title of the courses that have a quiz."""
    return [(each.slug, each.title) for each in catalogue().courses if each.quiz]


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


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "BATCH_LABELS": BATCH_LABELS,
        "SESSION_LABELS": SESSION_LABELS,
    }
