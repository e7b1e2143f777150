"""A new training task, an amendment, and what the pages of rotational training share."""

import dataclasses

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_, whole_number
from learnhub.members.rules import SEX_LABELS
from learnhub.organizations import queries as organizations
from learnhub.training.blueprint import bp
from learnhub.training.tasks import queries, service
from learnhub.training.tasks.forms import AmendForm, TaskForm
from learnhub.training.tasks.queries import TaskValue
from learnhub.training.tasks.rules import Audience
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


def audience_words(audience: Audience) -> str:
    """Whom a task is for, as a sentence in the visitor's language."""
    return audience.sentence(gettext)


def found_task(task_id: int) -> TaskValue:
    """The task, when it has to do with the place that the guard let this request in for; else NotFound."""
    for each in queries.tasks_for(db.session(), [guards.place()], clock.today()):
        if each.id == task_id:
            return each
    raise NotFound(N_("没有这项轮训任务，或者它不在您负责的范围内。"))


# How many names of a preview stand on one page.
SHOWN = 50


@bp.route("/training/tasks/new", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def new_task() -> ResponseReturnValue:
    """Open a training task."""
    session, form = db.session(), TaskForm()
    form.offer()
    looked = form.validate_on_submit() and "preview" in request.form
    if form.is_submitted() and not form.errors and not looked:
        try:
            task_id = _open(session, form)
            session.commit()
            say(_("任务已经开出。下面开第一期。"))
            return back_to("training.task", task_id=task_id, organization=guards.place())
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    place = organizations.organization(session, guards.place(), clock.today())
    preview = _preview(session, form) if looked else None
    page = render_template("training/new_task.html", form=form, place=place, preview=preview)
    return page, 422 if form.errors else 200


def _preview(session: Session, form: TaskForm) -> queries.Shares:
    """Whom the task would be for today; nothing is saved."""
    page = whole_number(request.form.get("preview", "")) or 1
    return queries.preview(session, form.audience, guards.place(), clock.today(), page=page, size=SHOWN)


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


@bp.route("/training/tasks/<int:task_id>/amend", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_task)
def amend_task(task_id: int) -> ResponseReturnValue:
    """Amend a task, with a reason; batches opened before keep the completion rule they were opened with."""
    session, found = db.session(), found_task(task_id)
    form = AmendForm(obj=found, data=dataclasses.asdict(found.rule))
    if form.validate_on_submit():
        try:
            _amend(session, form, task_id)
            session.commit()
            say(_("任务改好了，原来的说法和原因都留着。"))
            return back_to("training.task", task_id=task_id, organization=guards.place())
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    page = render_template("training/amend_task.html", form=form, task=found, place=guards.place())
    return page, 422 if form.errors else 200


def _amend(session: Session, form: AmendForm, task_id: int) -> None:
    service.amend_task(
        session,
        guards.act(),
        task_id=task_id,
        title=form.title.data,
        ends_on=form.ends_on.data,
        basis=form.basis.data,
        rule=form.rule,
        because=form.because.data,
    )


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "audience": audience_words,
        "SEX_LABELS": SEX_LABELS,
    }
