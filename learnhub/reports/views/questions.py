"""How questions fared, for their authors and for who runs training: about questions, in tens, never about a person."""

from flask import render_template
from flask.typing import ResponseReturnValue

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.content.schema import Question
from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.quiz.queries import figures
from learnhub.quiz.rules import KIND_NAMES
from learnhub.reports.views.blueprint import bp
from learnhub.web.catalogue import catalogue
from learnhub.web.db import db


@bp.get("/content/questions")
@guards.requires(Permission.READ_QUESTION_FIGURES, at=guards.asked)
def quizzes() -> ResponseReturnValue:
    """The quizzes of all courses and months."""
    contents = catalogue()
    return render_template(
        "reports/quizzes.html",
        courses=[each for each in contents.courses if each.quiz],
        units=[each for each in reversed(contents.units) if each.quiz],
    )


@bp.get("/content/questions/courses/<string:slug>")
@guards.requires(Permission.READ_QUESTION_FIGURES, at=guards.asked)
def course_questions(slug: str) -> ResponseReturnValue:
    """How the questions of a course fared."""
    found = next((each for each in catalogue().courses if each.slug == slug), None)
    return _page(f"course:{slug}", found.title if found else slug, found.quiz if found else ())


@bp.get("/content/questions/months/<string:month>")
@guards.requires(Permission.READ_QUESTION_FIGURES, at=guards.asked)
def month_questions(month: str) -> ResponseReturnValue:
    """How the questions of a month fared."""
    found = next((each for each in catalogue().units if each.month == month), None)
    return _page(f"month:{month}", found.title if found else month, found.quiz if found else ())


def _page(unit: str, title: str, now: tuple[Question, ...]) -> str:
    asked = figures.of_questions(db.session(), unit)
    if not asked and not now:
        raise NotFound(N_("这里还没有练习题。"))
    by_hash = {each.question.hash: each for each in asked}
    current = [by_hash.get(each.hash, figures.QuestionFigures(each, None)) for each in now]
    hashes = {each.hash for each in now}
    former = [each for each in asked if each.question.hash not in hashes and each.figures]
    return render_template("reports/questions.html", title=title, current=current, former=former, kinds=KIND_NAMES)
