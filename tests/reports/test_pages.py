"""The report reader's journey: the table, the names behind a number, a domain, a past day, the file; then refusals."""

import datetime as dt
import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.models import AuditEntry
from learnhub.audit.rules import Act
from learnhub.members.models import Circumstance, Member
from learnhub.members.rules import CircumstanceKind
from learnhub.records import service as record_book
from learnhub.records.rules import CompletionWay, NewCompletion
from learnhub.reports import queries
from learnhub.reports.rules import Column
from learnhub.training.enrolment import service as enrolment_service
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient
from tests.training.test_service import a_batch, a_task

Clients = Callable[[str | None], PageClient]
Acts = Callable[..., Act]
SPRING = dt.date(2026, 3, 1)


@pytest.fixture
def task_id(session: Session, act: Acts) -> int:
    """A task of the county: 1 and 17 covered (17 in spring), 19 lost, 18 in transit, 5 and 6 in training, 2 exempt."""
    task_id = a_task(session, act("organizer"))
    for member_id, way, day in (
        (1, CompletionWay.HOME_DELIVERED, cast.TODAY),
        (17, CompletionWay.CENTRALIZED, SPRING),
        (17, CompletionWay.HIGHER_LEVEL, cast.TODAY),
    ):
        done = NewCompletion(member_id, f"task:{task_id}", f"list:{way.value}", way, day, "结业")
        record_book.complete(session, act("organizer"), completions=[done])
    for member_id, kind in ((19, CircumstanceKind.LOST_CONTACT), (18, CircumstanceKind.IN_TRANSIT)):
        session.add(Circumstance(member_id=member_id, kind=kind, reason="", valid_from=dt.date(2026, 6, 1)))
    batch_id = a_batch(session, act("organizer"), task_id, organization_id=cast.WILLOW)
    for member_id in (5, 6):
        enrolment_service.place(session, act("organizer"), batch_id=batch_id, member_id=member_id)
    session.commit()
    return task_id


