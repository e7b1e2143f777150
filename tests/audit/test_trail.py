"""The audit trail: appended to, chained, and the place where a repeated request is recognised."""

import threading

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from learnhub.audit import queries, service
from learnhub.audit.models import AuditEntry
from learnhub.audit.rules import Act
from learnhub.web.db import db
from tests import cast


def note_some(session: Session, count: int) -> list[int]:
    for number in range(count):
        service.note(session, Act(1, cast.NOW), "test.act", f"thing:{number}", 4, number=number)
    return list(session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)))


def test_a_whole_chain_is_whole(session: Session) -> None:
    note_some(session, 5)
    assert queries.first_broken(session) is None


@pytest.mark.parametrize("column", ["action", "subject", "actor_id", "details", "at"])
def test_an_altered_row_is_found(session: Session, column: str) -> None:
    ids = note_some(session, 5)
    value = {"actor_id": 9, "details": {"number": 99}, "at": cast.NOW.replace(hour=5)}.get(column, "altered")
    session.execute(update(AuditEntry).where(AuditEntry.id == ids[2]).values({column: value}))
    session.expire_all()
    assert queries.first_broken(session) == ids[2]


def test_a_deleted_row_is_found(session: Session) -> None:
    ids = note_some(session, 5)
    session.execute(delete(AuditEntry).where(AuditEntry.id == ids[2]))
    session.expire_all()
    assert queries.first_broken(session) == ids[3]


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    details=st.dictionaries(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
        st.integers() | st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    )
)
def test_any_details_keep_their_hash(session: Session, details: dict[str, object]) -> None:
    """What was hashed is what the database gives back, on either one."""
    service.note(session, Act(1, cast.NOW), "test.act", "thing:1", None, content=details)
    session.flush()
    session.expire_all()
    assert queries.first_broken(session) is None


def test_a_key_finds_the_earlier_act(session: Session) -> None:
    service.note(session, Act(1, cast.NOW, "key-0001"), "test.act", "thing:7")
    assert queries.earlier(session, "key-0001") == "thing:7"
    assert queries.earlier(session, "key-0002") is None
    assert queries.earlier(session, None) is None


def test_parallel_acts_with_one_key_are_one(own_app: Flask) -> None:
    """Eight threads, one key: one entry, and the chain stays whole."""
    failures: list[Exception] = []

    def press() -> None:
        with own_app.app_context():
            session = db.session()
            try:
                if queries.earlier(session, "double-click") is None:
                    service.note(session, Act(1, cast.NOW, "double-click"), "test.act", "thing:1")
                service.note(session, Act(1, cast.NOW), "test.other", "thing:2")
                session.commit()
            except Exception as error:
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with own_app.app_context():
        actions = list(db.session().scalars(select(AuditEntry.action)))
        assert (actions.count("test.act"), actions.count("test.other")) == (1, 8)
        assert queries.first_broken(db.session()) is None
