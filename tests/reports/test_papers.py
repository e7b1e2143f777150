"""Reports as papers: one value, the same rows on the page and in every file."""

import datetime as dt
import io
from collections.abc import Callable

import docx
import pytest
from sqlalchemy.orm import Session

from learnhub.records.models import Credit, YearlyNeed
from learnhub.records.rules import CreditKind
from learnhub.reports.queries.hours import Reached, hours
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient

Clients = Callable[[str | None], PageClient]


@pytest.fixture
def credited(session: Session) -> None:
    """A need of 8 hours; member 5 has 2, member 6 has 8, a withdrawn credit and last year's count for nobody."""
    session.query(YearlyNeed).delete()
    for post in ("any", "committee"):
        session.add(YearlyNeed(post=post, quarters=32, basis="测试", valid_from=cast.SINCE))
    for member_id, quarters, day, withdrawn in (
        (5, 8, cast.TODAY, None),
        (6, 32, cast.TODAY, None),
        (7, 32, cast.TODAY, cast.NOW),
        (8, 32, dt.date(2025, 12, 31), None),
    ):
        session.add(Credit(
            member_id=member_id, kind=CreditKind.LECTURE, quarters=quarters, day=day, title="课", source="x:1",
            basis="", noted_at=cast.NOW, noted_by=2, withdrawn_at=withdrawn,
        ))  # fmt: skip
    session.commit()


def test_everybody_is_counted_once_by_hours_reached(session: Session, credited: None) -> None:
    with count_statements() as seen:
        table = hours(session, cast.COUNTY, cast.TODAY)
    assert len(seen) <= 5
    assert [row.name for row in table.rows] == ["柳河镇党委", "东山镇党委"]
    assert [row.heads.total() for row in (*table.rows, table.total)] == [16, 4, 20]
    by_reached = {each: sum(table.total.heads[committee, each] for committee in (False, True)) for each in Reached}
    assert by_reached == {Reached.NONE: 18, Reached.PART: 1, Reached.ALL: 1}
    before = hours(session, cast.COUNTY, cast.TODAY - dt.timedelta(days=1))
    assert {reached for _, reached in +before.total.heads} == {Reached.NONE}


@pytest.mark.parametrize("form", ["xlsx", "pdf", "docx"])
def test_hours_leave_as_a_file_of_each_form(client_as: Clients, credited: None, form: str) -> None:
    reader = client_as("reader")
    assert "学时情况" in reader.page("/reports/hours")
    answer = reader.get(f"/reports/hours.{form}")
    assert answer.status_code == 200
    assert answer.data[:4] == (b"%PDF" if form == "pdf" else b"PK\x03\x04")
    if form == "docx":
        table = docx.Document(io.BytesIO(answer.data)).tables[0]
        assert [row.cells[1].text for row in table.rows][-3:] == ["16", "4", "20"]
