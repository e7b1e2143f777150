"""Errata: from a question to whom its corrected key would raise, in numbers, and on to doing it."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_
from learnhub.quiz import rules, service
from learnhub.quiz.forms import ErratumForm
from learnhub.quiz.queries import errata as known
from learnhub.quiz.service import Paper
from learnhub.quiz.views.blueprint import bp
from learnhub.web.catalogue import catalogue
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.get("/errata")
@guards.requires(Permission.CORRECT_QUESTIONS, at=guards.asked)
def errata() -> ResponseReturnValue:
    """What was corrected, and every quiz whose questions can be."""
    found = catalogue()
    return render_template(
        "quiz/errata.html",
        errata=known.errata(db.session()),
        courses=[each for each in found.courses if each.quiz],
        months=[each for each in reversed(found.units) if each.quiz],
    )


@bp.get("/errata/<any(course,month):kind>/<string:name>")
@guards.requires(Permission.CORRECT_QUESTIONS, at=guards.asked)
def erratum_questions(kind: str, name: str) -> ResponseReturnValue:
    """The questions of a quiz with their present keys."""
    paper = _paper(kind, name)
    return render_template("quiz/erratum_questions.html", paper=paper, kind=kind, name=name, words=_words(paper))


@bp.route("/errata/<any(course,month):kind>/<string:name>/<string:question>", methods=["GET", "POST"])
@guards.requires(Permission.CORRECT_QUESTIONS, at=guards.asked)
def erratum(kind: str, name: str, question: str) -> ResponseReturnValue:
    """Whom the present key of a question, or its being void, would raise; and doing it, with a reason."""
    session, paper, form = db.session(), _paper(kind, name), ErratumForm()
    form.offer()
    if form.validate_on_submit() and request.form.get("do") == "correct":
        try:
            found = service.correct(
                session, guards.act(), paper=paper, question_id=question, void=form.void, words=form.words.data or ""
            )
            session.commit()
            say(ngettext("更正完成，%(num)s 份答卷提高了得分。", "更正完成，%(num)s 份答卷提高了得分。", found.raised))
            return back_to("quiz.errata")
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    return _erratum_page(paper, question, form=form, kind=kind, name=name), 422 if form.errors else 200


def _erratum_page(paper: Paper, question_id: str, **shown: object) -> str:
    ways = {
        void: service.affected(db.session(), paper=paper, question_id=question_id, void=void) for void in (False, True)
    }
    question = _question(paper, question_id)
    return render_template(
        "quiz/erratum.html", paper=paper, question=question, affected=ways, words=_words(paper), **shown
    )


def _paper(kind: str, name: str) -> Paper:
    return service.course_paper(catalogue(), name) if kind == "course" else service.month_paper(catalogue(), name)


def _question(paper: Paper, question_id: str) -> object:
    found = next((each for each in paper.questions if each.id == question_id), None)
    if found is None:
        raise NotFound(N_("这份练习里没有这道题。"))
    return found


def _words(paper: Paper) -> dict[str, object]:
    """What the templates draw questions with."""
    return {"keys": {each.id: rules.right_answer(each) for each in paper.questions}, "kinds": rules.KIND_NAMES}
