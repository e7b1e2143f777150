"""Changing a batch, cancelling one that never began, the make-up batch for its remainder, its printed sheets."""

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
from learnhub.training.forms import ChangeBatchForm, DatesForm, ReasonForm
from learnhub.training.rules import BatchKind
from learnhub.training.views.blueprint import bp, found_batch
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.route("/training/batches/<int:batch_id>/change", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_batch)
def change_batch(batch_id: int) -> ResponseReturnValue:
    """Change what an open batch is called, where and when it is, and its capacity."""
    session, (found, task), status = db.session(), found_batch(batch_id), 200
    form = ChangeBatchForm(obj=found, data={"kind": found.kind.value})
    form.offer()
    if form.validate_on_submit():
        try:
            admitted = _change(session, form, batch_id)
            session.commit()
            say(_("改好了。"))
            say_admitted(len(admitted))
            return back_to("training.batch", batch_id=batch_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
            status = error.status
    page = render_template("training/change_batch.html", form=form, batch=found, task=task)
    return page, status if status != 200 or not form.errors else 422


def _change(session: Session, form: ChangeBatchForm, batch_id: int) -> tuple[int, ...]:
    return service.change_batch(
        session,
        guards.act(),
        batch_id=batch_id,
        dates=form.dates,
        capacity=form.capacity.data,
        kind=BatchKind(form.kind.data),
    )


def say_admitted(count: int) -> None:
    """Say how many of the waiting list were let in, where anybody was."""
    if count:
        say(_("排队的人里，按先后编入了 %(count)s 人。", count=count))


@bp.route("/training/batches/<int:batch_id>/cancel", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_batch)
def cancel_batch(batch_id: int) -> ResponseReturnValue:
    """Cancel a batch that never began, with a reason."""
    session, form, status = db.session(), ReasonForm(), 200
    found, task = found_batch(batch_id)
    if form.validate_on_submit():
        try:
            back = service.cancel_batch(session, guards.act(), batch_id=batch_id, reason=form.reason.data)
            session.commit()
            say(_("这一期已经取消，%(count)s 人回到未训名单。", count=back))
            return back_to("training.batch", batch_id=batch_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
            status = error.status
    page = render_template("training/cancel_batch.html", form=form, batch=found, task=task)
    return page, status if status != 200 or not form.errors else 422


@bp.route("/training/batches/<int:batch_id>/remainder", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_batch)
def open_remainder(batch_id: int) -> ResponseReturnValue:
    """Open the make-up batch for those who did not complete a closed one: who, then where and when."""
    session, (found, task), status = db.session(), found_batch(batch_id), 200
    form = DatesForm(data={"title": _("%(title)s补训", title=found.title), "place": found.place})
    if form.validate_on_submit():
        try:
            new_id = service.open_remainder(session, guards.act(), batch_id=batch_id, dates=form.dates)
            session.commit()
            say(_("补训班已经开出，没有结业的人都编进来了。"))
            return back_to("training.batch", batch_id=new_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
            status = error.status
    people = service.remainder(session, batch_id, clock.today())
    page = render_template("training/remainder.html", form=form, batch=found, task=task, people=people)
    return page, status if status != 200 or not form.errors else 422


@bp.get("/training/batches/<int:batch_id>/sheet")
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_batch)
def sheet(batch_id: int) -> ResponseReturnValue:
    """The timetable and the list of students of a batch, to be printed."""
    session, (found, task) = db.session(), found_batch(batch_id)
    return render_template(
        "training/sheet.html",
        batch=found,
        task=task,
        place=organizations.organization(session, found.organization_id, clock.today()),
        sessions=queries.sessions(session, batch_id),
        students=queries.students(session, batch_id, found.organization_id, clock.today()),
    )
