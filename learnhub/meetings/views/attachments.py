"""Pictures beside a record: added, withdrawn, put back, and shown to whoever may see the record."""

import dataclasses
import hashlib
from collections.abc import Sequence
from contextlib import closing

from flask import Response, current_app, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from learnhub.accounts import guards
from learnhub.accounts.rules import Permission
from learnhub.attendance import queries as attendance
from learnhub.attendance import service as pictures
from learnhub.attendance.queries import AttachmentValue
from learnhub.attendance.rules import KEPT_WITHDRAWN, LONGEST_CAPTION, MOST_ATTACHMENTS, NoPicture
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_
from learnhub.meetings import queries
from learnhub.meetings.forms import AttachmentForm, EmptyForm
from learnhub.meetings.queries import MeetingValue
from learnhub.meetings.queries.recorded import organization_of_meeting_attachment
from learnhub.meetings.rules import State
from learnhub.meetings.views.blueprint import bp, found
from learnhub.web.db import db
from learnhub.web.downloads import disposition
from learnhub.web.errors import back_to, say


@bp.context_processor
def _pictures() -> dict[str, object]:
    """The pictures of a meeting, for the pages that show its record."""
    return {"pictures_of": _pictures_of}


def _pictures_of(meeting: MeetingValue) -> tuple[AttachmentValue, ...]:
    return attendance.attachments(db.session(), [meeting.occasion.id]).get(meeting.occasion.id, ())


@bp.route("/meetings/<int:meeting_id>/attachments", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=queries.organization_of_meeting)
def attachments(meeting_id: int) -> ResponseReturnValue:
    """The pictures of a meeting, and room for one more. None is ever asked for."""
    session, form = db.session(), AttachmentForm()
    meeting = found(session, meeting_id)
    if form.validate_on_submit():
        try:
            _attach(session, meeting, form)
            session.commit()
            say(_("照片已经附上，拍摄地点这些附带信息没有保存。"))
            return back_to("meetings.attachments", meeting_id=meeting_id)
        except DomainError as error:
            session.rollback()
            form.refuse(error)
    return _page(session, meeting, form), 422 if form.errors else 200


@bp.get("/meetings/<int:meeting_id>/attachments/<int:attachment_id>/picture.jpg")
@guards.requires(Permission.SEE_MEETINGS, at=organization_of_meeting_attachment)
def picture(meeting_id: int, attachment_id: int) -> ResponseReturnValue:
    """A picture that stands; the browser may keep it, but asks each time whether it still may show it."""
    value = _value(attachment_id)
    path = pictures.path_of(current_app.config["SETTINGS"].attachments, value.sha256)
    if value.withdrawn_at is not None or not path.is_file():
        raise NotFound(N_("没有这张照片。"))
    answer: Response = send_file(path, "image/jpeg", etag=value.sha256)
    answer.headers["Content-Disposition"] = disposition(
        f"meeting-{meeting_id}-picture-{attachment_id}.jpg", inline=True
    )
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


@bp.route("/meetings/<int:meeting_id>/attachments/<int:attachment_id>/withdraw", methods=["GET", "POST"])
@guards.requires(Permission.RUN_MEETINGS, at=organization_of_meeting_attachment)
def withdraw_attachment(meeting_id: int, attachment_id: int) -> ResponseReturnValue:
    """Take a picture away, after a look at which one; it can be put back for a month."""
    session, form = db.session(), EmptyForm()
    if form.validate_on_submit():
        pictures.withdraw_attachment(session, guards.act(), attachment_id=attachment_id, reason="")
        session.commit()
        say(_("照片已经撤下。30 天里可以恢复，之后文件彻底删除。"))
        return back_to("meetings.attachments", meeting_id=meeting_id)
    value = _value(attachment_id)
    if value.withdrawn_at is not None:  # by somebody else, or in another window
        return back_to("meetings.attachments", meeting_id=meeting_id)
    meeting = found(session, meeting_id)
    return render_template("meetings/withdraw_attachment.html", form=form, meeting=meeting, picture=value)


@bp.post("/meetings/<int:meeting_id>/attachments/<int:attachment_id>/restore")
@guards.requires(Permission.RUN_MEETINGS, at=organization_of_meeting_attachment)
def restore_attachment(meeting_id: int, attachment_id: int) -> ResponseReturnValue:
    """Put a withdrawn picture back."""
    session = db.session()
    pictures.restore_attachment(session, guards.act(), attachment_id=attachment_id)
    session.commit()
    say(_("照片已经恢复。"))
    return back_to("meetings.attachments", meeting_id=meeting_id)


def _page(session: Session, meeting: MeetingValue, form: AttachmentForm) -> str:
    ever = attendance.attachments_ever(session, meeting.occasion.id)
    return render_template(
        "meetings/attachments.html",
        form=form,
        meeting=meeting,
        standing=[each for each in ever if each.withdrawn_at is None],
        withdrawn=_withdrawn(ever),
        most=MOST_ATTACHMENTS,
        megabytes=current_app.config["SETTINGS"].attachment_megabytes,
        longest=LONGEST_CAPTION,
        open=meeting.state is not State.CANCELLED,
    )


def _attach(session: Session, meeting: MeetingValue, form: AttachmentForm) -> None:
    most = current_app.config["SETTINGS"].attachment_megabytes
    with closing(form.file.data) as file:
        data: bytes = file.read(most * 1024 * 1024 + 1)
    if len(data) > most * 1024 * 1024:
        raise NoPicture(N_("这张照片超过 %(most)s MB。请在手机上打开它，截一张图再传。"), most=most)
    session.rollback()  # making the picture anew takes a second; nobody else waits for the database meanwhile
    made = pictures.made_anew(data)
    pictures.attach(
        session,
        _act(data),
        occasion_id=meeting.occasion.id,
        picture=made,
        caption=form.caption.data or "",
        folder=current_app.config["SETTINGS"].attachments,
    )


def _act(data: bytes) -> Act:
    """The act of this request, told apart by the file too: another picture is no repetition."""
    act = guards.act()
    key = hashlib.sha256(act.key.encode() + data).hexdigest()[:48] if act.key else None
    return dataclasses.replace(act, key=key)


def _value(attachment_id: int) -> AttachmentValue:
    value = attendance.attachment(db.session(), attachment_id)
    if value is None:
        raise NotFound(N_("没有这张照片。"))
    return value


def _withdrawn(ever: Sequence[AttachmentValue]) -> list[AttachmentValue]:
    """What can be put back: withdrawn less than a month ago, and not there again."""
    since = clock.now() - KEPT_WITHDRAWN
    standing = {each.sha256 for each in ever if each.withdrawn_at is None}
    found = {
        each.sha256: each
        for each in ever
        if each.withdrawn_at and each.withdrawn_at > since and each.erased_at is None and each.sha256 not in standing
    }
    return list(found.values())
