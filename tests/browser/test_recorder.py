"""The recorder of a branch: schedule, print, call the roll in one request, visit, finish; the hours appear."""

from collections.abc import Callable

from playwright.sync_api import Page, Request, expect

from tests.browser.test_member import no_sideways_scroll

Windows = Callable[..., Page]


def tap_absent(page: Page, name: str, reason: str) -> None:
    """Untick somebody and choose why."""
    row = page.locator(".roll li", has_text=name).first
    row.locator("label").first.click()
    row.get_by_label(reason, exact=True).check()


def test_a_recorder_runs_the_theme_day(open_as: Windows) -> None:
    page = open_as("recorder")
    page.goto("/")
    no_sideways_scroll(page)

    # Three actions: open, choose the day, schedule.
    page.get_by_role("link", name="排期").first.click()
    no_sideways_scroll(page)
    page.get_by_label("其他日期").fill("2026-11-20")
    page.get_by_label("其他钟点").fill("09:00")
    page.locator("[name=place]").fill("村党群服务中心")
    if not page.get_by_label("主持人").is_visible():
        page.get_by_text("主持人、种类、时长和议程").click()
    page.get_by_label("主持人").fill("周戊")
    page.get_by_role("button", name="排期").click()
    expect(page.get_by_role("heading", name="做到哪一步")).to_be_visible()
    no_sideways_scroll(page)
    meeting = page.url

    page.get_by_role("link", name="打印签到表").first.click()
    for name in ("赵甲", "吴䶮", "阿依古丽·买买提"):
        expect(page.get_by_text(name).first).to_be_visible()
    no_sideways_scroll(page)

    page.goto(meeting)
    page.get_by_role("link", name="点名", exact=True).click()
    no_sideways_scroll(page)
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    tap_absent(page, "赵甲", "病假")
    tap_absent(page, "孙丙", "事假")
    page.get_by_role("button", name="完成点名").click()
    expect(page.get_by_role("heading", name="到会情况")).to_be_visible()
    assert len(sent) == 1, "the whole roll is one request"

    page.goto(meeting + "/follow-ups")
    no_sideways_scroll(page)
    page.get_by_label("赵甲").check()
    page.get_by_label("送学上门").check()
    page.get_by_label("日期", exact=True).fill("2026-11-21")
    page.get_by_label("谁去的、谁讲的").fill("李丁")
    page.get_by_label("学了什么").fill("少填一张表，多走一户门")
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("送学上门，11 月 21 日").first).to_be_visible()
    page.get_by_label("孙丙").check()
    page.get_by_label("自学补课").check()
    page.get_by_label("日期", exact=True).fill("2026-11-22")
    page.get_by_label("学了什么").fill("本月微党课")
    page.get_by_role("button", name="记下").click()
    expect(page.get_by_text("自学补课，11 月 22 日").first).to_be_visible()

    page.goto(meeting + "/record")
    no_sideways_scroll(page)
    page.get_by_label("议定的事和谁来办").first.fill("给三户老人送煤。")
    page.get_by_role("button", name="完成记录").click()
    expect(page.get_by_text("给三户老人送煤。").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("给三户老人送煤。").first).to_be_visible()

    for person, words in (("recorder", "主题党日"), ("member", "送学上门")):
        own = open_as(person)
        own.goto("/my-record")
        entry = own.locator(".person", has_text=words).filter(has_text="0.75")
        expect(entry.first).to_be_visible()
        no_sideways_scroll(own)
