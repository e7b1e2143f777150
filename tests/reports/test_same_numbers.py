"""Numbers that a reader holds against each other are the same wherever they stand, or the page says what the difference is."""

import datetime as dt
import io
import re
from collections.abc import Callable, Iterator

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from learnhub.attendance.rules import Outcome, RollMark
from learnhub.audit.rules import Act
from learnhub.meetings.rules import MeetingKind
from learnhub.members import service as members
from learnhub.members.rules import CircumstanceKind
from learnhub.organizations import queries as tree
from learnhub.organizations import service as organizations
from learnhub.organizations.rules import Domain
from learnhub.records import service as records
from learnhub.records.rules import CompletionWay, NewCompletion
from learnhub.reports import queries
from learnhub.reports.queries.situation import work_list
from learnhub.reports.rules import Column
from learnhub.training.enrolment import service as enrolment_service
from tests import cast
from tests.home.test_start_pages import hold
from tests.pages import PageClient
from tests.training.test_service import a_batch, a_task

Acts = Callable[..., Act]
Clients = Callable[[str | None], PageClient]
LABELS = {
    Column.HEADS: "党员总数",
    Column.LOST: "失联停籍",
    Column.EXEMPT: "不作硬性要求",
    Column.DUE: "应训",
    Column.COVERED: "已训",
    Column.IN_TRAINING: "在训",
    Column.IN_TRANSIT: "在途",
    Column.NOT_COVERED: "未训",
}


@pytest.fixture
def task_id(session: Session, act: Acts) -> int:
    """Somebody stands in every class, so that no two of the numbers are alike by chance alone."""
    task = a_task(session, act("organizer"))
    batch = a_batch(session, act("organizer"), task)
    for member_id in (6, 7, 10, 11, 14):
        enrolment_service.place(session, act("organizer"), batch_id=batch, member_id=member_id)
    for member_id, kind in ((8, "IN_TRANSIT"), (12, "IN_TRANSIT"), (9, "LOST_CONTACT"), (15, "EXEMPT")):
        members.note_circumstance(
            session, act("organizer"), member_id=member_id, kind=CircumstanceKind[kind], reason="原因", on=cast.TODAY
        )
    done = NewCompletion(5, f"task:{task}", "list:1", CompletionWay.HIGHER_LEVEL, cast.TODAY, "上级调训")
    records.complete(session, act("organizer"), completions=[done])
    session.commit()
    return task


@pytest.fixture
def reader(client_as: Clients) -> PageClient:
    return client_as("reader")


def numbers(text: str, pattern: str) -> list[int]:
    return [int(each) for each in re.findall(pattern, text)]


def rows(client: PageClient, address: str) -> list[list[object]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(client.get(address).data)).get_sheet_by_index(0).to_python()


def standing(client: PageClient, task_id: int, place: int, column: Column) -> Iterator[tuple[str, int]]:
    """Where the number of a column of the coverage stands, and what it is there: the one table of this test."""
    asked, label = f"organization={place}", LABELS[column]
    page = client.page(f"/reports/training/{task_id}?{asked}")
    for number in numbers(page, rf'aria-label="[^"]*，{label} (\d+) 人，看名单"')[-1:]:
        yield "coverage page, total", number
    names = f"/reports/training/{task_id}/names"
    listed = client.page(f"{names}?{asked}&class={column.value}")
    yield "names page", listed.count('<li class="person">')
    file = rows(client, f"{names}.xlsx?{asked}&class={column.value}")
    yield "names as XLSX", sum(isinstance(row[0], int | float) for row in file)
    for number in numbers(client.page(f"/reports/quarters/2026-Q4?{asked}"), rf"{label} (\d+) 人"):
        yield "quarter", number


@pytest.mark.parametrize("place", [cast.COUNTY, cast.WILLOW_TOWN])
def test_each_number_is_the_same_wherever_it_stands(
    session: Session, reader: PageClient, task_id: int, place: int
) -> None:
    question = queries.ask(session, task_id, place, cast.TODAY)
    total = queries.coverage(session, question).total.figures
    for column in LABELS:
        found = dict(standing(reader, task_id, place, column))
        assert found and total[column], column
        assert set(found.values()) == {total[column]}, (column, found)
    town = tree.organization(session, place, cast.TODAY)
    assert town is not None
    for child in work_list(session, town, "2026-11", cast.TODAY).children:
        asked = queries.ask(session, task_id, child.row.organization.id, cast.TODAY)
        assert child.not_covered == (queries.coverage(session, asked).total.figures[Column.NOT_COVERED],)


@pytest.mark.parametrize("place", [cast.COUNTY, cast.WILLOW_TOWN])
def test_who_is_to_be_put_into_classes_is_said_in_the_classes_of_the_coverage(
    session: Session, client_as: Clients, task_id: int, place: int
) -> None:
    """未训 beside 等着编班: whose papers are on the way is asked to a class too, and the page says so."""
    total = queries.coverage(session, queries.ask(session, task_id, place, cast.TODAY)).total.figures
    open_ones, moving = total[Column.NOT_COVERED], total[Column.IN_TRANSIT]
    said = f"{open_ones + moving} 人等着编班（未训 {open_ones} + 在途 {moving}）"
    organizer = client_as("organizer")
    page = organizer.page(f"/training/tasks/{task_id}?organization={place}")
    assert said in page and f"给这 {open_ones + moving} 人编班" in page
    classes = organizer.page(f"/training/tasks/{task_id}/classes?organization={place}&by=each&size=3")
    assert f"等着编班的 {open_ones + moving} 人（未训 {open_ones} + 在途 {moving}）" in classes


