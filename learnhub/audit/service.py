"""Writing the audit trail and the revisions of dated facts."""

import dataclasses
from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session

from learnhub.audit import queries
from learnhub.audit.models import AuditEntry, Revision
from learnhub.audit.rules import Act, Change, chained

_NEW_ENTRY = insert(AuditEntry.metadata.tables[AuditEntry.__tablename__]).inline()


def note(
    session: Session, act: Act, action: str, subject: str, organization_id: int | None = None, **details: Any
) -> None:
    """Append one entry: `action` such as `meeting.schedule` on `subject` such as `meeting:12`.

    `details` are plain JSON values and hold no names and no reasons of health. The entry carries the act's key, so one
    request notes itself once; further entries of the same act are made with `act` without its key.
    """
    session.flush()  # whatever the entry is about goes in before it
    previous = queries.last_hash(session)
    entry = {
        "at": act.at,
        "actor_id": act.actor_id,
        "action": action,
        "subject": subject,
        "organization_id": organization_id,
        "details": details,
        "key": act.key,
    }
    ends = {"previous_hash": previous, "hash": chained(previous, queries.content(entry))}
    session.connection().execute(_NEW_ENTRY, {**entry, **ends})


def revise(
    session: Session, act: Act, action: str, subject: str, changes: Iterable[Change], *, because: str | None = None
) -> None:
    """Note what an act changed of dated facts, in its own transaction: a later run of a report names it as the cause."""
    cause = {"action": action, "subject": subject, "because": because, "noted_at": act.at, "noted_by": act.actor_id}
    rows = [{**dataclasses.asdict(each), **cause} for each in changes]
    if rows:
        session.execute(insert(Revision), rows)


def revise_back(session: Session, act: Act, action: str, subject: str, *, undone: str) -> None:
    """Note that what the act `undone` changed in `subject` was put back as it was: its revisions the other way round."""
    old = Revision
    session.execute(
        insert(Revision).from_select(
            [
                "fact",
                "member_id",
                "organization_id",
                "before",
                "after",
                "since",
                "action",
                "subject",
                "noted_at",
                "noted_by",
            ],
            select(
                old.fact,
                old.member_id,
                old.organization_id,
                old.after,
                old.before,
                old.since,
                literal(action),
                old.subject,
                literal(act.at, Revision.noted_at.type),
                literal(act.actor_id),
            ).where(old.subject == subject, old.action == undone),
        )
    )
