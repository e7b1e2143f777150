"""What branches recognised on the weakest evidence: one list, one press for many, a reason for a no."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.core.text import whole_number
from learnhub.organizations import queries as organizations
from learnhub.training.forms import ReasonForm
from learnhub.training.queries import recognition as queries
from learnhub.training.queries import tasks_for
from learnhub.training.service import recognition as service
from learnhub.training.views.blueprint import bp
from learnhub.training.views.recognition import WORDS
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.get("/training/recognitions/waiting")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def waiting_recognitions() -> ResponseReturnValue:
    """What waits for this organizer's yes or no."""
    return _page()


@bp.post("/training/recognitions/waiting")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def decide_recognitions() -> ResponseReturnValue:
    """Approve, or refuse with a reason, those that were ticked."""
    session = db.session()
    ticked = [each for text in request.form.getlist("recognition") if (each := whole_number(text)) is not None]
    try:
        words = _decide(session, ticked)
        session.commit()
    except DomainError as error:
        session.rollback()
        return _page(error, frozenset(ticked)), error.status
    say(words)
    return back_to("training.waiting_recognitions", organization=guards.place())


def _decide(session: Session, ticked: Sequence[int]) -> str:
    """Carry the decision out; what to tell the organizer."""
    act, place = guards.act(), guards.place()
    if request.form.get("do") == "refuse":
        reason = request.form.get("reason", "")[:500]
        count = service.refuse_recognitions(session, act, organization_id=place, recognition_ids=ticked, reason=reason)
        return str(_("%(count)s 条没有同意，原因支部看得到。", count=count))
    count = service.approve_recognitions(session, act, organization_id=place, recognition_ids=ticked)
    return str(_("同意了 %(count)s 条，学时已经登记。", count=count))


def _page(error: DomainError | None = None, ticked: frozenset[int] = frozenset()) -> str:
    session, today, form = db.session(), clock.today(), ReasonForm()
    if error is not None:
        form.refuse(error)
    rows = queries.waiting_recognitions(session, guards.place(), today)
    return render_template(
        "training/recognition_waiting.html",
        form=form,
        rows=rows[: queries.PAGE],
        more=len(rows) > queries.PAGE,
        ticked=ticked,
        tasks={each.id: each for each in tasks_for(session, [guards.place()], today)},
        place=organizations.organization(session, guards.place(), today),
        own=guards.visitor().name,
        **WORDS,
    )
