"""An issued report stays byte for byte as it was issued; a later run says who stands elsewhere, and why."""

import datetime as dt
import hashlib
import re
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learnhub.audit.models import AuditEntry, Revision
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.members import service as members
from learnhub.members.models import Circumstance
from learnhub.members.rules import CircumstanceKind
from learnhub.organizations import service as organizations
from learnhub.organizations.rules import OrganizationKind
from learnhub.records import service as records
from learnhub.records.rules import CompletionWay, NewCompletion
from learnhub.reports import queries, service
from learnhub.reports.models import FrozenFile
from learnhub.reports.queries import differences, freezing
from learnhub.reports.queries.differences import CauseKind, Run
from learnhub.reports.rules import Column
from learnhub.training.batches import queries as batches
from learnhub.training.closing import service as closing_service
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient
from tests.training.test_after_closing import closed_batch, correct_mark
from tests.training.test_service import ABSENT, a_task

Clients = Callable[[str | None], PageClient]
Acts = Callable[..., Act]
VOICE = service.Voice(
    say=lambda words: words,
    rate=lambda part, whole: f"{part}/{whole}",
    day=lambda day: day.isoformat(),
    instant=lambda at: at.isoformat(),
    weekday=lambda day: f"{day:%A}",
    time=lambda at: f"{at:%H:%M}",
)


@pytest.fixture
def task_id(session: Session, act: Acts) -> int:
    found = a_task(session, act("organizer"))
    session.commit()
    return found


def later(hours: int = 1) -> None:
    """Let time go by: what is corrected after the issue is noted after it."""
    clock.fix(clock.now() + dt.timedelta(hours=hours))


def issued(session: Session, act: Acts, task_id: int, organization_id: int = cast.COUNTY) -> int:
    question = queries.ask(session, task_id, organization_id, clock.today())
    report_id = service.freeze(session, act("organizer"), question=question, voice=VOICE)
    later()
    return report_id


def again(session: Session, report_id: int) -> Run:
    session.flush()
    report = freezing.frozen(session, report_id)
    question = queries.ask(session, report.task_id, report.organization_id, report.day, report.domain)
    return differences.run_again(session, report, question)


def done(session: Session, act: Act, task_id: int, member_id: int, day: dt.date = cast.TODAY) -> None:
    new = NewCompletion(member_id, f"task:{task_id}", "list:1", CompletionWay.HIGHER_LEVEL, day, "上级调训")
    records.complete(session, act, completions=[new])


def test_nothing_changes_what_was_issued(client_as: Clients, session: Session, act: Acts, task_id: int) -> None:
    organizer = client_as("organizer")
    page = organizer.page(f"/reports/training/{task_id}?organization={cast.COUNTY}")
    form = re.search(r'action="([^"]*/freeze[^"]*)"', page)
    assert form
    address = form[1].replace("&amp;", "&")
    answer = organizer.send(address)
    assert answer.status_code == 303
    report_url = answer.location

    def shown() -> tuple[str, bytes]:
        html = organizer.page(report_url)
        part = html[html.index('id="issued"') : html.index("</main>")]
        file = re.search(r'href="([^"]*/files/\d+)"', html)
        assert file
        return part, organizer.get(file[1]).data

    before = shown()
    later()
    members.transfer(session, act("organizer"), member_id=4, organization_id=cast.DAM, on=cast.TODAY)
    done(session, act("organizer"), task_id, 5)
    organizations.describe(
        session, act("organizer"), organization_id=cast.EAST_TOWN, name="新名", domain=None, on=cast.TODAY
    )
    session.commit()
    assert shown() == before
    found = organizer.page(f"{report_url}/differences")
    assert "变了的 2 人" in found and "补记已训" in found and "所在组织" in found
    assert "没有找到原因" not in found
    assert shown() == before
    noted = session.scalars(select(AuditEntry.action).where(AuditEntry.action == "reports.read_differences")).all()
    assert len(noted) == 1


def test_it_is_handed_out_in_three_forms(session: Session, act: Acts, task_id: int) -> None:
    report_id = issued(session, act, task_id)
    files = session.scalars(select(FrozenFile).where(FrozenFile.report_id == report_id).order_by(FrozenFile.id)).all()
    assert [file.name.rpartition(".")[2] for file in files] == ["xlsx", "pdf", "docx"]
    assert all(hashlib.sha256(file.bytes).hexdigest() == file.sha256 for file in files)


