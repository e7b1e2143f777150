"""Answers to the completion test that a member hands over as a file, since they could not be sent."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core.errors import DomainError
from learnhub.quiz import service as quizzes
from learnhub.training import queries
from learnhub.training.forms import AnswersFileForm
from learnhub.training.views.blueprint import bp, found_batch
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.route("/training/batches/<int:batch_id>/answers-file", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_batch)
def answers_file(batch_id: int) -> ResponseReturnValue:
    """Take a member's file of answers to the completion test of this batch."""
    session, (found, _task), form = db.session(), found_batch(batch_id), AnswersFileForm()
    if form.validate_on_submit():
        try:
            attempt_id, answers = form.sent
            saved = quizzes.take_answers(
                session,
                guards.act(),
                attempt_id=attempt_id,
                batch_id=batch_id,
                answers=answers,
            )
            session.commit()
            newer = sum(each.differs for each in saved)
            say(
                _("收下了 %(count)s 题；有 %(newer)s 题存着更新的答案，没有改。", count=len(saved) - newer, newer=newer)
            )
            return back_to("training.batch", batch_id=batch_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    page = render_template("training/answers_file.html", form=form, batch=found)
    return page, 422 if form.errors else 200
