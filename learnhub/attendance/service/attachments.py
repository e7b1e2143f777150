"""Verbs of the pictures beside a record: attach, withdraw, put back; and the night's erasing of what was withdrawn."""

import datetime as dt
from pathlib import Path

from sqlalchemy.orm import Session

from learnhub.attendance import queries
from learnhub.attendance.models import Attachment, Occasion
from learnhub.attendance.rules import KEPT_WITHDRAWN, MOST_ATTACHMENTS, PictureValue
from learnhub.attendance.service import pictures
from learnhub.attendance.service.steps import still_on
from learnhub.audit.queries import earlier
from learnhub.audit.rules import Act, subject_id
from learnhub.audit.service import note
from learnhub.core.errors import Conflict, DomainError
from learnhub.core.text import N_


def attach(session: Session, act: Act, *, occasion_id: int, picture: PictureValue, caption: str, folder: Path) -> int:
    """Note `picture` beside the occasion's record, put its file into `folder` and return the attachment's id.

    The same picture twice is one. Raises DomainError for a fourth, and for an occasion that was cancelled. The file is
    there before the fact is, so that no fact is without its file.
    """
    if subject := earlier(session, act.key):
        return subject_id(subject)
    occasion = still_on(session, occasion_id)
    taken = queries.places_taken(session, occasion_id)
    if same := next((row for row in taken.values() if row.sha256 == picture.sha256), None):
        return same.id
    row = Attachment(
        occasion_id=occasion_id,
        place=_free(taken),
        sha256=picture.sha256,
        size=len(picture.jpeg),
        width=picture.width,
        height=picture.height,
        caption=caption,
        noted_at=act.at,
        noted_by=act.actor_id,
    )
    pictures.store(folder, picture)
    return _noted(session, act, "attach", row, occasion)


def withdraw_attachment(session: Session, act: Act, *, attachment_id: int, reason: str) -> None:
    """Take a picture away from the record; it can be put back for thirty days, then its file is erased."""
    if earlier(session, act.key):
        return
    row = queries.held_attachment(session, attachment_id)
    if row.withdrawn_at is not None:
        return
    occasion = still_on(session, row.occasion_id)
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = act.at, act.actor_id, reason
    note(session, act, "occasion.attachment-withdraw", f"attachment:{row.id}", occasion.organization_id)


def restore_attachment(session: Session, act: Act, *, attachment_id: int) -> int:
    """Put a withdrawn picture back as a fact of its own; returns its id. Raises Conflict when its file is erased."""
    if subject := earlier(session, act.key):
        return subject_id(subject)
    old = queries.held_attachment(session, attachment_id)
    occasion = still_on(session, old.occasion_id)
    taken = queries.places_taken(session, old.occasion_id)
    if same := next((row for row in taken.values() if row.sha256 == old.sha256), None):
        return same.id
    if old.erased_at is not None:
        raise Conflict(N_("这张照片已经彻底删除，不能恢复。需要的话请重新上传。"))
    row = Attachment(
        occasion_id=old.occasion_id,
        place=_free(taken),
        sha256=old.sha256,
        size=old.size,
        width=old.width,
        height=old.height,
        caption=old.caption,
        noted_at=act.at,
        noted_by=act.actor_id,
    )
    return _noted(session, act, "attachment-restore", row, occasion)


def erase_withdrawn(session: Session, at: dt.datetime, *, folder: Path) -> None:
    """Each night: erase the files of pictures withdrawn more than thirty days ago, and as old ones that belong to nothing.

    That a picture was there, and when and why it was withdrawn, stays. No file younger than thirty days is erased: its
    request may not have ended yet, or somebody is putting a backup back, folder first.
    """
    for row in queries.to_erase(session, at - KEPT_WITHDRAWN):
        row.erased_at = at
        note(session, Act(0, at), "occasion.attachment-erase", f"attachment:{row.id}")
    session.flush()
    pictures.sweep(folder, queries.kept_pictures(session), (at - KEPT_WITHDRAWN).timestamp())


def _free(taken: dict[int, Attachment]) -> int:
    for place in range(1, MOST_ATTACHMENTS + 1):
        if place not in taken:
            return place
    raise DomainError(
        N_("一次活动最多附 %(most)s 张照片。要换一张，请先撤下一张。"), field="file", most=MOST_ATTACHMENTS
    )


def _noted(session: Session, act: Act, verb: str, row: Attachment, occasion: Occasion) -> int:
    session.add(row)
    session.flush()
    note(session, act, f"occasion.{verb}", f"attachment:{row.id}", occasion.organization_id, occasion=occasion.id)
    return row.id
