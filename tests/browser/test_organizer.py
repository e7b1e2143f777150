"""The organizer opens, fills, records and closes a batch; the report reader sees covered rise by exactly those names."""

import io
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from learnhub.audit.rules import Act
from learnhub.members import service as members
from learnhub.web.db import db
from tests import cast
from tests.browser.conftest import Site
from tests.browser.test_member import no_sideways_scroll
from tests.browser.test_recorder import tap_absent

Windows = Callable[..., Page]


def names(page: Page, column: str) -> set[str]:
    """Who stands behind a number of the county's coverage; the list has as many names as its heading says."""
    page.goto(f"/reports/training/1/names?organization=1&class={column}")
    people = page.locator(".person strong").all_inner_texts()
    if people:
        heading = page.get_by_role("heading", level=1).inner_text()
        assert int(re.findall(r"(\d+) 人", heading)[0]) == len(people)
    return set(people)


def open_task_and_batch(page: Page) -> None:
    """A task with a test, and a batch of two sessions that are over."""
    page.goto("/training/tasks/new")
    no_sideways_scroll(page)
    page.get_by_label("名称").fill("2026 年党员集中轮训")
    page.get_by_label("开始日期").fill("2026-01-01")
    page.get_by_label("结束日期").fill("2026-12-31")
    page.get_by_label("学时", exact=True).fill("8")
    page.get_by_label("依据").fill("2026 年党员教育培训计划")
    page.get_by_label("结业测试的合格线").fill("60")
    page.get_by_role("button", name="开出任务").click()
    page.get_by_role("link", name="开新的一期").first.click()
    no_sideways_scroll(page)
    page.get_by_label("期次名称").fill("第 1 期")
    page.get_by_label("地点", exact=True).first.fill("县委党校第二教室")
    page.get_by_label("开始日期").fill("2026-11-10")
    page.get_by_label("结束日期").fill("2026-11-11")
    page.get_by_label("名额").fill("6")
    for number, day in enumerate(("2026-11-10", "2026-11-11")):
        page.locator(f"[name=sessions-{number}-title]").fill(f"第 {number + 1} 次课")
        page.locator(f"[name=sessions-{number}-day]").fill(day)
        page.locator(f"[name=sessions-{number}-starts]").fill("14:00")
        page.locator(f"[name=sessions-{number}-ends]").fill("17:00")
        page.locator(f"[name=sessions-{number}-hours]").fill("4")
    page.get_by_role("button", name="开班").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("第 1 期")
    no_sideways_scroll(page)


def call(page: Page, batch: str, absent: str | None) -> None:
    """Record the attendance of the session that waits for it."""
    page.goto(batch)
    page.get_by_role("link", name="的课点名").click()
    expect(page.locator(".roll")).to_be_visible()
    no_sideways_scroll(page)
    if absent:
        tap_absent(page, absent, "未请假")
    page.get_by_role("button", name="保存并登记学时").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("第 1 期")


def test_an_organizer_trains_a_batch_and_a_reader_sees_it(open_as: Windows) -> None:
    page = open_as("organizer")
    open_task_and_batch(page)
    batch = page.url
    waiting = names(page, "not_covered")

    page.goto(batch)
    page.get_by_role("button", name="编入未训党员").click()
    expect(page.get_by_text("编入了 6 人").first).to_be_visible()
    call(page, batch, absent=None)
    call(page, batch, absent="周戊")
    page.goto(batch + "/results")
    no_sideways_scroll(page)
    boxes = page.locator("[name^=percent-]")
    assert boxes.count() == 6
    for box in boxes.all():
        box.fill("90")
    page.get_by_role("button", name="保存成绩").click()
    page.goto(batch + "/close")
    no_sideways_scroll(page)
    expect(page.get_by_text("5 人结业，1 人没有结业").first).to_be_visible()
    page.get_by_role("button", name="结班").click()
    expect(page.get_by_text("5 人结业").first).to_be_visible()
    page.reload()

    reader = open_as("reader")
    covered = names(reader, "covered")
    assert len(covered) == 5
    assert "周戊" not in covered
    assert names(reader, "not_covered") == waiting - covered
    assert names(reader, "in_training") == set()


def test_a_reader_drills_filters_and_takes_the_file(open_as: Windows, site: Site) -> None:
    with site.app.app_context():
        moved = Act(4, cast.NOW)
        members.transfer(db.session(), moved, member_id=10, organization_id=cast.DAM, on=cast.TODAY.replace(month=7))
        db.session.commit()
    organizer = open_as("organizer")
    open_task_and_batch(organizer)
    page = open_as("reader")
    page.goto("/reports/training/1?organization=1")
    no_sideways_scroll(page)
    table = page.locator("table.tree").first
    rows = table.locator("tbody tr th").all_inner_texts()
    assert rows == ["柳河镇党委", "东山镇党委", "合计"], "organization order, then the total"

    with page.expect_download() as download:
        page.get_by_role("link", name="导出 Excel").click()
    book = CalamineWorkbook.from_filelike(io.BytesIO(download.value.path().read_bytes()))
    cells = book.get_sheet_by_index(0).to_python()
    for row in table.locator("tbody tr").all():
        name = row.locator("th").inner_text()
        heads = row.locator("td").first.inner_text().replace("\u202f", "")
        line = next((cell for cell in cells if name in [str(value).strip() for value in cell]), None)
        assert line, f"{name} is not in {cells}"
        assert heads in [str(int(value)) if isinstance(value, float) else str(value) for value in line]

    page.get_by_role("link", name="柳河镇党委", exact=True).first.click()
    page.get_by_role("link", name="柳树村党支部", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/reports/training/1?organization=1")
    page.get_by_label("领域").select_option(label="农村")
    page.get_by_role("button", name="更新").click()
    total = page.locator("table.tree").first.locator("tr.total td").first
    expect(total).to_have_text("17")

    page.goto("/reports/training/1?organization=2")
    heads = page.locator("table.tree").first.locator("tr.total td").first
    expect(heads).to_have_text("15")
    page.get_by_label("名册日").fill("2026-06-30")
    page.get_by_role("button", name="更新").click()
    expect(heads).to_have_text("16")
