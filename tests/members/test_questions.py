"""What an import asks: full or on probation, the same person, since when in office, who of a complete list is missing."""

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.models import AuditEntry
from learnhub.core.errors import DomainError
from learnhub.members import queries, service
from learnhub.members.models import Member, Post
from learnhub.members.queries import conditions
from learnhub.members.rules import PostKind
from learnhub.members.rules.columns import SheetKind
from learnhub.members.rules.days import DayPrecision
from learnhub.members.rules.plan import Plan, Status
from learnhub.members.rules.questions import LeavingReason
from learnhub.training.tasks.queries import audience_conditions
from learnhub.training.tasks.rules import Audience
from tests import cast
from tests.members.files import csv_bytes, xlsx
from tests.members.test_import import LABELS, NUMBER, Acts, imported, previewed, said

NEW = ["姓名", "性别", "出生年月", "入党时间", "所在党支部"]
BRIDGE = "桥头村党支部"


def asked(plan: Plan) -> list[str]:
    return [question.key for question in plan.questions if not question.answer]


def remarked(plan: Plan) -> list[str]:
    return [remark.message % remark.values for remark in plan.remarks]


def find(session: Session, name: str) -> Member:
    return session.scalars(select(Member).where(Member.name == name)).one()


def test_who_joined_long_ago_is_not_taken_for_probationary(session: Session, act: Acts) -> None:
    """Without the day and the kind it is asked, and confirmed only when answered; who joined this year cannot be full."""
    rows = [
        ["龚甲一", "男", "1955-03", "1985-07-01", BRIDGE],
        ["龚乙二", "男", "1990-03", "2025-07-01", BRIDGE],
        ["龚丙三", "男", "1990-03", "2026-07-01", BRIDGE],
    ]
    data = csv_bytes([NEW, *rows])
    plan = previewed(session, data, answers={})
    assert asked(plan) == ["standing-old", "standing-recent"] and not plan.faults
    assert "龚甲一" in str(plan.questions[0].values) and "龚丙三" not in str(plan.questions)
    with pytest.raises(DomainError, match="没有回答"):
        imported(session, act(), data, answers={"standing-old": "full"})
    imported(session, act(), data, answers={"standing-old": "full", "standing-recent": "probationary"})
    first, second, third = (find(session, name) for name in ("龚甲一", "龚乙二", "龚丙三"))
    assert (first.full_precision, first.full_on) == (DayPrecision.UNKNOWN, first.joined_on)
    assert (second.full_on, third.full_on) == (None, None)
    export = service.delimited(session, SheetKind.MEMBERS, root_id=None, on=cast.TODAY)
    assert "1985-07-01,不详,正式" in export.decode("utf-8-sig")
    assert not previewed(session, export, None, answers={}).changes_anything


def test_kind_without_a_day(session: Session, act: Acts) -> None:
    """A full member of long ago whose day is not known is one, with a remark; a recent one needs the day."""
    head = [*NEW, "党员类别"]
    old = csv_bytes([head, ["龚甲一", "男", "1955-03", "1985", BRIDGE, "正式党员"]])
    plan = previewed(session, old, answers={})
    assert not plan.faults and not asked(plan) and "不详" in remarked(plan)[0]
    imported(session, act(), old)
    member = find(session, "龚甲一")
    assert (member.joined_precision, member.joined_on) == (DayPrecision.YEAR, dt.date(1985, 1, 1))
    recent = csv_bytes([head, ["龚乙二", "男", "1990-03", "2025-06-01", BRIDGE, "正式党员"]])
    assert "请填转正日期" in said(previewed(session, recent))[0]


