"""The completion test: taking it, its results, answers handed over as a file."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core.errors import Conflict, DomainError
from learnhub.core.text import N_
from learnhub.quiz import service as quizzes
from learnhub.quiz.queries import attempts, errata
from learnhub.training.batches import queries as batches
from learnhub.training.batches.views import found_batch
from learnhub.training.blueprint import bp
from learnhub.training.results import queries, service
from learnhub.training.results.forms import AnswersFileForm, ResultsForm, SentResults, sent_results
from learnhub.training.results.rules import SHORTFALL_LABELS
from learnhub.web.catalogue import catalogue
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.route("/training/batches/<int:batch_id>/answers-file", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
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


@bp.post("/training/batches/<int:batch_id>/test")
@guards.as_member
def take_test(batch_id: int) -> ResponseReturnValue:
    """Begin the completion test, for a member with a place in the batch."""
    session, member_id = db.session(), guards.visitor().member_id
    test = queries.own_test(session, batch_id, member_id or 0)
    paper = quizzes.course_paper(catalogue(), test.course)
    taken = attempts(session, guards.visitor().account_id, paper.unit)
    own = [each for each in taken if each.batch_id == batch_id]
    if all(each.handed_in_at for each in own) and test.attempts is not None and len(own) >= test.attempts:
        raise Conflict(N_("结业测试可以做 %(most)s 次，您已经都做过了。成绩取最好的一次。"), most=test.attempts)
    attempt_id = quizzes.start(session, guards.act(), paper=paper, member_id=member_id, batch_id=batch_id)
    session.commit()
    return back_to("quiz.attempt", attempt_id=attempt_id)


@bp.route("/training/batches/<int:batch_id>/results", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
def results(batch_id: int) -> ResponseReturnValue:
    """Enter the results of a completion test on paper; those taken here stand beside."""
    session, form = db.session(), ResultsForm()
    sent = sent_results(request.form, batches.placed(session, batch_id)) if form.is_submitted() else None
    if sent is None or sent.wrong or not form.validate():
        return _results_page(session, batch_id, form, sent), 422 if sent else 200
    try:
        changed = service.enter_results(
            session, guards.act(), batch_id=batch_id, percents=sent.percents, because=form.because.data or ""
        )
        session.commit()
    except DomainError as error:
        session.rollback()
        form.refuse(error)
        return _results_page(session, batch_id, form, sent), error.status
    say(_("成绩已经保存，改动了 %(count)s 人。", count=changed))
    return back_to("training.batch", batch_id=batch_id)


def _results_page(session: Session, batch_id: int, form: ResultsForm, sent: SentResults | None) -> str:
    batch, task = found_batch(batch_id)
    typed = {member: str(percent) for member, percent in queries.entered_results(session, batch_id).items()}
    if sent is not None:
        typed = {member: "" if percent is None else str(percent) for member, percent in sent.percents.items()}
        typed |= sent.wrong
    students = batches.students(session, batch.id, batch.organization_id, batch.ends_on)
    return render_template(
        "training/results.html",
        form=form,
        batch=batch,
        task=task,
        students=students,
        by_id={each.member_id: each for each in students},
        raised=errata.raised_in_batch(session, batch_id),
        typed=typed,
        wrong=sent.wrong if sent else {},
        taken=queries.results(session, batch_id),
    )


@bp.context_processor
def _words() -> dict[str, object]:
    return {
        "SHORTFALL_LABELS": SHORTFALL_LABELS,
    }
