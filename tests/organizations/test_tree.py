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
JUNE, JULY = dt.date(2026, 6, 1), dt.date(2026, 7, 1)


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
    service.describe(session, act(), organization_id=first, name="河口社区党支部", domain=Domain.COMMUNITY, on=JULY)
    service.dissolve(session, act(), organization_id=first, on=cast.TODAY)
    session.flush()
    assert queries.organization(session, first, cast.TODAY) is None
    assert queries.organization(session, first, JULY).name == "河口社区党支部"  # type: ignore[union-attr]
    assert queries.organization(session, first, JUNE).name == "河口村党支部"  # type: ignore[union-attr]
    assert first not in [each.id for each in queries.children(session, cast.WILLOW_TOWN, cast.TODAY)]


def test_name_kind_and_domain_are_of_their_day(session: Session, act: Acts) -> None:
    """Each day keeps its words; described twice from one day the later words hold, and the spans leave no gap."""

    def on(day: dt.date) -> tuple[object, ...]:
        found = queries.organization(session, cast.BRIDGE, day)
        assert found is not None
        (same,) = [each for each in queries.children(session, cast.WILLOW_TOWN, day) if each.id == cast.BRIDGE]
        assert same == found and same in queries.listed(session, day, name=found.name, kind=found.kind)
        assert same in [row.value for row in queries.whole_tree(session, cast.COUNTY, day)]
        return found.name, found.kind, found.domain

    first = ("桥头村党支部", OrganizationKind.BRANCH, Domain.RURAL)
    second = ("桥头社区党支部", OrganizationKind.JOINT_BRANCH, Domain.COMMUNITY)
    third = ("桥头社区联合党支部", OrganizationKind.JOINT_BRANCH, None)
    for name, kind, domain, day in ((*first[:2], None, JUNE), (*second, JUNE), (*third, JULY)):
        service.describe(
            session, act(), organization_id=cast.BRIDGE, name=name, kind=kind, domain=domain, on=day
        )  # fmt: skip
        session.flush()
    day = dt.timedelta(days=1)
    days = (cast.SINCE, JUNE - day, JUNE, JULY - day, JULY, cast.TODAY)
    assert [on(each) for each in days] == [first, first, second, second, third, third]
    former = queries.former_descriptions(session, [cast.BRIDGE, cast.DAM])
    assert [(each.valid_from, each.valid_to) for each in former.pop(cast.BRIDGE)] == [
        (cast.SINCE, JUNE),
        (JUNE, JULY),
    ]
    assert not former, "what never changed has nothing to remember"


@pytest.mark.parametrize(
    ("day", "turned", "says"),
    [
        (JUNE, None, "还有变动"),
        (dt.date(2019, 1, 1), None, "还没有成立"),
        (cast.TODAY, OrganizationKind.COMMITTEE, "不能在党支部和别的类型"),
        (cast.TODAY, OrganizationKind.GROUP, "不能在党支部和别的类型"),
    ],
)
def test_a_description_that_cannot_be(
    session: Session, act: Acts, day: dt.date, turned: OrganizationKind | None, says: str
) -> None:
    service.describe(session, act(), organization_id=cast.DAM, name="石坝社区党支部", domain=None, on=JULY)
    session.flush()
    with pytest.raises(DomainError, match=says):
        service.describe(session, act(), organization_id=cast.DAM, name="新名", domain=None, on=day, kind=turned)


def test_move_is_dated(session: Session, act: Acts) -> None:
    """June's tree stays June's; moving twice on one day keeps one link; links never overlap."""
    for parent in (cast.WILLOW_TOWN, cast.EAST_TOWN):
        service.move(session, act(), organization_id=cast.MILL, parent_id=parent, on=JUNE)
        session.flush()
    assert queries.organization(session, cast.MILL, JUNE).parent_id == cast.EAST_TOWN  # type: ignore[union-attr]
    before = JUNE - dt.timedelta(days=1)
    assert queries.organization(session, cast.MILL, before).parent_id == cast.FIRMS  # type: ignore[union-attr]
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