def test_partly_known_days_are_kept_and_become_better_known(session: Session, act: Acts) -> None:
    """A month is exported as a month; a day that fits is taken, and what says less does not take anything away."""
    head = [*NEW, "转正日期"]
    row = ["龚甲一", "男", "1955-03", "1985-07", BRIDGE, "1986"]
    imported(session, act(), csv_bytes([head, row]))
    export = service.delimited(session, SheetKind.MEMBERS, root_id=None, on=cast.TODAY).decode("utf-8-sig")
    assert "1985-07,1986,正式" in export
    assert not previewed(session, csv_bytes([head, row])).changes_anything
    row[3:] = ["1985-07-15", BRIDGE, "1986-07-20"]
    imported(session, act(), csv_bytes([head, row]))
    assert find(session, "龚甲一").joined_precision is DayPrecision.DAY
    row[3:] = ["1985", BRIDGE, "1986-07"]
    assert not previewed(session, csv_bytes([head, row])).changes_anything
    lines = [
        ["龚乙二", "男", "1990-03", "2020-07", BRIDGE, "2025-08"],
        ["龚丙三", "男", "1990-03", "2020-07-09", BRIDGE, "2020"],
    ]
    assert [line.partition("，")[0] for line in said(previewed(session, csv_bytes([head, *lines])))] == [
        "2 转正日期: 近两年转正的",
        "3 转正日期: 转正日期和入党日期分不出先后",
    ]


def test_the_same_person_elsewhere_is_asked_about(session: Session, act: Acts) -> None:
    """Same name, sex, birth and joining in another branch: moved, or another person, as is answered."""
    data = csv_bytes([[*NEW, "转正时间"], ["王庚", "男", "1970-04", "2019-07-01", "柳树村党支部", "2020-07-01"]])
    plan = previewed(session, data, answers={})
    (key,) = asked(plan)
    assert plan.questions[0].values["place"] == BRIDGE and not plan.faults
    moved = previewed(session, data, answers={key: "same"})
    assert [(row.target_id, row.status) for row in moved.rows] == [(10, Status.CHANGED)]
    other = previewed(session, data, answers={"all:same-person": "new"})
    assert [(row.target_id, row.status) for row in other.rows] == [(None, Status.NEW)]
    imported(session, act(), data, answers={key: "same"})
    assert queries.member(session, 10, cast.TODAY).organization_id == cast.WILLOW  # type: ignore[union-attr]


def test_namesakes_outside_and_with_codes(session: Session) -> None:
    """Somebody of another part of the tree, or under another code, is asked about without saying where they are."""
    data = csv_bytes([[*NEW, "转正时间"], ["杨辰", "女", "1977-07", "2019-07", "柳树村党支部", "2020-07-01"]])
    plan = previewed(session, data, cast.WILLOW_TOWN, answers={})
    assert len(asked(plan)) == 1 and "石坝" not in str(plan.questions)
    assert [choice.value for choice in plan.questions[0].choices] == ["new"]
    coded = csv_bytes([["编号", *NEW, "转正时间"], ["X9", "王庚", "男", "1970-04", "2019-07-01", BRIDGE, "2020-07-01"]])
    (key,) = asked(previewed(session, coded, answers={}))
    assert not previewed(session, coded, answers={key: "same"}).changes_anything


def test_one_person_listed_in_two_branches(session: Session) -> None:
    """Two new rows that look the same in two branches are asked about, unless their numbers tell them apart."""
    rows = [["新人", "男", "1970-04", "2026-07-01", name] for name in (BRIDGE, "柳树村党支部")]
    assert asked(previewed(session, csv_bytes([NEW, *rows]), answers={})) == ["listed-twice::3"]
    assert not asked(previewed(session, csv_bytes([NEW, *rows]), answers={"listed-twice::3": "new"}))


