"""Training tasks: the list, a new one, one with its batches."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.organizations import queries as organizations
from learnhub.training import queries, service
from learnhub.training.forms import TaskForm
from learnhub.training.views.blueprint import bp, found_task
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.get("/training")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def tasks() -> ResponseReturnValue:
    """The tasks that concern this place, each with the batches held here."""
    session, today = db.session(), clock.today()
    found = queries.tasks_for(session, [guards.place()], today)
    batches = queries.batches(session, [each.id for each in found], guards.place(), today)
    place = organizations.organization(session, guards.place(), today)
    return render_template("training/tasks.html", tasks=found, batches=batches, place=place)


@bp.route("/training/tasks/new", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def new_task() -> ResponseReturnValue:
    """Open a training task."""
    session, form = db.session(), TaskForm()
    form.offer()
    if form.validate_on_submit():
        try:
            task_id = _open(session, form)
            session.commit()
            say(_("任务已经开出。下面开第一期。"))
            return back_to("training.task", task_id=task_id, organization=guards.place())
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    place = organizations.organization(session, guards.place(), clock.today())
    return render_template("training/new_task.html", form=form, place=place), 422 if form.errors else 200


def _open(session: Session, form: TaskForm) -> int:
    return service.open_task(
        session,
        guards.act(),
        organization_id=guards.place(),
        title=form.title.data,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        quarters=form.quarters,
        basis=form.basis.data,
        audience=form.audience,
        rule=form.rule,
    )


@bp.get("/training/tasks/<int:task_id>")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def task(task_id: int) -> ResponseReturnValue:
    """A task: its rules, and the batches held at this place."""
    session, today = db.session(), clock.today()
    found = found_task(task_id)
    batches = queries.batches(session, [task_id], guards.place(), today)
    owner = organizations.organization(session, found.organization_id, today)
    return render_template("training/task.html", task=found, batches=batches, owner=owner, place=guards.place())
