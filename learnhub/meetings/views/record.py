"""A meeting's page, its record, and the record on paper."""

import dataclasses
from collections.abc import Iterable, Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.attendance.rules import CAME, Outcome, has_ended
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.meetings import queries, service
from learnhub.meetings.forms import Asked, RecordForm, asked_after
from learnhub.meetings.queries import Sheet
from learnhub.meetings.rules import MinutesChanged, State, is_late
from learnhub.meetings.rules.gates import Remark
from learnhub.meetings.views.blueprint import bp, found, may_run
from learnhub.meetings.views.notices import notice
from learnhub.organizations import queries as organizations
from learnhub.web.db import db
from learnhub.web.errors import back_to, say


@bp.get("/meetings/<int:meeting_id>")
@guards.requires(Permission.SEE_MEETINGS, at=queries.organization_of_meeting)
def meeting(meeting_id: int) -> ResponseReturnValue:
    """A meeting: how far it is, when and where, the roll in numbers, who needs a follow-up, the record."""
    session = db.session()
    sheet = queries.sheet(session, found(session, meeting_id))
    others = queries.nearby(session, sheet.meeting)
    known = queries.decisions(session, sheet.meeting, others)
    organization = organizations.organization(session, guards.place(), sheet.meeting.occasion.day)
    moved = queries.earlier_times(session, meeting_id)
    return render_template(
        "meetings/meeting.html",
        sheet=sheet,
        meeting=sheet.meeting,
        organization=organization,
        moved=moved,
        notice=notice(sheet.meeting, organization, moved) if organization else "",
        runs=may_run(session),
        due=clock.today() >= sheet.meeting.occasion.day,
        earlier=queries.earlier_minutes(session, meeting_id),
        decisions=known,
        remarks=queries.gates(sheet, others, known),
    )


@bp.route("/meetings/<int:meeting_id>/record", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=queries.organization_of_meeting)
def record(meeting_id: int) -> ResponseReturnValue:
    """Write the record and finish it: numbers come from the roll, nothing is typed twice."""
    session = db.session()
    sheet = queries.sheet(session, found(session, meeting_id))
    form = RecordForm(data=_defaults(sheet))
    others = queries.nearby(session, sheet.meeting)
    known = queries.decisions(session, sheet.meeting, others)
    asked = asked_after(known.asked, request.form or None)
    status, theirs = 200, None
    if form.validate_on_submit():
        try:
            words = _write(session, guards.act(), meeting_id, form, asked)
            session.commit()
            say(words)
            return back_to("meetings.meeting", meeting_id=meeting_id)
        except MinutesChanged as error:
            session.rollback()
            status, theirs, form.started_from.data = error.status, error.theirs, error.theirs.mark
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    shown = {"form": form, "asked": asked, "theirs": theirs, "decisions": known}
    return _record_page(sheet, queries.gates(sheet, others, known), **shown), 422 if form.errors else status


def _record_page(sheet: Sheet, remarks: Sequence[Remark], **shown: object) -> str:
    late = is_late(sheet.meeting.month, sheet.meeting.occasion.day, clock.today())
    ended = has_ended(sheet.meeting.occasion, clock.now())
    page = {"sheet": sheet, "meeting": sheet.meeting, "late": late, "ended": ended, "remarks": remarks}
    return render_template("meetings/record.html", **page, **shown)


@bp.get("/meetings/<int:meeting_id>/activity-record")
@guards.requires(Permission.SEE_MEETINGS, at=queries.organization_of_meeting)
def activity_record(meeting_id: int) -> ResponseReturnValue:
    """The record on paper (活动记录表)."""
    session = db.session()
    sheet = queries.sheet(session, found(session, meeting_id))
    organization = organizations.organization(session, guards.place(), sheet.meeting.occasion.day)
    return render_template(
        "meetings/activity_record.html",
        sheet=sheet,
        meeting=sheet.meeting,
        organization=organization,
        decisions=queries.decisions(session, sheet.meeting, queries.nearby(session, sheet.meeting)),
        by_outcome=[(outcome, lines) for outcome in Outcome if (lines := sheet.of(outcome))],
    )


def _defaults(sheet: Sheet) -> dict[str, object]:
    """The record as it stands; what nobody wrote yet is proposed from what is known."""
    minutes = sheet.meeting.minutes
    known = dataclasses.asdict(minutes) | {"started_from": minutes.mark}
    if sheet.meeting.state is not State.FINISHED:
        known["recorder"] = minutes.recorder or guards.visitor().name
        if minutes.practice and minutes.practice_people is None:
            known["practice_people"] = len(sheet.of(*CAME)) or None
    return known


def _write(session: Session, act: Act, meeting_id: int, form: RecordForm, asked: Iterable[Asked]) -> str:
    """Keep the words and, when asked, finish; returns what to tell the recorder."""
    finishing = request.form.get("do") == "finish"
    because = form.because.data or ""
    telling = {
        (each.matter.decision.meeting_id, each.matter.decision.key): (each.progress, each.words)
        if each.progress
        else None
        for each in asked
    }
    service.tell_decisions(session, act.without_key(), meeting_id=meeting_id, telling=telling, because=because)
    service.fill_in(
        session,
        act.without_key() if finishing else act,
        meeting_id=meeting_id,
        minutes=form.written,
        started_from=form.started_from.data or "",
        because=because,
    )
    if not finishing:
        return str(_("记录已经保存。"))
    credited = service.finish(session, act, meeting_id=meeting_id, late_reason=form.late_reason.data or "")
    words = ngettext("记录完成，%(num)s 人的学时已经登记。", "记录完成，%(num)s 人的学时已经登记。", credited)
    return str(words)
