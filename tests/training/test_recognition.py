"""Study elsewhere: it lowers the gap at once, never counts twice, and goes with its completion and its hours."""

import csv
import dataclasses
import datetime as dt
import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core.errors import Conflict, DomainError, Forbidden
from learnhub.members import service as members
from learnhub.records import queries as records
from learnhub.records import service as record_book
from learnhub.records.models import Credit
from learnhub.records.rules import Change, CompletionWay, Correction, CreditKind
from learnhub.reports import queries as reports
from learnhub.reports.rules import Column
from learnhub.training.recognition import queries as recognition_queries
from learnhub.training.recognition import service as recognition_service
from learnhub.training.recognition.rules import EvidenceClass, NewRecognition, yearly
from learnhub.training.recognition_lists import queries as recognition_lists
from learnhub.training.recognition_lists import service as recognition_lists_service
from learnhub.training.recognition_lists.rules import HEADERS, Key, rows_of
from tests import cast
from tests.pages import PageClient
from tests.training.test_service import a_task

Acts = Callable[..., Act]
Clients = Callable[..., PageClient]
ONE = NewRecognition(
    member_id=10,
    way=CompletionWay.HIGHER_LEVEL,
    title="党组织书记示范培训班",
    organizer="市委组织部",
    starts_on=dt.date(2025, 12, 30),
    ends_on=dt.date(2026, 1, 2),
    quarters=64,
    evidence=EvidenceClass.CERTIFICATE,
    reference="证书 2026-018 号",
)
ROW = {
    Key.CODE: "", Key.NAME: "王庚", Key.BRANCH: "桥头村党支部", Key.TITLE: ONE.title, Key.ORGANIZER: ONE.organizer,
    Key.STARTS_ON: "2026-03-02", Key.ENDS_ON: "2026.3.6", Key.HOURS: "40", Key.EVIDENCE: "证书",
    Key.REFERENCE: "证书 1 号",
}  # fmt: skip


def recognise(session: Session, act: Act, task_id: int, *new: NewRecognition, place: int = cast.COUNTY) -> int:
    return recognition_service.recognise(session, act, task_id=task_id, organization_id=place, new=new)


