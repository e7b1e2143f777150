"""A meeting's papers and a branch's yearly ledger: as pages where there are some, as PDF and as Word to be filed."""

import datetime as dt

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.attendance import queries as attendance
from learnhub.attendance import service as pictures
from learnhub.core import clock
from learnhub.core.errors import NotFound
from learnhub.core.text import N_, whole_number
from learnhub.meetings import queries
from learnhub.meetings.queries import recorded as recording
from learnhub.meetings.queries.recorded import Ledger, Recorded
from learnhub.meetings.service.ledger import ledger_paper, list_place
from learnhub.meetings.service.papers import activity_paper, note_taken, picture_of, sign_in_paper
from learnhub.meetings.views.blueprint import asked_place, bp, found, may_run
from learnhub.organizations import queries as organizations
from learnhub.papers import service as papers
from learnhub.papers.rules import MEDIA_TYPES, Form, Paper, Picture
from learnhub.web.db import db
from learnhub.web.downloads import download
from learnhub.web.voice import voice


@bp.get("/meetings/<int:meeting_id>/sign-in-sheet.<any(pdf,docx):form>")
@guards.requires(Permission.SEE_MEETINGS, at=recording.organization_of_meeting_paper)
@guards.writes
def sign_in_sheet_file(meeting_id: int, form: str) -> ResponseReturnValue:
    """The sheet to sign as a file. Taking the names away is noted on the audit trail."""
    session = db.session()
    meeting = found(session, meeting_id)
    guests, branch = attendance.guest_names(session, meeting.occasion.id), _branch(session, meeting.occasion.day)
    paper = sign_in_paper(queries.sheet(session, meeting), guests, branch, voice(), clock.now())
    _note(session, "meeting.export_sign_in_sheet", f"meeting:{meeting_id}", form=form)
    day = meeting.occasion.day
    return _sent(paper, form, f"sign-in-sheet-{day}", f"{paper.title}-{paper.holder}-{day}")


@bp.get("/meetings/<int:meeting_id>/activity-record.<any(pdf,docx):form>")
@guards.requires(Permission.SEE_MEETINGS, at=recording.organization_of_meeting_paper)
@guards.writes
def activity_record_file(meeting_id: int, form: str) -> ResponseReturnValue:
    """The activity record (活动记录表) as a file, its pictures behind it. Taking it away is noted on the audit trail."""
    session = db.session()
    record = recording.recorded(session, found(session, meeting_id))
    branch = _branch(session, record.meeting.occasion.day)
    paper = activity_paper(record, _pictures(record), branch, voice(), clock.now(), reasons=may_run(session))
    _note(session, "meeting.export_activity_record", f"meeting:{meeting_id}", form=form)
    day = record.meeting.occasion.day
    return _sent(paper, form, f"activity-record-{day}", f"{paper.title}-{paper.holder}-{day}")


@bp.get("/meetings/ledger")
@guards.requires(Permission.SEE_MEETINGS, at=guards.asked)
@guards.writes
def ledger() -> ResponseReturnValue:
    """A branch's year on one page. Reading the names is noted on the audit trail."""
    session, year = db.session(), _asked_year()
    kept = _ledger(session, year)
    paper = ledger_paper(kept, voice(), clock.now(), records=False, reasons=False)
    years = recording.years_with_meetings(session, guards.place(), clock.today())
    _note(session, "meeting.read_ledger", f"organization:{guards.place()}", year=year)
    place = list_place(kept)
    links = {
        (place, row, 3): (url_for("meetings.meeting", meeting_id=each.meeting.id), "")
        for row, each in enumerate(kept.meetings)
    }
    return render_template(
        "meetings/ledger.html", paper=paper, links=links, year=year, years=years, organization=kept.year.organization
    )


@bp.get("/meetings/ledger.<any(pdf,docx):form>")
@guards.requires(Permission.SEE_MEETINGS, at=guards.asked)
@guards.writes
def ledger_file(form: str) -> ResponseReturnValue:
    """The ledger as a file, with every record whole. Taking it away is noted on the audit trail."""
    session, year = db.session(), _asked_year()
    paper = ledger_paper(_ledger(session, year), voice(), clock.now(), records=True, reasons=may_run(session))
    _note(session, "meeting.export_ledger", f"organization:{guards.place()}", year=year, form=form)
    return _sent(paper, form, f"ledger-{year}", f"{paper.title}-{paper.holder}")


def _ledger(session: Session, year: int) -> Ledger:
    asked_place(session, branch=True)
    return recording.ledger(session, guards.place(), recording.last_day_of(year, clock.today()))


def _asked_year() -> int:
    """The year asked for by `year=`, else the present one; NotFound for one that has not begun."""
    today = clock.today()
    year = whole_number(request.args.get("year", f"{today.year}"), digits=4)
    if year is None or not 1921 <= year <= today.year:
        raise NotFound(N_("没有这一年的台账。"))
    return year


def _branch(session: Session, day: dt.date) -> str:
    """What the branch was called on the day of the meeting."""
    organization = organizations.organization(session, guards.place(), day)
    return organization.name if organization else ""


def _pictures(record: Recorded) -> list[Picture]:
    """The pictures of a record whose files are there."""
    folder, said = current_app.config["SETTINGS"].attachments, voice()
    paths = [(each, pictures.path_of(folder, each.sha256)) for each in record.attachments]
    return [
        picture_of(number, each, path.read_bytes(), said)
        for number, (each, path) in enumerate(paths, 1)
        if path.is_file()
    ]


def _note(session: Session, action: str, subject: str, **details: object) -> None:
    note_taken(session, guards.act(), action, subject, guards.place(), **details)
    session.commit()


def _sent(paper: Paper, form: str, name: str, title: str) -> ResponseReturnValue:
    """Make the file when the transaction is over: nobody waits for typesetting."""
    wanted = Form(form)
    made = papers.pdf(paper) if wanted is Form.PDF else papers.word(paper)
    return download(made, MEDIA_TYPES[wanted], f"{name}.{form}", title)
