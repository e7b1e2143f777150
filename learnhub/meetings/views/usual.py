"""A branch's fixed day: what scheduling starts from."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.meetings import queries, service
from learnhub.meetings.forms import UsualForm
from learnhub.meetings.rules import FIRST_HABIT
from learnhub.meetings.views.blueprint import asked_place, bp
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.route("/meetings/usual-day", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=guards.asked)
def usual_day() -> ResponseReturnValue:
    """The branch's fixed day, hour, place and chair, from a day on; what held before stays listed."""
    session, today = db.session(), clock.today()
    branch = asked_place(session, branch=True)
    form = UsualForm(obj=queries.usual(session, branch.id, today) or FIRST_HABIT, data={"since": today})
    if form.validate_on_submit():
        try:
            service.set_usual(session, guards.act(), organization_id=branch.id, usual=form.usual, since=form.since.data)
            session.commit()
            say(_("固定的日子已经定好，排期时会先填上。"))
            return back_to("meetings.usual_day", organization=branch.id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    spans = queries.usual_spans(session, branch.id)
    page = render_template("meetings/usual_day.html", form=form, organization=branch, spans=spans, today=today)
    return page, 422 if form.errors else 200
