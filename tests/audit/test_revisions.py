"""Every change of a dated fact is noted with what it was, what it is, and from which day that makes a difference."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.models import Revision
from learnhub.audit.rules import ALWAYS, Act, FactKind
from learnhub.core.orm import FOREVER
from learnhub.members import service as members
from learnhub.members.models import Member
from learnhub.members.rules import CircumstanceKind, PostKind, Sex
from learnhub.organizations import service as organizations
from learnhub.organizations.rules import Domain, OrganizationKind
from tests import cast
from tests.members.files import csv_bytes, member_sheet, xlsx
from tests.members.test_import import imported

Acts = Callable[..., Act]
DAY = dt.date(2026, 9, 1)
OPEN = FOREVER.isoformat()


def noted(session: Session) -> list[Revision]:
    session.flush()
    return list(session.scalars(select(Revision).order_by(Revision.id)))


def test_a_transfer_says_what_ended_and_what_began(session: Session, act: Acts) -> None:
    members.transfer(session, act("organizer"), member_id=4, organization_id=cast.DAM, on=DAY)
    left, entered = [each for each in noted(session) if each.fact is FactKind.MEMBERSHIP]
    assert left.member_id == entered.member_id == 4
    assert left.before is not None and left.after is not None
    assert (left.before["valid_to"], left.after["valid_to"], left.since) == (OPEN, "2026-09-01", DAY)
    assert entered.before is None and entered.after is not None
    assert (entered.after["organization_id"], entered.since) == (cast.DAM, DAY)
    assert {each.action for each in noted(session)} == {"member.transfer"}


def test_a_reason_of_health_is_never_kept(session: Session, act: Acts) -> None:
    members.note_circumstance(
        session, act("organizer"), member_id=4, kind=CircumstanceKind.EXEMPT, reason="心脏病", on=DAY
    )
    members.end_circumstance(session, act("organizer"), member_id=4, kind=CircumstanceKind.EXEMPT, on=DAY)
    begun, gone = noted(session)
    assert begun.after == gone.before == {"kind": "exempt", "valid_from": "2026-09-01", "valid_to": OPEN}
    assert begun.before is None and gone.after is None


def test_posts_and_particulars(session: Session, act: Acts) -> None:
    members.hold_post(
        session, act("organizer"), member_id=4, organization_id=cast.WILLOW, kind=PostKind.COMMITTEE, on=DAY
    )
    new = members.Particulars("X-1", "新人", Sex.FEMALE, "1990-01", DAY)
    member_id = members.admit(session, act("organizer"), particulars=new, organization_id=cast.WILLOW, on=DAY)
    full = members.Particulars("X-1", "新人", Sex.FEMALE, "1990-01", DAY, full_on=dt.date(2026, 10, 1))
    members.amend(session, act("organizer"), member_id=member_id, particulars=full)
    renamed = members.Particulars("X-1", "别名", Sex.FEMALE, "1990-01", DAY, full_on=dt.date(2026, 10, 1))
    members.amend(session, act("organizer"), member_id=member_id, particulars=renamed)
    other = members.Particulars("X-1", "别名", Sex.MALE, "1990-01", DAY, full_on=dt.date(2026, 10, 1))
    members.amend(session, act("organizer"), member_id=member_id, particulars=other)
    found = noted(session)
    assert [(each.fact, each.since) for each in found] == [
        (FactKind.POST, DAY),
        (FactKind.MEMBERSHIP, DAY),
        (FactKind.PARTICULARS, dt.date(2026, 10, 1)),
        (FactKind.PARTICULARS, ALWAYS),
    ], "another name counts nobody otherwise"


def test_the_tree(session: Session, act: Acts) -> None:
    new = organizations.found(
        session, act("organizer"), code="N-1", name="新村党支部", kind=OrganizationKind.BRANCH, domain=Domain.RURAL,
        parent_id=cast.WILLOW_TOWN, on=DAY,
    )  # fmt: skip
    described = dt.date(2026, 9, 15)
    organizations.describe(
        session, act("organizer"), organization_id=new, name="新村党支部", domain=Domain.SCHOOL, on=described
    )
    later = dt.date(2026, 10, 1)
    organizations.move(session, act("organizer"), organization_id=new, parent_id=cast.EAST_TOWN, on=later)
    organizations.dissolve(session, act("organizer"), organization_id=new, on=cast.TODAY)
    found = noted(session)
    assert {each.organization_id for each in found} == {new}
    assert [(each.fact, each.since) for each in found] == [
        (FactKind.ORGANIZATION, DAY), (FactKind.LINK, DAY),
        (FactKind.ORGANIZATION, described),
        (FactKind.LINK, later), (FactKind.LINK, later),
        (FactKind.LINK, cast.TODAY), (FactKind.ORGANIZATION, cast.TODAY),
    ]  # fmt: skip
    assert found[2].before is not None and found[2].after is not None
    assert (found[2].before["domain"], found[2].after["domain"]) == ("rural", "school")


def test_an_import_notes_rows_and_its_undo_puts_them_back(session: Session, act: Acts) -> None:
    new = ["", "新人", "男", "1994-09", "2020-07-01", "2021-07-01", "ORG-004", "宣传委员", ""]
    imported(session, act("organizer"), xlsx({"党员": member_sheet(new)}))
    entered, *others = noted(session)
    assert (entered.fact, entered.since, entered.because) == (FactKind.MEMBERSHIP, cast.TODAY, "roster.xlsx")
    assert not others, "what comes with a new member is not noted piece by piece"
    code = session.scalars(select(Member.code).where(Member.id == entered.member_id)).one()
    rows = [["名册编号", "姓名", "不作硬性要求", "手机"], [code, "新人", "病中", "13800000000"]]
    imported(session, act("organizer"), csv_bytes(rows))
    exempt = noted(session)[1]
    assert (exempt.fact, exempt.member_id) == (FactKind.CIRCUMSTANCE, entered.member_id)
    assert exempt.after == {"kind": "exempt", "valid_from": cast.TODAY.isoformat(), "valid_to": OPEN}
    members.undo(session, act("organizer"), root_id=cast.COUNTY, on=cast.TODAY)
    back = noted(session)[2]
    assert (back.action, back.before, back.after) == ("roster.undo-import", exempt.after, None)
    assert (back.since, back.member_id, len(noted(session))) == (cast.TODAY, entered.member_id, 3)
