"""Who is enrolled in a batch: filling it, single members, taking one back; changing and cancelling a batch."""

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
from learnhub.training.batches import queries as batches
from learnhub.training.batches.queries import BatchValue
from learnhub.training.batches.rules import BatchKind
from learnhub.training.batches.views import found_batch
from learnhub.training.blueprint import bp
from learnhub.training.enrolment import queries, service
from learnhub.training.enrolment.forms import ChangeBatchForm
from learnhub.training.results import queries as results
from learnhub.training.tasks.forms import ReasonForm
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.route("/training/batches/<int:batch_id>/change", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
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
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
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


@bp.get("/training/batches/<int:batch_id>/sheet")
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
def sheet(batch_id: int) -> ResponseReturnValue:
    """The timetable and the list of students of a batch, to be printed."""
    session, (found, task) = db.session(), found_batch(batch_id)
    return render_template(
        "training/sheet.html",
        batch=found,
        task=task,
        place=organizations.organization(session, found.organization_id, clock.today()),
        sessions=batches.sessions(session, batch_id),
        students=batches.students(session, batch_id, found.organization_id, clock.today()),
    )


# How many people a search shows.
SHOWN = 20


@bp.post("/training/batches/<int:batch_id>/fill")
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
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
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
def places(batch_id: int) -> ResponseReturnValue:
    """Who has a place, and a search for somebody to be given one."""
    return _places_page(batch_id, None)


@bp.post("/training/batches/<int:batch_id>/places")
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
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
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
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


def _students(session: Session, batch: BatchValue) -> tuple[batches.Student, ...]:
    return batches.students(session, batch.id, batch.organization_id, clock.today())


def _in_line(session: Session, batch: BatchValue) -> tuple[batches.Student, ...]:
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
        standing={each.member_id: each for each in results.outcomes(session, batch_id)},
        text=text,
        hits=hits[:SHOWN],
        more=len(hits) > SHOWN,
        branches={each.id: each.name for each in tree if each.id in below},
        placed={each.member_id for each in students},
        queued={each.member_id for each in in_line},
        refusal=_(error.message) % error.values if error else "",
    )
