"""The start page of each role, the choices kept in cookies, the state of the content, and the health address."""

import html
import re
from collections.abc import Callable

import pytest

from learnhub.content.problems import Problem, Severity, folder_error
from learnhub.content.publish import publish
from learnhub.content.shelf import Fault, Shelf
from learnhub.core.orm import FOREVER
from learnhub.organizations.models import Organization, OrganizationLink
from learnhub.organizations.rules import OrganizationKind
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient

HEADINGS = {
    "member": ("我的学习", "我的培训", "我的记录"),
    "recorder": ("柳树村党支部，十一月", "本支部应做的事", "谁需要补课或上门", "今年的主题党日", "我的学习"),
    "organizer": ("培训和组织生活", "中共示例县委：轮训任务", "本月主题党日"),
    "reader": ("覆盖情况", "中共示例县委"),
    "author": ("首页", "学习内容"),
    "system_admin": ("首页", "学习内容", "名册"),
    "security_admin": ("首页", "安全管理员"),
    "audit_admin": ("首页", "审计管理员"),
}


def headings(page):
    found = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page, flags=re.S)
    return [html.unescape(re.sub(r"<[^>]+>|\s", "", each)) for each in found]


@pytest.mark.parametrize("person", HEADINGS)
def test_each_role_starts_with_its_own_work(client_as, person):
    page = client_as(person).page("/")
    assert [each for each in headings(page) if each in HEADINGS[person]] == list(HEADINGS[person])
    assert page.count('class="btn"') <= 1


def test_a_stranger_is_asked_to_sign_in(client_as):
    assert "/sign-in" in client_as(None).get("/").location


def test_the_member_sees_the_month_with_the_own_marks(client_as):
    member = client_as("member")
    assert "赵甲同志，本月的课还没有读。" in member.page("/")
    member.send("/marks", {"unit": "month:2026-11:lesson", "set": "1"})
    page = member.page("/")
    assert "本月还有一部片子没有看。" in page
    assert "我已学，11 月 22 日" in page


def test_the_navigation_offers_only_what_may_be_opened(client_as):
    for person in HEADINGS:
        client = client_as(person)
        nav = re.search(r'<nav class="nav.*?</nav>', client.page("/"), flags=re.S)[0]
        for link in re.findall(r'href="([^"]+)"', nav):
            assert client.get(link).status_code in {200, 303}, f"{person}: {link}"


def test_where_one_stands_is_marked(client_as):
    page = client_as("member").page("/courses")
    assert re.search(r'<a href="/courses" aria-current="page">', page)
    assert len(re.findall(r"<nav class=.nav.*?</nav>", page, flags=re.S)[0].split("aria-current")) == 2


def test_a_committee_and_groups_are_due_only_where_they_exist(client_as, session):
    branch = client_as("recorder").page("/")
    assert "支部委员会" in branch
    assert "党小组会" not in branch
    assert "支部委员会</strong>" not in client_as("foreign_recorder").page("/")
    dated = {"founded_on": cast.SINCE, "dissolved_on": FOREVER}
    group = Organization(code="G1", name="第一党小组", kind=OrganizationKind.GROUP, position=1, **dated)
    session.add(group)
    session.flush()
    link = {"organization_id": group.id, "parent_id": cast.WILLOW, "valid_from": cast.SINCE, "valid_to": FOREVER}
    session.add(OrganizationLink(**link))
    session.commit()
    page = client_as("recorder").page("/")
    assert "设 1 个党小组" in page
    assert "党小组会</strong>" in page


@pytest.mark.parametrize("person", HEADINGS)
def test_a_start_page_is_a_handful_of_statements(client_as, person):
    client = client_as(person)
    with count_statements() as seen:
        client.page("/")
    assert len(seen) <= {"recorder": 24, "member": 9}.get(person, 8), seen


def test_the_choice_of_text_size_goes_back_to_where_it_was_made(client_as):
    client = client_as(None)
    answer = client.send("/mode", {"mode": "elder", "next": "/pages/about?x=1"})
    assert (answer.status_code, answer.location) == (303, "/pages/about?x=1")
    assert 'data-mode="elder"' in client.page("/pages/about")
    client.send("/mode", {"size": "xl"})
    assert 'data-size="xl"' in client.page("/pages/about")
    client.send("/mode", {"mode": "standard"})
    assert 'data-mode="standard"' in client.page("/pages/about")


def test_an_odd_choice_changes_nothing(client_as):
    client = client_as(None)
    assert not client.send("/mode", {"mode": "x<script>", "size": "99"}).headers.getlist("Set-Cookie")
    assert not client.send("/language", {"language": "../../etc"}).headers.getlist("Set-Cookie")


