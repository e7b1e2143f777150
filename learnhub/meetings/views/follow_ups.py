"""Make-ups and home visits: for one meeting, and for everything a branch's members missed."""

import datetime as dt
from collections.abc import Callable, Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.attendance import service as attendance
from learnhub.attendance.rules import FollowUpKind, Outcome
from learnhub.attendance.service import Deed
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_
from learnhub.meetings import queries
from learnhub.meetings.forms import FollowUpForm, ReasonForm, follow_up_choices
from learnhub.meetings.queries import Line, Missed, Sheet
from learnhub.meetings.rules import WORK_LIST_MONTHS, work_list_since
from learnhub.meetings.views.blueprint import bp, found
from learnhub.members.rules import SEX_LABELS
from learnhub.organizations import queries as organizations
from learnhub.web import filters
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.route("/meetings/<int:meeting_id>/follow-ups", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=queries.organization_of_meeting)
def follow_ups(meeting_id: int) -> ResponseReturnValue:
    """Who missed it; note one make-up or visit for one or several of them."""
    session = db.session()
    sheet = queries.sheet(session, found(session, meeting_id))
    occasion_id = sheet.meeting.occasion.id
    form = _form({str(line.member.id): _who(line) for line in sheet.waiting})
    if not form.is_submitted():
        _propose(form, sheet)
    if form.validate_on_submit() and _noted(session, form, form.chosen(occasion_id)):
        return back_to("meetings.follow_ups", meeting_id=meeting_id)
    page = render_template("meetings/follow_ups.html", form=form, sheet=sheet, meeting=sheet.meeting)
    return page, 422 if form.errors else 200


@bp.route("/meetings/missed", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=guards.asked)
def missed() -> ResponseReturnValue:
    """The work list of a branch: who missed what in the last months, by meeting or by person."""
    session, today = db.session(), clock.today()
    everything = queries.missed(session, guards.place(), work_list_since(today))
    waiting = [each for each in everything if each.follow_up is None]
    form = _form({f"{each.meeting.occasion.id}-{each.member.id}": each.member.name for each in waiting})
    own = {each.meeting.occasion.id for each in everything}
    if form.validate_on_submit() and _noted(session, form, [each for each in form.chosen() if each[0] in own]):
        return back_to("meetings.missed", organization=guards.place(), by=_by())
    page = render_template(
        "meetings/missed.html",
        form=form,
        by=_by(),
        groups=_groups(waiting),
        ticked=set(form.member.data or ()),
        organization=organizations.organization(session, guards.place(), today),
        months=WORK_LIST_MONTHS,
        done=[each for each in everything if each.follow_up is not None],
    )
    return page, 422 if form.errors else 200


@bp.route("/meetings/<int:meeting_id>/follow-ups/<int:follow_up_id>/withdraw", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=queries.organization_of_follow_up)
def withdraw_follow_up(meeting_id: int, follow_up_id: int) -> ResponseReturnValue:
    """Take back a follow-up that was noted wrongly, with a reason."""
    session, form = db.session(), ReasonForm()
    if form.validate_on_submit():
        attendance.withdraw_follow_up(session, guards.act(), follow_up_id=follow_up_id, reason=form.reason.data)
        session.commit()
        say(_("已经撤回，理由也记下了。"))
        return back_to("meetings.follow_ups", meeting_id=meeting_id)
    sheet = queries.sheet(session, found(session, meeting_id))
    line = next((each for each in sheet.followed_up if each.follow_up and each.follow_up.id == follow_up_id), None)
    if line is None:
        raise NotFound(N_("没有这条补课或上门记录。"))
    page = render_template("meetings/withdraw_follow_up.html", form=form, line=line, meeting=sheet.meeting)
    return page, 422 if form.errors else 200


def _noted(session: Session, form: FollowUpForm, pairs: list[tuple[int, int]]) -> bool:
    """Note what the form says for `pairs` of occasions and members; False with the refusal on the form."""
    deed = Deed(form.chosen_kind, form.day.data or dt.date.min, form.visitor.data or "", form.content.data or "")
    try:
        attendance.follow_up_together(session, guards.act(), missed=pairs, deed=deed)
        session.commit()
    except DomainError as error:
        session.rollback()
        form.refuse(error)
        return False
    say(_("已经记下。"))
    return True


def _form(people: dict[str, str]) -> FollowUpForm:
    form = FollowUpForm(data={"day": clock.today(), "visitor": guards.visitor().name})
    form.member.choices = list(people.items())
    form.kind.choices = follow_up_choices()
    return form


def _propose(form: FollowUpForm, sheet: Sheet) -> None:
    """Begin with the member asked for, and with the meeting's lesson as the content."""
    asked = request.args.get("member", "")
    chosen = next((line for line in sheet.waiting if str(line.member.id) == asked), None)
    form.content.data = sheet.meeting.minutes.lesson
    if chosen is not None:
        form.member.data = [str(chosen.member.id)]
        if chosen.proposed.outcome is Outcome.EXEMPT:
            form.kind.data = FollowUpKind.HOME_VISIT.value


def _by() -> str:
    return "person" if request.values.get("by") == "person" else "meeting"


def _groups(waiting: Sequence[Missed]) -> list[list[Missed]]:
    """By meeting, the latest first, or by person."""
    key: Callable[[Missed], int] = (
        (lambda each: each.member.id) if _by() == "person" else (lambda each: each.meeting.id)
    )
    found: dict[int, list[Missed]] = {}
    for each in waiting:
        found.setdefault(key(each), []).append(each)
    return list(found.values())


def _who(line: Line) -> str:
    words = _(
        "%(name)s（%(sex)s，%(birth)s）%(mark)s",
        name=line.member.name,
        sex=_(SEX_LABELS[line.member.sex]),
        birth=filters.month(line.member.birth_month, year=True),
        mark=_(line.proposed.label),
    )
    return str(words)
