"""Questions to the audit trail."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select, text
from sqlalchemy.orm import Session

from learnhub.audit.models import AuditEntry, Revision
from learnhub.audit.rules import FACT_LABELS, FIRST_HASH, chained
from learnhub.core.holding import Holding, holding
from learnhub.core.text import N_

# Any two numbers that nothing else in this database locks on.
_CHAIN_LOCK = 727_001
_KEY_LOCK = 727_002
_TABLE = AuditEntry.metadata.tables[AuditEntry.__tablename__]
_LAST_HASH = select(_TABLE.c.hash).order_by(_TABLE.c.id.desc()).limit(1)


def earlier(session: Session, key: str | None) -> str | None:
    """The subject of the act that already came with `key`, or None. Two requests with one key wait for each other."""
    if key is None:
        return None
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:space, hashtext(:key))"), {"space": _KEY_LOCK, "key": key})
    return session.scalar(select(AuditEntry.subject).where(AuditEntry.key == key))


def subject_of(key: ColumnElement[str]) -> ScalarSelect[str]:
    """A subquery for the subject of the act that already came with `key`, for who asks something else beside it."""
    return select(AuditEntry.subject).where(AuditEntry.key == key).scalar_subquery()


def count_acts(session: Session, action: str, *, actor_id: int, organization_id: int, since: dt.datetime) -> int:
    """How often the account did `action` at the organization after `since`."""
    statement = select(func.count()).where(
        AuditEntry.organization_id == organization_id,
        AuditEntry.at > since,
        AuditEntry.actor_id == actor_id,
        AuditEntry.action == action,
    )
    return session.scalar(statement) or 0


def last_hash(session: Session) -> str:
    """The hash of the newest entry; whoever asks holds the end of the chain until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time anyway
        session.execute(text("SELECT pg_advisory_xact_lock(:space)"), {"space": _CHAIN_LOCK})
    return session.connection().execute(_LAST_HASH).scalar() or FIRST_HASH


def content(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What the hash of `entry` covers, of its columns by name."""
    return {
        "at": entry["at"].isoformat(),
        "actor": entry["actor_id"],
        "action": entry["action"],
        "subject": entry["subject"],
        "organization": entry["organization_id"],
        "details": entry["details"],
        "key": entry["key"],
    }


def first_broken(session: Session) -> int | None:
    """The id of the first entry that does not follow from the one before it, or None when the chain is whole."""
    previous = FIRST_HASH
    statement = select(_TABLE).order_by(_TABLE.c.id).execution_options(yield_per=1000)
    with session.execute(statement) as rows:  # closes the cursor also when it stops half-way
        for row in rows.mappings():
            entry = {column.key: row[column] for column in _TABLE.columns}
            if entry["previous_hash"] != previous or entry["hash"] != chained(previous, content(entry)):
                return int(entry["id"])
            previous = entry["hash"]
    return None


def about_person(session: Session, account_id: int, member_id: int | None) -> tuple[Holding, ...]:
    """What the person did, what was done to their account and membership, and how their dated facts were changed."""
    subjects = [f"account:{account_id}"] + ([f"member:{member_id}"] if member_id is not None else [])
    concerns = or_(AuditEntry.actor_id == account_id, AuditEntry.subject.in_(subjects))
    done = holding(
        session,
        N_("审计记录"),
        AuditEntry,
        concerns,
        without={"actor_id", "key", "previous_hash", "hash"},
        beside=[(AuditEntry.actor_id == account_id).label("own_act")],
    )
    if member_id is None:
        return (done,)
    changed = holding(session, N_("名册上的更改"), Revision, Revision.member_id == member_id, labels=FACT_LABELS)
    return (done, changed)
