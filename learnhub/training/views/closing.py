"""Closing a batch: the list to look through first, then for good."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.quiz.queries import errata as quizzes
from learnhub.training import queries, service
from learnhub.training.views.blueprint import bp, found_batch
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.get("/training/batches/<int:batch_id>/close")
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_batch)
def review(batch_id: int) -> ResponseReturnValue:
    """Who completes the batch and who does not, and why, before it is closed; afterwards, how it was closed."""
    return _review_page(batch_id, None)


@bp.post("/training/batches/<int:batch_id>/close")
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_batch)
def close(batch_id: int) -> ResponseReturnValue:
    """Close the batch for good."""
    try:
        completed = service.close(db.session(), guards.act(), batch_id=batch_id)
        db.session.commit()
    except DomainError as error:
        db.session.rollback()
        return _review_page(batch_id, error), error.status
    say(_("已经结班，%(count)s 人结业。", count=completed))
    return back_to("training.batch", batch_id=batch_id)


def _review_page(batch_id: int, error: DomainError | None) -> str:
    session = db.session()
    batch, task = found_batch(batch_id)
    students = queries.students(session, batch.id, batch.organization_id, clock.today())
    by_id = {each.member_id: each for each in students}
    outcomes = queries.outcomes(session, batch_id)
    return render_template(
        "training/review.html",
        batch=batch,
        task=task,
        students=by_id,
        completes=[each for each in outcomes if each.completes],
        falls_short=[each for each in outcomes if not each.completes],
        waiting=queries.count_waiting_list(session, batch_id),
        uncalled=[each for each in queries.sessions(session, batch_id) if not each.occasion.called],
        raised=quizzes.raised_in_batch(session, batch_id),
        refusal=_(error.message) % error.values if error else "",
    )
