"""Quizzes: the rules before the start, one question after another, the result with its explanations."""

import dataclasses
import secrets
from collections.abc import Mapping, Sequence

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from learnhub.accounts.guards import act, signed_in, visitor
from learnhub.content.schema import Kind, Question
from learnhub.core.errors import NotFound
from learnhub.core.text import N_, whole_number
from learnhub.quiz import forms, queries, rules, service
from learnhub.quiz.queries import AttemptValue, StoredAnswer
from learnhub.quiz.service import NewAnswer, Paper, Saved, Sheet
from learnhub.quiz.views.blueprint import bp
from learnhub.web.catalogue import catalogue
from learnhub.web.db import db
from learnhub.web.errors import back_to
from learnhub.web.filters import time


@dataclasses.dataclass(frozen=True, slots=True)
class Card:
    """One question as the page shows it: the answer in its fields, the revision a save from here would have.

    `elsewhere` is what stands stored when it is something else than what this browser just sent.
    """

    number: int
    question: Question
    value: object
    revision: int
    stored: StoredAnswer | None
    elsewhere: StoredAnswer | None
    doubled: bool


@bp.route("/months/<string:month>/quiz", methods=["GET", "POST"])
@signed_in
def month_quiz(month: str) -> ResponseReturnValue:
    """The rules of a month's quiz, and its start."""
    paper = service.month_paper(catalogue(), month)
    return _begin(paper) if request.method == "POST" else _rules("quiz/month_quiz.html", paper)


@bp.route("/courses/<string:slug>/quiz", methods=["GET", "POST"])
@signed_in
def course_quiz(slug: str) -> ResponseReturnValue:
    """The rules of a course's quiz, and its start."""
    paper = service.course_paper(catalogue(), slug)
    return _begin(paper) if request.method == "POST" else _rules("quiz/course_quiz.html", paper)


def _rules(template: str, paper: Paper) -> str:
    mine = queries.attempts(db.session(), visitor().account_id, paper.unit)
    practice = [each for each in mine if each.batch_id is None]
    kinds = [kind for kind in Kind if any(question.kind is kind for question in paper.questions)]
    return render_template(
        template,
        paper=paper,
        place=_place(paper.unit),
        current=next((each for each in practice if each.handed_in_at is None), None),
        finished=[each for each in practice if each.handed_in_at],
        scoring=[(rules.KIND_NAMES[kind], rules.SCORING[kind]) for kind in kinds],
    )


def _begin(paper: Paper) -> ResponseReturnValue:
    attempt_id = service.start(db.session(), act(), paper=paper, member_id=visitor().member_id)
    db.session.commit()
    return back_to("quiz.attempt", attempt_id=attempt_id)


@bp.get("/attempts/<int:attempt_id>")
@signed_in
def attempt(attempt_id: int) -> ResponseReturnValue:
    """The questions of an open attempt, one of them in view unless all are asked for."""
    found = own(attempt_id)
    if found.handed_in_at:
        return back_to("quiz.result", attempt_id=attempt_id)
    return _page(found)


def own(attempt_id: int) -> AttemptValue:
    """The visitor's own attempt of that id; NotFound for anybody else's."""
    found = queries.attempt(db.session(), attempt_id, visitor().account_id)
    if found is None:
        raise NotFound(N_("没有这份练习。"))
    return found


def _page(found: AttemptValue, saved: tuple[Saved, ...] = (), unanswered: tuple[int, ...] = ()) -> str:
    """The page of an open attempt; after a form was sent, with what it brought, so that nothing typed is lost."""
    sent = {each.question_id: each.value for each in forms.from_form(request.form, found.asked)} if saved else {}
    elsewhere = {each.question_id: each.stored for each in saved if each.differs}
    cards = [_card(number, each, found, sent, elsewhere) for number, each in enumerate(found.asked, 1)]
    lost = [card.number for card in cards if card.elsewhere or card.doubled]
    return render_template(
        "quiz/attempt.html",
        attempt=found,
        cards=cards,
        lost=lost,
        unanswered=unanswered,
        together=request.values.get("all") == "1",
        number=(lost or unanswered or (_asked_number(found),))[0],
        place=_place(found.unit),
        kind_names=rules.KIND_NAMES,
        scoring=rules.SCORING,
        client=request.form.get("client") or secrets.token_urlsafe(12),
    )


