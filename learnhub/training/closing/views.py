"""Closing a batch: the list to look through first, then the closing, which can be taken back for a while."""

from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.attendance.rules import has_ended
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.quiz.queries import errata as quizzes
from learnhub.training.batches import queries as batches
from learnhub.training.batches.queries import SessionValue
from learnhub.training.batches.views import found_batch
from learnhub.training.blueprint import bp
from learnhub.training.closing import service
from learnhub.training.enrolment import queries as enrolment
from learnhub.training.results import queries as results
from learnhub.training.results.rules import Outcome, Shortfall, list_digest
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.get("/training/batches/<int:batch_id>/close")
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
def review(batch_id: int) -> ResponseReturnValue:
    """Who completes the batch and who does not, and why, before it is closed; afterwards, how it was closed."""
    return _review_page(batch_id, None)


@bp.post("/training/batches/<int:batch_id>/close")
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
def close(batch_id: int) -> ResponseReturnValue:
    """Close the batch with the list that was looked at."""
    seen, without = request.form.get("seen", ""), request.form.get("without_results") == "1"
    try:
        completed = service.close(db.session(), guards.act(), batch_id=batch_id, seen=seen, without_results=without)
        db.session.commit()
    except DomainError as error:
        db.session.rollback()
        return _review_page(batch_id, error), error.status
    say(_("已经结班，%(count)s 人结业。", count=completed))
    return back_to("training.batch", batch_id=batch_id)


@bp.post("/training/batches/<int:batch_id>/reopen")
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
def reopen(batch_id: int) -> ResponseReturnValue:
    """Take the closing back, by whom it was closed and while nothing rests on it."""
    try:
        withdrawn = service.reopen(db.session(), guards.act(), batch_id=batch_id, because=_("撤销结班"))
        db.session.commit()
    except DomainError as error:
        db.session.rollback()
        return _review_page(batch_id, error), error.status
    say(_("结班已经撤销，%(count)s 人的结业撤回了。改好以后再结班。", count=withdrawn))
    return back_to("training.batch", batch_id=batch_id)


def _review_page(batch_id: int, error: DomainError | None) -> str:
    session = db.session()
    batch, task = found_batch(batch_id)
    students = batches.students(session, batch.id, batch.organization_id, clock.today())
    by_id = {each.member_id: each for each in students}
    outcomes = results.outcomes(session, batch_id)
    return render_template(
        "training/review.html",
        batch=batch,
        task=task,
        students=by_id,
        completes=[each for each in outcomes if each.completes],
        falls_short=[each for each in outcomes if not each.completes],
        waiting=enrolment.count_waiting_list(session, batch_id),
        **_what_is_missing(batches.sessions(session, batch_id), outcomes),
        seen=list_digest(outcomes),
        may_reopen=service.may_reopen(session, guards.act(), batch),
        raised=quizzes.raised_in_batch(session, batch_id),
        refusal=_(error.message) % error.values if error else "",
    )


def _what_is_missing(timetable: Sequence[SessionValue], outcomes: Sequence[Outcome]) -> dict[str, object]:
    """What keeps the batch from being closed: rolls, a last session that has not ended; and results, named first."""
    now = clock.now()
    return {
        "uncalled": [each for each in timetable if not each.occasion.called and has_ended(each.occasion, now)],
        "lasting": next((each for each in reversed(timetable) if not has_ended(each.occasion, now)), None),
        "without_results": [each for each in outcomes if each.shortfall is Shortfall.NO_TEST],
    }
