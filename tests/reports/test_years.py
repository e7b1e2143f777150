"""The yearly reports: what branches held, their theme Party days, and the names behind the hours."""

import datetime as dt
import io
import re
from collections.abc import Callable

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learnhub.attendance.models import Attendance, FollowUp, Occasion
from learnhub.attendance.rules import FollowUpKind, Outcome
from learnhub.audit.models import AuditEntry
from learnhub.core import clock
from learnhub.meetings.models import Meeting, MeetingKindOf
from learnhub.meetings.rules import MeetingKind
from learnhub.meetings.rules.duties import DUE, Held
from learnhub.records.models import Credit
from learnhub.records.rules import CreditKind
from learnhub.reports.queries import hours_names
from learnhub.reports.queries.hours import Band, Reached, hours
from learnhub.reports.queries.life import life
from learnhub.reports.queries.theme_year import Theme, theme_year
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient
from tests.reports.test_papers import credited

Clients = Callable[[str | None], PageClient]
__all__ = ["credited"]  # the fixture of the tests beside


def met(
    session: Session,
    kind: MeetingKind,
    month: str,
    day: dt.date,
    *,
    done: bool = True,
    called_off: str = "",
    place: int = cast.WILLOW,
) -> Occasion:
    """A meeting that counts for `month` and was on `day`: recorded, only planned, or called off."""
    starts = clock.instant(day, dt.time(9))
    ends = starts + dt.timedelta(hours=2)
    occasion = Occasion(
        organization_id=place, title="会", place="会议室", starts_at=starts, ends_at=ends,
        day=day, credit_kind=CreditKind.MEETING, quarters=0, finished_at=ends if done and not called_off else None,
        cancelled_at=starts if called_off else None, cancelled_because=called_off or None,
    )  # fmt: skip
    session.add(occasion)
    session.flush()
    theme = kind is MeetingKind.THEME_DAY and not called_off
    meeting = Meeting(
        organization_id=place, occasion_id=occasion.id, month=month, theme_day_of=month if theme else None, theme="题",
        chair="甲", lesson="课" if theme else "", scheduled_at=starts, scheduled_by=2,
    )  # fmt: skip
    session.add(meeting)
    session.flush()
    session.add(MeetingKindOf(meeting_id=meeting.id, kind=kind))
    return occasion


@pytest.fixture
def year(session: Session) -> None:
    """At the willow branch: general meetings in time, late, called off, none; two lectures; two theme days."""
    met(session, MeetingKind.GENERAL, "2026-02", dt.date(2026, 3, 30))
    met(session, MeetingKind.GENERAL, "2026-06", dt.date(2026, 7, 2))
    met(session, MeetingKind.GENERAL, "2026-09", dt.date(2026, 9, 2), called_off="防汛")
    for day in (dt.date(2026, 5, 4), dt.date(2026, 5, 9)):
        met(session, MeetingKind.LECTURE, "2026-05", day)
    occasion = met(session, MeetingKind.THEME_DAY, "2026-05", dt.date(2026, 5, 25))
    met(session, MeetingKind.THEME_DAY, "2026-11", dt.date(2026, 11, 25), done=False)
    outcomes = (Outcome.PRESENT, Outcome.ONLINE, Outcome.ABSENT, Outcome.EXEMPT, Outcome.NON_VOTING)
    for member_id, outcome in enumerate(outcomes, 1):
        row = Attendance(occasion_id=occasion.id, member_id=member_id, outcome=outcome, noted_at=cast.NOW, noted_by=2)
        session.add(row)
    session.add(FollowUp(
        occasion_id=occasion.id, member_id=3, kind=FollowUpKind.HOME_VISIT, day=cast.TODAY, content="学", noted_at=cast.NOW,
        noted_by=2,
    ))  # fmt: skip
    session.commit()


def test_every_period_of_every_branch_stands_in_one_class(session: Session, year: None) -> None:
    with count_statements() as seen:
        found = life(session, cast.COUNTY, cast.TODAY)
    assert len(seen) <= 5
    branches = found.units.branches
    assert found.total.of().total() == len(branches) * (11 + 11 + 4 + 3)
    assert sum((row.held for row in found.rows), start=type(found.total.held)()) == found.total.held
    own = life(session, cast.WILLOW, cast.TODAY).total
    general = {month: own.of(kind=MeetingKind.GENERAL, month=f"2026-{month}") for month in ("03", "06", "09", "11")}
    expected = {"03": Held.ON_TIME, "06": Held.MADE_UP, "09": Held.EXPLAINED, "11": Held.COMING}
    assert {month: list(counts) for month, counts in general.items()} == {m: [each] for m, each in expected.items()}
    assert own.lectures.total() == 2


def test_what_does_not_apply_is_not_asked(session: Session, year: None) -> None:
    found = life(session, cast.COUNTY, cast.TODAY)
    for branch in found.units.branches:
        own = life(session, branch, cast.TODAY)
        shape = found.units.shapes[branch][-1]
        committee = own.total.of(kind=MeetingKind.COMMITTEE, month="2026-11")
        assert committee[Held.NOT_APPLICABLE] == (0 if shape.has_committee else 1)
    past = life(session, cast.WILLOW, dt.date(2026, 6, 30)).total
    assert past.of(kind=MeetingKind.GENERAL, month="2026-06")[Held.COMING] == 1, "it was made up in July"
    before = life(session, cast.WILLOW, dt.date(2025, 12, 31)).total
    assert before.of()[Held.ON_TIME] == 0 and sum(before.of()[each] for each in DUE) > 0


