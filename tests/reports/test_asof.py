"""A past day, told plainly: the day before, the day itself and the day after, in figures and in names."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core.errors import NotFound
from learnhub.members import queries as roster
from learnhub.members import service as members
from learnhub.members.rules import CircumstanceKind
from learnhub.organizations import service as organizations
from learnhub.organizations.rules import Domain
from learnhub.reports import queries
from learnhub.reports.queries import why as explained
from learnhub.reports.queries.breakdowns import breakdown
from learnhub.reports.rules import Column
from learnhub.training.tasks.rules import Audience
from tests import cast
from tests.training.test_service import a_task

Acts = Callable[..., Act]
THE_DAY = dt.date(2026, 11, 10)
DAYS = [THE_DAY + dt.timedelta(days=each) for each in (-1, 0, 1)]


@pytest.fixture
def task_id(session: Session, act: Acts) -> int:
    return a_task(session, act("organizer"))


def told(session: Session, task_id: int, place: int, column: Column = Column.HEADS) -> list[int]:
    """The figure of an organization on the day before, the day itself and the day after; names agree with it."""
    session.flush()
    figures = []
    for day in DAYS:
        question = queries.ask(session, task_id, place, day)
        figure = queries.coverage(session, question).total.figures[column]
        assert len(listed(session, task_id, place, day, column)) == figure == queries.count(session, question, column)
        figures.append(figure)
    return figures


def listed(session: Session, task_id: int, place: int, day: dt.date, column: Column = Column.HEADS) -> set[int]:
    """Who stands behind a figure."""
    question = queries.ask(session, task_id, place, day)
    return {each.member_id for each in queries.names(session, question, column, limit=1000)}


def test_two_branches_merged(session: Session, act: Acts, task_id: int) -> None:
    before = {place: told(session, task_id, place)[0] for place in (cast.WILLOW, cast.DAM, cast.COUNTY)}
    people = listed(session, task_id, cast.DAM, DAYS[0])
    for member_id in sorted(people):
        members.transfer(session, act("organizer"), member_id=member_id, organization_id=cast.WILLOW, on=THE_DAY)
    members.dissolve(session, act("organizer"), organization_id=cast.DAM, on=THE_DAY)
    session.flush()
    assert people and listed(session, task_id, cast.DAM, DAYS[0]) == people
    for day in DAYS[1:]:
        with pytest.raises(NotFound):  # there is no such organization any more
            queries.ask(session, task_id, cast.DAM, day)
    both = before[cast.WILLOW] + before[cast.DAM]
    assert told(session, task_id, cast.WILLOW) == [before[cast.WILLOW], both, both]
    assert told(session, task_id, cast.COUNTY) == [before[cast.COUNTY]] * 3
    assert [people <= listed(session, task_id, cast.WILLOW, day) for day in DAYS] == [False, True, True]


def test_a_branch_moved_to_another_town(session: Session, act: Acts, task_id: int) -> None:
    own, west, east = (told(session, task_id, place)[0] for place in (cast.WILLOW, cast.WILLOW_TOWN, cast.EAST_TOWN))
    people = listed(session, task_id, cast.WILLOW, DAYS[0])
    organizations.move(session, act("organizer"), organization_id=cast.WILLOW, parent_id=cast.EAST_TOWN, on=THE_DAY)
    assert told(session, task_id, cast.WILLOW) == [own] * 3
    assert told(session, task_id, cast.WILLOW_TOWN) == [west, west - own, west - own]
    assert told(session, task_id, cast.EAST_TOWN) == [east, east + own, east + own]
    assert [people <= listed(session, task_id, cast.EAST_TOWN, day) for day in DAYS] == [False, True, True]
    assert [people <= listed(session, task_id, cast.WILLOW_TOWN, day) for day in DAYS] == [True, False, False]


def test_a_transfer_out_not_yet_accepted(session: Session, act: Acts, task_id: int) -> None:
    """Until the other side accepts, the member is counted where the papers left, as in transit."""
    heads = told(session, task_id, cast.WILLOW)[0]
    members.note_circumstance(
        session, act("organizer"), member_id=5, kind=CircumstanceKind.IN_TRANSIT, reason="", on=THE_DAY
    )
    assert told(session, task_id, cast.WILLOW) == [heads] * 3
    assert told(session, task_id, cast.WILLOW, Column.IN_TRANSIT) == [0, 1, 1]
    assert told(session, task_id, cast.COUNTY, Column.IN_TRANSIT) == [0, 1, 1]
    assert [5 in listed(session, task_id, cast.WILLOW, day, Column.NOT_COVERED) for day in DAYS] == [True, False, False]
    accepted = DAYS[2]
    members.end_circumstance(session, act("organizer"), member_id=5, kind=CircumstanceKind.IN_TRANSIT, on=accepted)
    members.transfer(session, act("organizer"), member_id=5, organization_id=cast.DAM, on=accepted)
    assert told(session, task_id, cast.WILLOW) == [heads, heads, heads - 1]
    assert told(session, task_id, cast.COUNTY, Column.IN_TRANSIT) == [0, 1, 0]
    assert [5 in listed(session, task_id, cast.DAM, day) for day in DAYS] == [False, False, True]


def test_a_correction_that_comes_late(session: Session, act: Acts, task_id: int) -> None:
    """Noted twelve days later, it holds from its own day on, and no day before it moves."""
    heads = told(session, task_id, cast.WILLOW)
    assert heads == [heads[0]] * 3 and roster.member(session, 6, cast.TODAY)
    members.leave(session, act("organizer"), member_id=6, on=THE_DAY)
    assert told(session, task_id, cast.WILLOW) == [heads[0], heads[0] - 1, heads[0] - 1]
    assert [6 in listed(session, task_id, cast.WILLOW, day) for day in DAYS] == [True, False, False]


def test_a_branch_that_is_renamed_and_works_in_another_domain(session: Session, act: Acts, task_id: int) -> None:
    """The table, the names behind it and the breakdown of a day say what the branch was on that day."""
    organizations.describe(
        session,
        act("organizer"),
        organization_id=cast.WILLOW,
        name="柳树社区党支部",
        domain=Domain.COMMUNITY,
        on=THE_DAY,
    )
    session.flush()
    rows, behind, parts, why = [], [], [], []
    for day in DAYS:
        question = queries.ask(session, task_id, cast.WILLOW_TOWN, day)
        table = queries.coverage(session, question)
        assert table == queries.counted_live(session, question)
        rows.append(table.rows[0].name)
        behind.append({each.organization_name for each in queries.names(session, question, Column.HEADS, limit=9)})
        parts.append(
            {part.label: part.figures[Column.HEADS] for part in breakdown(session, question)}.get("街道社区", 0)
        )
        said = explained.why(session, question, 5)
        why.append((said.organization_name, said.domain))
    assert rows == ["柳树村党支部", "柳树社区党支部", "柳树社区党支部"]
    assert behind == [{name} for name in rows]
    assert parts == [0, 9, 9]
    assert why == [(rows[0], Domain.RURAL), *[(rows[1], Domain.COMMUNITY)] * 2]
    for domain, heads in ((Domain.RURAL, [13, 4, 4]), (Domain.COMMUNITY, [0, 9, 9])):
        asked = [queries.ask(session, task_id, cast.WILLOW_TOWN, day, domain) for day in DAYS]
        assert [queries.coverage(session, each).total.figures[Column.HEADS] for each in asked] == heads
        assert [len(queries.names(session, each, Column.HEADS)) for each in asked] == heads


def test_a_domain_of_the_audience_is_that_of_the_day(session: Session, act: Acts) -> None:
    """Found when a domain imported from December took seven people out of June's coverage."""
    task_id = a_task(session, act("organizer"), audience=Audience(domains=frozenset({Domain.RURAL})))
    before = told(session, task_id, cast.COUNTY)
    assert before == [before[0]] * 3
    organizations.describe(
        session, act("organizer"), organization_id=cast.BRIDGE, name="桥头社区党支部", domain=None, on=THE_DAY
    )
    assert told(session, task_id, cast.COUNTY) == [before[0], before[0] - 4, before[0] - 4]