def test_more_classes_than_estimated_are_explained(client_as: Clients, session: Session, act: Acts) -> None:
    """Found as “还要 4 个班” beside “开出 7 个班”: the estimate is of classes held together."""
    task_id = a_task(session, act("organizer"))
    session.commit()
    page = client_as("organizer").page(f"/training/tasks/{task_id}/classes?by=each&size=7")
    assert "各单位各办各的，开 4 个班；合在一起办只要 3 个" in page
    together = client_as("organizer").page(f"/training/tasks/{task_id}/classes?by=together&size=7")
    assert "合在一起办只要" not in together


def test_a_past_table_shows_the_name_of_today_beside_the_one_of_then(
    session: Session, reader: PageClient, act: Acts, task_id: int
) -> None:
    organizations.describe(
        session, act("organizer"), organization_id=cast.BRIDGE, name="桥头社区党支部", domain=Domain.COMMUNITY,
        on=cast.TODAY,
    )  # fmt: skip
    session.commit()
    address = f"/reports/training/{task_id}?organization={cast.WILLOW_TOWN}"
    past, now = reader.page(f"{address}&as-of=2026-11-21"), reader.page(address)
    assert re.search(r"桥头村党支部</a> <span[^>]*>（现：桥头社区党支部）", past)
    file = reader.get(address.replace("?", "/coverage.xlsx?") + "&as-of=2026-11-21")
    cells = [row[0] for row in CalamineWorkbook.from_filelike(io.BytesIO(file.data)).get_sheet_by_index(0).to_python()]
    assert "桥头村党支部（现：桥头社区党支部）" in cells
    organizations.describe(
        session, act("organizer"), organization_id=cast.WILLOW_TOWN, name="柳河街道党工委", domain=None, on=cast.TODAY
    )
    session.commit()
    quarters = [reader.page(f"/reports/quarters/2026-Q{number}?organization={cast.WILLOW_TOWN}") for number in (3, 4)]
    assert ["柳河街道党工委" in each.split("<main", 1)[1] for each in quarters] == [False, True]
    assert "桥头村党支部" not in now and "现：" not in now and "桥头社区党支部" in now


def below(client: PageClient, place: int) -> dict[str, list[str]]:
    """The rows of the work list's page by their first cell, the numbers of each as written."""
    page = client.page(f"/reports/work-list?organization={place}")
    cells = (re.findall(r"<t[hd][^>]*>\s*([^<]*?)\s*</t[hd]>", row) for row in re.findall(r"<tr.*?</tr>", page, re.S))
    return {row[0]: row[1:] for row in reversed([*cells]) if len(row) > 1}


def test_the_work_list_and_its_file_say_the_coverage_row_by_row(
    session: Session, reader: PageClient, task_id: int
) -> None:
    """By hand: 柳树村 1–9 without 5 (came), 6 7 (placed), 8 (on the way), 9 (lost), 2 (asked nothing): 1, 3 and 4."""
    page = below(reader, cast.WILLOW_TOWN)
    lines = rows(reader, f"/reports/work-list.xlsx?organization={cast.WILLOW_TOWN}")
    file = {str(row[0]): [each for each in row[1:] if each != ""] for row in reversed(lines)}
    for name, open_ones in (("柳树村党支部", 3), ("桥头村党支部", 1), ("企业党总支", 1)):
        assert (page[name][-1], file[name][-1]) == (str(open_ones), open_ones), name
    own = below(reader, cast.WILLOW)
    assert ["未训 3 人"] in own.values()


def test_the_projection_counts_the_same_people_and_says_who_is_not_among_them(
    session: Session, client_as: Clients, act: Acts, task_id: int
) -> None:
    for start in (10, 18):
        day = cast.TODAY.replace(day=start)
        a_batch(session, act("organizer"), task_id, starts_on=day, ends_on=day, capacity=5)
    session.commit()
    total = queries.coverage(session, queries.ask(session, task_id, cast.COUNTY, cast.TODAY)).total.figures
    page = client_as("organizer").page(f"/reports/training/{task_id}/projection?organization={cast.COUNTY}")
    said = f"{total[Column.NOT_COVERED]} 人，取自覆盖情况表的“未训”；在途的 2 人不在内，编班的时候也问到他们"
    assert said in page and total[Column.IN_TRANSIT] == 2


def test_whom_to_follow_up_is_as_many_on_the_start_page_as_on_the_lists_behind_it(
    session: Session, client_as: Clients
) -> None:
    """The start page said “看全部 4 条” of two theme days, before a list of every meeting of seven months."""
    absent = {number: RollMark(Outcome.ABSENT) for number in (3, 6)}
    hold(session, dt.date(2026, 8, 25), absent)
    hold(session, dt.date(2026, 10, 12), absent, kinds=[MeetingKind.GENERAL], theme="第四季度党员大会")
    hold(session, dt.date(2026, 10, 25), absent)
    session.commit()
    recorder, reader = client_as("recorder"), client_as("reader")
    start = recorder.page("/")
    listed = recorder.page(f"/meetings/missed?organization={cast.WILLOW}")
    assert numbers(start, r"看全部 (\d+) 条") == [6]
    assert listed.count('type="checkbox" name="member"') == 6
    assert below(reader, cast.WILLOW)["缺席还没有补课的"] == ["6 人次"]
    assert "“第四季度党员大会”没有参加，还没有补课" in start