def test_theme_days_sum_by_month_and_by_unit(session: Session, year: None) -> None:
    with count_statements() as seen:
        found = theme_year(session, cast.COUNTY, cast.TODAY)
    assert len(seen) <= 5
    by_month = sum((counts for _month, counts in found.months), start=type(found.total)())
    assert +by_month == +found.total
    total = found.total
    assert total[Theme.BRANCHES] == total[Theme.HELD] + total[Theme.PLANNED] + total[Theme.OPEN]
    assert (total[Theme.HELD], total[Theme.PLANNED], total[Theme.LESSONS]) == (1, 1, 1)
    assert (total[Theme.EXPECTED], total[Theme.CAME], total[Theme.VISITED], total[Theme.MADE_UP]) == (3, 2, 1, 0)


@pytest.mark.parametrize("report", ["meetings", "theme-days"])
def test_a_page_leads_down_and_its_files_say_the_same(client_as: Clients, year: None, report: str) -> None:
    reader = client_as("reader")
    page = reader.page(f"/reports/{report}?as-of=2026-11-22")
    town = re.search(r'href="([^"]*)">柳河镇党委', page)
    assert town
    below = reader.page(town[1].replace("&amp;", "&"))
    assert "柳树村党支部" in below and "返回中共示例县委" in below
    assert "各月" in reader.page(f"/reports/{report}?organization={cast.WILLOW}")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(reader.get(f"/reports/{report}.xlsx").data)).get_sheet_by_index(0)
    assert [row[0] for row in rows.to_python() if row[0] == "柳河镇党委"]
    with count_statements() as seen:
        reader.page(f"/reports/{report}")
    assert len(seen) <= 10
    client_as("foreign_reader").page(f"/reports/{report}?organization={cast.COUNTY}", status=404)


def test_behind_every_number_of_hours_stand_as_many_names(
    client_as: Clients, session: Session, credited: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = client_as("reader")
    page = reader.page("/reports/hours")
    links = re.findall(r'href="([^"]*/hours/names[^"]*)" aria-label="[^"]* (\d+) 人，看名单"', page)
    assert len(links) > 8
    for url, count in links[-5:]:
        names = reader.page(url.replace("&amp;", "&"))
        assert names.count('<li class="person">') == int(count)
    table, found = hours(session, cast.COUNTY, cast.TODAY), hours_names
    every = [each.member_id for each in found.every_hours_name(session, cast.COUNTY, cast.TODAY, Band())]
    assert len(every) == len(set(every)) == table.total.heads.total()
    monkeypatch.setattr(found, "growing", lambda branches: ([each] for each in branches))
    paged: list[int] = []
    while some := found.hours_names(
        session, cast.COUNTY, cast.TODAY, Band(), after=paged[-1] if paged else None, limit=3
    ):
        paged += [each.member_id for each in some]
    assert paged == every
    (part,) = found.hours_names(session, cast.COUNTY, cast.TODAY, Band(reached=Reached.PART))
    assert (part.member_id, part.quarters, part.sources) == (5, 8, ((CreditKind.LECTURE, 8),))


def test_reading_names_of_hours_is_guarded_and_noted(client_as: Clients, session: Session, credited: None) -> None:
    reader, address = client_as("reader"), "/reports/hours/names?group=committee&reached=none"
    reader.page(address)
    file = reader.get("/reports/hours/names.xlsx?reached=all")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.data)).get_sheet_by_index(0).to_python()
    lecture = rows[-2].index("党课")
    assert (rows[-1][0], rows[-1][lecture]) == (1, 8), (
        "nothing follows the rows; hours are numbers, by what they were given for"
    )
    assert [cell for place, cell in enumerate(rows[-1]) if place > 6 and place != lecture] == [""] * 6
    noted = session.scalars(select(AuditEntry).where(AuditEntry.action.like("reports.%")).order_by(AuditEntry.id)).all()
    assert [each.action for each in noted] == ["reports.read_hours_names", "reports.export_hours_names"]
    assert noted[0].details["committee"] is True and noted[1].details["reached"] == "all"
    reader.page("/reports/hours/names?reached=most", status=404)
    client_as("foreign_reader").page(f"/reports/hours/names?organization={cast.WILLOW}", status=404)
    client_as("recorder").page("/reports/hours/names", status=403)
    with count_statements() as seen:
        reader.page("/reports/hours/names")
    assert len(seen) <= 16
    assert session.scalar(select(func.count()).select_from(Credit)) == 4


def test_another_year_is_one_step_away(client_as: Clients, credited: None) -> None:
    page = client_as("reader").page("/reports/hours")
    before = re.search(r'href="([^"]*as-of=2025-12-31[^"]*)"', page)
    assert before
    assert "2025 年 12 月 31 日" in client_as("reader").page(before[1].replace("&amp;", "&"))
