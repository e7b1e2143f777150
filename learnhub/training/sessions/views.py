"""The timetable of a batch (one more session, another in the place of one, one cancelled) and the roll of a session."""

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
from learnhub.core.errors import Conflict, DomainError, NotFound
from learnhub.core.text import N_
from learnhub.members.rules import SEX_LABELS
from learnhub.training.batches import queries as batches
from learnhub.training.batches.queries import BatchValue, SessionValue, Student
from learnhub.training.batches.views import courses, found_batch
from learnhub.training.blueprint import bp
from learnhub.training.sessions import service
from learnhub.training.sessions.forms import ChangeSessionForm, RollForm, SessionForm
from learnhub.training.tasks.forms import ReasonForm
from learnhub.web import filters
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.route("/training/batches/<int:batch_id>/sessions/new", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_batch)
def new_session(batch_id: int) -> ResponseReturnValue:
    """Put one more session on the timetable."""
    session, (found, _task) = db.session(), found_batch(batch_id)
    form = SessionForm()
    form.offer(courses())
    if form.validate_on_submit():
        try:
            service.add_session(session, guards.act(), batch_id=batch_id, new=form.new_session)
            session.commit()
            say(_("课程表上多了一次课。"))
            return back_to("training.batch", batch_id=batch_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    return render_template("training/new_session.html", form=form, batch=found), 422 if form.errors else 200


@bp.route("/training/sessions/<int:session_id>/change", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_session)
def change_session(session_id: int) -> ResponseReturnValue:
    """Change a session that was not held yet: time, place, lecturer, course; what it was stays in the history."""
    session, found = db.session(), standing_session(session_id)
    form = ChangeSessionForm(data=_said(found))
    form.offer(courses())
    if form.validate_on_submit():
        try:
            service.change_session(
                session, guards.act(), session_id=session_id, new=form.new_session, reason=form.reason.data
            )
            session.commit()
            say(_("课程表改好了，原来的安排和原因都留着。"))
            return back_to("training.batch", batch_id=found.batch_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    batch, _task = found_batch(found.batch_id)
    page = render_template("training/change_session.html", form=form, batch=batch, found=found)
    return page, 422 if form.errors else 200


@bp.route("/training/sessions/<int:session_id>/cancel", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_session)
def cancel_session(session_id: int) -> ResponseReturnValue:
    """Take a session that was not held yet off the timetable, with a reason."""
    session, form, found = db.session(), ReasonForm(), standing_session(session_id)
    if form.validate_on_submit():
        try:
            service.cancel_session(session, guards.act(), session_id=session_id, reason=form.reason.data)
            session.commit()
            say(_("这次课已经取消。"))
            return back_to("training.batch", batch_id=found.batch_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    batch, _task = found_batch(found.batch_id)
    page = render_template("training/cancel_session.html", form=form, batch=batch, found=found)
    return page, 422 if form.errors else 200


def standing_session(session_id: int) -> SessionValue:
    """The session; raises Conflict where it was changed or cancelled since the page was opened, else NotFound."""
    found = batches.session_of(db.session(), session_id)
    if found is not None:
        return found
    if batches.batch_of_session(db.session(), session_id) is not None:
        raise Conflict(N_("这次课已经被改过或者取消了。请回到课程表看现在的安排。"))
    raise NotFound(N_("没有这次课。"))


def _said(found: SessionValue) -> dict[str, object]:
    begins, ends = clock.local(found.occasion.starts_at), clock.local(found.occasion.ends_at)
    return {
        **{name: getattr(found, name) for name in ("lecturer", "course")},
        "kind": found.kind.value,
        "title": found.occasion.title,
        "place": found.occasion.place,
        "day": begins.date(),
        "starts": begins.time(),
        "ends": ends.time(),
        "hours": found.occasion.quarters / 4,
    }


@bp.route("/training/sessions/<int:session_id>/roll", methods=["GET", "POST"])
@guards.requires(Permission.RUN_TRAINING, at=batches.organization_of_session)
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
    students = batches.students(session, batch.id, batch.organization_id, occasion.day)
    on_roll = [each for each in students if not occasion.called or each.member_id in standing]
    later = [each for each in students if each not in on_roll]
    return [_person(each, standing.get(each.member_id, PRESENT)) for each in on_roll], [
        _person(each, PRESENT) for each in later
    ]


def _person(student: Student, proposed: RollMark) -> RollPerson:
    member = student.member
    words = [_(SEX_LABELS[member.sex]), filters.month(member.birth_month, year=True), student.branch] if member else []
    return RollPerson(student.member_id, student.name, _("，").join(words), proposed)
