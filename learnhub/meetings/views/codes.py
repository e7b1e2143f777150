"""Optional check-in codes: the organization's switch, the screen, and the member's way from the code to the claim."""

import segno
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts import queries as accounts
from learnhub.accounts.rules import Permission
from learnhub.attendance import queries as attendance
from learnhub.attendance import service
from learnhub.attendance.rules import SLOT_SECONDS, CodeRefused, code_in, slot_at
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_, whole_number
from learnhub.meetings import queries
from learnhub.meetings.forms import CodeForm, EmptyForm
from learnhub.meetings.queries import MeetingValue
from learnhub.meetings.views.blueprint import bp, found
from learnhub.organizations import queries as organizations
from learnhub.web.db import db
from learnhub.web.errors import back_to, say

# The person who scans is not signed in yet: the claim is issued by the system itself.
_NOBODY = 0


@bp.route("/meetings/check-in-setting", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=guards.asked)
def check_in_setting() -> ResponseReturnValue:
    """Whether a branch uses check-in codes (off unless it says so), and who switched them when."""
    session, form, place = db.session(), EmptyForm(), guards.place()
    if form.validate_on_submit():
        service.switch_codes(session, guards.act(), organization_id=place, on=request.form.get("do") == "on")
        session.commit()
        return back_to("meetings.check_in_setting", organization=place)
    history = attendance.switches(session, place)
    who = {each.noted_by for each in history} | {each.withdrawn_by for each in history if each.withdrawn_by}
    return render_template(
        "meetings/check_in_setting.html",
        organization=organizations.organization(session, place, clock.today()),
        on=attendance.uses_codes(session, place),
        history=history,
        names=accounts.names(session, who),
    )


@bp.route("/meetings/<int:meeting_id>/check-in", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=queries.organization_of_meeting)
def check_in(meeting_id: int) -> ResponseReturnValue:
    """The screen with the code, which the page asks for anew by itself; opening and closing it."""
    session, form = db.session(), EmptyForm()
    meeting = found(session, meeting_id)
    if form.validate_on_submit():
        verb = service.close_screen if request.form.get("do") == "close" else service.open_screen
        verb(session, guards.act(), occasion_id=meeting.occasion.id)
        session.commit()
        return back_to("meetings.check_in", meeting_id=meeting_id)
    screen = attendance.screen_of(session, meeting.occasion.id)
    showing = screen is not None and screen.closed_at is None
    code = code_in(screen.secret, slot_at(clock.now())) if screen else ""
    return render_template(
        "meetings/check_in.html",
        meeting=meeting,
        screen=screen,
        showing=showing,
        code=code,
        qr=_qr(screen.id, code) if screen and showing else "",
        address=url_for("meetings.enter_code", _external=True),
        seconds=SLOT_SECONDS // 2,
        count=len(attendance.checked_in(session, meeting.occasion.id)),
        switched_on=attendance.uses_codes(session, meeting.organization_id),
    )


@bp.route("/check-in", methods=["GET", "POST"])
@guards.public
def enter_code() -> ResponseReturnValue:
    """Type the code instead of scanning it."""
    form = CodeForm()
    if form.validate_on_submit():
        screen, _dash, code = form.code.data.partition("-")
        try:
            return _claim(whole_number(screen.strip()) or 0, code)
        except CodeRefused as error:
            db.session().rollback()
            form.refuse(error)
    return render_template("meetings/enter_code.html", form=form), 422 if form.errors else 200


@bp.get("/check-in/<int:screen_id>/<string:code>")
@guards.public
@guards.writes
def scan(screen_id: int, code: str) -> ResponseReturnValue:
    """What the QR code leads to: a claim is issued at once, before signing in, and kept ten minutes."""
    return _claim(screen_id, code)


@bp.route("/check-in/claims/<string:token>", methods=["GET", "POST"])
@guards.as_member
def claim(token: str) -> ResponseReturnValue:
    """Check in with a claim: said only after it is saved."""
    session, form = db.session(), EmptyForm()
    known = attendance.claim(session, service.token_hash(token))
    meeting = queries.of_occasion(session, known.occasion_id) if known else None
    if known is None or meeting is None:
        raise NotFound(N_("没有这次扫码，请再扫一次。"))
    if form.validate_on_submit():
        _check_in(session, token, meeting)
        return back_to("meetings.claim", token=token)
    own = guards.visitor().member_id
    if known.member_id not in (None, own):
        raise CodeRefused(N_("这次扫码已经用过了。还没有签到的人请自己扫一次。"))
    done = attendance.checked_in(session, known.occasion_id).get(own or 0)
    return render_template("meetings/claim.html", meeting=meeting, done=done)


def _check_in(session: Session, token: str, meeting: MeetingValue) -> None:
    expected = [each.id for each in queries.expected(session, meeting)]
    member_id = guards.visitor().member_id or 0
    service.check_in(session, guards.act().without_key(), token=token, member_id=member_id, expected=expected)
    session.commit()
    say(_("已经签到。"))


def _claim(screen_id: int, code: str) -> ResponseReturnValue:
    session = db.session()
    act = Act(_NOBODY, clock.now())
    token = service.claim_code(session, screen_id=screen_id, code=code, act=act)
    session.commit()
    return redirect(url_for("meetings.claim", token=token), 303)


def _qr(screen_id: int, code: str) -> Markup:
    """The QR code as a picture in the page; it holds an address of this site and nothing else."""
    address = url_for("meetings.scan", screen_id=screen_id, code=code, _external=True)
    drawn = segno.make(address, error="m").svg_inline(scale=8, border=4, light="#fff", dark="#000", omitsize=True)
    return Markup(drawn)  # noqa: S704 - made by segno from an address of ours
