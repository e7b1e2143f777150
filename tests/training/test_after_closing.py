"""A closed class can be corrected: hours, completion, roll and certificate never contradict each other."""

import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance
from learnhub.attendance.rules import PRESENT, Outcome, RollMark
from learnhub.audit.models import AuditEntry
from learnhub.core.errors import Conflict, DomainError, Forbidden
from learnhub.records import queries as records
from learnhub.records import service as record_book
from learnhub.records.rules import CertificateState, CompletionWay
from learnhub.training.batches import queries as batches
from learnhub.training.certificates import queries as certificates
from learnhub.training.closing import service as closing_service
from learnhub.training.enrolment import service as enrolment_service
from learnhub.training.results import queries as results_queries
from learnhub.training.results import service as results_service
from learnhub.training.sessions import service as sessions_service
from learnhub.training.tasks.rules import CompletionRule
from tests import cast
from tests.pages import PageClient
from tests.training.test_service import ABSENT, SICK, Acts, a_batch, a_task, roll_all

Clients = Callable[[str | None], PageClient]
EVERYBODY = (1, 3, 4, 5, 6, 7, 8, 9)
THERE = RollMark(Outcome.RECEIVING_PLACE)


def closed_batch(session: Session, act: Acts, leave_part: int) -> int:
    """A closed batch of the willow branch; 3 missed it, 4 did not pass, the others completed it."""
    task_id = a_task(session, act("organizer"), rule=CompletionRule(leave_part, 60))
    batch_id = a_batch(session, act("organizer"), task_id, organization_id=cast.WILLOW)
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    roll_all(session, act("organizer"), batch_id, {3: ABSENT})
    percents: dict[int, int | None] = {**dict.fromkeys(EVERYBODY, 80), 4: 40}
    results_service.enter_results(session, act("organizer"), batch_id=batch_id, percents=percents)
    closing_service.close(session, act("organizer"), batch_id=batch_id)
    session.flush()
    return batch_id


@pytest.fixture
def batch_id(session: Session, act: Acts) -> int:
    """A closed batch in which no whole session may be missed."""
    found = closed_batch(session, act, 7)
    session.commit()
    return found


def certify(session: Session, act: Acts, batch_id: int) -> int:
    wanted = certificates.to_certify(session, records.completions_by(session, f"batch:{batch_id}"))
    return record_book.issue(session, act("organizer"), wanted=wanted)


def correct_mark(session: Session, act: Acts, batch_id: int, number: int, member_id: int, mark: RollMark) -> None:
    one = batches.sessions(session, batch_id)[number]
    marks = {**attendance.roll(session, one.occasion.id), member_id: mark}
    sessions_service.call_roll(
        session,
        act("organizer"),
        session_id=one.id,
        marks=marks,
        base_version=one.occasion.roll_version,
        register=True,
        because="记错了",
    )


def check_agreement(session: Session, batch_id: int) -> None:
    """What the roll says, what is credited, who completed it and which certificates hold are one story."""
    timetable = batches.sessions(session, batch_id)
    credited = records.credited(session, [each.occasion.source for each in timetable])
    for each in timetable:
        roll = attendance.roll(session, each.occasion.id)
        came = {member for member, mark in roll.items() if mark.attended}
        assert credited.get(each.occasion.source, frozenset()) == came
    batch = batches.batch(session, batch_id)
    assert batch is not None
    completed = {each.member_id: each.way for each in records.completions_by(session, batch.source)}
    passing = {
        each.member_id: CompletionWay.RECEIVING_PLACE if each.where_they_live else CompletionWay.CENTRALIZED
        for each in results_queries.outcomes(session, batch_id)
        if each.completes
    }
    assert completed == (passing if batch.closed_at else {})
    hours = records.earned(session, [each.occasion.source for each in timetable])
    for certificate in records.certificates_of_batch(session, batch.source):
        if certificate.state is CertificateState.VALID:
            assert certificate.paper.way is completed[certificate.member_id]
            assert certificate.paper.quarters == hours[certificate.member_id]


