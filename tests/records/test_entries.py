"""A wrong credit is corrected without an objection: withdrawn with a reason, noted anew, and its history stays."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict, DomainError
from learnhub.records import queries, service
from learnhub.records.models import Credit
from learnhub.records.rules import Change, Correction, CreditKind, NewCredit
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient

Clients = Callable[[str | None], PageClient]
Acts = Callable[..., Act]
KINDS = (CreditKind.MAKE_UP, CreditKind.HOME_DELIVERED, CreditKind.THEME_DAY, CreditKind.TRAINING)


@pytest.fixture
def credits(session: Session, act: Acts) -> dict[CreditKind, int]:
    """Four credits of member 1, one of each kind, 3 quarter hours each."""
    service.credit(session, act(), credits=[
        NewCredit(1, kind, 3, dt.date(2026, 11, 5), f"标记{number}", f"occasion:{70 + number}", "依据")
        for number, kind in enumerate(KINDS)
    ])  # fmt: skip
    session.commit()
    return dict(row._tuple() for row in session.execute(select(Credit.kind, Credit.id)))


@pytest.mark.parametrize("study", KINDS[:3], ids=str)
def test_a_branch_corrects_what_it_registers(
    session: Session, act: Acts, credits: dict[CreditKind, int], study: CreditKind
) -> None:
    before = queries.ledger(session, 1, 2026)
    facts = {"credit_id": credits[study], "reason": "多记了", "above": False}
    recorder = dataclasses.replace(act("recorder"), key="one-request")
    for _ in range(2):  # the same request again changes nothing
        service.correct_entry(session, recorder, correction=Correction(Change.HOURS, 2), **facts)  # type: ignore[arg-type]
    after = queries.ledger(session, 1, 2026)
    assert after.total_quarters == before.total_quarters - 1
    assert len(after.entries) == len(before.entries)
    (past,) = queries.corrected(session, 1, 2026)
    assert (past.kind, past.quarters, past.withdrawn_because) == (study, 3, "多记了")
    with pytest.raises(Conflict):
        service.correct_entry(session, act("recorder"), correction=Correction(Change.WITHDRAW), **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("correction", "reason"),
    [
        (Correction(), "原因"),
        (Correction(Change.HOURS, 0), "原因"),
        (Correction(Change.HOURS, 3), "原因"),
        (Correction(Change.HOURS, 4001), "原因"),
        (Correction(Change.WITHDRAW), "  "),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    session: Session, act: Acts, credits: dict[CreditKind, int], correction: Correction, reason: str
) -> None:
    credit_id = credits[CreditKind.THEME_DAY]
    with pytest.raises(DomainError):
        service.correct_entry(
            session, act("recorder"), credit_id=credit_id, correction=correction, reason=reason, above=False
        )
    assert queries.corrected(session, 1, 2026) == ()


def test_training_is_left_to_the_organizer(session: Session, act: Acts, credits: dict[CreditKind, int]) -> None:
    facts = {"credit_id": credits[CreditKind.TRAINING], "correction": Correction(Change.WITHDRAW), "reason": "不在"}
    with pytest.raises(DomainError):
        service.correct_entry(session, act("recorder"), above=False, **facts)  # type: ignore[arg-type]
    with pytest.raises(DomainError, match="在那一次的点名里更正"):
        service.correct_entry(session, act("town_organizer"), above=True, **facts)  # type: ignore[arg-type]
    assert credits[CreditKind.TRAINING] in {each.id for each in queries.ledger(session, 1, 2026).entries}


def test_from_the_list_to_the_corrected_entry_and_the_members_page(
    client_as: Clients, session: Session, credits: dict[CreditKind, int]
) -> None:
    recorder = client_as("recorder")
    assert f"/entries?organization={cast.WILLOW}" in recorder.page("/objections")
    assert "赵甲" in recorder.page("/entries")
    with count_statements() as seen:
        page = recorder.page(f"/entries?organization={cast.WILLOW}&member=1")
    assert len(seen) <= 9
    own = f"/entries/{credits[CreditKind.THEME_DAY]}"
    assert own in page
    assert f"/entries/{credits[CreditKind.TRAINING]}" not in page
    assert recorder.get("/entries?member=10").status_code == 404
    recorder.page(own)
    assert recorder.send(own, {"change": "hours", "words": "少记了"}).status_code == 422
    sent = recorder.send(own, {"change": "hours", "hours": "1", "words": "少记了一刻"})
    assert sent.status_code == 303
    assert "更正前 0.75 学时" in recorder.page(sent.location)
    assert recorder.get(own).status_code == 404
    member = client_as("member").page("/my-record")
    assert "更正前" in member
    assert "少记了一刻" in member
    organizer = client_as("town_organizer")
    assert "柳树村党支部" in organizer.page("/entries/above")
    above = f"/entries/above/{credits[CreditKind.TRAINING]}"
    assert above in organizer.page(f"/entries/above?organization={cast.WILLOW}&member=1")
    assert "到点名里更正" in organizer.page(above)
    assert organizer.send(above, {"change": "withdraw", "words": "没有参加"}).status_code == 422
