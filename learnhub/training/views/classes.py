"""Classes for everybody who waits, in one action: the proposal to look through, then all at once."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.organizations import queries as organizations
from learnhub.training import queries, service
from learnhub.training.forms import ClassesForm, SplitForm
from learnhub.training.queries import TaskValue
from learnhub.training.rules import MOST_CLASSES, Proposal, Split, batches_needed, fingerprint
from learnhub.training.views.batches import place_of_batches
from learnhub.training.views.blueprint import bp, found_task
from learnhub.web.db import db
from learnhub.web.errors import back_to, say

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
    usual = queries.newest_capacity(session, task.id) or USUAL_SIZE
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
    batches = queries.batches(session, [task.id], place, today)
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
        waiting=queries.count_waiting(session, task, place, today),
        together=batches_needed(whole.total - whole.filled, split.size.data) if proposal.classes else 0,
        batches={each.id: each for each in batches},
        names=names,
        place=organizations.organization(session, place, today),
        asked=guards.place(),
    )