def test_the_language_is_kept(client_as):
    client = client_as(None)
    client.send("/language", {"language": "en"})
    assert '<html lang="en"' in client.page("/pages/about")
    client.send("/language", {"language": "zh-CN"})
    assert '<html lang="zh-CN"' in client.page("/pages/about")


@pytest.mark.parametrize(
    "target",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "\t//x", ""],
)
@pytest.mark.parametrize("door", ["/mode", "/language"])
def test_a_choice_never_leads_elsewhere(client_as, door, target):
    assert client_as(None).send(door, {"next": target}).location == "/"


def test_a_choice_needs_a_token(client_as):
    client = client_as(None)
    assert client.post("/mode", data={"mode": "elder"}).status_code == 400
    assert client.post("/language", data={"language": "en"}).status_code == 400


def test_health_names_the_content_and_the_tables(client_as, app):
    answer = client_as(None).get("/healthz")
    found = answer.get_json()
    assert (answer.status_code, found["status"]) == (200, "ok")
    assert found["content"] == app.extensions["shelf"].current().version
    assert found["schema"]
    assert found["content_fault"] is False


def test_faults_of_content_are_shown_with_their_place(client_as, app, monkeypatch):
    reason, values = "不认识的字段“%(name)s”。", {"name": "<b>titel"}
    file = "courses/a/course.md"
    problem = Problem(file=file, line=3, column=1, severity=Severity.ERROR, reason=reason, values=values)
    shelf = app.extensions["shelf"]
    contents = shelf.current()
    monkeypatch.setattr(shelf, "current", lambda: contents)  # the shelf looks once a second and would find no fault
    monkeypatch.setattr(shelf, "fault", Fault("新的学习内容有错误，现在用的是上一个好的版本。", (problem,)))
    for person in ("author", "system_admin"):
        client = client_as(person)
        page = client.page("/content-faults")
        assert "courses/a/course.md" in page
        assert "不认识的字段“&lt;b&gt;titel”。" in page
        assert "新的学习内容有错误" in client.page("/")
    assert client_as(None).get("/healthz").get_json()["content_fault"] is True


def test_a_machine_that_was_too_busy_is_named_on_the_page_and_no_file_is(client_as, app, monkeypatch):
    problem = folder_error("机器太忙，没有把内容读完；和内容无关，请过一会儿再试。", transient=True)
    shelf = app.extensions["shelf"]
    contents = shelf.current()
    monkeypatch.setattr(shelf, "current", lambda: contents)
    monkeypatch.setattr(shelf, "fault", Fault("新的学习内容还没有发布成，现在用的是上一个好的版本。", (problem,)))
    page = client_as("author").page("/content-faults")
    assert "机器太忙" in page and "为什么没有发布成" in page
    assert "要改的地方" not in page and "<th" not in page
    assert client_as(None).get("/healthz").status_code == 200, "what serves is the last good version"


def test_a_site_without_content_is_not_well_and_says_why(client_as, app, monkeypatch, tmp_path):
    """A load balancer sends nobody to it; the page of the keepers names what kept the first version from being published."""
    shelf = Shelf(tmp_path / "content.json")
    monkeypatch.setitem(app.extensions, "shelf", shelf)
    published = publish(tmp_path / "no such folder", tmp_path / "content.json")
    answer = client_as(None).get("/healthz")
    assert (answer.status_code, answer.get_json()["status"]) == (503, "failing")
    assert "no study content" in answer.get_json()["reason"] and str(tmp_path) not in answer.text
    page = client_as("system_admin").page("/content-faults")
    assert published.version is None and "没有这个文件夹" in page and "整个文件夹" in page
    assert "现在用的是上一个好的版本" not in page and "一直用上一个好的版本" not in page and "000000" not in page


def test_only_those_who_mend_content_see_its_faults(client_as):
    for person in ("member", "recorder", "organizer", "reader", "security_admin", "audit_admin"):
        assert client_as(person).get("/content-faults").status_code == 403
    assert "/sign-in" in client_as(None).get("/content-faults").location


def test_the_large_print_mode_has_five_entries_and_the_start_page_leads_on(
    client_as: Callable[[str | None], PageClient],
) -> None:
    for person in ("member", "recorder", "organizer", "reader", "system_admin"):
        browser = client_as(person)
        browser.send("/mode", {"mode": "elder", "next": "/"})
        page = browser.page("/")
        entries = re.findall(r"<nav class=.nav.*?</nav>", page, flags=re.S)[0]
        assert entries.count("<li>") <= 5, person
        assert 'href="/months/2026-11"' in entries, person
        assert ('href="/my-record"' in entries) == (person in ("member", "recorder")), person
        assert 'href="/courses"' in page
        assert 'href="/months/2026-11"' in page
