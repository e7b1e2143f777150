"""The sign-in sheet and the roll."""

import dataclasses
import datetime as dt
import hmac
from collections.abc import Mapping

from flask import Response, current_app, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import Signer
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.attendance import queries as attendance
from learnhub.attendance.queries import PastMark
from learnhub.attendance.rules import (
    RollChanged,
    RollPage,
    RollPerson,
    RollSaved,
    SentRoll,
    StrangerOnRoll,
    base_words,
    opens_later,
    roll_page,
    sent_roll,
)
from learnhub.attendance.service import Saving
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.meetings import queries, service
from learnhub.meetings.forms import RollForm
from learnhub.meetings.queries import Guest, Line, Sheet
from learnhub.meetings.rules import State, TooManySearches
from learnhub.meetings.views.blueprint import bp, found, may_run
from learnhub.members.rules import CIRCUMSTANCE_LABELS, SEX_LABELS
from learnhub.organizations import queries as organizations
from learnhub.web import filters
from learnhub.web.db import db
from learnhub.web.errors import back_to, say
from learnhub.web.files import FOLDER

_WORKER = (FOLDER / "js/roll-worker.js").read_bytes()


@bp.get("/meetings/<int:meeting_id>/sign-in-sheet")
@guards.requires(Permission.SEE_MEETINGS, at=queries.organization_of_meeting)
def sign_in_sheet(meeting_id: int) -> ResponseReturnValue:
    """The sheet to sign on paper, one A4 page with the names filled in."""
    session = db.session()
    sheet = queries.sheet(session, found(session, meeting_id))
    organization = organizations.organization(session, guards.place(), sheet.meeting.occasion.day)
    return render_template(
        "meetings/sign_in_sheet.html",
        sheet=sheet,
        meeting=sheet.meeting,
        organization=organization,
        roll_link=may_run(session) and sheet.meeting.state is State.SCHEDULED,
    )


@bp.get("/meetings/roll-worker.js")
@guards.public
def roll_worker() -> ResponseReturnValue:
    """The script that serves a roll without network; from here, since it may not reach beyond its own folder."""
    return Response(_WORKER, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})


@bp.route("/meetings/<int:meeting_id>/roll", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=queries.organization_of_meeting)
def roll(meeting_id: int) -> ResponseReturnValue:
    """Call the roll: everyone is present until unticked; one request saves it whole."""
    session, form = db.session(), RollForm()
    if not form.is_submitted():
        return guards.keeps_names(make_response(_roll_page(session, meeting_id, form)))
    valid, everything = form.validate(), sent_roll(request.form)
    sent = everything.with_guests(_known_guests(session, meeting_id, everything))
    if len(sent.guests) < len(everything.guests):
        return _roll_page(session, meeting_id, form, sent, error=StrangerOnRoll()), StrangerOnRoll.status
    if request.form.get("do") == "find":
        return _found_guests(session, meeting_id, form, sent)
    if sent.unanswered or not valid:
        return _roll_page(session, meeting_id, form, sent), 422
    try:
        saved = service.call_roll(
            session, guards.act(), meeting_id=meeting_id, shown=(*sent.shown, *sent.later), saving=_saving(form, sent)
        )
        session.commit()
    except DomainError as error:
        session.rollback()
        return _roll_page(session, meeting_id, form, sent, error=error), error.status
    return _answer(session, meeting_id, saved)


def _found_guests(session: Session, meeting_id: int, form: RollForm, sent: SentRoll) -> ResponseReturnValue:
    asked = request.form.get("find", "")
    try:
        guests = service.find_guests(session, guards.act().without_key(), meeting_id=meeting_id, text=asked)
        session.commit()
    except TooManySearches as error:
        return _roll_page(session, meeting_id, form, sent, error=error), error.status
    return _roll_page(session, meeting_id, form, sent, guests=guests)


def _known_guests(session: Session, meeting_id: int, sent: SentRoll) -> set[int]:
    """Of the guests sent those who stand on the roll, and those whom this very account found by name for this meeting."""
    if not sent.guests:
        return set()
    standing = attendance.roll(session, found(session, meeting_id).occasion.id)
    return {
        each
        for each, proof in sent.guests.items()
        if each in standing or hmac.compare_digest(proof.encode(), _proof(meeting_id, each).encode())
    }


def _proof(meeting_id: int, member_id: int) -> str:
    """What shows that this account was shown the member on this meeting's roll; only this site can make it."""
    words = f"{guards.visitor().account_id}:{meeting_id}:{member_id}"
    return Signer(current_app.config["SECRET_KEY"], salt="meetings.guest").get_signature(words).decode()


def _saving(form: RollForm, sent: SentRoll) -> Saving:
    return Saving(
        sent.all_marks,
        form.base_version.data,
        because=form.because.data or "",
        base=sent.base,
        names=sent.names,
        sender=sent.sender,
        found=sent.guests,
    )


def _answer(session: Session, meeting_id: int, saved: RollSaved) -> ResponseReturnValue:
    """After the commit: on to what comes next, or for a script the same in JSON with the server's time."""
    words = _("点名已经保存。")
    if saved.adopted:
        words = _("点名已经保存，和另一位记录人的合在一起了。")
    if request.headers.get("X-Requested-By") != "script":
        say(words)
        return _onward(meeting_id, saved)
    say(words)
    meeting = found(session, meeting_id)
    standing = attendance.roll(session, meeting.occasion.id)
    return jsonify(
        version=saved.version,
        base=base_words(standing),
        adopted=bool(saved.adopted),
        at=filters.time(clock.local(clock.now()).time()),
        next=_onward(meeting_id, saved).location,
    )


