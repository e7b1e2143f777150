"""A branch that was merged into another, and stands empty in the tree, is in no list and no count of branches."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.meetings import queries as meetings
from learnhub.members import queries as roster
from learnhub.members import service as members
from learnhub.organizations import queries as organizations
from learnhub.papers.rules import Table
from learnhub.reports.queries.life import life
from learnhub.reports.queries.situation import situation, work_list
from learnhub.reports.queries.theme_year import Theme, theme_year
from learnhub.reports.rules.quarter import Quarter
from learnhub.reports.service.life import life_paper
from tests import cast
from tests.reports.test_frozen import VOICE

Acts = Callable[..., Act]
MERGED = dt.date(2026, 10, 20)


def counts(session: Session, day: dt.date) -> dict[str, object]:
    """How many branches the town has on `day`, in everything that says it."""
    town = organizations.organization(session, cast.WILLOW_TOWN, day)
    assert town is not None
    month, quarter = clock.month_of(day), Quarter(2026, 4)
    paper = life_paper(life(session, town.id, day), VOICE, cast.NOW)
    by_unit = next(block for block in paper.blocks if isinstance(block, Table))
    return {
        "month by month": sum(row.branches for row in meetings.level(session, town.id, month, day)),
        "work list": sum(each.row.branches for each in work_list(session, town, month, day).children),
        "quarter": situation(session, town, quarter, day).months[-1].branches,
        "meetings of the year": by_unit.rows[-1][1],
        "theme days of the year": dict(theme_year(session, town.id, day).months)[month][Theme.BRANCHES],
        "roster": roster.heads(session, town.id, day)[0].branches,
    }


@pytest.fixture
def merged(session: Session, act: Acts) -> Iterator[None]:
    """The bridge branch went over to the willow one; nobody has dissolved it yet, and its recorder had asked for help."""
    for each in roster.members_of(session, cast.BRIDGE, MERGED):
        members.transfer(session, act("organizer"), member_id=each.id, organization_id=cast.WILLOW, on=MERGED)
    session.flush()
    yield


def test_every_count_of_branches_is_the_same(session: Session, act: Acts, merged: None) -> None:
    before, after = dt.date(2026, 10, 19), cast.TODAY
    assert set(counts(session, before).values()) == {3}
    assert set(counts(session, after).values()) == {2}
    months = {each.month: each.branches for each in situation(session, _town(session), Quarter(2026, 4), after).months}
    assert months == {"2026-10": 2, "2026-11": 2}, "by the end of each month"


def test_nobody_asks_it_for_anything(session: Session, act: Acts, merged: None) -> None:
    named = {each.organization.id for each in meetings.needs(session, cast.WILLOW_TOWN, cast.TODAY)}
    assert cast.BRIDGE not in named and cast.WILLOW in named
    rows = [row.organization.id for row in meetings.level(session, cast.WILLOW_TOWN, "2026-11", cast.TODAY)]
    assert rows == [cast.WILLOW, cast.FIRMS]
    assert cast.BRIDGE in [
        row.organization.id for row in meetings.level(session, cast.WILLOW_TOWN, "2026-09", dt.date(2026, 9, 30))
    ]


def _town(session: Session) -> organizations.OrganizationValue:
    found = organizations.organization(session, cast.WILLOW_TOWN, cast.TODAY)
    assert found is not None
    return found