def test_since_when_posts_are_held(session: Session, act: Acts) -> None:
    """The roster tells the day of taking up a post; a task for those new in office goes by it, and never by an import's."""
    head = ["名册编号", "姓名", "职务", "任职日期"]
    rows = [
        ["M000011", "冯辛", "组织委员、副书记", "2024-03-01、2026-10-01"],
        ["M000012", "陈壬", "书记", ""],
        ["M000013", "褚癸", "委员", "2026年9月1日"],
    ]
    data = csv_bytes([head, *rows])
    assert asked(previewed(session, data, answers={})) == ["posts-since"]
    imported(session, act(), data, answers={"posts-since": "unknown"})
    held = {
        (post.member_id, post.kind): (post.valid_from, post.is_start_known)
        for post in session.scalars(select(Post).where(Post.member_id.in_([11, 12, 13])))
    }
    assert held == {
        (11, PostKind.ORGANIZATION): (dt.date(2024, 3, 1), True),
        (11, PostKind.DEPUTY_SECRETARY): (dt.date(2026, 10, 1), True),
        (12, PostKind.SECRETARY): (cast.TODAY, False),
        (13, PostKind.COMMITTEE): (dt.date(2026, 9, 1), True),
    }
    shown = queries.member(session, 11, cast.TODAY)
    assert shown and shown.posts_since == (dt.date(2026, 10, 1), dt.date(2024, 3, 1))
    new_in_office = Audience(posts=frozenset(PostKind), post_months=6)
    statement = conditions.belong_below(cast.BRIDGE, cast.TODAY)
    for condition in audience_conditions(new_in_office, cast.TODAY):
        statement = statement.where(condition)
    assert {row.id for row in session.execute(statement)} == {11, 13}
    export = service.workbook(session, LABELS, root_id=None, on=cast.TODAY)
    assert not previewed(session, export, None, answers={}).changes_anything
    rows = [["M000012", "陈壬", "书记", "2021-05-06"], ["M000011", "冯辛", "副书记、组织委员", "不详、2024-03-01"]]
    plan = previewed(session, csv_bytes([head, *rows]), answers={})
    assert [row.status for row in plan.rows] == [Status.CHANGED, Status.UNCHANGED]
    imported(session, act(), csv_bytes([head, *rows]))
    assert session.scalars(select(Post.valid_from).where(Post.member_id == 12)).one() == dt.date(2021, 5, 6)
    service.undo(session, act("organizer"), root_id=cast.COUNTY, on=cast.TODAY)
    session.expire_all()
    assert session.scalars(select(Post).where(Post.member_id == 12)).one().is_start_known is False


def test_impossible_days_of_taking_up_posts(session: Session, act: Acts) -> None:
    """Later than the roster's day, before joining, more days than posts, and inside of an earlier term: each is named."""
    service.leave_post(
        session, act(), member_id=10, organization_id=cast.BRIDGE, kind=PostKind.SECRETARY, on=dt.date(2026, 3, 1)
    )
    head = ["名册编号", "姓名", "职务", "任职日期"]
    rows = [
        ["M000010", "王庚", "书记", "2025-01-01"],
        ["M000011", "冯辛", "委员", "2027-01-01"],
        ["M000012", "陈壬", "委员", "2019-01-01"],
        ["M000013", "褚癸", "委员", "2020-01-01、2021-01-01"],
    ]
    lines = said(previewed(session, csv_bytes([head, *rows])))
    assert [line[0] for line in lines] == ["2", "3", "4", "5"] and "2026-03-01" in lines[0]