def _onward(meeting_id: int, saved: RollSaved) -> Response:
    """To the record while it waits to be finished, else back to the meeting."""
    return back_to("meetings.record" if saved.to_finish else "meetings.meeting", meeting_id=meeting_id)  # type: ignore[return-value]


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    """A member of elsewhere to tick: id, name, what tells namesakes apart, and what the form sends back."""

    id: int
    name: str
    about: str
    value: str


@dataclasses.dataclass(frozen=True, slots=True)
class GuestList:
    """The part of the roll for who sits in: members `listed` with those `chosen`, and `names` of others in one line."""

    listed: tuple[Listed, ...]
    chosen: frozenset[int]
    names: str
    asked: str
    found: bool

    @property
    def count(self) -> int:
        """How many sit in."""
        return len(self.chosen) + len([each for each in self.names.split("、") if each])

    @property
    def open(self) -> bool:
        """Whether the part is shown unfolded."""
        return bool(self.count or self.asked)


@dataclasses.dataclass(frozen=True, slots=True)
class Correction:
    """A mark of a finished roll that was withdrawn, with the name it was about."""

    name: str
    past: PastMark


def _roll_page(
    session: Session,
    meeting_id: int,
    form: RollForm,
    sent: SentRoll | None = None,
    *,
    error: DomainError | None = None,
    guests: tuple[Guest, ...] | None = None,
) -> str:
    sheet = queries.sheet(session, found(session, meeting_id))
    changed = error if isinstance(error, RollChanged) else None
    if error is not None and changed is None:
        form.refuse(error)
    shown = _shown(session, sheet, sent, changed, form.base_version.data)
    return render_template(
        "meetings/roll.html",
        form=form,
        meeting=sheet.meeting,
        occasion=sheet.meeting.occasion,
        roll=shown,
        early=opens_later(sheet.meeting.occasion, clock.now()),
        guests=_guests(session, sheet, sent, changed, guests),
        corrections=_corrections(session, sheet),
    )


def _shown(
    session: Session, sheet: Sheet, sent: SentRoll | None, changed: RollChanged | None, started: int | None
) -> RollPage:
    occasion = sheet.meeting.occasion
    came = attendance.checked_in(session, occasion.id)
    people, later = (
        [RollPerson(line.member.id, line.member.name, _about(line), line.proposed, _hint(came, line)) for line in lines]
        for lines in (sheet.on_roll, sheet.listed_later)
    )
    shown = roll_page(people, version=occasion.roll_version, started=started, sent=sent, changed=changed, later=later)
    if sent is not None:
        return shown
    everybody = (*sheet.on_roll, *sheet.guests)
    return dataclasses.replace(shown, base=base_words({line.member.id: line.proposed for line in everybody}))


def _guests(
    session: Session,
    sheet: Sheet,
    sent: SentRoll | None,
    changed: RollChanged | None,
    found_now: tuple[Guest, ...] | None,
) -> GuestList:
    standing = {line.member.id for line in sheet.guests}
    chosen = set(sent.guests) if sent else standing
    names = sent.names if sent else attendance.guest_names(session, sheet.meeting.occasion.id)
    if changed is not None:
        chosen |= standing
    if found_now is not None and len(found_now) == 1:
        chosen.add(found_now[0].member.id)
    known = {each.member.id: each for each in found_now or ()}
    others = queries.guests(session, sorted((chosen | standing) - known.keys()), sheet.meeting.occasion.day)
    everybody = {each.member.id: each for each in others} | known
    listed = tuple(_listed(sheet.meeting.id, each) for each in everybody.values())
    asked = request.form.get("find", "") if found_now is not None else ""
    return GuestList(listed, frozenset(chosen & everybody.keys()), "、".join(names), asked, bool(found_now))


def _listed(meeting_id: int, guest: Guest) -> Listed:
    member = guest.member
    return Listed(member.id, member.name, _about_guest(guest), f"{member.id}.{_proof(meeting_id, member.id)}")


def _corrections(session: Session, sheet: Sheet) -> list[Correction]:
    """What was corrected since the record was finished, the latest first."""
    finished = sheet.meeting.occasion.finished_at
    if finished is None:
        return []
    names = {line.member.id: line.member.name for line in sheet.lines}
    past = attendance.history(session, sheet.meeting.occasion.id)
    gone = [each for each in past if each.withdrawn_at and each.withdrawn_at >= finished and each.member_id in names]
    return [Correction(names[each.member_id], each) for each in reversed(gone)]


def _hint(came: Mapping[int, dt.datetime], line: Line) -> str:
    at = came.get(line.member.id)
    return str(_("%(time)s 用签到码签到", time=filters.time(at))) if at else ""


def _about_guest(guest: Guest) -> str:
    words = [_(SEX_LABELS[guest.member.sex]), filters.month(guest.member.birth_month, year=True), guest.branch]
    return str(_("，")).join(words)


def _about(line: Line) -> str:
    """Sex, birth, circumstances: what tells people of one name apart and what a recorder should know."""
    born = filters.month(line.member.birth_month, year=True) if line.namesake else str(line.member.birth_year)
    words = [_(SEX_LABELS[line.member.sex]), born]
    words += [_(CIRCUMSTANCE_LABELS[each]) for each in line.member.circumstances]
    return str(_("，")).join(words) + (_("，预备") if line.probationary else "")
