"""The pages of an issued report: its files, the names behind its numbers, and that another process shows the same."""

import hashlib
import html
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.app import create_app
from learnhub.audit.models import AuditEntry
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.members import service as members
from learnhub.reports.queries import freezing
from learnhub.reports.rules import Column
from learnhub.typesetter import client as typesetter
from learnhub.web.db import db
from tests import cast, databases
from tests.databases import count_statements
from tests.other_process import OtherProcess
from tests.pages import PageClient
from tests.reports.test_frozen import done, issued
from tests.training.test_service import a_task

Clients = Callable[[str | None], PageClient]
Acts = Callable[..., Act]


@pytest.fixture
def report_id(session: Session, act: Acts) -> int:
    """The county's report: member 5 covered."""
    task_id = a_task(session, act("organizer"))
    done(session, act("organizer"), task_id, 5)
    found = issued(session, act, task_id)
    session.commit()
    return found


def test_behind_every_number_stand_as_many_names(client_as: Clients, session: Session, report_id: int) -> None:
    reader = client_as("reader")
    page = reader.page(f"/reports/frozen/{report_id}")
    links = re.findall(r'href="([^"]*/names[^"]*)" aria-label="[^"]* (\d+) 人的名单"', page)
    assert len(links) > 10
    report = freezing.frozen(session, report_id)
    assert sum(int(count) for _url, count in links) >= report.total.figures[Column.HEADS]
    for url, count in links[:12]:
        names = reader.page(html.unescape(url))
        assert f"{count} 人</h1>" in names
        assert names.count('<li class="person">') == int(count)


def test_a_roster_changed_later_changes_no_list(
    client_as: Clients, session: Session, act: Acts, report_id: int
) -> None:
    reader, url = client_as("reader"), f"/reports/frozen/{report_id}/names?class=heads&row={cast.WILLOW_TOWN}"
    before = re.findall(r'<li class="person">.*', reader.page(url))
    assert len(before) == 16
    members.transfer(session, act("organizer"), member_id=4, organization_id=cast.DAM, on=cast.TODAY)
    members.leave(session, act("organizer"), member_id=6, on=cast.TODAY)
    session.commit()
    assert re.findall(r'<li class="person">.*', reader.page(url)) == before
    noted = session.scalars(select(AuditEntry).where(AuditEntry.action == "reports.read_frozen_names")).all()
    assert [each.details["row"] for each in noted] == [cast.WILLOW_TOWN] * 2


def test_what_is_no_number_of_the_report_is_not_there(client_as: Clients, report_id: int) -> None:
    reader = client_as("reader")
    reader.page(f"/reports/frozen/{report_id}/names?class=rank", status=404)
    reader.page(f"/reports/frozen/{report_id}/names?class=heads&row={cast.WILLOW}", status=404)
    client_as("foreign_reader").page(f"/reports/frozen/{report_id}/names?class=heads", status=404)


def test_without_fonts_the_report_is_issued_without_its_pdf(
    client_as: Clients, session: Session, act: Acts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = a_task(session, act("organizer"))
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    typesetter.use_fonts(tmp_path)
    try:
        report_id = issued(session, act, task_id)
    finally:
        monkeypatch.undo()
        typesetter.use_fonts(Path("/usr/share/fonts"))
    session.commit()
    assert [each.name[-4:] for each in freezing.files(session, report_id)] == ["xlsx", "docx"]
    assert "没有留下 PDF" in client_as("reader").page(f"/reports/frozen/{report_id}")


def test_a_fixed_number_of_statements_each(client_as: Clients, session: Session, act: Acts, report_id: int) -> None:
    reader = client_as("reader")
    task_id = freezing.frozen(session, report_id).task_id
    done(session, act("organizer"), task_id, 6)
    session.commit()
    asked = {
        f"/reports/frozen?organization={cast.COUNTY}": 4,
        f"/reports/frozen/{report_id}": 6,
        f"/reports/frozen/{report_id}/names?class=heads": 11,
        f"/reports/frozen/{report_id}/differences": 21,
        f"/reports/training/{task_id}/why/5?organization={cast.COUNTY}": 14,
        f"/reports/training/{task_id}/breakdown?organization={cast.COUNTY}": 7,
    }
    counts = {}
    for url in asked:
        with count_statements() as seen:
            reader.page(url)
        counts[url] = len(seen)
    assert all(counts[url] <= most for url, most in asked.items()), counts


def shown(app: Flask, url: str) -> list[str]:
    """A digest of what the page of report 1 shows, and of each of its files."""
    client = app.test_client()
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    client.set_cookie("learnhub", signer.dumps({"_user_id": cast.token("reader"), "_fresh": True}))
    page = client.get(url).text
    part = page[page.index('id="issued"') : page.index("</main>")]
    files = [client.get(each).data for each in re.findall(r'href="([^"]*/files/\d+)"', page)]
    assert len(files) == 3
    return [hashlib.sha256(each).hexdigest() for each in (part.encode(), *files)]


def shown_elsewhere(address: str, folder: str, url: str) -> list[str]:
    """The same, by an application of its own on the database at `address`; the other process calls this."""
    clock.fix(cast.NOW)
    app = create_app(databases.settings(address, Path(folder)))
    found = shown(app, url)
    with app.app_context():
        db.engine.dispose()
    return found


@pytest.mark.long
def test_another_process_shows_the_same_after_the_roster_changed(
    own_app: Flask, act: Acts, tmp_path: Path, other_process: OtherProcess
) -> None:
    with own_app.app_context():
        report_id = issued(db.session(), act, a_task(db.session(), act("organizer")))
        db.session.commit()
        address = db.engine.url.render_as_string(hide_password=False)
    url = f"/reports/frozen/{report_id}"
    before = shown(own_app, url)
    with own_app.app_context():
        members.transfer(db.session(), act("organizer"), member_id=4, organization_id=cast.DAM, on=cast.TODAY)
        members.leave(db.session(), act("organizer"), member_id=6, on=cast.TODAY)
        db.session.commit()
    assert other_process.ask("tests.reports.test_frozen_pages:shown_elsewhere", address, str(tmp_path), url) == before
