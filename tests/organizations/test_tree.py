"""The tree: founding, moving and dissolving, always as of a day."""

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError
from learnhub.organizations import queries, service
from learnhub.organizations.models import OrganizationLink
from learnhub.organizations.rules import Domain, OrganizationKind
from tests import cast

Acts = Callable[..., Act]
JUNE = dt.date(2026, 6, 1)


def test_lines_and_trees(session: Session) -> None:
    """A line runs from the root down, a tree in organization order, and both as of a day."""
    assert [each.id for each in queries.ancestors(session, cast.MILL, cast.TODAY)] == [
        cast.COUNTY,
        cast.WILLOW_TOWN,
        cast.FIRMS,
        cast.MILL,
    ]
    rows = queries.whole_tree(session, cast.COUNTY, cast.TODAY)
    assert [(row.value.id, row.depth) for row in rows] == [
        (cast.COUNTY, 0),
        (cast.WILLOW_TOWN, 1),
        (cast.WILLOW, 2),
        (cast.BRIDGE, 2),
        (cast.FIRMS, 2),
        (cast.MILL, 3),
        (cast.EAST_TOWN, 1),
        (cast.DAM, 2),
    ]
    assert [each.id for each in queries.branches_below(session, cast.FIRMS, cast.TODAY)] == [cast.MILL]
    assert queries.whole_tree(session, cast.COUNTY, dt.date(2019, 1, 1)) == ()
    assert queries.ancestors(session, 999, cast.TODAY) == ()


def test_covers(session: Session) -> None:
    """Whoever is bound above covers what is below, and nothing beside."""
    assert queries.covers(session, [cast.WILLOW_TOWN], cast.MILL, cast.TODAY)
    assert queries.covers(session, [cast.MILL], cast.MILL, cast.TODAY)
    assert not queries.covers(session, [cast.WILLOW_TOWN], cast.DAM, cast.TODAY)
    assert not queries.covers(session, [cast.WILLOW], cast.WILLOW_TOWN, cast.TODAY)
    assert not queries.covers(session, [], cast.WILLOW, cast.TODAY)


def test_found_describe_and_dissolve(session: Session, act: Acts) -> None:
    """A new branch stands last below its parent; founding it twice by one key makes one."""
    facts = {"code": "NEW", "name": "河口村党支部", "kind": OrganizationKind.BRANCH, "domain": Domain.RURAL}
    first, again = (
        service.found(session, act(key="found-key-1"), **facts, parent_id=cast.WILLOW_TOWN, on=JUNE) for _ in range(2)
    )
    assert first == again
    children = queries.children(session, cast.WILLOW_TOWN, JUNE)
    assert children[-1].id == first and children[-1].position == 4
    assert queries.organization(session, first, JUNE - dt.timedelta(days=1)) is None
    service.describe(session, act(), organization_id=first, name="河口社区党支部", domain=Domain.COMMUNITY)
    service.dissolve(session, act(), organization_id=first, on=cast.TODAY)
    session.flush()
    assert queries.organization(session, first, cast.TODAY) is None
    assert queries.organization(session, first, JUNE).name == "河口社区党支部"  # type: ignore[union-attr]
    assert first not in [each.id for each in queries.children(session, cast.WILLOW_TOWN, cast.TODAY)]


def test_move_is_dated(session: Session, act: Acts) -> None:
    """June's tree stays June's; moving twice on one day keeps one link; links never overlap."""
    for parent in (cast.WILLOW_TOWN, cast.EAST_TOWN):
        service.move(session, act(), organization_id=cast.MILL, parent_id=parent, on=JUNE)
        session.flush()
    assert queries.organization(session, cast.MILL, JUNE).parent_id == cast.EAST_TOWN  # type: ignore[union-attr]
    before = JUNE - dt.timedelta(days=1)
    assert queries.organization(session, cast.MILL, before).parent_id == cast.FIRMS  # type: ignore[union-attr]
    for day, tops in ((before, {cast.FIRMS, cast.WILLOW_TOWN}), (JUNE, {cast.EAST_TOWN})):
        asked = (cast.FIRMS, cast.WILLOW_TOWN, cast.EAST_TOWN)
        below = {top for top in asked if cast.MILL in session.scalars(select(queries.subtree([top], day).c.id)).all()}
        assert below == tops  # the day of the move counts
    statement = select(OrganizationLink).where(OrganizationLink.organization_id == cast.MILL)
    spans = sorted((link.valid_from, link.valid_to) for link in session.scalars(statement))
    assert len(spans) == 2 and spans[0][1] == spans[1][0]
    with pytest.raises(DomainError, match="还有变动记录"):
        service.move(session, act(), organization_id=cast.MILL, parent_id=cast.FIRMS, on=dt.date(2026, 5, 1))


@pytest.mark.parametrize(
    ("verb", "values", "words"),
    [
        ("found", {"code": "ORG-004", "kind": OrganizationKind.BRANCH, "parent_id": cast.WILLOW_TOWN}, "在用"),
        ("found", {"code": "N", "kind": OrganizationKind.COMMITTEE, "parent_id": None}, "最上级"),
        ("found", {"code": "N", "kind": OrganizationKind.BRANCH, "parent_id": cast.WILLOW}, "只能有党小组"),
        ("found", {"code": "N", "kind": OrganizationKind.GROUP, "parent_id": cast.WILLOW_TOWN}, "只能在党支部"),
        ("found", {"code": "N", "kind": OrganizationKind.BRANCH, "parent_id": 999}, "还没有成立"),
        ("move", {"organization_id": cast.WILLOW_TOWN, "parent_id": cast.FIRMS}, "自己的下级"),
        ("move", {"organization_id": cast.COUNTY, "parent_id": cast.WILLOW_TOWN}, "自己的下级"),
        ("dissolve", {"organization_id": cast.FIRMS}, "还有下级"),
        ("dissolve", {"organization_id": cast.MILL, "on": cast.SINCE}, "晚于成立"),
        ("dissolve", {"organization_id": 999}, "没有这个"),
    ],
)
def test_refusals(session: Session, act: Acts, verb: str, values: dict[str, object], words: str) -> None:
    """What cannot be is refused in plain words."""
    extra = {"name": "新支部", "domain": None} if verb == "found" else {}
    with pytest.raises(DomainError, match=words):
        getattr(service, verb)(session, act(), **{"on": JUNE, **extra, **values})
