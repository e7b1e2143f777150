"""The sign-in sheet, the roll, and what follows it."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.attendance import service as attendance
from learnhub.attendance.rules import FollowUpKind, Outcome, RollChanged, RollPerson, SentRoll, roll_page, sent_roll
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_
from learnhub.meetings import queries, service
from learnhub.meetings.forms import FollowUpForm, ReasonForm, RollForm, follow_up_choices
from learnhub.meetings.queries import Line, Sheet
from learnhub.meetings.views.blueprint import bp, found
from learnhub.members.rules import CIRCUMSTANCE_LABELS, SEX_LABELS
from learnhub.organizations import queries as organizations
from learnhub.web import filters
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.get("/meetings/<int:meeting_id>/sign-in-sheet")
@guards.requires(Permission.SEE_MEETINGS, at=queries.organization_of_meeting)
def sign_in_sheet(meeting_id: int) -> ResponseReturnValue:
    """The sheet to sign on paper, one A4 page with the names filled in."""
    session = db.session()
    sheet = queries.sheet(session, found(session, meeting_id))
    organization = organizations.organization(session, guards.place(), sheet.meeting.occasion.day)
    return render_template("meetings/sign_in_sheet.html", sheet=sheet, meeting=sheet.meeting, organization=organization)


@bp.route("/meetings/<int:meeting_id>/roll", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=queries.organization_of_meeting)
def roll(meeting_id: int) -> ResponseReturnValue:
    """Call the roll: everyone is present until unticked; one request saves it whole."""
    session, form = db.session(), RollForm()
    if not form.is_submitted():
        return _roll_page(session, meeting_id, form)
    sent, valid = sent_roll(request.form), form.validate()
    if sent.unanswered or not valid:
        return _roll_page(session, meeting_id, form, sent), 422
    try:
        service.call_roll(
            session,
            guards.act(),
            meeting_id=meeting_id,
            shown=sent.shown,
            marks=sent.marks,
            base_version=form.base_version.data,
            because=form.because.data or "",
        )
        session.commit()
    except DomainError as error:
        session.rollback()
        return _roll_page(session, meeting_id, form, sent, error), error.status
    say(_("点名已经保存。"))
    return back_to("meetings.meeting", meeting_id=meeting_id)


@bp.route("/meetings/<int:meeting_id>/follow-ups", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=queries.organization_of_meeting)
def follow_ups(meeting_id: int) -> ResponseReturnValue:
    """Who missed it; note a make-up or a home visit."""
    session = db.session()
    sheet = queries.sheet(session, found(session, meeting_id))
    form = _follow_up_form(sheet)
    if form.validate_on_submit():
        try:
            attendance.follow_up(
                session,
                guards.act(),
                occasion_id=sheet.meeting.occasion.id,
                member_id=form.member.data,
                kind=form.chosen_kind,
                day=form.day.data,
                visitor=form.visitor.data or "",
                content=form.content.data,
            )
            session.commit()
            say(_("已经记下。"))
            return back_to("meetings.follow_ups", meeting_id=meeting_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    page = render_template("meetings/follow_ups.html", form=form, sheet=sheet, meeting=sheet.meeting)
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


def _roll_page(
    session: Session, meeting_id: int, form: RollForm, sent: SentRoll | None = None, error: DomainError | None = None
) -> str:
    sheet = queries.sheet(session, found(session, meeting_id))
    changed = error if isinstance(error, RollChanged) else None
    if error is not None and changed is None:
        form.refuse(error)
    occasion = sheet.meeting.occasion
    shown = roll_page(
        [RollPerson(line.member.id, line.member.name, _about(line), line.proposed) for line in sheet.expected],
        version=occasion.roll_version,
        started=form.base_version.data,
        sent=sent,
        changed=changed,
    )
    return render_template("meetings/roll.html", form=form, meeting=sheet.meeting, occasion=occasion, roll=shown)


def _about(line: Line) -> str:
    """Sex, birth, circumstances: what tells people of one name apart and what a recorder should know."""
    born = filters.month(line.member.birth_month, year=True) if line.namesake else str(line.member.birth_year)
    words = [_(SEX_LABELS[line.member.sex]), born]
    words += [_(CIRCUMSTANCE_LABELS[each]) for each in line.member.circumstances]
    return str(_("，")).join(words) + (_("，预备") if line.probationary else "")


def _follow_up_form(sheet: Sheet) -> FollowUpForm:
    asked = request.args.get("member", "")
    chosen = next((line for line in sheet.waiting if str(line.member.id) == asked), None)
    exempt = chosen is not None and chosen.proposed.outcome is Outcome.EXEMPT
    form = FollowUpForm(
        data={
            "member": chosen.member.id if chosen else None,
            "kind": FollowUpKind.HOME_VISIT.value if exempt else None,
            "day": clock.today(),
            "visitor": guards.visitor().name,
            "content": sheet.meeting.minutes.lesson,
        }
    )
    form.member.choices = [(line.member.id, _who(line)) for line in sheet.waiting]
    form.kind.choices = follow_up_choices()
    return form


def _who(line: Line) -> str:
    words = _(
        "%(name)s（%(sex)s，%(birth)s）%(mark)s",
        name=line.member.name,
        sex=_(SEX_LABELS[line.member.sex]),
        birth=filters.month(line.member.birth_month, year=True),
        mark=_(line.proposed.label),
    )
    return str(words)
