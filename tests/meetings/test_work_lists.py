"""A month's work list: the branch's own, its private hints, and who one level down may need help."""

import datetime as dt

import pytest
import sqlalchemy as sa

from learnhub.attendance.rules import LeaveReason, Outcome, RollMark
from learnhub.attendance.service import Saving
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.core.orm import FOREVER
from learnhub.meetings import queries, service
from learnhub.meetings.models import HelpRequest, HintDismissal
from learnhub.meetings.rules import MeetingKind, Minutes
from learnhub.meetings.rules.work import Lack, Seen, ThemeDayDone, is_gap, lacks, still_put_aside
from learnhub.members.models import Member, Membership
from learnhub.members.rules import Sex
from learnhub.organizations.models import Organization, OrganizationLink
from learnhub.organizations.rules import OrganizationKind
from tests import cast
from tests.databases import count_statements

AWAY = RollMark(Outcome.ABSENT)
LIST = f"/meetings/work-list?organization={cast.WILLOW}"
ACT = Act(cast.PEOPLE["recorder"][0], cast.NOW)


def hold(session, day, marks, branch=cast.WILLOW):
    starts = clock.instant(day, dt.time(9))
    done = Act(ACT.actor_id, starts + dt.timedelta(hours=3))
    meeting_id = service.schedule(
        session, done, organization_id=branch, month=clock.month_of(day), kinds=[MeetingKind.THEME_DAY], theme="主题",
        starts_at=starts, ends_at=starts + dt.timedelta(hours=2), place="会议室", minutes=Minutes("周戊"),
    )  # fmt: skip
    expected = [each.id for each in queries.expected(session, queries.meeting(session, meeting_id))]
    service.call_roll(session, done, meeting_id=meeting_id, shown=expected, saving=Saving(marks, 0))
    service.finish(session, done, meeting_id=meeting_id)
    return meeting_id


@pytest.fixture
def half_year(session):
    """Theme days from July to October: 孙丙 (3) was last there in July, 吴䶮 (6) on leave since, 钱乙 (2) exempt."""
    leave = RollMark(Outcome.LEAVE, LeaveReason.SICK)
    hold(session, dt.date(2026, 7, 20), {2: RollMark(Outcome.EXEMPT)})
    for month in (8, 9, 10):
        hold(session, dt.date(2026, month, 20), {2: RollMark(Outcome.EXEMPT), 3: AWAY, 6: leave})
    session.commit()


def people(session):
    return [(each.member_id, each.dismissal is None) for each in queries.hints(session, cast.WILLOW, cast.TODAY)]


def test_three_whole_months_make_a_gap_and_a_newcomer_has_none():
    day, july = dt.date(2026, 11, 22), dt.date(2026, 7, 20)
    assert is_gap(Seen(july, july), day)
    assert is_gap(Seen(july, None), day)
    assert not is_gap(Seen(july, dt.date(2026, 8, 1)), day)
    assert not is_gap(Seen(dt.date(2026, 9, 1), None), day)
    assert (
        still_put_aside(july, july) and still_put_aside(None, None) and not still_put_aside(july, dt.date(2026, 8, 1))
    )


@pytest.mark.usefixtures("half_year")
def test_a_hint_is_put_aside_for_this_gap_only_and_can_be_taken_back(session):
    with count_statements() as seen:
        assert people(session) == [(3, True)]
    assert len(seen) <= 9
    with pytest.raises(DomainError):
        service.dismiss_hint(session, ACT, organization_id=cast.WILLOW, member_id=3, reason=" ")
    service.dismiss_hint(session, ACT, organization_id=cast.WILLOW, member_id=3, reason="外出务工")
    assert people(session) == [(3, False)]
    service.restore_hint(session, ACT, organization_id=cast.WILLOW, member_id=3)
    assert people(session) == [(3, True)]
    kept = session.scalars(sa.select(HintDismissal)).one()
    assert (kept.reason, kept.since, kept.withdrawn_by) == ("外出务工", dt.date(2026, 7, 20), ACT.actor_id)
    with pytest.raises(DomainError):
        service.dismiss_hint(session, ACT, organization_id=cast.WILLOW, member_id=4, reason="没有这条")


@pytest.mark.usefixtures("half_year")
def test_a_branch_without_records_has_one_hint_and_not_one_for_each_member(session):
    later = dt.date(2027, 2, 10)
    assert [each.member_id for each in queries.hints(session, cast.WILLOW, later)] == [None]
    assert queries.hints(session, cast.BRIDGE, later) == ()
    act = Act(ACT.actor_id, clock.instant(later, dt.time(9)))
    service.dismiss_hint(session, act, organization_id=cast.WILLOW, member_id=None, reason="防汛")
    assert queries.hints(session, cast.WILLOW, later)[0].dismissal.reason == "防汛"


