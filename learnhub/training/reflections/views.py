"""What members of a reading class choose to write: the member's own page, and the organizer's."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.training.batches import queries as batches
from learnhub.training.batches.views import found_batch
from learnhub.training.blueprint import bp
from learnhub.training.reflections import queries, service
from learnhub.training.reflections.forms import ReflectionForm
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.route("/training/batches/<int:batch_id>/reflection", methods=["GET", "POST"])
@guards.as_member
def reflection(batch_id: int) -> ResponseReturnValue:
    """Write something about a reading class, rewrite it or take it away."""
    session, member_id = db.session(), guards.visitor().member_id or 0
    found = queries.own_reading(session, batch_id, member_id)
    form = ReflectionForm(data={"text": queries.own_reflection(session, batch_id, member_id)})
    if form.validate_on_submit():
        service.write_reflection(
            session, guards.act(), batch_id=batch_id, member_id=member_id, text=form.text.data or ""
        )
        session.commit()
        say(_("保存好了。") if form.text.data else _("已经拿掉，不留底。"))
        return back_to("training.reflection", batch_id=batch_id)
    page = render_template("training/reflection.html", form=form, batch=found)
    return page, 422 if form.errors else 200


@bp.get("/training/batches/<int:batch_id>/reflections")
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
def reflections(batch_id: int) -> ResponseReturnValue:
    """What members of the class chose to write, for its organizer alone."""
    session, (found, task) = db.session(), found_batch(batch_id)
    if not found.is_reading or found.organization_id not in guards.visitor().organizations(Permission.RUN_TRAINING):
        raise NotFound(N_("没有这一项，或者它不在您负责的范围内。"))
    texts = queries.reflections(session, batch_id)
    students = batches.students(session, batch_id, found.organization_id, clock.today())
    written = [(each, texts[each.member_id]) for each in students if each.member_id in texts]
    return render_template("training/reflections.html", batch=found, task=task, written=written)
