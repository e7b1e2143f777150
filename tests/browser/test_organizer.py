"""The organizer places everybody at once, holds and closes a class, and opens the make-up; the reader sees just those names."""

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
from tests.training.test_service import a_task

Windows = Callable[..., Page]


def names(page: Page, column: str) -> set[str]:
    """Who stands behind a number of the county's coverage; the list has as many names as its heading says."""
    page.goto(f"/reports/training/1/names?organization=1&class={column}")
    people = page.locator(".person strong").all_inner_texts()
    if people:
        heading = page.get_by_role("heading", level=1).inner_text()
        assert int(re.findall(r"(\d+) 人", heading)[0]) == len(people)
    return set(people)


def open_task(page: Page) -> None:
    """A task with a test, opened by the form."""
    page.goto("/training/tasks/new")
    no_sideways_scroll(page)
    page.get_by_label("名称").fill("2026 年党员集中轮训")
    page.get_by_label("开始日期").fill("2026-01-01")
    page.get_by_label("结束日期").fill("2026-12-31")
    page.get_by_label("学时", exact=True).fill("4")
    page.get_by_label("依据").fill("2026 年党员教育培训计划")
    page.get_by_label("结业测试的合格线").fill("60")
    page.get_by_role("button", name="开出任务").click()


def place_everybody(page: Page) -> None:
    """All who wait are looked at and put into classes in one action: one class at each town."""
    page.get_by_role("link", name="给这 19 人编班").click()
    expect(page.get_by_text("19 人，分 2 个班")).to_be_visible()
    no_sideways_scroll(page)
    for number in range(2):
        page.locator(f"[name=rows-{number}-place]").fill("镇党校")
        page.locator(f"[name=rows-{number}-starts_on]").fill("2026-11-10")
        page.locator(f"[name=rows-{number}-ends_on]").fill("2026-11-30")
    page.get_by_role("button", name="开出 2 个班，编入 19 人").click()
    expect(page.get_by_text("编入了 19 人").first).to_be_visible()
    page.get_by_role("link", name="第 2 期").click()


def hold_a_session(page: Page, absent: str) -> None:
    """One session on the timetable, and its roll."""
    page.goto(page.url + "/sessions/new")
    page.locator("[name=title]").fill("村集体的账怎么看")
    page.locator("[name=day]").fill("2026-11-10")
    page.locator("[name=starts]").fill("14:00")
    page.locator("[name=ends]").fill("17:00")
    page.locator("[name=hours]").fill("4")
    page.locator("main form[method=post] button.btn").click()
    page.get_by_role("link", name="的课点名").click()
    expect(page.locator(".roll")).to_be_visible()
    no_sideways_scroll(page)
    tap_absent(page, absent, "未请假")
    page.get_by_role("button", name="保存并登记学时").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("第 2 期")


def close(page: Page, batch: str) -> None:
    """Everybody passes the test; the batch is closed."""
    page.goto(batch + "/results")
    no_sideways_scroll(page)
    boxes = page.locator("[name^=percent-]")
    assert boxes.count() == 4
    for box in boxes.all():
        box.fill("90")
    page.get_by_role("button", name="保存成绩").click()
    page.goto(batch + "/close")
    no_sideways_scroll(page)
    expect(page.get_by_text("3 人结业，1 人没有结业").first).to_be_visible()
    page.get_by_role("button", name="结班").click()
    expect(page.get_by_text("3 人结业").first).to_be_visible()


def take_the_remainder(page: Page, batch: str) -> None:
    """Who did not complete it goes into a make-up batch in one action."""
    page.goto(batch + "/remainder")
    page.locator("[name=title]").fill("补训班")
    page.locator("[name=place]").fill("镇党校")
    page.locator("[name=starts_on]").fill("2026-12-01")
    page.locator("[name=ends_on]").fill("2026-12-02")
    page.locator("main form[method=post] button.btn").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("补训班")


def test_an_organizer_trains_everybody_and_a_reader_sees_it(open_as: Windows) -> None:
    page = open_as("organizer")
    open_task(page)
    waiting = names(page, "not_covered")
    page.go_back()
    place_everybody(page)
    batch = page.url
    hold_a_session(page, absent="杨辰")
    close(page, batch)
    take_the_remainder(page, batch)

    reader = open_as("reader")
    covered, training = names(reader, "covered"), names(reader, "in_training")
    assert len(covered) == 3
    assert "杨辰" in training
    assert covered | training == waiting
    assert names(reader, "not_covered") == set()


def test_a_reader_drills_filters_and_takes_the_file(open_as: Windows, site: Site) -> None:
    with site.app.app_context():
        moved = Act(4, cast.NOW)
        members.transfer(db.session(), moved, member_id=10, organization_id=cast.DAM, on=cast.TODAY.replace(month=7))
        a_task(db.session(), Act(4, cast.NOW))
        db.session.commit()
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
