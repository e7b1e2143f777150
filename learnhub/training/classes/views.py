"""Classes for everybody who waits, in one action; the make-up batch for the remainder of another."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.organizations import queries as organizations
from learnhub.training.batches import queries as batches_queries
from learnhub.training.batches.forms import DatesForm
from learnhub.training.batches.views import found_batch, place_of_batches
from learnhub.training.blueprint import bp
from learnhub.training.classes import queries, service
from learnhub.training.classes.forms import ClassesForm, SplitForm
from learnhub.training.classes.rules import MOST_CLASSES, Proposal, Split, batches_needed, fingerprint
from learnhub.training.enrolment import queries as enrolment
from learnhub.training.tasks.queries import TaskValue
from learnhub.training.tasks.views import found_task
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.route("/training/batches/<int:batch_id>/remainder", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=batches_queries.organization_of_batch)
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


# The size of a class to begin with, where the task has none yet.
USUAL_SIZE = 50


@bp.get("/training/tasks/<int:task_id>/classes")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def classes(task_id: int) -> ResponseReturnValue:
    """The classes proposed for everybody who waits: how many, where, who; nothing is saved."""
    session, task = db.session(), found_task(task_id)
    split = _split_form(session, task)
    valid = "by" not in request.args or split.validate()
    return _classes_page(session, task, split, None), 200 if valid else 422


@bp.post("/training/tasks/<int:task_id>/classes")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def open_classes(task_id: int) -> ResponseReturnValue:
    """Open the classes as they were looked at, and fill them, all at once."""
    session, task = db.session(), found_task(task_id)
    split, form = _split_form(session, task), ClassesForm()
    if not (split.validate() and form.validate()):
        return _classes_page(session, task, split, form), 422
    try:
        placed = service.open_classes(
            session,
            guards.act(),
            task_id=task_id,
            organization_id=place_of_batches(session, task),
            by=Split(split.by.data),
            size=split.size.data,
            seen=form.seen.data,
            dates=form.dates,
        )
        session.commit()
    except DomainError as error:
        session.rollback()
        form.refuse(error)
        return _classes_page(session, task, split, form), error.status
    say(_("各班已经开出，编入了 %(count)s 人。", count=placed) if placed else _("这些班已经开出。"))
    return back_to("training.task", task_id=task_id, organization=guards.place())


def _split_form(session: Session, task: TaskValue) -> SplitForm:
    place, today = place_of_batches(session, task), clock.today()
    below = organizations.children(session, place, today)
    by = Split.EACH if any(not each.is_branch for each in below) else Split.TOGETHER
    usual = batches_queries.newest_capacity(session, task.id) or USUAL_SIZE
    form = SplitForm(request.values, data={"by": by.value, "size": usual})
    form.offer()
    if "by" not in request.values:
        form.by.data, form.size.data = by.value, usual
    return form


def _named_anew(form: ClassesForm | None, before: int, count: int) -> ClassesForm:
    """As many rows as there are classes now, numbered on from those `before`; what was refused is still said."""
    rows = [{"title": _("第 %(number)s 期", number=number)} for number in range(before + 1, before + count + 1)]
    named = ClassesForm(None, data={"rows": rows})
    named.form_errors = form.form_errors if form else []
    return named


def _classes_page(session: Session, task: TaskValue, split: SplitForm, form: ClassesForm | None) -> str:
    place, today = place_of_batches(session, task), clock.today()
    whole = Proposal()
    if not split.errors:
        whole = queries.proposal(session, task, place, today, by=Split(split.by.data), size=split.size.data)
    proposal = whole.first(MOST_CLASSES)
    names = {row.value.id: row.value.name for row in organizations.whole_tree(session, place, today)}
    batches = batches_queries.batches(session, [task.id], place, today)
    if form is None or len(form.rows) != len(proposal.classes):
        form = _named_anew(form, len(batches), len(proposal.classes))
    form.seen.data = fingerprint(proposal)
    return render_template(
        "training/classes.html",
        task=task,
        split=split,
        form=form,
        proposal=proposal,
        left=whole.total - proposal.total,
        waiting=enrolment.count_waiting(session, task, place, today),
        together=batches_needed(whole.total - whole.filled, split.size.data) if proposal.classes else 0,
        batches={each.id: each for each in batches},
        names=names,
        place=organizations.organization(session, place, today),
        asked=guards.place(),
    )
