"""Who has a place in a batch: filling it, single places, taking one back."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_, whole_number
from learnhub.members import queries as members
from learnhub.organizations import queries as organizations
from learnhub.training import queries, service
from learnhub.training.forms import ReasonForm
from learnhub.training.queries import BatchValue
from learnhub.training.views.blueprint import bp, found_batch
from learnhub.training.views.changes import say_admitted
from learnhub.web.db import db
from learnhub.web.errors import back_to, say

# How many people a search shows.
SHOWN = 20


@bp.post("/training/batches/<int:batch_id>/fill")
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_batch)
def fill(batch_id: int) -> ResponseReturnValue:
    """Fill the batch with those not yet covered."""
    added = service.fill(db.session(), guards.act(), batch_id=batch_id)
    db.session.commit()
    if added:
        say(_("编入了 %(count)s 人。", count=added))
    else:
        say(_("没有再编入人：名额已满，或者该训的都已经编入。"), "")
    return back_to("training.batch", batch_id=batch_id)


@bp.get("/training/batches/<int:batch_id>/places")
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_batch)
def places(batch_id: int) -> ResponseReturnValue:
    """Who has a place, and a search for somebody to be given one."""
    return _places_page(batch_id, None)


@bp.post("/training/batches/<int:batch_id>/places")
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_batch)
def place(batch_id: int) -> ResponseReturnValue:
    """Give one member a place."""
    member_id = whole_number(request.form.get("member", "")) or 0
    try:
        came_in = service.place(db.session(), guards.act(), batch_id=batch_id, member_id=member_id)
        db.session.commit()
    except DomainError as error:
        db.session.rollback()
        return _places_page(batch_id, error), error.status
    say(_("已经编入。") if came_in else _("名额已满，排在等候名单里。有人退出，就按先后编入。"))
    return back_to("training.places", batch_id=batch_id)


@bp.route("/training/batches/<int:batch_id>/places/<int:member_id>/withdraw", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_batch)
def withdraw_place(batch_id: int, member_id: int) -> ResponseReturnValue:
    """Take a place back, with a reason."""
    session, form = db.session(), ReasonForm()
    found, _task = found_batch(batch_id)
    if form.validate_on_submit():
        admitted = service.withdraw_place(
            session, guards.act(), batch_id=batch_id, member_id=member_id, reason=form.reason.data
        )
        session.commit()
        say(_("已经退出这一期，原因也记下了。"))
        say_admitted(len(admitted))
        return back_to("training.places", batch_id=batch_id)
    known = (*_students(session, found), *_in_line(session, found))
    student = next((each for each in known if each.member_id == member_id), None)
    if student is None:
        raise NotFound(N_("这一期没有这名学员。"))
    page = render_template("training/withdraw_place.html", form=form, batch=found, student=student)
    return page, 422 if form.errors else 200


def _students(session: Session, batch: BatchValue) -> tuple[queries.Student, ...]:
    return queries.students(session, batch.id, batch.organization_id, clock.today())


def _in_line(session: Session, batch: BatchValue) -> tuple[queries.Student, ...]:
    return queries.waiting_list(session, batch.id, batch.organization_id, clock.today())


def _places_page(batch_id: int, error: DomainError | None) -> str:
    session, today = db.session(), clock.today()
    batch, task = found_batch(batch_id)
    students, in_line = _students(session, batch), _in_line(session, batch)
    text = request.values.get("q", "")[:100]
    hits = members.search(session, batch.organization_id, text, today, SHOWN + 1) if text else ()
    below = {each.organization_id for each in hits}
    tree = organizations.branches_below(session, batch.organization_id, today) if hits else ()
    return render_template(
        "training/places.html",
        batch=batch,
        task=task,
        students=students,
        in_line=in_line,
        standing={each.member_id: each for each in queries.outcomes(session, batch_id)},
        text=text,
        hits=hits[:SHOWN],
        more=len(hits) > SHOWN,
        branches={each.id: each.name for each in tree if each.id in below},
        placed={each.member_id for each in students},
        queued={each.member_id for each in in_line},
        refusal=_(error.message) % error.values if error else "",
    )
