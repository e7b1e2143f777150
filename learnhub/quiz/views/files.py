"""Answers kept as a file while they could not be sent: handed in by the member, the last resort."""

from collections.abc import Iterable

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts.guards import act, signed_in
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_
from learnhub.quiz import service
from learnhub.quiz.forms import AnswersFileForm
from learnhub.quiz.service import Saved
from learnhub.quiz.views.attempts import own
from learnhub.quiz.views.blueprint import bp
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.route("/attempts/<int:attempt_id>/answers-file", methods=["GET", "POST"])
@signed_in
def answers_file(attempt_id: int) -> ResponseReturnValue:
    """Take the member's own file of answers for an open attempt; what stands stored newer is left alone."""
    session, found, form = db.session(), own(attempt_id), AnswersFileForm()
    if form.validate_on_submit():
        try:
            of, answers = form.sent
            if of != attempt_id:
                raise NotFound(N_("这个文件是另一份练习的，请打开那一份再交。"), field="file")
            saved = service.save_answers(session, act(), attempt_id=attempt_id, answers=answers)
            session.commit()
            say(taken_words(saved))
            return back_to("quiz.attempt", attempt_id=attempt_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    page = render_template("quiz/answers_file.html", form=form, attempt=found)
    return page, 422 if form.errors else 200


def taken_words(saved: Iterable[Saved]) -> str:
    """What was taken from a file, in words."""
    rows = list(saved)
    newer = sum(each.differs for each in rows)
    words = _("文件里的答案收下了 %(count)s 题。", count=len(rows) - newer)
    if newer:
        words += _("有 %(count)s 题存着更新的答案，没有改。", count=newer)
    return str(words)