@pytest.mark.usefixtures("half_year")
def test_the_branch_sees_its_four_parts_and_the_level_above_no_name(client_as):
    recorder = client_as("recorder")
    page = recorder.page(LIST)
    for words in ("本月到期", "缺席要跟进的", "等答复的异议", "三个月没有记录的", "2026 年 7 月 20 日", "孙丙"):
        assert words in page
    assert "写明理由，收起" in recorder.page("/")
    hint = f"/meetings/work-list/hint?organization={cast.WILLOW}&member=3"
    assert recorder.send(hint, {"reason": ""}).status_code == 422
    assert recorder.send(hint, {"reason": "外出务工，每月通电话"}).status_code == 303
    assert "外出务工，每月通电话" in recorder.page(LIST)
    assert "写明理由，收起" not in recorder.page("/")
    for above in ("organizer", "town_organizer", "reader"):
        page = client_as(above).page(LIST)
        assert "本月到期" in page
        for secret in ("孙丙", "外出务工", "三个月没有记录", "缺席要跟进", "异议"):
            assert secret not in page
    back = f"/meetings/work-list/hint/restore?organization={cast.WILLOW}&member=3"
    assert recorder.send(back, {}).status_code == 303
    assert "写明理由，收起" in recorder.page(LIST)


def test_a_branch_asks_for_help_and_only_the_level_above_reads_its_words(client_as, session):
    recorder = client_as("recorder")
    asked = f"/meetings/work-list/help?organization={cast.WILLOW}"
    assert recorder.send(asked, {"words": ""}).status_code == 422
    for words in ("没有设备", "没有放片子的设备"):
        assert recorder.send(asked, {"words": words}).status_code == 303
    town = client_as("town_organizer").page("/meetings/work-list")
    assert "没有放片子的设备" in town
    county = client_as("organizer").page("/meetings/work-list")
    assert "有支部请求帮助" in county and "没有放片子的设备" not in county and "柳树村" not in county
    assert recorder.send(f"/meetings/work-list/help/withdraw?organization={cast.WILLOW}", {}).status_code == 303
    assert "没有放片子的设备" not in client_as("town_organizer").page("/meetings/work-list")
    assert len(session.scalars(sa.select(HelpRequest)).all()) == 2


@pytest.mark.parametrize(
    ("before", "now", "day", "found"),
    [
        (None, None, 10, {Lack.LAST_MONTH}),
        (None, None, 22, {Lack.LAST_MONTH, Lack.NOT_SCHEDULED}),
        (True, (25, False), 22, set()),
        (True, (20, False), 22, {Lack.NOT_RECORDED}),
        (False, (20, True), 22, {Lack.LAST_MONTH}),
    ],
)
def test_what_a_branch_lacks(before, now, day, found):
    earlier = None if before is None else ThemeDayDone(dt.date(2026, 10, 20), before)
    present = ThemeDayDone(dt.date(2026, 11, now[0]), now[1]) if now else None
    assert lacks(earlier, present, stood=True, day=dt.date(2026, 11, day)) == found
    assert Lack.LAST_MONTH not in lacks(earlier, present, stood=False, day=dt.date(2026, 11, day))


def test_one_level_down_in_organization_order_in_as_many_statements_for_any_number_of_branches(session):
    hold(session, dt.date(2026, 10, 20), {}, cast.BRIDGE)
    hold(session, dt.date(2026, 11, 20), {}, cast.BRIDGE)
    with count_statements() as few:
        found = queries.needs(session, cast.WILLOW_TOWN, cast.TODAY)
    assert [each.organization.id for each in found] == [cast.WILLOW, cast.FIRMS]
    many = [
        Organization(
            id=number, code=f"N{number}", name=f"第{number}党支部", kind=OrganizationKind.BRANCH, domain=None,
            position=200 - number, founded_on=cast.SINCE, dissolved_on=FOREVER,
        )
        for number in range(101, 121)
    ]  # fmt: skip
    session.add_all(many)
    session.flush()
    for each in many:
        session.add(OrganizationLink(organization_id=each.id, parent_id=cast.EAST_TOWN, valid_from=cast.SINCE))
        born = {"birth_month": "1990-01", "joined_on": cast.SINCE, "search_key": "x", "sort_key": "1", "sex": Sex.MALE}
        session.add(Member(id=each.id, code=each.code, name="新人", **born))
        session.flush()
        session.add(Membership(member_id=each.id, organization_id=each.id, valid_from=cast.SINCE))
    session.flush()
    with count_statements() as statements:
        assert len(queries.needs(session, cast.EAST_TOWN, cast.TODAY)) == 21
    assert len(statements) == len(few) == 4
    assert [each.organization.id for each in queries.needs(session, cast.COUNTY, cast.TODAY)] == [2, 3]
