"""The roll of a session, and the results of the completion test."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.attendance import queries as attendance
from learnhub.attendance.queries import OccasionValue
from learnhub.attendance.rules import (
    PRESENT,
    RollChanged,
    RollMark,
    RollPerson,
    SentRoll,
    has_ended,
    opens_later,
    roll_page,
    sent_roll,
)
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.members.rules import SEX_LABELS
from learnhub.quiz.queries import errata
from learnhub.training import queries, service
from learnhub.training.forms import ResultsForm, RollForm, SentResults, sent_results
from learnhub.training.queries import BatchValue, SessionValue, Student
from learnhub.training.views.blueprint import bp, found_batch
from learnhub.training.views.timetable import standing_session
from learnhub.web import filters
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.route("/training/sessions/<int:session_id>/roll", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_session)
def roll(session_id: int) -> ResponseReturnValue:
    """Call the roll of a session: everyone is present until unticked; one request saves it whole."""
    session, form, found = db.session(), RollForm(), standing_session(session_id)
    if not form.is_submitted():
        return _roll_page(session, found, form)
    sent, valid = sent_roll(request.form), form.validate()
    if sent.unanswered or not valid:
        return _roll_page(session, found, form, sent), 422
    try:
        service.call_roll(
            session,
            guards.act(),
            session_id=session_id,
            marks=sent.member_marks,
            base_version=form.base_version.data,
            register="save" not in request.form,
            because=form.because.data or "",
        )
        session.commit()
    except DomainError as error:
        session.rollback()
        return _roll_page(session, found, form, sent, error), error.status
    registered = "save" not in request.form and has_ended(found.occasion, clock.now())
    say(_("点名和学时已经登记。") if registered else _("点名已经保存。"))
    return back_to("training.batch", batch_id=found.batch_id)


def _roll_page(
    session: Session,
    found: SessionValue,
    form: RollForm,
    sent: SentRoll | None = None,
    error: DomainError | None = None,
) -> str:
    (batch, _task), occasion, now = found_batch(found.batch_id), found.occasion, clock.now()
    changed = error if isinstance(error, RollChanged) else None
    if error is not None and changed is None:
        form.refuse(error)
    people, later = _people(session, batch, occasion)
    shown = roll_page(
        people,
        later=later,
        version=occasion.roll_version,
        started=form.base_version.data,
        sent=sent,
        changed=changed,
    )
    times = {"early": opens_later(occasion, now), "ended": has_ended(occasion, now)}
    return render_template("training/roll.html", form=form, batch=batch, occasion=occasion, roll=shown, **times)


def _people(session: Session, batch: BatchValue, occasion: OccasionValue) -> tuple[list[RollPerson], list[RollPerson]]:
    """The students on the roll, and those enrolled since it was called; before that everybody is proposed as present."""
    standing = attendance.roll(session, occasion.id)
    students = queries.students(session, batch.id, batch.organization_id, occasion.day)
    on_roll = [each for each in students if not occasion.called or each.member_id in standing]
    later = [each for each in students if each not in on_roll]
    return [_person(each, standing.get(each.member_id, PRESENT)) for each in on_roll], [
        _person(each, PRESENT) for each in later
    ]


def _person(student: Student, proposed: RollMark) -> RollPerson:
    member = student.member
    words = [_(SEX_LABELS[member.sex]), filters.month(member.birth_month, year=True), student.branch] if member else []
    return RollPerson(student.member_id, student.name, _("，").join(words), proposed)


@bp.route("/training/batches/<int:batch_id>/results", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=queries.organization_of_batch)
def results(batch_id: int) -> ResponseReturnValue:
    """Enter the results of a completion test on paper; those taken here stand beside."""
    session, form = db.session(), ResultsForm()
    sent = sent_results(request.form, queries.placed(session, batch_id)) if form.is_submitted() else None
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
    students = queries.students(session, batch.id, batch.organization_id, batch.ends_on)
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