def _card(
    number: int,
    question: Question,
    found: AttemptValue,
    sent: Mapping[str, object],
    elsewhere: Mapping[str, StoredAnswer],
) -> Card:
    stored = found.answers.get(question.id)
    value = sent.get(question.id, stored.value if stored else None)
    return Card(
        number=number,
        question=question,
        value=value,
        revision=stored.revision + 1 if stored else 1,
        stored=stored if stored and stored.value is not None else None,
        elsewhere=elsewhere.get(question.id),
        doubled=request.method == "POST" and forms.doubled(request.form, question),
    )


def _asked_number(found: AttemptValue) -> int:
    asked = whole_number(request.values.get("question", ""), digits=4)
    number = found.first_open if asked is None else asked
    return min(max(number, 1), len(found.asked))


@bp.post("/attempts/<int:attempt_id>/answers")
@signed_in
def save(attempt_id: int) -> ResponseReturnValue:
    """Save what the page, or the script on it, sends; the script is told what stands stored after the commit."""
    if request.headers.get("X-Requested-By") == "script":
        saved = _saved(attempt_id, [forms.from_json(request.get_data())])[0]
        words = {"saved": time(saved.stored.saved_at), "revision": saved.stored.revision, "differs": saved.differs}
        return jsonify(words | ({"value": saved.stored.value} if saved.differs else {}))
    found = own(attempt_id)
    kept = _saved(attempt_id, forms.from_form(request.form, found.asked))
    if any(each.differs for each in kept) or any(forms.doubled(request.form, each) for each in found.asked):
        return _page(own(attempt_id), kept), 409
    together = {"all": 1} if request.values.get("all") == "1" else {}
    return back_to(
        "quiz.attempt", attempt_id=attempt_id, question=whole_number(request.form.get("go", "")) or 1, **together
    )


def _saved(attempt_id: int, answers: list[NewAnswer]) -> tuple[Saved, ...]:
    saved = service.save_answers(db.session(), act(), attempt_id=attempt_id, answers=answers)
    db.session.commit()
    return saved


@bp.post("/attempts/<int:attempt_id>/hand-in")
@signed_in
def hand_in(attempt_id: int) -> ResponseReturnValue:
    """Save what the page brings, then hand in; what is missing or was changed elsewhere is shown once before."""
    done = service.hand_in_sheet(db.session(), act(), attempt_id=attempt_id, read=_sheet)
    db.session.commit()
    if done.grade is None:
        return _page(own(attempt_id), done.saved, done.unanswered), 422 if done.unanswered else 409
    return back_to("quiz.result", attempt_id=attempt_id)


def _sheet(questions: Sequence[Question]) -> Sheet:
    fields = request.form
    return Sheet(
        forms.from_form(fields, questions),
        doubled=any(forms.doubled(fields, each) for each in questions),
        is_sure=fields.get("sure") == "1",
    )


@bp.get("/attempts/<int:attempt_id>/result")
@signed_in
def result(attempt_id: int) -> ResponseReturnValue:
    """A handed-in attempt as it was seen: each answer, right or not in words, the right one and why."""
    found = own(attempt_id)
    if found.handed_in_at is None:
        return back_to("quiz.attempt", attempt_id=attempt_id)
    return render_template(
        "quiz/result.html",
        attempt=found,
        place=_place(found.unit),
        full=rules.POSSIBLE,
        right_answers={each.id: rules.right_answer(each) for each in found.questions},
        kind_names=rules.KIND_NAMES,
    )


def _place(unit: str) -> str:
    """The address of what a quiz belongs to; its own stands below it as `/quiz`."""
    kind, _, name = unit.partition(":")
    return f"/months/{name}" if kind == "month" else f"/courses/{name}"
