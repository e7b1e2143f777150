"""One member: admitted, transferred, with posts and circumstances; what is dated never overlaps."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError
from learnhub.core.orm import FOREVER
from learnhub.members import queries, service
from learnhub.members.models import Membership
from learnhub.members.rules import CircumstanceKind, PostKind, Sex
from learnhub.members.service import Particulars
from tests import cast

Acts = Callable[..., Act]
JUNE = dt.date(2026, 6, 1)
SOMEBODY = Particulars(
    code="X1",
    name="热依汗•示例",
    sex=Sex.FEMALE,
    birth_month="1990-02",
    joined_on=dt.date(2015, 7, 1),
    identity=("f" * 64, "123X"),
)


def test_admit_and_amend(session: Session, act: Acts) -> None:
    """Somebody new is found by any spelling of the name; one key admits once."""
    first, again = (
        service.admit(session, act(key="admit-key-1"), particulars=SOMEBODY, organization_id=cast.BRIDGE, on=JUNE)
        for _ in range(2)
    )
    assert first == again
    assert [each.id for each in queries.search(session, cast.COUNTY, "热依汗示例", cast.TODAY)] == [first]
    assert queries.search(session, cast.EAST_TOWN, "热依汗", cast.TODAY) == ()
    found = queries.member(session, first, JUNE)
    assert found and found.name == "热依汗·示例" and found.probationary(JUNE) and found.birth_year == 1990
    assert queries.member(session, first, dt.date(2026, 5, 31)) is None
    changed = dataclasses.replace(SOMEBODY, full_on=dt.date(2016, 7, 1))
    service.amend(session, act(), member_id=first, particulars=changed)
    session.flush()
    assert not queries.member(session, first, JUNE).probationary(JUNE)  # type: ignore[union-attr]


def test_transfer_is_dated(session: Session, act: Acts) -> None:
    """From the day of the transfer the new branch has the member; posts and transit end; no two spans overlap."""
    service.note_circumstance(
        session, act(), member_id=10, kind=CircumstanceKind.IN_TRANSIT, reason="", on=dt.date(2026, 5, 1)
    )
    session.flush()
    service.transfer(session, act(), member_id=10, organization_id=cast.WILLOW, on=JUNE)
    session.flush()
    before, after = (queries.member(session, 10, day) for day in (dt.date(2026, 5, 31), JUNE))
    assert before and before.organization_id == cast.BRIDGE and before.posts == (PostKind.SECRETARY,)
    assert before.circumstances == (CircumstanceKind.IN_TRANSIT,)
    assert after and after.organization_id == cast.WILLOW and after.posts == after.circumstances == ()
    spans = [
        (each.valid_from, each.valid_to)
        for each in session.scalars(select(Membership).where(Membership.member_id == 10).order_by(Membership.id))
    ]
    assert spans == [(cast.SINCE, JUNE), (JUNE, FOREVER)]
    assert queries.organization_of_member(session, member_id=10) == cast.WILLOW


def test_transfer_twice_on_one_day(session: Session, act: Acts) -> None:
    """The later of two transfers of one day counts."""
    for branch in (cast.WILLOW, cast.MILL):
        service.transfer(session, act(), member_id=10, organization_id=branch, on=JUNE)
        session.flush()
    assert queries.organization_of_member(session, member_id=10) == cast.MILL
    assert len(session.scalars(select(Membership).where(Membership.member_id == 10)).all()) == 2


def test_posts_and_circumstances_begin_and_end(session: Session, act: Acts) -> None:
    """Each holds from its first day up to, not including, its last."""
    who = {"member_id": 11, "on": JUNE}
    service.hold_post(session, act(), organization_id=cast.BRIDGE, kind=PostKind.PUBLICITY, **who)
    service.note_circumstance(session, act(), kind=CircumstanceKind.EXEMPT, reason="年老体弱", **who)
    session.flush()
    until = {"member_id": 11, "on": cast.TODAY}
    service.leave_post(session, act(), organization_id=cast.BRIDGE, kind=PostKind.PUBLICITY, **until)
    service.end_circumstance(session, act(), kind=CircumstanceKind.EXEMPT, **until)
    session.flush()
    during, after = (queries.member(session, 11, day) for day in (dt.date(2026, 11, 21), cast.TODAY))
    assert during and during.posts == (PostKind.PUBLICITY,) and during.circumstances == (CircumstanceKind.EXEMPT,)
    assert after and after.posts == after.circumstances == ()


def test_leaving_the_roster(session: Session, act: Acts) -> None:
    """Whoever left is on no later roster, and on all earlier ones; an empty branch can be dissolved."""
    for member in (14, 15, 16):
        service.leave(session, act(), member_id=member, on=JUNE)
    session.flush()
    assert queries.members_of(session, cast.MILL, JUNE) == ()
    assert len(queries.members_of(session, cast.MILL, dt.date(2026, 5, 31))) == 3
    assert queries.organization_of_member(session, member_id=14) is None
    service.dissolve(session, act(), organization_id=cast.MILL, on=JUNE)


@pytest.mark.parametrize(
    ("verb", "values", "words"),
    [
        ("admit", {"particulars": dataclasses.replace(SOMEBODY, code="M000001"), "organization_id": 4}, "在用"),
        ("admit", {"particulars": SOMEBODY, "organization_id": cast.FIRMS}, "党支部"),
        ("transfer", {"member_id": 10, "organization_id": cast.BRIDGE}, "已经在"),
        ("transfer", {"member_id": 10, "organization_id": cast.WILLOW_TOWN}, "党支部"),
        ("transfer", {"member_id": 999, "organization_id": cast.WILLOW}, "没有这名"),
        ("hold_post", {"member_id": 10, "organization_id": 5, "kind": PostKind.SECRETARY}, "已经担任"),
        ("leave_post", {"member_id": 11, "organization_id": 5, "kind": PostKind.SECRETARY}, "没有担任"),
        ("note_circumstance", {"member_id": 2, "kind": CircumstanceKind.EXEMPT, "reason": ""}, "已经登记"),
        ("end_circumstance", {"member_id": 1, "kind": CircumstanceKind.EXEMPT}, "没有登记"),
        ("dissolve", {"organization_id": cast.MILL}, "还有党员"),
        ("leave", {"member_id": 10, "on": dt.date(2019, 1, 1)}, "变动记录"),
    ],
)
def test_refusals(session: Session, act: Acts, verb: str, values: dict[str, object], words: str) -> None:
    """What cannot be is refused in plain words."""
    with pytest.raises(DomainError, match=words):
        getattr(service, verb)(session, act(), **{"on": JUNE, **values})


def test_order_and_looks_of_a_roster(session: Session) -> None:
    """The roster's own order; people of one name are told apart by sex and year of birth."""
    found = queries.members_of(session, cast.WILLOW, cast.TODAY)
    assert [each.id for each in found] == list(range(1, 10))
    assert [(each.name, each.sex, each.birth_year) for each in found[7:]] == [
        ("郑伟", Sex.MALE, 1979),
        ("郑伟", Sex.MALE, 1994),
    ]
    assert found[1].circumstances == (CircumstanceKind.EXEMPT,) and found[4].posts == (PostKind.SECRETARY,)
    assert set(queries.members_by_id(session, [1, 17, 999], cast.TODAY)) == {1, 17}
    assert len(queries.members_below(session, cast.WILLOW_TOWN, cast.TODAY)) == 16
    assert queries.search(session, cast.COUNTY, " ", cast.TODAY) == ()
    assert [each.id for each in queries.search(session, cast.COUNTY, "M000020", cast.TODAY)] == [20]
    assert queries.search(session, cast.COUNTY, "%", cast.TODAY) == ()