def test_the_same_answer_is_issued_once(session: Session, act: Acts, task_id: int) -> None:
    first = issued(session, act, task_id)
    assert issued(session, act, task_id) == first
    done(session, act("organizer"), task_id, 5)
    second = issued(session, act, task_id)
    assert second != first
    assert [each.id for each in freezing.issues(session, cast.COUNTY, task_id)] == [second, first]
    assert session.scalar(select(func.count()).select_from(FrozenFile)) == 6


def test_each_kind_of_correction_is_named(session: Session, act: Acts, task_id: int) -> None:
    done(session, act("organizer"), task_id, 6)
    report_id = issued(session, act, task_id)
    assert again(session, report_id).differences == ()
    done(session, act("organizer"), task_id, 5)
    members.note_circumstance(
        session, act("organizer"), member_id=7, kind=CircumstanceKind.LOST_CONTACT, reason="", on=cast.TODAY
    )
    members.leave(session, act("organizer"), member_id=8, on=cast.TODAY)
    session.add(Circumstance(member_id=9, kind=CircumstanceKind.MOBILE, reason="", valid_from=cast.TODAY))
    run = again(session, report_id)
    found = {each.member_id: each for each in run.differences}
    assert {number: [cause.kind for cause in each.causes] for number, each in found.items()} == {
        5: [CauseKind.COMPLETION],
        7: [CauseKind.REVISION],
        8: [CauseKind.REVISION],
        9: [],  # written past the verbs: shown as unexplained
    }
    assert found[8].now is None
    then = freezing.frozen(session, report_id)
    moved = {column: (old, new) for column, old, new in differences.moved_figures(then, run.figures)}
    assert moved[Column.HEADS] == (20, 19) and moved[Column.LOST] == (0, 1) and moved[Column.COVERED] == (1, 2)
    assert moved[Column.NOT_COVERED] == (18, 15)


def test_a_moved_organization_explains_its_people(session: Session, act: Acts, task_id: int) -> None:
    committee = organizations.found(
        session, act("organizer"), code="N-9", name="新镇党委", kind=OrganizationKind.COMMITTEE, domain=None,
        parent_id=cast.COUNTY, on=cast.TODAY,
    )  # fmt: skip
    report_id = issued(session, act, task_id)
    organizations.move(session, act("organizer"), organization_id=cast.WILLOW, parent_id=committee, on=cast.TODAY)
    run = again(session, report_id)
    assert run.differences and all(each.causes for each in run.differences)
    assert {each.now.row_id for each in run.differences if each.now} == {committee}


def test_a_change_of_later_days_changes_nothing(session: Session, act: Acts, task_id: int) -> None:
    report_id = issued(session, act, task_id)
    later(48)
    members.leave(session, act("organizer"), member_id=8, on=clock.today())
    assert again(session, report_id).differences == ()
    assert session.scalars(select(Revision.member_id)).all() == [8]


def test_a_fixed_number_of_statements(session: Session, act: Acts, task_id: int) -> None:
    report_id = issued(session, act, task_id)
    for member_id in (4, 5, 6, 7):
        done(session, act("organizer"), task_id, member_id)
    with count_statements() as one:
        again(session, report_id)
    for member_id in (8, 9, 10, 11, 17):
        done(session, act("organizer"), task_id, member_id)
    members.transfer(session, act("organizer"), member_id=4, organization_id=cast.DAM, on=cast.TODAY)
    session.flush()
    with count_statements() as many:
        again(session, report_id)
    assert len(one) == len(many) <= 12


def test_a_correction_in_a_closed_class_is_among_the_differences(session: Session, act: Acts) -> None:
    batch_id = closed_batch(session, act, 7)
    batch = batches.batch(session, batch_id)
    assert batch is not None
    later()
    report_id = issued(session, act, batch.task_id)
    correct_mark(session, act, batch_id, 0, 1, ABSENT)
    (found,) = again(session, report_id).differences
    assert (found.member_id, [cause.kind for cause in found.causes]) == (1, [CauseKind.COMPLETION_WITHDRAWN])


def test_a_closing_that_was_taken_back_is_among_the_differences(session: Session, act: Acts) -> None:
    batch_id = closed_batch(session, act, 7)
    batch = batches.batch(session, batch_id)
    assert batch is not None
    later()
    report_id = issued(session, act, batch.task_id)
    closing_service.reopen(session, act("organizer"), batch_id=batch_id, because="结错了班")
    found = {each.member_id: {cause.kind for cause in each.causes} for each in again(session, report_id).differences}
    assert set(found) == {1, 3, 4, 5, 6, 7, 8, 9} and found[3] == {CauseKind.REOPENING}
    assert found[1] == {CauseKind.COMPLETION_WITHDRAWN, CauseKind.REOPENING}