def test_a_complete_list_names_who_is_missing(session: Session, act: Acts) -> None:
    """Nobody leaves before the branch is said to be complete and each has an answer; an undo brings all back."""
    data = csv_bytes([["名册编号", "姓名", "党组织编码"], ["M000011", "冯辛", "ORG-005"]])
    before = service.workbook(session, LABELS, root_id=None, on=cast.TODAY)
    plan = previewed(session, data, answers={})
    assert [(each.code, each.listed, each.missing) for each in plan.branches] == [("ORG-005", 1, 3)]
    assert not plan.questions and not plan.changes_anything
    answers = {"complete:ORG-005": "yes"}
    assert asked(previewed(session, data, answers=answers)) == ["leaving:10", "leaving:12", "leaving:13"]
    answers |= {"leaving:10": "transferred", "leaving:12": "deceased", "all:leaving": "stays"}
    plan = previewed(session, data, answers=answers)
    assert [(row.target_id, row.values["because"]) for row in plan.rows if row.status is Status.LEAVING] == [
        (10, "transferred"),
        (12, "deceased"),
    ]
    imported(session, act("organizer"), data, answers=answers)
    assert [each.id for each in queries.members_of(session, cast.BRIDGE, cast.TODAY)] == [11, 13]
    yesterday = cast.TODAY - dt.timedelta(days=1)
    assert [each.id for each in queries.members_of(session, cast.BRIDGE, yesterday)] == [10, 11, 12, 13]
    left = session.execute(
        select(AuditEntry.subject, AuditEntry.details).where(AuditEntry.action == "member.leave")
    ).all()
    assert [tuple(row) for row in left] == [
        ("member:10", {"because": LeavingReason.TRANSFERRED.value}),
        ("member:12", {"because": LeavingReason.DECEASED.value}),
    ]
    back = csv_bytes([[*NEW, "转正时间"], ["陈壬", "男", "1955-12", "2019-07-01", BRIDGE, "2020-07-01"]])
    assert len(asked(previewed(session, back, answers={}))) == 1, "who has left is asked about when listed again"
    service.undo(session, act("organizer"), root_id=cast.COUNTY, on=cast.TODAY)
    session.expire_all()
    again = previewed(session, before, None)
    assert not again.changes_anything and not again.faults and again.untouched == 0


def test_who_changed_later_cannot_leave_before(session: Session, act: Acts) -> None:
    """A change that begins after the roster's day is not cut off."""
    service.transfer(session, act(), member_id=10, organization_id=cast.WILLOW, on=cast.TODAY)
    session.flush()
    data = csv_bytes([["名册编号", "姓名", "党组织编码"], ["M000011", "冯辛", "ORG-005"]])
    answers = {"complete:ORG-005": "yes", "all:leaving": "stays", "leaving:10": "transferred"}
    assert "不能从这一天起离开" in said(previewed(session, data, on=dt.date(2026, 3, 1), answers=answers))[0]


def test_branch_by_the_name_of_the_sheet_or_the_title(session: Session) -> None:
    """A list without a column of branches takes the one named by its heading, sheet or title, and says so."""
    head, row = ["姓名", "性别", "出生年月", "入党时间"], ["男", "1990-04", "2026-07-01"]
    book = xlsx({"柳树村党支部": [head, ["甲", *row]], "桥头村": [["桥头村党支部党员名册"], head, ["乙", *row]]})
    plan = previewed(session, book)
    assert [each.values["organization"] for each in plan.rows] == ["ORG-004", "ORG-005"] and not plan.faults
    assert len([line for line in remarked(plan) if "当作" in line]) == 2
    headed = csv_bytes([head, ["柳树村党支部"], ["甲", *row], ["桥头村党支部（1人）"], ["乙", *row]])
    assert [each.values["organization"] for each in previewed(session, headed).rows] == ["ORG-004", "ORG-005"]
    unclear = xlsx({"柳树村党支部和桥头村党支部": [head, ["甲", *row]]})
    assert "党支部的编码或名称" in said(previewed(session, unclear))[0]
    assert not previewed(session, xlsx({"x": [head, ["甲", *row]]}), cast.BRIDGE).faults


def test_an_own_number_keeps_people_apart(session: Session) -> None:
    """Two identity numbers are two people, whatever else is the same: nothing is asked."""
    head = [*NEW, "身份证号"]
    row = ["新人", "男", "1991-09", "2026-07-01"]
    first = csv_bytes([head, [*row, BRIDGE, NUMBER], [*row, "柳树村党支部", "11010519491231002X"]])
    assert not asked(previewed(session, first, answers={}))
