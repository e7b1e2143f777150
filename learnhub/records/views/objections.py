"""Objections: answered by the branch's recorder, or by the level above."""

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_
from learnhub.members import queries as members
from learnhub.organizations import queries as organizations
from learnhub.records import queries, service
from learnhub.records.forms import AnswerForm
from learnhub.records.queries import Fact, ObjectionValue
from learnhub.records.rules import BRANCH_KINDS, Change, ObjectionState
from learnhub.records.service import possible_changes
from learnhub.records.views.blueprint import bp
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.get("/objections")
@guards.requires(Permission.RUN_MEETINGS, at=guards.asked)
def objections() -> ResponseReturnValue:
    """The objections of the branch's members that wait for the recorder, and those answered lately."""
    return _list(above=False)


@bp.get("/objections/above")
@guards.requires(Permission.RUN_TRAINING, at=guards.asked)
def objections_above() -> ResponseReturnValue:
    """The objections taken to this level, and those answered lately."""
    return _list(above=True)


@bp.route("/objections/<int:objection_id>", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=queries.branch_of_objection)
def objection(objection_id: int) -> ResponseReturnValue:
    """Answer an objection put to the branch."""
    return _answer(objection_id, "records.objections")


@bp.route("/objections/above/<int:raised_id>", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=queries.level_of_objection)
def objection_above(raised_id: int) -> ResponseReturnValue:
    """Answer an objection taken to this level."""
    return _answer(raised_id, "records.objections_above")


def _list(above: bool) -> str:
    session, today = db.session(), clock.today()
    found = queries.objections_at(session, guards.place(), above, clock.now())
    return render_template(
        "records/objections.html",
        waiting=[each for each in found if not each.answer],
        answered=[each for each in found if each.answer],
        people=members.members_by_id(session, sorted({each.member_id for each in found}), today),
        place=organizations.organization(session, guards.place(), today),
        above=above,
        today=today,
        ObjectionState=ObjectionState,
    )


def _answer(objection_id: int, after: str) -> ResponseReturnValue:
    session, form = db.session(), AnswerForm()
    found = queries.objection(session, objection_id)
    if found is None:
        raise NotFound(N_("没有这条异议。"))
    fact = queries.fact(session, found.subject)
    form.offer(found.above, _changes(found, fact))
    if request.method == "POST" and form.validate():
        try:
            _give(form, objection_id)
            session.commit()
            say(_("已经答复，本人在“我的记录”里能看到。"))
            return back_to(after, organization=guards.place())
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    return _answer_page(form, found, fact, after), 422 if form.errors else 200


def _answer_page(form: AnswerForm, found: ObjectionValue, fact: Fact | None, after: str) -> str:
    session, today = db.session(), clock.today()
    return render_template(
        "records/objection.html",
        form=form,
        found=found,
        fact=fact,
        occasion=queries.occasion_of(fact.source if fact else found.subject),
        member=members.member(session, found.member_id, today),
        place=organizations.organization(session, found.organization_id, today),
        first=queries.objection(session, found.follows_id) if found.follows_id else None,
        own=found.raised_by == guards.visitor().account_id,
        back_to=after,
        today=today,
    )


def _give(form: AnswerForm, objection_id: int) -> None:
    service.answer(
        db.session(),
        guards.act(),
        objection_id=objection_id,
        answer=form.chosen,
        words=form.words.data,
        correction=form.correction,
        days=current_app.config["SETTINGS"].objection_days,
    )


def _changes(found: ObjectionValue, fact: Fact | None) -> tuple[Change, ...]:
    """What can be changed of the entry right here."""
    if fact is None or (not found.above and fact.kind not in BRANCH_KINDS):
        return (Change.NONE,)
    return (Change.NONE, *possible_changes(fact))
