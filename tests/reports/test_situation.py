"""The quarter, the month's work and the year's archive say what the tables say, name nobody and rank nothing."""

import io
import itertools
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.meetings import service as meetings
from learnhub.organizations import queries as organizations
from learnhub.reports import queries
from learnhub.reports.queries import situation as asking
from learnhub.reports.rules import Column
from learnhub.reports.rules.quarter import as_quarter, quarter_of, quarters_until
from learnhub.reports.service.archive import MANIFEST, faults
from learnhub.web.db import db
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient
from tests.security import world

Clients = Callable[..., PageClient]
PAGES = ["/reports", "/reports/work-list", "/reports/quarters/2026-Q4", "/reports/quarters/2026-Q3"]
FILES = ["/reports/work-list.pdf", "/reports/quarters/2026-Q4/file.docx", "/reports/quarters/2026-Q4/file.pdf"]


@pytest.fixture
def task_id(session: Session) -> int:
    things = world.build(session, cast.WILLOW, cast.COUNTY, member_id=4, account_id=2)
    session.commit()
    return things.task_id


@pytest.mark.parametrize("day", ["2026-01-01", "2026-03-31", "2026-11-22", "2026-12-31"])
def test_quarters_follow_each_other_without_gaps(day: str) -> None:
    found = quarter_of(clock.first_day(day[:7]))
    assert found.first <= clock.first_day(day[:7]) <= found.last
    assert (found.following.first - found.last).days == 1
    assert as_quarter(str(found)) == found and as_quarter("2026-Q5") is None
    back = quarters_until(found.last)
    assert all(earlier.following == later for later, earlier in itertools.pairwise(back))


def test_the_quarter_says_the_figures_of_the_coverage_table(client_as: Clients, session: Session, task_id: int) -> None:
    table = queries.coverage(session, queries.ask(session, task_id, cast.COUNTY, cast.TODAY))
    page = client_as("reader").page(PAGES[2])
    figures = table.total.figures
    assert f"党员 {figures[Column.HEADS]} 人，应训 {figures[Column.DUE]} 人" in page
    assert "标记任务" in page and "2026 年第 4 季度" in page


def test_nobody_is_named(client_as: Clients, task_id: int) -> None:
    for address in PAGES:
        page = client_as("reader").page(address)
        assert not [row[1] for row in cast.MEMBERS if row[1] in page.replace(cast.PEOPLE["reader"][1], "")], address


def test_each_file_is_given(client_as: Clients, task_id: int) -> None:
    for address in FILES:
        answer = client_as("reader").open(address)
        assert answer.status_code == 200 and len(answer.data) > 1000, address


def test_a_quarter_that_has_not_begun_is_not_there(client_as: Clients) -> None:
    for quarter in ("2027-Q1", "2026-Q9", "soon"):
        assert client_as("reader").open(f"/reports/quarters/{quarter}").status_code == 404


def test_the_work_below_adds_up_to_the_tables(session: Session, task_id: int) -> None:
    place = organizations.organization(session, cast.COUNTY, cast.TODAY)
    assert place is not None
    found = asking.work_list(session, place, "2026-11", cast.TODAY)
    assert all(row.unplanned == row.row.branches - row.row.finished - row.row.scheduled for row in found.children)
    for number, table in enumerate(found.tasks):
        own = sum(row.figures[Column.NOT_COVERED] for row in table.rows if row.own)
        below = sum(row.not_covered[number] for row in found.children)
        assert below + own == table.total.figures[Column.NOT_COVERED]


def test_a_branch_sees_its_own_month(client_as: Clients, task_id: int) -> None:
    page = client_as("reader").page(f"/reports/work-list?organization={cast.WILLOW}")
    assert "主题党日" in page and "还没有答复的异议" in page


def test_the_pages_ask_a_bounded_number_of_questions(client_as: Clients, task_id: int) -> None:
    for address, most in zip(PAGES, (6, 15, 22, 22), strict=True):
        with count_statements() as seen:
            client_as("reader").page(address)
        assert len(seen) <= most, (address, len(seen))


def test_the_archive_of_a_year_is_whole_and_tells_when_it_is_not(own_app: Flask, tmp_path: Path) -> None:
    with own_app.app_context():
        world.build(db.session(), cast.WILLOW, cast.COUNTY, member_id=4, account_id=2)
        db.session.commit()
        db.session.remove()
    browser = PageClient(own_app, own_app.response_class)
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = cast.token("reader"), True
    asked = browser.send("/reports/archive", {"year": "2026"})
    assert asked.status_code == 303
    assert browser.send("/reports/archive", {"year": "1999"}).status_code == 404
    done = own_app.test_cli_runner().invoke(args=["jobs", "work", "--once"])
    assert done.exit_code == 0, done.output
    answer = browser.open(f"{asked.location}/file")
    assert f"filename=archive-{cast.TODAY}.zip;" in answer.headers["Content-Disposition"]
    data = answer.data
    path = tmp_path / "year.zip"
    path.write_bytes(data)
    runner = own_app.test_cli_runner()
    assert runner.invoke(args=["reports", "verify", str(path)]).exit_code == 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        listed = [each["name"] for each in json.loads(archive.read(MANIFEST))["files"]]
        assert sorted([*listed, MANIFEST]) == sorted(archive.namelist())
        assert {name[0] for name in listed} == {"1", "2", "3", "4", "6", "7", "口"}
        (records,) = [name for name in listed if name.startswith("7-")]
        rows = CalamineWorkbook.from_filelike(io.BytesIO(archive.read(records))).get_sheet_by_index(0).to_python()
        assert [row[0] for row in rows if row[0] in ("组织", "班次")] == ["组织", "班次"]
        changed = tmp_path / "changed.zip"
        with zipfile.ZipFile(changed, "w") as other:
            for name in archive.namelist():
                if name != listed[0]:
                    other.writestr(name, b"x" if name == listed[1] else archive.read(name))
            other.writestr("extra.txt", b"")
    assert len(faults(changed)) == 3
    assert runner.invoke(args=["reports", "verify", str(changed)]).exit_code == 1


def test_the_work_list_says_in_words_who_one_level_down_may_need_help(client_as: Clients, session: Session) -> None:
    act = Act(cast.PEOPLE["recorder"][0], cast.NOW)
    meetings.ask_help(session, act, organization_id=cast.WILLOW, words="想借一台投影")
    session.commit()
    town = client_as("town_organizer").page(f"/reports/work-list?organization={cast.WILLOW_TOWN}")
    assert "请求帮助：想借一台投影" in town
    assert "本月主题党日还没有排期" in town
    county = client_as("reader").page("/reports/work-list")
    assert "有支部请求帮助" in county
    assert "投影" not in county
