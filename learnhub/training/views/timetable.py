"""The timetable of a batch: one more session, another in the place of one, one cancelled."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import Conflict, DomainError, NotFound
from learnhub.core.text import N_
from learnhub.training import queries, service
from learnhub.training.forms import ChangeSessionForm, ReasonForm, SessionForm
from learnhub.training.queries import SessionValue
from learnhub.training.views.blueprint import bp, courses, found_batch
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.route("/training/batches/<int:batch_id>/sessions/new", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_batch)
def new_session(batch_id: int) -> ResponseReturnValue:
    """Put one more session on the timetable."""
    session, (found, _task) = db.session(), found_batch(batch_id)
    form = SessionForm()
    form.offer(courses())
    if form.validate_on_submit():
        try:
            service.add_session(session, guards.act(), batch_id=batch_id, new=form.new_session)
            session.commit()
            say(_("课程表上多了一次课。"))
            return back_to("training.batch", batch_id=batch_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    return render_template("training/new_session.html", form=form, batch=found), 422 if form.errors else 200


@bp.route("/training/sessions/<int:session_id>/change", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_session)
def change_session(session_id: int) -> ResponseReturnValue:
    """Change a session that was not held yet: time, place, lecturer, course; what it was stays in the history."""
    session, found = db.session(), standing_session(session_id)
    form = ChangeSessionForm(data=_said(found))
    form.offer(courses())
    if form.validate_on_submit():
        try:
            service.change_session(
                session, guards.act(), session_id=session_id, new=form.new_session, reason=form.reason.data
            )
            session.commit()
            say(_("课程表改好了，原来的安排和原因都留着。"))
            return back_to("training.batch", batch_id=found.batch_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    batch, _task = found_batch(found.batch_id)
    page = render_template("training/change_session.html", form=form, batch=batch, found=found)
    return page, 422 if form.errors else 200


@bp.route("/training/sessions/<int:session_id>/cancel", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_session)
def cancel_session(session_id: int) -> ResponseReturnValue:
    """Take a session that was not held yet off the timetable, with a reason."""
    session, form, found = db.session(), ReasonForm(), standing_session(session_id)
    if form.validate_on_submit():
        try:
            service.cancel_session(session, guards.act(), session_id=session_id, reason=form.reason.data)
            session.commit()
            say(_("这次课已经取消。"))
            return back_to("training.batch", batch_id=found.batch_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    batch, _task = found_batch(found.batch_id)
    page = render_template("training/cancel_session.html", form=form, batch=batch, found=found)
    return page, 422 if form.errors else 200


def standing_session(session_id: int) -> SessionValue:
    """The session; raises Conflict where it was changed or cancelled since the page was opened, else NotFound."""
    found = queries.session_of(db.session(), session_id)
    if found is not None:
        return found
    if queries.batch_of_session(db.session(), session_id) is not None:
        raise Conflict(N_("这次课已经被改过或者取消了。请回到课程表看现在的安排。"))
    raise NotFound(N_("没有这次课。"))


def _said(found: SessionValue) -> dict[str, object]:
    begins, ends = clock.local(found.occasion.starts_at), clock.local(found.occasion.ends_at)
    return {
        **{name: getattr(found, name) for name in ("lecturer", "course")},
        "kind": found.kind.value,
        "title": found.occasion.title,
        "place": found.occasion.place,
        "day": begins.date(),
        "starts": begins.time(),
        "ends": ends.time(),
        "hours": found.occasion.quarters / 4,
    }
