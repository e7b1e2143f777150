"""Every page as people with weak eyes, small phones and other schemes meet it: axe finds nothing, nothing scrolls sideways."""

import re

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from learnhub.audit.rules import Act
from learnhub.quiz import service as quiz
from learnhub.web.catalogue import catalogue
from learnhub.web.db import db
from tests import cast
from tests.browser.conftest import Site, cookie_of
from tests.security import world

PAGES = {
    None: ["/sign-in", "/pages/privacy", "/sign-in/link/unknown", "/nothing-here", "/verify", "/feedback",
           "/feedback/find", "/feedback/figures"],
    "member": ["/", "/months/2026-11", "/months/2026-11/lesson", "/courses", "/courses/first-response", "/months",
               "/courses/first-response/cpr", "/courses/first-response/quiz", "/search?q=党员", "/my-record", "/account", "/hour-rules",
               "/months/2026-11/quiz", "/attempts/{attempt}", "/attempts/{handed_in}/result", "/my-training",
               "/my-record/objections/new", "/my-calendar", "/account/notices", "/my-data", "/offline",
               "/feedback/opinion/course:first-response"],
    "recorder": ["/", "/meetings", "/meetings/schedule?month=2026-12", "/meetings/{meeting}", "/meetings/{meeting}/roll",
                 "/meetings/{meeting}/sign-in-sheet", "/meetings/{meeting}/follow-ups", "/meetings/{meeting}/record",
                 "/meetings/{meeting}/activity-record", "/meetings/{meeting}/move", "/meetings/{meeting}/cancel",
                 "/objections/{objection}", "/entries?member=4", "/entries/{credit}", "/meetings/missed",
                 "/meetings/usual-day", "/meetings/check-in-setting", "/meetings/{meeting}/check-in",
                 "/meetings/calendar-link", "/meetings/ledger", "/meetings/{meeting}/attachments"],
    "organizer": ["/", "/roster", "/roster/import", "/meetings", "/training", "/training/tasks/new",
                  "/training/tasks/{task}", "/training/tasks/{task}/batches/new", "/training/batches/{batch}",
                  "/training/batches/{batch}/results", "/training/batches/{batch}/close", "/feedback/inbox",
                  "/training/sessions/{session}/roll", "/training/batches/{batch}/certificates",
                  "/feedback/opinions", "/jobs", "/roster/import/{upload}"],
    "reader": ["/", "/reports/training", "/reports/training/{task}", "/reports/training/{task}/names",
               "/reports/training/{task}/breakdown", "/reports/frozen/{report}", "/reports", "/reports/meetings",
               "/reports/theme-days", "/reports/hours", "/reports/work-list", "/reports/quarters/2026-Q3",
               "/reports/frozen"],
    "author": ["/", "/content-faults", "/content/questions", "/content/questions/courses/first-response"],
}  # fmt: skip


@pytest.fixture
def own_things(site: Site) -> dict[str, int | str]:
    """Ids for the addresses above."""
    with site.app.app_context():
        session, act = db.session(), Act(cast.PEOPLE["member"][0], cast.NOW)
        things = world.build(session, cast.WILLOW, cast.COUNTY, member_id=4, account_id=2)
        papers = quiz.course_paper(catalogue(), "first-response"), quiz.month_paper(catalogue(), "2026-11")
        attempt, handed_in = (quiz.start(session, act, paper=paper, member_id=1) for paper in papers)
        quiz.hand_in(session, act, attempt_id=handed_in)
        session.commit()
        db.session.remove()
    return {
        "meeting": things.meeting_id,
        "task": things.task_id,
        "batch": things.batch_id,
        "session": things.session_id,
        "objection": things.objection_id,
        "credit": things.credit_id,
        "report": things.report_id,
        "attempt": attempt,
        "handed_in": handed_in,
    }


# Modes and schemes change tokens and nothing else: everything but colours is looked at once. Every page is seen in both
# modes and both schemes; which two of the four pairs of colours it is seen in goes in turn.
TURNS = ((("standard", "light"), ("elder", "dark")), (("standard", "dark"), ("elder", "light")))
# Nothing here needs what axe would load of its own accord, style sheets and films.
STRUCTURE: dict[str, object] = {"preload": False, "rules": {"color-contrast": {"enabled": False}}}
COLOURS: dict[str, object] = {"preload": False, "runOnly": ["color-contrast"]}
# Contrast is dear by the element, and the second row of a list has the colours of the first: what repeats the shape of
# the element before it goes, with all its classes, states and descendants the same.
PRUNE = """() => {
  const shape = element => [element.tagName, element.className.baseVal ?? element.className, element.disabled,
    element.checked, element.getAttribute("aria-current"), element.type, ...[...element.children].map(shape)].join();
  const seen = parent => {
    const shapes = new Set();
    for (const child of [...parent.children]) {
      const own = shape(child);
      if (shapes.has(own) && !child.id) { child.remove(); continue; }
      shapes.add(own);
      seen(child);
    }
  };
  seen(document.querySelector("main"));
}"""


def look(page: Page, address: str, rules: dict[str, object]) -> list[str]:
    """What axe, which every page of the window has, finds on it as it is now."""
    options = {"resultTypes": ["violations"], **rules}
    violations = page.evaluate("options => axe.run(document, options).then(results => results.violations)", options)
    return [
        f"{address}: {found['id']}: {node['target']} {node['failureSummary'][:300]}"
        for found in violations
        for node in found["nodes"]
    ]


def upload(page: Page) -> str:
    """Hand in the roster as it was taken out; the token of its preview."""
    page.goto("/roster/import")
    roster = {"name": "roster.csv", "mimeType": "text/csv", "buffer": page.request.get("/roster/export.csv").body()}
    page.set_input_files("input[type=file]", roster)  # type: ignore[arg-type]
    page.locator("main form .btn").click()
    page.wait_for_url(re.compile(r"/roster/import/[^?]+"))
    return page.url.split("/")[-1]


@pytest.mark.long
@pytest.mark.one_database  # colours, labels and widths do not depend on it
@pytest.mark.parametrize("person", PAGES, ids=str)
def test_every_page_is_accessible(
    chromium: Browser, site: Site, own_things: dict[str, int | str], person: str | None
) -> None:
    """At 320 px in both modes and both schemes, with everything that is folded away opened."""
    context = chromium.new_context(
        viewport={"width": 320, "height": 700}, bypass_csp=True, base_url=site.address, locale="zh-CN"
    )
    if person is not None:
        cookie = {"name": "learnhub", "value": cookie_of(site, person), "url": site.address}
        context.add_cookies([cookie])  # type: ignore[list-item]
    context.add_init_script(AXE_SCRIPT)
    page = context.new_page()
    if person == "organizer":
        own_things["upload"] = upload(page)
    faults = []
    for number, address in enumerate(PAGES[person]):
        page.goto(address.format(**own_things))
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        faults += look(page, address, STRUCTURE)
        for mode in ("elder", "standard"):
            page.evaluate("mode => { document.documentElement.dataset.mode = mode }", mode)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 0:
                faults.append(f"{address} ({mode}): {wide} px too wide")
        page.evaluate(PRUNE)
        for mode, scheme in TURNS[number % len(TURNS)]:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.evaluate("mode => { document.documentElement.dataset.mode = mode }", mode)
            faults += look(page, f"{address} ({mode}, {scheme})", COLOURS)
    context.close()
    assert not faults, "\n".join(faults[:12])
