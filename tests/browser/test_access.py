"""Every page as people with weak eyes, small phones and other schemes meet it: axe finds nothing, nothing scrolls sideways."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from learnhub.web.db import db
from tests import cast
from tests.browser.conftest import Site, cookie_of
from tests.security import world

PAGES = {
    None: ["/sign-in", "/pages/privacy", "/sign-in/link/unknown", "/nothing-here", "/verify", "/feedback"],
    "member": ["/", "/months/2026-11", "/months/2026-11/lesson", "/courses", "/courses/first-response", "/months",
               "/courses/first-response/cpr", "/courses/first-response/quiz", "/my-record", "/account", "/hour-rules"],
    "recorder": ["/", "/meetings", "/meetings/schedule?month=2026-12", "/meetings/{meeting}", "/meetings/{meeting}/roll",
                 "/meetings/{meeting}/sign-in-sheet", "/meetings/{meeting}/follow-ups", "/meetings/{meeting}/record",
                 "/meetings/{meeting}/activity-record", "/meetings/{meeting}/move", "/meetings/{meeting}/cancel",
                 "/objections/{objection}", "/entries?member=4", "/entries/{credit}"],
    "organizer": ["/", "/roster", "/roster/import", "/meetings", "/training", "/training/tasks/new",
                  "/training/tasks/{task}", "/training/tasks/{task}/batches/new", "/training/batches/{batch}",
                  "/training/batches/{batch}/results", "/training/batches/{batch}/close",
                  "/training/sessions/{session}/roll", "/training/batches/{batch}/certificates"],
    "reader": ["/", "/reports/training", "/reports/training/{task}", "/reports/training/{task}/names",
               "/reports/training/{task}/breakdown", "/reports/frozen/{report}"],
    "author": ["/", "/content-faults"],
}  # fmt: skip


@pytest.fixture
def own_things(site: Site) -> dict[str, int]:
    """Ids for the addresses above."""
    with site.app.app_context():
        things = world.build(db.session(), cast.WILLOW, cast.COUNTY, member_id=4, account_id=2)
        db.session.commit()
        db.session.remove()
    return {
        "meeting": things.meeting_id,
        "task": things.task_id,
        "batch": things.batch_id,
        "session": things.session_id,
        "objection": things.objection_id,
        "credit": things.credit_id,
        "report": things.report_id,
    }


# Modes and schemes change tokens and nothing else: everything but colours is looked at once.
# Every page is seen in the dark and in elder mode; which of the four pairs of colours it is seen in goes in turn.
TURNS = ((("standard", "dark"), ("elder", "light")), (("elder", "dark"),))
COLOURS: dict[str, object] = {"runOnly": ["color-contrast"]}


def look(page: Page, address: str, rules: dict[str, object]) -> list[str]:
    """What axe, which the page has loaded, finds on it as it is now."""
    options = {"resultTypes": ["violations"], **rules}
    violations = page.evaluate("options => axe.run(document, options).then(results => results.violations)", options)
    return [
        f"{address}: {found['id']}: {node['target']} {node['failureSummary'][:300]}"
        for found in violations
        for node in found["nodes"]
    ]


@pytest.mark.one_database  # colours, labels and widths do not depend on it
@pytest.mark.parametrize("person", PAGES, ids=str)
def test_every_page_is_accessible(
    chromium: Browser, site: Site, own_things: dict[str, int], person: str | None
) -> None:
    """At 320 px in both modes and both schemes, with everything that is folded away opened."""
    context = chromium.new_context(
        viewport={"width": 320, "height": 700}, bypass_csp=True, base_url=site.address, locale="zh-CN"
    )
    if person is not None:
        cookie = {"name": "learnhub", "value": cookie_of(site, person), "url": site.address}
        context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    faults = []
    for number, address in enumerate(PAGES[person]):
        page.emulate_media(color_scheme="light")
        page.goto(address.format(**own_things))
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        page.evaluate(AXE_SCRIPT)
        faults += look(page, address, {})
        for mode, scheme in TURNS[number % len(TURNS)]:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.evaluate("mode => { document.documentElement.dataset.mode = mode }", mode)
            faults += look(page, f"{address} ({mode}, {scheme})", COLOURS)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if wide > 0:
                faults.append(f"{address} ({mode}): {wide} px too wide")
    context.close()
    assert not faults, "\n".join(faults[:12])
