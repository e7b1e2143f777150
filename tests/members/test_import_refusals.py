"""What an import refuses: rows that name nobody, wrong trees, what changed meanwhile, what lies outside."""

import datetime as dt

import pytest
from sqlalchemy.orm import Session

from learnhub.core.errors import Conflict
from learnhub.members import service
from learnhub.members.rules.plan import Status
from tests import cast
from tests.members.files import csv_bytes, xlsx
from tests.members.test_import import NUMBER, Acts, imported, parsed, previewed, said


def test_walls_of_a_subtree(session: Session) -> None:
    """A town's organizer touches no row outside the town, and learns nothing of it but that it is outside."""
    people = [["名册编号", "姓名", "党组织编码"], ["M000018", "杨辰", "ORG-004"], ["M000010", "王庚", "ORG-008"]]
    lines = said(previewed(session, xlsx({"党员": people}), cast.WILLOW_TOWN))
    assert [line.partition(":")[0] for line in lines] == ["2 名册编号", "3 党组织编码"]
    tree = xlsx(
        {
            "党组织": [
                ["党组织编码", "党组织名称", "类型", "上级编码"],
                ["ORG-008", "改名", "党支部", "ORG-002"],
                ["ORG-002", "柳河镇党委", "党委", "ORG-003"],
                ["ORG-020", "新村党支部", "党支部", "ORG-003"],
            ],
        }
    )
    lines += said(previewed(session, tree, cast.WILLOW_TOWN))
    assert [line.partition(":")[0] for line in lines[2:]] == ["2 党组织编码", "3 上级编码", "4 上级编码"]
    assert not any("石坝" in line or "杨辰" in line for line in lines)


def test_who_a_row_is_about(session: Session, act: Acts) -> None:
    """By code, else identity number, else by looks; same names are fine while something tells them apart."""
    imported(session, act(), xlsx({"党员": [["名册编号", "姓名", "身份证号"], ["M000011", "冯辛", NUMBER]]}))
    head = ["姓名", "性别", "出生年月", "党组织编码", "身份证号", "手机"]
    plan = previewed(
        session,
        xlsx(
            {
                "党员": [
                    head,
                    ["冯辛", "女", "1988-08", "ORG-005", NUMBER, "0731 1234567"],
                    ["郑伟", "男", "1994-06", "ORG-004", "", ""],
                ]
            }
        ),
    )
    assert [(row.target_id, row.status) for row in plan.rows] == [(11, Status.CHANGED), (9, Status.UNCHANGED)]
    twins = xlsx({"党员": [head, ["郑伟", "男", "1994-06", "ORG-004"], ["郑伟", "男", "1994-06", "ORG-004"]]})
    assert "3 姓名: 和第 2 行像是同一个人" in said(previewed(session, twins))[0]
    other = xlsx({"党员": [["名册编号", "姓名", "身份证号"], ["M000012", "陈壬", NUMBER]]})
    assert "另一名党员" in said(previewed(session, other))[0]
    masked = xlsx({"党员": [["名册编号", "姓名", "身份证号"], ["M000011", "冯辛", "**************9999"]]})
    assert "只有后四位" in said(previewed(session, masked))[0]


def test_new_members_need_their_particulars(session: Session) -> None:
    """Sex and month of birth may come from the identity number; the rest is asked for."""
    head = ["姓名", "性别", "出生年月", "入党日期", "转正日期", "类别", "所在党支部", "身份证号"]
    rows = [
        ["有号", "", "", "2015-07-01", "2016-07-01", "正式党员", "桥头村党支部", NUMBER],
        ["没号", "", "", "", "", "", "", ""],
        ["太小", "男", "2010-01", "2026-01-01", "", "正式", "没有的支部", ""],
    ]
    plan = previewed(session, csv_bytes([head, *rows], "gb18030"))
    assert (plan.rows[0].values["sex"], plan.rows[0].values["birth_month"]) == ("male", "1991-09")
    assert plan.rows[0].status is Status.NEW
    lines = said(plan)
    assert len([line for line in lines if line.startswith("3 ")]) == 4
    assert [line.partition("。")[0] for line in lines if line.startswith("4 ")] == [
        "4 所在党支部: 没有名称为“没有的支部”的党支部，或者它不在您管理的范围内",
        "4 入党日期: 按出生年月，入党时还不满 18 岁",
        "4 转正日期: 类别写的是正式党员，请填转正日期",
    ]


def test_tree_of_a_file_is_checked(session: Session) -> None:
    """Duplicates, missing and impossible parents, circles: each is named by its row."""
    head = ["党组织编码", "党组织名称", "类型", "上级编码", "成立日期"]
    rows = [
        ["A", "甲党总支", "党总支", "B", ""],
        ["B", "乙党总支", "党总支", "A", ""],
        ["C", "丙支部", "党支部", "ORG-005", ""],
        ["C", "又一个", "党支部", "ORG-002", ""],
        ["D", "丁支部", "党支部", "", "2030-01-01"],
        ["E", "", "部门", "X", ""],
        ["ORG-004", "柳树村党支部", "党委", "ORG-002", ""],
    ]
    places = {line.partition(":")[0] for line in said(previewed(session, xlsx({"党组织": [head, *rows]})))}
    assert places == {
        "2 上级编码",
        "3 上级编码",
        "4 上级编码",
        "5 党组织编码",
        "6 上级编码",
        "6 成立日期",
        "7 类型",
        "7 党组织名称",
        "7 上级编码",
        "8 类型",
    }


def test_changed_meanwhile_is_a_conflict(session: Session, act: Acts) -> None:
    """What is confirmed is what was previewed, or nothing."""
    data = xlsx({"党员": [["名册编号", "姓名"], ["M000010", "王更"]]})
    plan = previewed(session, data)
    imported(session, act("organizer"), xlsx({"党员": [["名册编号", "姓名", "手机"], ["M000010", "王耕", "123456"]]}))
    with pytest.raises(Conflict):
        service.confirm(
            session,
            act(),
            parsed=parsed(data),
            root_id=cast.COUNTY,
            on=cast.TODAY,
            file_name="x",
            digest=plan.digest,
        )


def test_back_dated_change_does_not_pass_a_later_one(session: Session, act: Acts) -> None:
    """A change before one that is on record already is refused."""
    service.transfer(session, act(), member_id=10, organization_id=cast.WILLOW, on=cast.TODAY)
    session.flush()
    data = xlsx({"党员": [["名册编号", "姓名", "党组织编码"], ["M000010", "王庚", "ORG-007"]]})
    plan = previewed(session, data, on=dt.date(2026, 3, 1))
    assert "不能倒着改" in said(plan)[0]