def test_a_corrected_roll_takes_the_completion_and_the_certificate_back(
    session: Session, act: Acts, batch_id: int
) -> None:
    assert certify(session, act, batch_id) == 6
    correct_mark(session, act, batch_id, 0, 1, ABSENT)
    assert 1 not in records.completed_by(session, f"batch:{batch_id}")
    (certificate,) = [
        each for each in records.certificates_of_batch(session, f"batch:{batch_id}") if each.member_id == 1
    ]
    assert (certificate.state, certificate.withdrawn_because) == (CertificateState.WITHDRAWN, "记错了")
    kept = session.scalars(select(AuditEntry).where(AuditEntry.action == "training.decide_anew")).one()
    assert kept.details["withdrawn"] == [1]
    check_agreement(session, batch_id)


def test_who_was_at_the_place_of_residence_throughout_was_trained_there(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    batch_id = a_batch(session, act("organizer"), task_id, organization_id=cast.WILLOW)
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    first, second = batches.sessions(session, batch_id)
    for one, marks in ((first, {1: THERE, 3: THERE}), (second, {1: THERE})):
        sessions_service.call_roll(
            session, act("organizer"), session_id=one.id, marks=marks, base_version=0, register=True
        )
    closing_service.close(session, act("organizer"), batch_id=batch_id)
    ways = {each.member_id: each.way for each in records.completions_by(session, f"batch:{batch_id}")}
    assert ways[1] is CompletionWay.RECEIVING_PLACE
    assert ways[3] is CompletionWay.CENTRALIZED, "one session in class is training in class"
    correct_mark(session, act, batch_id, 0, 1, PRESENT)
    ways = {each.member_id: each.way for each in records.completions_by(session, f"batch:{batch_id}")}
    assert ways[1] is CompletionWay.CENTRALIZED


def test_a_certificate_that_tells_other_hours_is_replaced(session: Session, act: Acts) -> None:
    batch_id = closed_batch(session, act, 2)
    certify(session, act, batch_id)
    correct_mark(session, act, batch_id, 0, 1, ABSENT)
    old, new = (each for each in records.certificates_of_batch(session, f"batch:{batch_id}") if each.member_id == 1)
    assert (old.state, old.paper.quarters) == (CertificateState.WITHDRAWN, 32)
    assert (new.state, new.paper.quarters) == (CertificateState.VALID, 16)
    check_agreement(session, batch_id)


def test_who_completes_by_a_correction_is_covered_and_certified_like_the_others(
    session: Session, act: Acts, batch_id: int
) -> None:
    certify(session, act, batch_id)
    organizer = act("organizer")
    with pytest.raises(DomainError, match="请写明理由"):
        results_service.enter_results(session, organizer, batch_id=batch_id, percents={4: 90})
    assert results_service.enter_results(session, organizer, batch_id=batch_id, percents={4: 90}, because="登错了") == 1
    assert 4 in records.completed_by(session, f"batch:{batch_id}")
    assert records.certificates_of(session, 4)
    check_agreement(session, batch_id)


def test_a_closing_is_taken_back_by_whom_it_was_made_until_certificates_are_issued(
    session: Session, act: Acts, batch_id: int
) -> None:
    with pytest.raises(Forbidden):
        closing_service.reopen(session, act("town_organizer"), batch_id=batch_id, because="撤销结班")
    assert closing_service.reopen(session, act("organizer"), batch_id=batch_id, because="撤销结班") == 6
    assert records.completed_by(session, f"batch:{batch_id}") == frozenset()
    check_agreement(session, batch_id)
    with pytest.raises(Conflict):
        closing_service.reopen(session, act("organizer"), batch_id=batch_id, because="撤销结班")
    closing_service.close(session, act("organizer"), batch_id=batch_id)
    certify(session, act, batch_id)
    with pytest.raises(Conflict, match="已经发过证书"):
        closing_service.reopen(session, act("organizer"), batch_id=batch_id, because="撤销结班")
    check_agreement(session, batch_id)


STEPS = st.one_of(
    st.tuples(
        st.just("mark"), st.integers(0, 1), st.sampled_from(EVERYBODY), st.sampled_from([PRESENT, ABSENT, SICK, THERE])
    ),
    st.tuples(st.just("result"), st.sampled_from(EVERYBODY), st.sampled_from([None, 30, 60, 95])),
    st.tuples(st.sampled_from(["certify", "reopen", "close"])),
)


@pytest.mark.one_database
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(leave_part=st.sampled_from([2, 7]), steps=st.lists(STEPS, min_size=1, max_size=8))
def test_whatever_is_corrected_hours_completion_roll_and_certificate_agree(
    session: Session, act: Acts, leave_part: int, steps: list[tuple[object, ...]]
) -> None:
    with session.begin_nested() as nested:
        batch_id = closed_batch(session, act, leave_part)
        for step in steps:
            take(session, act, batch_id, step)
            check_agreement(session, batch_id)
        nested.rollback()
    session.expire_all()


def take(session: Session, act: Acts, batch_id: int, step: tuple[object, ...]) -> None:
    """One step of a history; what is refused changes nothing."""
    batch = batches.batch(session, batch_id)
    assert batch is not None
    try:
        with session.begin_nested():
            if step[0] == "mark":
                correct_mark(session, act, batch_id, *step[1:])  # type: ignore[arg-type]
            elif step[0] == "result":
                _, member_id, percent = step
                results_service.enter_results(
                    session,
                    act("organizer"),
                    batch_id=batch_id,
                    percents={member_id: percent},
                    because="更正",  # type: ignore[dict-item]
                )
            elif step[0] == "certify":
                certify(session, act, batch_id)
            elif step[0] == "reopen":
                closing_service.reopen(session, act("organizer"), batch_id=batch_id, because="撤销结班")
            else:
                closing_service.close(session, act("organizer"), batch_id=batch_id, without_results=True)
    except DomainError:
        pass


def test_closing_asks_for_missing_results_first_and_shows_both_sides(
    session: Session, act: Acts, batch_id: int, client_as: Clients
) -> None:
    closing_service.reopen(session, act("organizer"), batch_id=batch_id, because="撤销结班")
    results_service.enter_results(session, act("organizer"), batch_id=batch_id, percents={5: None})
    session.commit()
    browser, url = client_as("organizer"), f"/training/batches/{batch_id}/close"
    page = browser.page(url)
    assert page.index("还有 1 人没有测试成绩") < page.index("没有结业，3 人") < page.index("结业，5 人")
    seen = page.partition('name="seen" value="')[2][:16]
    assert browser.send(url, {"seen": seen}).status_code == 422
    assert browser.send(url, {"seen": "0" * 16, "without_results": "1"}).status_code == 409
    assert browser.send(url, {"seen": seen, "without_results": "1"}).status_code == 303
    assert "撤销结班" in browser.page(url)
    assert browser.send(f"/training/batches/{batch_id}/reopen", {}).status_code == 303
    session.expire_all()
    assert records.completed_by(session, f"batch:{batch_id}") == frozenset()


def test_a_class_is_closed_after_its_last_session_only(
    session: Session, act: Acts, batch_id: int, client_as: Clients
) -> None:
    closing_service.reopen(session, act("organizer"), batch_id=batch_id, because="撤销结班")
    session.commit()
    last = batches.sessions(session, batch_id)[-1].occasion
    during = dataclasses.replace(act("organizer"), at=last.starts_at)
    with pytest.raises(DomainError, match="还没有结束"):
        closing_service.close(session, during, batch_id=batch_id)


def test_the_pages_of_a_closed_class_lead_to_corrections(
    session: Session, act: Acts, batch_id: int, client_as: Clients
) -> None:
    browser = client_as("organizer")
    (first, _second) = batches.sessions(session, batch_id)
    roll, results = f"/training/sessions/{first.id}/roll", f"/training/batches/{batch_id}/results"
    page = browser.page(f"/training/batches/{batch_id}")
    assert roll in page and results in page
    assert "结业和证书也跟着重新认定" in browser.page(roll)
    assert browser.send(results, {"percent-4": "90"}).status_code == 422
    answer = browser.send(results, {**{f"percent-{each}": "80" for each in EVERYBODY}, "because": "登错了"})
    assert answer.status_code == 303
    session.expire_all()
    assert 4 in records.completed_by(session, f"batch:{batch_id}")
    assert browser.get(f"/occasions/{first.occasion.id}").location.endswith(roll)
