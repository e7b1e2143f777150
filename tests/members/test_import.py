"""Importing: previewed, whole or nothing, with an undo; importing one's own export changes nothing."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError
from learnhub.core.orm import FOREVER
from learnhub.members import queries, service
from learnhub.members.models import Circumstance, Member, Membership, RosterImport
from learnhub.members.rules import CircumstanceKind, PostKind, identity
from learnhub.members.rules.columns import SheetKind
from learnhub.members.rules.parsing import Parsed, parse
from learnhub.members.rules.plan import Plan, Status
from learnhub.organizations import queries as organizations
from tests import cast
from tests.members.files import csv_bytes, member_sheet, xlsx

LABELS = {SheetKind.ORGANIZATIONS: "党组织", SheetKind.MEMBERS: "党员"}
NUMBER = f"43042319910923123{identity.check_character('43042319910923123')}"
KEY = "a key for tests"
Acts = Callable[..., Act]


def parsed(data: bytes) -> Parsed:
    return parse(service.read(data, "roster"), KEY)


# Whoever is new in these tests took up a post on the day of the roster, and is a full member if it does not say.
ANSWERS = {"posts-since": "roster-day", "standing-old": "full"}


def previewed(
    session: Session,
    data: bytes,
    root: int | None = cast.COUNTY,
    on: dt.date = cast.TODAY,
    answers: Mapping[str, str] = ANSWERS,
) -> Plan:
    return service.plan(session, parsed(data), root_id=root, on=on, answers=answers)


def imported(
    session: Session,
    act: Act,
    data: bytes,
    root: int | None = cast.COUNTY,
    on: dt.date = cast.TODAY,
    answers: Mapping[str, str] = ANSWERS,
) -> int:
    plan = previewed(session, data, root, on, answers)
    assert not plan.faults, plan.faults
    return service.confirm(
        session,
        act,
        parsed=parsed(data),
        root_id=root,
        on=on,
        file_name="roster.xlsx",
        digest=plan.digest,
        answers=answers,
    )


def said(plan: Plan) -> list[str]:
    return [f"{fault.row} {fault.column}: {fault.message % fault.values}" for fault in plan.faults]


def rare(session: Session, act: Act) -> None:
    """Names of every sort, posts, circumstances, an identity number, and texts that look like formulas."""
    rows = [
        ["", "曹䶮", "男", "1994-09", "2020-07-01", "2021-07-01", "ORG-004", "宣传委员、纪检委员", ""],
        ["", "㛃𬭊", "女", "1991-09", "2019-07-01", "", "ORG-005", "", NUMBER],
        ["+0007", "阿依古丽·示例", "女", "1989-04", "2015-07-01", "2016-07-01", "ORG-007", "书记", ""],
        ["=8", "郑伟", "男", "1979-06", "2009-07-01", "2010-07-01", "ORG-005", "", ""],
    ]
    imported(session, act, xlsx({"党员": member_sheet(*rows[:2])}))
    imported(session, act, csv_bytes(member_sheet(*rows[2:])))
    more = [["名册编号", "姓名", "不作硬性要求", "失联", "手机"], ["=8", "郑伟", "- 病中", "是", "+86 13800000000"]]
    imported(session, act, csv_bytes(more))


@pytest.mark.parametrize("root", [None, cast.COUNTY, cast.WILLOW_TOWN])
def test_own_export_changes_nothing(session: Session, act: Acts, root: int | None) -> None:
    """Both formats, whole roster and part of it, rare characters, same names and formula-like texts included."""
    rare(session, act("organizer"))
    files = [service.workbook(session, LABELS, root_id=root, on=cast.TODAY)]
    files += [service.delimited(session, kind, root_id=root, on=cast.TODAY) for kind in SheetKind]
    for data in files:
        plan = previewed(session, data, root)
        assert said(plan) == []
        assert {row.status for row in plan.rows} == {Status.UNCHANGED}
        assert not plan.changes_anything and plan.untouched == 0
    assert len(previewed(session, files[0], root).of(SheetKind.MEMBERS)) == {None: 24, cast.COUNTY: 24}.get(root, 20)


def test_export_holds_no_formula_and_no_number(session: Session, act: Acts) -> None:
    """Cells that begin with `=` or `+` are text; of an identity number only the last four are written."""
    rare(session, act("organizer"))
    book = service.workbook(session, LABELS, root_id=None, on=cast.TODAY)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist())
    assert "<f>" not in text and "<f " not in text
    assert NUMBER not in text and NUMBER[-4:] in text and "病中" not in text
    plain = service.delimited(session, SheetKind.MEMBERS, root_id=None, on=cast.TODAY).decode("utf-8-sig")
    assert "'=8" in plain and "'+0007" in plain and NUMBER not in plain
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in plain.splitlines() for cell in line.split(","))


def test_new_changed_unchanged_and_wrong(session: Session) -> None:
    """The preview says of each row what it would do, and changes nothing."""
    data = xlsx(
        {
            "党员": member_sheet(
                ["M000010", "王庚", "男", "1970-04", dt.date(2019, 7, 1), "2020-07-01", "ORG-005", "书记"],
                ["M000011", "冯辛", "女", "1988-08", "2019-07-01", "2020-07-01", "ORG-004", "组织委员"],
                ["", "新人", "女", "2001.02", "2026-07-01", "", "ORG-005"],
                ["", "旧人", "人", "1960.1", "1955-13-01", "", "ORG-999"],
            )
        }
    )
    plan = previewed(session, data)
    assert [row.status for row in plan.rows] == [Status.UNCHANGED, Status.CHANGED, Status.NEW, Status.WRONG]
    changed = [(each.column, each.before, each.after) for each in plan.rows[1].differences]
    assert changed == [("党组织编码", "ORG-005", "ORG-004"), ("职务", "", "组织委员"), ("任职日期", "", "2026-11-22")]
    assert [line.partition(":")[0] for line in said(plan)] == ["5 性别", "5 出生年月", "5 入党日期", "5 党组织编码"]
    assert plan.untouched == 18
    assert queries.member(session, 11, cast.TODAY).organization_id == cast.BRIDGE  # type: ignore[union-attr]


def test_whole_or_nothing(session: Session, act: Acts) -> None:
    """One wrong cell, and not one row is imported."""
    data = xlsx({"党员": member_sheet(["", "新人", "女", "2001-02", "2026-07-01", "", "ORG-005"], ["", "坏", "?"])})
    plan = previewed(session, data)
    with pytest.raises(DomainError, match="什么也没有导入"):
        service.confirm(
            session,
            act("organizer"),
            parsed=parsed(data),
            root_id=cast.COUNTY,
            on=cast.TODAY,
            file_name="x",
            digest=plan.digest,
        )
    assert len(queries.members_of(session, cast.BRIDGE, cast.TODAY)) == 4


def test_import_writes_dated_rows_and_undo_takes_them_back(session: Session, act: Acts) -> None:
    """A transfer ends one membership and begins the next; posts follow; undo leaves the roster as it was."""
    before = service.workbook(session, LABELS, root_id=None, on=cast.TODAY)
    data = xlsx(
        {
            "党组织": [
                ["党组织编码", "党组织名称", "类型", "领域", "上级编码"],
                ["ORG-009", "河口村党支部", "党支部", "农村", "ORG-002"],
                ["ORG-007", "纺织厂党支部", "党支部", "非公企业", "ORG-002"],
            ],
            "党员": member_sheet(
                ["M000010", "王庚", "男", "1970-04", "2019-07-01", "2020-07-01", "ORG-009", "组织委员"],
                ["", "新人", "女", "2001-02", "2026-07-01", "", "ORG-009", "书记", NUMBER],
            ),
        }
    )
    imported(session, act("organizer"), data)
    today, yesterday = cast.TODAY, cast.TODAY - dt.timedelta(days=1)
    new = organizations.by_codes(session, ["ORG-009"])["ORG-009"]
    first, second = queries.members_of(session, new, today)
    assert (first.name, first.code, first.posts) == ("新人", "00000021", (PostKind.SECRETARY,))
    assert (second.name, second.posts) == ("王庚", (PostKind.ORGANIZATION,))
    assert queries.member(session, 10, yesterday).posts == (PostKind.SECRETARY,)  # type: ignore[union-attr]
    assert organizations.organization(session, cast.MILL, today).parent_id == cast.WILLOW_TOWN  # type: ignore[union-attr]
    assert organizations.organization(session, cast.MILL, yesterday).parent_id == cast.FIRMS  # type: ignore[union-attr]
    assert session.scalar(select(Member.identity_last_four).where(Member.id == first.id)) == NUMBER[-4:]
    service.undo(session, act("organizer"), root_id=cast.COUNTY, on=today)
    session.expire_all()
    plan = previewed(session, before, None)
    assert not plan.changes_anything and not plan.faults and plan.untouched == 0
    assert session.scalars(select(Membership.valid_to).where(Membership.member_id == 10)).all() == [FOREVER]
    with pytest.raises(DomainError, match="没有可以撤销的导入"):
        service.undo(session, act("organizer"), root_id=cast.COUNTY, on=today)


def test_undo_ends_with_the_next_import_and_with_records(session: Session, act: Acts) -> None:
    """Only the newest import can be undone, only by who manages its place, and only while nothing rests on it."""
    one = xlsx({"党员": member_sheet(["", "新人", "女", "2001-02", "2026-07-01", "", "ORG-005"])})
    two = xlsx({"党员": member_sheet(["", "另一人", "男", "2001-02", "2026-07-01", "", "ORG-005"])})
    imported(session, act("organizer"), one)
    imported(session, act("town_organizer"), two, cast.WILLOW_TOWN)
    assert [each.undo is None for each in session.scalars(select(RosterImport).order_by(RosterImport.id))] == [
        True,
        False,
    ]
    with pytest.raises(DomainError, match="不能由您撤销"):
        service.undo(session, act("foreign_organizer"), root_id=cast.EAST_TOWN, on=cast.TODAY)
    (who,) = queries.search(session, cast.COUNTY, "另一人", cast.TODAY)
    service.transfer(session, act(), member_id=who.id, organization_id=cast.WILLOW, on=dt.date(2026, 12, 1))
    session.flush()
    with pytest.raises(DomainError, match="又有改动"):
        service.undo(session, act("organizer"), root_id=cast.COUNTY, on=cast.TODAY)


def test_importing_twice_on_one_day(session: Session, act: Acts) -> None:
    """What began the same day is corrected in place: no empty span, no overlap, and an undo of it."""
    head = ["名册编号", "姓名", "党组织编码", "职务", "流动"]
    imported(session, act(), xlsx({"党员": [head, ["M000011", "冯辛", "ORG-004", "委员", "在外经商"]]}))
    imported(session, act(), xlsx({"党员": [head, ["M000011", "冯辛", "ORG-007", "", ""]]}))
    assert queries.member(session, 11, cast.TODAY).organization_id == cast.MILL  # type: ignore[union-attr]
    assert queries.member(session, 11, cast.TODAY).posts == ()  # type: ignore[union-attr]
    assert not session.scalars(select(Circumstance).where(Circumstance.member_id == 11)).all()
    service.undo(session, act("organizer"), root_id=cast.COUNTY, on=cast.TODAY)
    session.expire_all()
    back = queries.member(session, 11, cast.TODAY)
    assert back and back.organization_id == cast.WILLOW
    assert (back.posts, back.circumstances) == ((PostKind.COMMITTEE,), (CircumstanceKind.MOBILE,))


def test_one_key_is_one_import(session: Session, act: Acts) -> None:
    """A repeated request gives the same import."""
    data = xlsx({"党员": [["名册编号", "姓名"], ["M000010", "王更"]]})
    plan = previewed(session, data)
    both = [
        service.confirm(
            session,
            act(key="import-key-1"),
            parsed=parsed(data),
            root_id=cast.COUNTY,
            on=cast.TODAY,
            file_name="x",
            digest=plan.digest,
        )
        for _ in range(2)
    ]
    assert both[0] == both[1]
    assert len(session.scalars(select(RosterImport)).all()) == 1
