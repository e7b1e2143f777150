"""Objections: raised by the member, answered by the branch, taken up once; a correction is a new fact."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.models import AuditEntry
from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict, DomainError, Forbidden
from learnhub.records import queries, service
from learnhub.records.models import Credit
from learnhub.records.rules import Answer, Change, Correction, CreditKind, NewCredit, ObjectionState
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient

Clients = Callable[[str | None], PageClient]
Acts = Callable[..., Act]


@pytest.fixture
def subject(session: Session, act: Acts) -> str:
    """A credit of member 1 for a theme day."""
    new = NewCredit(1, CreditKind.THEME_DAY, 3, dt.date(2026, 11, 5), "十一月主题党日", "occasion:7", "依据")
    service.credit(session, act(), credits=[new])
    credit_id = session.scalars(select(Credit.id)).one()
    session.commit()
    return f"credit:{credit_id}"


def raised(session: Session, act: Acts, subject: str) -> int:
    return service.raise_objection(
        session, act("member"), member_id=1, subject=subject, about="十一月主题党日", words="应当是一学时", days=15
    )


def answered(session: Session, act: Act, objection_id: int, answer: Answer, *correction: object) -> None:
    change = Correction(*correction) if correction else Correction()  # type: ignore[arg-type]
    service.answer(
        session, act, objection_id=objection_id, answer=answer, words="核对了签到表", correction=change, days=15
    )


def test_a_correction_is_a_new_fact_and_the_old_one_stays_on_file(session: Session, act: Acts, subject: str) -> None:
    objection_id = raised(session, act, subject)
    answered(session, act("recorder"), objection_id, Answer.CORRECTED, Change.HOURS, 4)
    ledger = queries.ledger(session, 1, 2026)
    assert [(each.quarters, each.source) for each in ledger.entries] == [(4, "occasion:7")]
    (past,) = queries.corrected(session, 1, 2026)
    assert (past.quarters, past.withdrawn_because) == (3, "核对了签到表")
    (found,) = queries.objections_of(session, 1)
    assert found.state(cast.TODAY) is ObjectionState.CORRECTED


def test_the_trail_holds_no_words_of_anybody(session: Session, act: Acts, subject: str) -> None:
    answered(session, act("recorder"), raised(session, act, subject), Answer.EXPLAINED)
    kept = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("objection"))).all()
    assert len(kept) == 2
    assert "学时" not in repr([each.details for each in kept])


def test_the_same_entry_waits_once_and_the_own_is_answered_by_others(session: Session, act: Acts, subject: str) -> None:
    objection_id = raised(session, act, subject)
    with pytest.raises(Conflict):
        raised(session, act, subject)
    with pytest.raises(Forbidden):
        answered(session, act("member"), objection_id, Answer.EXPLAINED)
    answered(session, act("recorder"), objection_id, Answer.EXPLAINED)
    with pytest.raises(Conflict):
        answered(session, act("recorder"), objection_id, Answer.EXPLAINED)
    assert raised(session, act, subject) > objection_id


def test_it_goes_up_once_after_the_answer_or_the_deadline(session: Session, act: Acts, subject: str) -> None:
    objection_id = raised(session, act, subject)
    facts = {"objection_id": objection_id, "member_id": 1, "words": "仍有异议", "days": 15}
    with pytest.raises(Conflict):
        service.take_up(session, act("member"), **facts)  # type: ignore[arg-type]
    late = dataclasses.replace(act("member"), at=cast.NOW + dt.timedelta(days=16))
    above = service.take_up(session, late, **facts)  # type: ignore[arg-type]
    found = queries.objection(session, above)
    assert found is not None
    assert (found.above, found.organization_id, found.follows_id) == (True, cast.WILLOW_TOWN, objection_id)
    with pytest.raises(Conflict):
        service.take_up(session, late, **facts)  # type: ignore[arg-type]
    with pytest.raises(Forbidden):
        service.take_up(session, late, **{**facts, "member_id": 3})  # type: ignore[arg-type]
    answered(session, act("town_organizer"), above, Answer.EXPLAINED)
    found = queries.objection(session, above)
    assert found is not None
    assert not found.may_go_up(cast.TODAY)


def test_a_branch_leaves_training_to_the_level_above(session: Session, act: Acts) -> None:
    new = NewCredit(1, CreditKind.TRAINING, 16, dt.date(2026, 11, 5), "集中轮训", "occasion:8", "依据")
    service.credit(session, act(), credits=[new])
    objection_id = raised(session, act, f"credit:{session.scalars(select(Credit.id)).one()}")
    with pytest.raises(DomainError):
        answered(session, act("recorder"), objection_id, Answer.CORRECTED, Change.WITHDRAW)
    answered(session, act("recorder"), objection_id, Answer.PASSED_ON)
    newest, first = queries.objections_of(session, 1)
    assert (newest.above, first.state(cast.TODAY)) == (True, ObjectionState.PASSED_ON)
    with pytest.raises(DomainError, match="在那一次的点名里更正"):
        answered(session, act("town_organizer"), newest.id, Answer.CORRECTED, Change.WITHDRAW)
    answered(session, act("town_organizer"), newest.id, Answer.CORRECTED, Change.NONE)
    assert len(queries.ledger(session, 1, 2026).entries) == 1


def test_from_the_members_page_to_the_recorders_and_back(client_as: Clients, session: Session, subject: str) -> None:
    member, recorder = client_as("member"), client_as("recorder")
    page = member.page("/my-record")
    assert "为什么" in page
    assert f"subject={subject}" in page
    member.page(f"/my-record/objections/new?subject={subject}")
    assert member.send("/my-record/objections/new", {"subject": subject, "words": ""}).status_code == 422
    sent = member.send("/my-record/objections/new", {"subject": subject, "words": "应当是一学时"})
    assert sent.status_code == 303
    assert "等待答复" in member.page("/my-record")
    assert "条对学习记录的异议等您答复" in recorder.page("/")
    (found,) = queries.objections_of(session, 1)
    with count_statements() as seen:
        assert "应当是一学时" in recorder.page("/objections")
    assert len(seen) <= 9
    recorder.page(f"/objections/{found.id}")
    wrong = {"answer": "corrected", "change": "hours", "words": "少记了"}
    assert recorder.send(f"/objections/{found.id}", wrong).status_code == 422
    assert recorder.send(f"/objections/{found.id}", {**wrong, "hours": "1"}).status_code == 303
    page = member.page("/my-record")
    assert "少记了" in page
    assert "更正前" in page
    taken = member.send(f"/my-record/objections/{found.id}/up", {"words": "仍有异议"})
    assert taken.status_code == 303
    organizer = client_as("town_organizer")
    assert "等您答复" in organizer.page("/")
    assert "仍有异议" in organizer.page("/objections/above")
    above = queries.objections_of(session, 1)[0]
    assert "支部的答复" in organizer.page(f"/objections/above/{above.id}")
    assert client_as("foreign_organizer").get(f"/objections/above/{above.id}").status_code == 404
    assert client_as("foreign_recorder").get(f"/objections/{found.id}").status_code == 404


def test_something_missing_and_something_foreign(client_as: Clients, session: Session, subject: str) -> None:
    missing = {"subject": "missing", "words": "九月的党课没有记"}
    assert client_as("member").send("/my-record/objections/new", missing).status_code == 303
    for strange in (subject, "credit:x", "occasion:999999", "task:1", "credit:99999999999999999999"):
        sent = client_as("recorder").send("/my-record/objections/new", {"subject": strange, "words": "不是我的"})
        assert sent.status_code == 422