def cells(html: str, row: str) -> list[str]:
    """The texts of the first table row that begins with `row`."""
    for found in re.findall(r"<tr[^>]*>(.*?)</tr>", html, re.S):
        texts = [re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", found, re.S)]
        if texts and texts[0] == row:
            return [each for each in texts if each]
    raise AssertionError(f"no row {row}")


def test_the_reader_follows_a_number_to_its_names(client_as: Clients, task_id: int) -> None:
    reader = client_as("reader")
    answer = reader.get("/reports/training")
    assert answer.status_code == 303
    assert answer.location == f"/reports/training/{task_id}?organization={cast.COUNTY}"
    page = reader.page(answer.location)
    # heads, lost, exempt, covered, in training, in transit, not covered, due, two rates
    assert cells(page, "东山镇党委") == ["东山镇党委", "4", "1", "0", "1", "0", "1", "1", "3", "33.3%", "33.3%"]
    assert cells(page, "柳河镇党委") == ["柳河镇党委", "16", "0", "1", "1", "2", "0", "12", "15", "6.6%", "0.0%"]
    assert cells(page, "合计") == ["合计", "20", "1", "1", "2", "2", "1", "13", "18", "11.1%", "5.5%"]
    assert page.index("柳河镇党委") < page.index("东山镇党委"), "organization order, not by rate"
    town = re.search(r'href="([^"]*)">柳河镇党委', page)
    assert town
    below = reader.page(town[1].replace("&amp;", "&"))
    assert "返回中共示例县委" in below
    names_url = re.search(r'href="([^"]*class=not_covered)" aria-label="柳树村党支部', below)
    assert names_url
    names = reader.page(names_url[1].replace("&amp;", "&"))
    assert "柳树村党支部，未训 5 人" in names
    assert re.findall(r"<strong><a[^>]*>(.*?)</a></strong>", names) == [
        "孙丙",
        "李丁",
        "阿依古丽·买买提",
        "郑伟",
        "郑伟",
    ]


def test_a_branch_has_a_page_of_its_own(client_as: Clients, task_id: int) -> None:
    page = client_as("reader").page(f"/reports/training/{task_id}?organization={cast.WILLOW}")
    assert cells(page, "合计")[1] == "9"


def test_a_domain_narrows_every_number(client_as: Clients, task_id: int) -> None:
    page = client_as("reader").page(f"/reports/training/{task_id}?domain=private_enterprise")
    assert cells(page, "合计")[1] == "3"
    names = client_as("reader").page(f"/reports/training/{task_id}/names?domain=private_enterprise&class=heads")
    assert "党员总数 3 人" in names


def test_a_past_day_gives_the_figures_of_that_day(client_as: Clients, task_id: int) -> None:
    page = client_as("reader").page(f"/reports/training/{task_id}?as-of=2026-05-31")
    assert cells(page, "合计") == ["合计", "20", "0", "1", "1", "0", "0", "18", "19", "5.2%", "5.2%"]
    before = client_as("reader").page(f"/reports/training/{task_id}?as-of=2026-02-28")
    assert cells(before, "合计")[4] == "0"


@pytest.mark.parametrize("asked", ["2027-01-01", "yesterday", "2026-02-30"])
def test_a_day_that_cannot_be_is_told(client_as: Clients, task_id: int, asked: str) -> None:
    page = client_as("reader").page(f"/reports/training/{task_id}?as-of={asked}")
    assert "field-err" in page
    assert cells(page, "合计")[1] == "20", "today's figures stand"


def test_before_it_was_founded_an_organization_has_nobody(client_as: Clients, task_id: int) -> None:
    for place in (cast.COUNTY, cast.WILLOW):
        url = f"/reports/training/{task_id}"
        page = client_as("reader").page(f"{url}?as-of=2019-01-01&organization={place}")
        assert cells(page, "合计") == ["合计", "0", "0", "0", "0", "0", "0", "0", "0", "—", "—"]
        assert "党员总数 0 人" in client_as("reader").page(
            f"{url}/names?class=heads&as-of=2019-01-01&organization={place}"
        )


def sheet(answer: Any) -> list[list[Any]]:
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()


def test_the_file_has_exactly_the_rows_of_the_screen(client_as: Clients, session: Session, task_id: int) -> None:
    reader = client_as("reader")
    page = reader.page(f"/reports/training/{task_id}")
    rows = sheet(reader.get(f"/reports/training/{task_id}/coverage.xlsx"))
    start = next(number for number, row in enumerate(rows) if row[0] == "组织")
    table = queries.coverage(session, queries.ask(session, task_id, cast.COUNTY, cast.TODAY))
    assert [row[0] for row in rows[start + 1 : start + 4]] == ["柳河镇党委", "东山镇党委", "合计"]
    for row, shown in zip(rows[start + 1 : start + 4], (*table.rows, table.total), strict=True):
        assert [int(each) for each in row[1:20]] == [shown.figures[column] for column in Column]
    assert rows[start + 3][20:22] == [0.111, 0.055]  # numbers, as the page words them
    assert f"{rows[start + 1][20]:.1%}" in page
    words = "\n".join(str(row[0]) for row in (*rows[:start], *rows[start + 4 :]))
    for each in (
        "名册日：2026 年 11 月 22 日",
        "制表时间：2026 年 11 月 22 日 10:00",
        "来源：",
        "口径",
        "六类相加等于党员总数",
    ):
        assert each in words


def test_the_list_as_a_file_is_the_list_on_the_screen(client_as: Clients, task_id: int) -> None:
    reader = client_as("reader")
    page = reader.page(f"/reports/training/{task_id}/names?class=due")
    rows = sheet(reader.get(f"/reports/training/{task_id}/names.xlsx?class=due"))
    start = next(number for number, row in enumerate(rows) if row[0] == "序号")
    listed = [row[1] for row in rows[start + 1 :]]
    assert listed == re.findall(r"<strong><a[^>]*>(.*?)</a></strong>", page)
    assert len(listed) == 18
    assert "吴䶮" in listed


def test_all_names_open_on_one_page_to_be_printed(
    client_as: Clients, task_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 5)
    reader, address = client_as("reader"), f"/reports/training/{task_id}/names?class=due"
    first = reader.page(address)
    assert first.count('class="person"') == 5 and "可以打印" in first
    whole = reader.page(f"{address}&all=1")
    assert whole.count('class="person"') == 18 and "可以打印" not in whole and "下一页" not in whole
    monkeypatch.setattr(queries, "MOST_PRINTED", 10)  # a list of thousands is taken away as a file
    assert "可以打印" not in reader.page(address)
    assert reader.page(f"{address}&all=1").count('class="person"') == 5


def test_a_name_that_looks_like_a_formula_stays_text(client_as: Clients, session: Session, task_id: int) -> None:
    session.get_one(Member, 1).name = "=1+1"
    session.commit()
    answer = client_as("reader").get(f"/reports/training/{task_id}/names.xlsx?class=covered")
    assert [row[1] for row in sheet(answer) if row[1] == "=1+1"] == ["=1+1"]
    assert b"<f>" not in answer.data


def test_reading_names_is_put_on_the_trail(client_as: Clients, session: Session, task_id: int) -> None:
    reader = client_as("reader")
    reader.page(f"/reports/training/{task_id}/names?class=not_covered&organization={cast.WILLOW}")
    reader.get(f"/reports/training/{task_id}/names.xlsx?class=not_covered")
    reader.page(f"/reports/training/{task_id}")
    noted = session.execute(
        select(AuditEntry.action, AuditEntry.organization_id, AuditEntry.details)
        .where(AuditEntry.action.like("reports.%"))
        .order_by(AuditEntry.id)
    ).all()
    assert [row.action for row in noted] == ["reports.read_names", "reports.export_names"]
    assert noted[0].organization_id == cast.WILLOW
    assert noted[0].details["column"] == "not_covered"


def test_names_come_in_pages(client_as: Clients, task_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 8)
    reader, url, seen = client_as("reader"), f"/reports/training/{task_id}/names?class=due", []
    while url:
        page = reader.page(url)
        seen += re.findall(r"<strong><a[^>]*>(.*?)</a></strong>", page)
        further = re.search(r'href="([^"]*after=[^"]*)"', page)
        url = further[1].replace("&amp;", "&") if further else ""
    assert len(seen) == 18
    assert "这里没有人" in reader.page(f"/reports/training/{task_id}/names?class=make_up")


def test_an_unknown_column_is_not_there(client_as: Clients, task_id: int) -> None:
    client_as("reader").page(f"/reports/training/{task_id}/names?class=rank", status=404)


def test_a_reader_of_a_town_sees_the_own_part_only(client_as: Clients, session: Session, task_id: int) -> None:
    foreign = client_as("foreign_reader")
    page = foreign.page(f"/reports/training/{task_id}")
    assert cells(page, "合计")[1] == "4"
    assert "柳河" not in page
    assert "返回中共示例县委" not in page
    for place in (cast.COUNTY, cast.WILLOW, 999):
        for path in ("", "/names", "/coverage.xlsx", "/names.xlsx"):
            foreign.page(f"/reports/training/{task_id}{path}?organization={place}&class=heads", status=404)
    names = foreign.page(f"/reports/training/{task_id}/names?class=heads")
    assert re.findall(r"<strong><a[^>]*>(.*?)</a></strong>", names) == ["韩卯", "杨辰", "朱巳", "秦午"]


def test_a_task_of_another_town_is_not_there(client_as: Clients, session: Session, act: Acts) -> None:
    task_id = a_task(session, act("town_organizer"), organization_id=cast.WILLOW_TOWN)
    session.commit()
    client_as("foreign_reader").page(f"/reports/training/{task_id}", status=404)
    page = client_as("reader").page(f"/reports/training/{task_id}")
    assert cells(page, "合计")[1] == "16", "the county reads the town's part"


def test_without_a_task_the_page_says_what_will_stand_here(client_as: Clients, session: Session, act: Acts) -> None:
    assert "还没有轮训任务" in client_as("reader").page("/reports/training")
    first, second = a_task(session, act("organizer")), a_task(session, act("organizer"), title="支部书记轮训")
    session.commit()
    page = client_as("reader").page("/reports/training")
    assert f"/reports/training/{first}?" in page
    chosen = client_as("reader").get(f"/reports/training?task={second}&as-of=2026-10-01&domain=rural")
    assert chosen.status_code == 303
    assert f"/{second}?" in chosen.location
    assert "as-of=2026-10-01" in chosen.location


@pytest.mark.parametrize("person", ["member", "recorder", "author", "system_admin", "security_admin", "audit_admin"])
def test_reports_are_for_those_who_may_read_them(client_as: Clients, person: str, task_id: int) -> None:
    client_as(person).page(f"/reports/training/{task_id}", status=403)
    client_as(person).page(f"/reports/training/{task_id}/names?class=heads", status=403)


def test_a_coverage_page_asks_the_same_few_questions_of_any_tree(client_as: Clients, task_id: int) -> None:
    reader = client_as("reader")
    counts = {}
    for place in (cast.COUNTY, cast.WILLOW):
        with count_statements() as seen:
            reader.page(f"/reports/training/{task_id}?organization={place}")
        counts[place] = len(seen)
    assert max(counts.values()) <= 14  # on PostgreSQL one asks how much of the tree is in question
    with count_statements() as seen:
        reader.page(f"/reports/training/{task_id}/names?class=due")
    assert len(seen) <= 12
