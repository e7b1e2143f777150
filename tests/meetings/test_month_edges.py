"""Five minutes after a month begins and five before it ends: page, calendar and reports agree, wherever the server stands."""

import datetime as dt
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.meetings.models import Meeting
from learnhub.meetings.queries import branch_year, theme_day
from learnhub.meetings.rules.duties import Held
from learnhub.reports.queries.theme_year import Theme, theme_year
from tests import cast
from tests.meetings import pages
from tests.pages import PageClient

Clients = Callable[[str | None], PageClient]


@pytest.fixture(params=["UTC", "Asia/Shanghai", "America/New_York"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The server's own zone, which must not matter."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.one_database  # dates are made before they reach either
@pytest.mark.parametrize(("day", "starts"), [("2026-10-01", "00:05"), ("2026-10-31", "23:55")])
def test_a_theme_day_at_the_edge_counts_for_its_month(
    session: Session, client_as: Clients, zone: str, day: str, starts: str
) -> None:
    recorder = client_as("recorder")
    url = pages.SCHEDULE.replace("2026-11", "2026-10")
    fields = pages.proposed(recorder.page(url)) | {"day": day, "starts": starts, "minutes": "30", "place": "会议室"}
    answer = recorder.send(url, fields)
    assert answer.status_code == 303, answer.text
    meeting_id = int(answer.location.rpartition("/")[2])
    pages.called(recorder, meeting_id)
    pages.finished(recorder, meeting_id, late_reason="补记")
    number = int(day[8:])
    assert f"10 月 {number} 日" in recorder.page(f"/meetings/{meeting_id}")
    assert f"/meetings/{meeting_id}" in recorder.page(f"/meetings?organization={cast.WILLOW}&month=2026-10")
    for other in ("2026-09", "2026-11"):
        assert f'"/meetings/{meeting_id}"' not in recorder.page(f"/meetings?organization={cast.WILLOW}&month={other}")
    row = session.scalars(select(Meeting).where(Meeting.id == meeting_id)).one()
    found = theme_day(session, cast.WILLOW, "2026-10")
    assert found and (row.month, found.occasion.day) == ("2026-10", dt.date.fromisoformat(day))
    own = branch_year(session, cast.WILLOW, cast.TODAY)
    assert [each.held for each in own.rows[0]][9] is Held.ON_TIME
    months = dict(theme_year(session, cast.WILLOW, cast.TODAY).months)
    assert {month for month, counts in months.items() if counts[Theme.HELD]} == {"2026-10"}
    assert clock.month_of(found.occasion.day) == "2026-10"