def a_list(*changes: dict[Key, str]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([HEADERS[key][0] for key in Key])
    for each in changes:
        writer.writerow([(ROW | each)[key] for key in Key])
    return file.getvalue().encode()


def planned(session: Session, task_id: int, data: bytes) -> recognition_lists.ListPlan:
    return recognition_lists.plan_list(
        session, task_id, cast.COUNTY, rows_of(members.read(data, "list.csv")), cast.TODAY
    )


def figures(session: Session, task_id: int) -> tuple[int, int]:
    """Covered and not covered in the county."""
    total = reports.coverage(session, reports.ask(session, task_id, cast.COUNTY, cast.TODAY)).total.figures
    return total[Column.COVERED], total[Column.NOT_COVERED]


def test_the_gap_is_lower_at_once_and_two_years_share_the_hours(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    covered, missing = figures(session, task_id)
    assert recognise(session, act("organizer"), task_id, ONE) == 1
    assert figures(session, task_id) == (covered + 1, missing - 1)
    (row,) = recognition_queries.recognitions(session, task_id, cast.COUNTY, cast.TODAY)
    (completion,) = records.completions_of(session, 10)
    assert (completion.source, completion.way) == (row.source, CompletionWay.HIGHER_LEVEL)
    for year, day in ((2025, dt.date(2025, 12, 31)), (2026, dt.date(2026, 1, 2))):
        (credit,) = records.ledger(session, 10, year).entries
        assert (credit.kind, credit.quarters, credit.day) == (CreditKind.HIGHER_LEVEL, 32, day)


def test_the_same_study_never_counts_twice_and_another_one_is_another_person_time(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    assert recognise(session, act("organizer"), task_id, ONE, ONE) == 1
    assert recognise(session, act("organizer"), task_id, ONE) == 0
    before = figures(session, task_id)
    assert recognise(session, act("organizer"), task_id, dataclasses.replace(ONE, title="另一个班")) == 1
    assert figures(session, task_id) == before
    assert len(records.completions_of(session, 10)) == 2


def test_a_withdrawal_takes_completion_and_both_credits_back(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    before = figures(session, task_id)
    recognise(session, act("organizer"), task_id, ONE)
    (row,) = recognition_queries.recognitions(session, task_id, cast.COUNTY, cast.TODAY)
    with pytest.raises(DomainError):
        recognition_service.withdraw_recognition(session, act("organizer"), recognition_id=row.id, reason=" ")
    recognition_service.withdraw_recognition(session, act("organizer"), recognition_id=row.id, reason="证书是别人的")
    assert figures(session, task_id) == before
    assert not records.ledger(session, 10, 2025).entries
    assert not records.ledger(session, 10, 2026).entries
    with pytest.raises(Conflict):
        recognition_service.withdraw_recognition(session, act("organizer"), recognition_id=row.id, reason="再一次")
    (gone,) = recognition_queries.recognitions(session, task_id, cast.COUNTY, cast.TODAY, standing=False)
    assert gone.withdrawn_because == "证书是别人的"
    assert recognise(session, act("organizer"), task_id, ONE) == 1


def test_what_was_recognised_is_not_taken_back_by_halves(session: Session, act: Acts, client_as: Clients) -> None:
    """The hours are corrected where the recognition is, never alone: else somebody covered has no study to show."""
    task_id = a_task(session, act("organizer"))
    recognise(session, act("organizer"), task_id, ONE)
    before = figures(session, task_id)
    (row,) = recognition_queries.recognitions(session, task_id, cast.COUNTY, cast.TODAY)
    ids = session.execute(select(Credit.id, Credit.source).where(Credit.member_id == 10).order_by(Credit.day))
    credits = [each._tuple() for each in ids]
    assert [source for _id, source in credits] == [f"recognition:{row.id}-2025", f"recognition:{row.id}"]
    for credit_id, _source in credits:
        for change in (Correction(Change.WITHDRAW), Correction(Change.HOURS, 4)):
            with pytest.raises(DomainError, match="认定"):
                record_book.correct_entry(
                    session, act("organizer"), credit_id=credit_id, correction=change, reason="错了", above=True
                )
    assert figures(session, task_id) == before
    session.commit()
    organizer = client_as("organizer")
    for credit_id, _source in credits:
        page = organizer.page(f"/entries/above/{credit_id}")
        assert f'href="/training/recognitions/{row.id}"' in page
        assert 'name="change"' not in page
    recognition_service.withdraw_recognition(session, act("organizer"), recognition_id=row.id, reason="错了")
    assert figures(session, task_id) == (before[0] - 1, before[1] + 1)
    assert records.ledger(session, 10, 2026).total_quarters == 0


def test_a_correction_puts_another_in_its_place(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    recognise(session, act("organizer"), task_id, ONE)
    (row,) = recognition_queries.recognitions(session, task_id, cast.COUNTY, cast.TODAY)
    recognition_service.correct_recognition(
        session, act("organizer"), recognition_id=row.id, organization_id=cast.COUNTY,
        new=dataclasses.replace(ONE, quarters=8), because="学时写错了",
    )  # fmt: skip
    (now,) = recognition_queries.recognitions(session, task_id, cast.COUNTY, cast.TODAY)
    assert (now.quarters, now.id > row.id) == (8, True)
    assert records.ledger(session, 10, 2026).total_quarters == 4


@pytest.mark.parametrize(
    ("field", "value", "place"),
    [
        ("ends_on", cast.TODAY + dt.timedelta(days=1), cast.COUNTY),
        ("starts_on", dt.date(2026, 1, 3), cast.COUNTY),
        ("starts_on", dt.date(2024, 1, 1), cast.COUNTY),
        ("quarters", 0, cast.COUNTY),
        ("title", " ", cast.COUNTY),
        ("way", CompletionWay.CENTRALIZED, cast.COUNTY),
        ("member_id", 10, cast.EAST_TOWN),
    ],
)
def test_what_cannot_be_recognised(session: Session, act: Acts, field: str, value: object, place: int) -> None:
    task_id = a_task(session, act("organizer"))
    with pytest.raises(DomainError):
        recognise(session, act("organizer"), task_id, dataclasses.replace(ONE, **{field: value}), place=place)


def test_a_branch_takes_back_only_what_it_may_recognise(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    recognise(session, act("organizer"), task_id, ONE)
    (row,) = recognition_queries.recognitions(session, task_id, cast.COUNTY, cast.TODAY)
    ways = (CompletionWay.HOME_DELIVERED,)
    with pytest.raises(Forbidden):
        recognition_service.withdraw_recognition(
            session, act("recorder"), recognition_id=row.id, reason="不对", ways=ways
        )


def test_a_list_is_recognised_whole_and_again_adds_nothing(session: Session, act: Acts) -> None:
    task_id = a_task(session, act("organizer"))
    data = a_list({}, {Key.CODE: "M000008", Key.NAME: "郑伟", Key.BRANCH: ""})
    plan, rows = planned(session, task_id, data), rows_of(members.read(data, ""))
    assert [each.person.id for each in plan.new] == [10, 8]
    facts = {"task_id": task_id, "organization_id": cast.COUNTY, "rows": rows}
    with pytest.raises(Conflict):
        recognition_lists_service.recognise_list(session, act("organizer"), **facts, digest="something else")
    assert recognition_lists_service.recognise_list(session, act("organizer"), **facts, digest=plan.digest) == 2
    again = planned(session, task_id, data)
    assert (len(again.new), len(again.same)) == (0, 2)


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({Key.NAME: "郑伟", Key.BRANCH: "柳树村党支部"}, "姓名", "M000009"),
        ({Key.BRANCH: "石坝村党支部"}, "所在支部", "桥头村党支部"),
        ({Key.NAME: "谁也不是"}, "姓名", "谁也不是"),
        ({Key.CODE: "M999999"}, "党员编号", "M999999"),
        ({Key.CODE: "M000011"}, "姓名", "冯辛"),
        ({Key.HOURS: "3.3"}, "学时", "3.3"),
        ({Key.HOURS: "NaN"}, "学时", "NaN"),
        ({Key.STARTS_ON: "2026-02-30"}, "开始日期", "2026-02-30"),
        ({Key.ENDS_ON: "2026-03-01"}, "结束日期", ""),
        ({Key.EVIDENCE: "听说"}, "凭据种类", "听说"),
        ({Key.TITLE: ""}, "班次名称", ""),
    ],
)
def test_a_wrong_cell_is_named(session: Session, act: Acts, change: dict[Key, str], column: str, words: str) -> None:
    task_id = a_task(session, act("organizer"))
    data = a_list({}, change)
    (fault,) = planned(session, task_id, data).wrong
    assert (fault.row, fault.column) == (3, column)
    assert words in fault.message % fault.values
    with pytest.raises(DomainError):
        recognition_lists_service.recognise_list(
            session, act("organizer"), task_id=task_id, organization_id=cast.COUNTY,
            rows=rows_of(members.read(data, "")), digest="",
        )  # fmt: skip
    assert not recognition_queries.recognitions(session, task_id, cast.COUNTY, cast.TODAY)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)), st.integers(0, 365), st.integers(1, 4000))
@settings(max_examples=25)
def test_the_hours_of_a_class_are_split_without_loss(starts_on: dt.date, length: int, quarters: int) -> None:
    ends_on = starts_on + dt.timedelta(days=length)
    parts = yearly(starts_on, ends_on, quarters)
    assert sum(part for _day, part in parts) == quarters
    assert all(starts_on <= day <= ends_on and part > 0 for day, part in parts)
    assert len({day.year for day, _part in parts}) == len(parts)
