"""Scheduling a meeting, moving it, cancelling it."""

import dataclasses
import datetime as dt
from typing import TypedDict

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_
from learnhub.meetings import queries, service
from learnhub.meetings.forms import OTHER, ReasonForm, ScheduleForm, WhenAndWhere, kind_choices
from learnhub.meetings.queries import MeetingValue
from learnhub.meetings.rules import FIRST_HABIT, HabitValue, MeetingKind, proposals
from learnhub.meetings.views.blueprint import asked_month, bp, found
from learnhub.meetings.views.packs import proposed
from learnhub.members import queries as members
from learnhub.members.rules import PostKind
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue
from learnhub.web import filters
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What scheduling starts from: the branch, its habit, what the month is about, and the theme day it may already have."""

    organization: OrganizationValue
    month: str
    habit: HabitValue
    places: tuple[str, ...]
    proposed: dict[str, object]
    heads: int
    taken: MeetingValue | None


@bp.route("/meetings/schedule", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=guards.asked)
def schedule() -> ResponseReturnValue:
    """Schedule a meeting of a branch: everything is proposed, the usual case is one press."""
    session = db.session()
    plan = _plan(session, guards.place(), asked_month())
    form = _schedule_form(plan)
    status = 200
    if form.validate_on_submit():
        try:
            meeting_id = _schedule(session, plan, form)
            session.commit()
            say(_("排好了。下一步打印签到表，开会时点名。"))
            return back_to("meetings.meeting", meeting_id=meeting_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
            status, plan = error.status, _plan(session, plan.organization.id, plan.month)
    page = render_template("meetings/schedule.html", form=form, plan=plan)
    return page, max(status, 422) if form.errors else status


@bp.route("/meetings/<int:meeting_id>/move", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=queries.organization_of_meeting)
def move(meeting_id: int) -> ResponseReturnValue:
    """Change when and where."""
    session = db.session()
    meeting = found(session, meeting_id)
    starts = clock.local(meeting.occasion.starts_at)
    form = _move_form(session, meeting, starts)
    if form.validate_on_submit():
        try:
            service.move(session, guards.act(), meeting_id=meeting_id, **_span(form, starts.time()))
            session.commit()
            say(_("时间和地点已经改好。"))
            return back_to("meetings.meeting", meeting_id=meeting_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    return render_template("meetings/move.html", form=form, meeting=meeting), 422 if form.errors else 200


@bp.route("/meetings/<int:meeting_id>/cancel", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=queries.organization_of_meeting)
def cancel(meeting_id: int) -> ResponseReturnValue:
    """Cancel a meeting, with a reason."""
    session = db.session()
    form = ReasonForm()
    if form.validate_on_submit():
        service.cancel(session, guards.act(), meeting_id=meeting_id, reason=form.reason.data)
        session.commit()
        say(_("会议已经取消。"))
        return back_to("meetings.meeting", meeting_id=meeting_id)
    meeting = found(session, meeting_id)
    return render_template("meetings/cancel.html", form=form, meeting=meeting), 422 if form.errors else 200


def _plan(session: Session, organization_id: int, month: str) -> Plan:
    today = clock.today()
    organization = organizations.organization(session, organization_id, today)
    if organization is None:
        raise NotFound(N_("没有这个组织。"))
    if not organization.is_branch:
        raise DomainError(N_("只有党支部能排期；请先选定一个党支部。"))
    roster = members.members_of(session, organization_id, today)
    secretary = next((each.name for each in roster if PostKind.SECRETARY in each.posts), "")
    usual = queries.usual(session, organization_id, clock.last_day(month))
    habit = usual or dataclasses.replace(FIRST_HABIT, chair=secretary)
    spots = [habit.place, *queries.places(session, organization_id)]
    return Plan(
        organization=organization,
        month=month,
        habit=habit,
        places=tuple(dict.fromkeys(filter(None, spots))),
        proposed=proposed(session, organization_id, month),
        heads=len(roster),
        taken=queries.theme_day(session, organization_id, month),
    )


def _schedule(session: Session, plan: Plan, form: ScheduleForm) -> int:
    return service.schedule(
        session,
        guards.act(),
        organization_id=plan.organization.id,
        month=plan.month,
        kinds=form.chosen_kinds,
        theme=form.theme.data,
        minutes=form.planned,
        **_span(form, plan.habit.starts),
    )


def _schedule_form(plan: Plan) -> ScheduleForm:
    begins = proposals(plan.month, plan.habit, clock.today())
    form = ScheduleForm(data=_defaults(plan, begins))
    form.kinds.choices = kind_choices()
    form.when.choices = [*((each.isoformat(), _moment(each)) for each in begins), (OTHER, _("其他时间"))]
    form.spot.choices = [*((place, place) for place in plan.places), (OTHER, _("其他地点"))]
    if not plan.places:
        form.place.label.text = _("地点")
    return form


def _defaults(plan: Plan, begins: tuple[dt.datetime, ...]) -> dict[str, object]:
    asked = request.args.get("kind", "")
    usual = [] if plan.taken else [MeetingKind.THEME_DAY.value]
    kinds = [asked] if asked in {kind.value for kind in MeetingKind} else usual
    known: dict[str, object] = {
        "when": begins[0].isoformat(),
        "spot": plan.places[0] if plan.places else OTHER,
        "minutes": plan.habit.minutes,
        "chair": plan.habit.chair,
        "kinds": kinds,
    }
    if MeetingKind.THEME_DAY.value in kinds:
        known |= plan.proposed
    return known


def _moment(begins: dt.datetime) -> str:
    words = _(
        "%(day)s（%(weekday)s）%(time)s",
        day=filters.day(begins.date()),
        weekday=filters.weekday(begins.date()),
        time=filters.time(begins.time()),
    )
    return str(words)


def _move_form(session: Session, meeting: MeetingValue, starts: dt.datetime) -> WhenAndWhere:
    present = starts.replace(tzinfo=None)
    length = meeting.occasion.ends_at - meeting.occasion.starts_at
    spots = dict.fromkeys([meeting.occasion.place, *queries.places(session, meeting.organization_id)])
    form = WhenAndWhere(
        data={
            "when": present.isoformat(),
            "spot": meeting.occasion.place,
            "minutes": int(length.total_seconds()) // 60,
        }
    )
    form.when.choices = [(present.isoformat(), _moment(present)), (OTHER, _("其他时间"))]
    form.spot.choices = [*((place, place) for place in spots), (OTHER, _("其他地点"))]
    return form


class Span(TypedDict):
    """When and where, as the service takes it."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    place: str


def _span(form: WhenAndWhere, usual: dt.time) -> Span:
    starts_at = clock.instant(*form.beginning(usual))
    ends_at = starts_at + dt.timedelta(minutes=form.minutes.data)
    return {"starts_at": starts_at, "ends_at": ends_at, "place": form.where}
