"""The start pages while a month and a class go on: what comes next, whom to follow up, what is one's own."""

import dataclasses
import datetime as dt

import pytest

from learnhub.attendance.rules import LeaveReason, Outcome, RollMark
from learnhub.attendance.service import Saving
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.meetings import queries as asking
from learnhub.meetings import service as meetings
from learnhub.meetings.rules import MeetingKind, Minutes
from learnhub.members import queries as members
from learnhub.training.batches import service as batches_service
from learnhub.training.batches.rules import NewSession
from learnhub.training.enrolment import service as enrolment_service
from learnhub.training.tasks import service as tasks_service
from learnhub.training.tasks.rules import Audience, CompletionRule
from tests import cast

WILLOW_HEADS = range(1, 10)
ABSENT = {2: RollMark(Outcome.EXEMPT), 3: RollMark(Outcome.ABSENT), 6: RollMark(Outcome.LEAVE, LeaveReason.SICK)}


def act(person, at=None):
    return Act(cast.PEOPLE[person][0], at or clock.now())


def schedule(session, day, kinds=(MeetingKind.THEME_DAY,), theme="把时间还给群众"):
    starts = clock.instant(day, dt.time(9))
    return meetings.schedule(
        session,
        act("recorder"),
        organization_id=cast.WILLOW,
        month=clock.month_of(day),
        kinds=kinds,
        theme=theme,
        starts_at=starts,
        ends_at=starts + dt.timedelta(hours=2),
        place="柳树村党群服务中心",
        minutes=Minutes(chair="周戊"),
    )


def call(session, meeting_id, marks=None):
    meeting = asking.meeting(session, meeting_id)
    heads = [each.id for each in asking.expected(session, meeting)]
    meetings.call_roll(session, act("recorder"), meeting_id=meeting_id, shown=heads, saving=Saving(marks or {}, 0))


def hold(session, day, marks=None, **more):
    meeting_id = schedule(session, day, **more)
    call(session, meeting_id, marks)
    finish(session, meeting_id, day)
    return meeting_id


def finish(session, meeting_id, day):
    """Write two sentences and finish on the evening of `day`."""
    done = act("recorder", clock.instant(day, dt.time(18)))
    found = asking.meeting(session, meeting_id)
    words = dataclasses.replace(found.minutes, summary="读了课文，清了台账。", decisions="停两张表。")
    meetings.fill_in(session, done, meeting_id=meeting_id, minutes=words, started_from=found.minutes.mark)
    meetings.finish(session, done, meeting_id=meeting_id)


@pytest.fixture
def class_of_willow(session):
    """A task of the county with one batch of two sessions, in which two members of 柳树村 have a place."""
    organizer = act("organizer")
    task = tasks_service.open_task(
        session,
        organizer,
        organization_id=cast.COUNTY,
        title="农村党员集中轮训",
        starts_on=dt.date(2026, 1, 1),
        ends_on=dt.date(2026, 12, 31),
        quarters=96,
        basis="县委组织部 2026 年轮训安排",
        audience=Audience(),
        rule=CompletionRule(7, 60),
    )
    sessions = [
        NewSession(
            "农村矛盾怎样化解在村里",
            clock.instant(dt.date(2026, 11, day), dt.time(14)),
            clock.instant(dt.date(2026, 11, day), dt.time(17)),
            "县委党校第二教室",
        )
        for day in (27, 28)
    ]
    batch = batches_service.open_batch(
        session,
        organizer,
        task_id=task,
        organization_id=cast.COUNTY,
        title="第 3 期",
        place="县委党校",
        starts_on=dt.date(2026, 11, 27),
        ends_on=dt.date(2026, 12, 4),
        capacity=40,
        quiz_course="organizational-life",
        sessions=sessions,
    )
    for member in (1, 4):
        enrolment_service.place(session, organizer, batch_id=batch, member_id=member)
    session.commit()
    return batch


def test_the_theme_day_goes_step_by_step(client_as, session):
    recorder = client_as("recorder")
    assert "给十一月主题党日排期" in recorder.page("/")
    meeting_id = schedule(session, dt.date(2026, 11, 25))
    session.commit()
    page = recorder.page("/")
    assert f'class="btn" href="/meetings/{meeting_id}/sign-in-sheet"' in page
    assert "11 月 25 日（星期三）" in page
    clock.fix(clock.instant(dt.date(2026, 11, 22), dt.time(10, 1)))
    meetings.move(
        session,
        act("recorder"),
        meeting_id=meeting_id,
        starts_at=clock.instant(dt.date(2026, 11, 22), dt.time(8)),
        ends_at=clock.instant(dt.date(2026, 11, 22), dt.time(9)),
        place="村部",
    )
    session.commit()
    assert f'class="btn" href="/meetings/{meeting_id}/roll"' in recorder.page("/")
    call(session, meeting_id)
    session.commit()
    assert f'class="btn" href="/meetings/{meeting_id}/record"' in recorder.page("/")
    finish(session, meeting_id, dt.date(2026, 11, 22))
    session.commit()
    page = recorder.page("/")
    assert 'class="btn"' not in page
    assert "看记录" in page


def test_who_missed_a_theme_day_is_listed_until_followed_up(client_as, session):
    hold(session, dt.date(2026, 10, 25), ABSENT)
    session.commit()
    page = client_as("recorder").page("/")
    for name in ("孙丙", "吴䶮"):
        assert f"<strong>{name}</strong>" in page
    assert "病" not in page.partition("谁需要补课或上门")[2].partition("今年的主题党日")[0]
    assert "<strong>赵甲</strong>" not in page


def test_a_meeting_that_was_held_is_no_longer_due(client_as, session):
    assert client_as("recorder").page("/").count("等您排期") == 5
    hold(session, dt.date(2026, 10, 12), kinds=[MeetingKind.GENERAL], theme="第四季度党员大会")
    schedule(session, dt.date(2026, 11, 27), kinds=[MeetingKind.COMMITTEE], theme="十一月支委会")
    session.commit()
    page = client_as("recorder").page("/")
    assert page.count("等您排期") == 3, "what is due once a year is asked for in its last months"
    assert "已记录，10 月 12 日" in page
    assert "已排在 11 月 27 日" in page


def test_the_member_sees_the_own_month_class_and_hours(client_as, session, class_of_willow):
    hold(session, dt.date(2026, 10, 25), ABSENT)
    schedule(session, dt.date(2026, 11, 25))
    session.commit()
    member = client_as("member")
    page = member.page("/")
    for words in (
        "主题党日在 11 月 25 日。",
        "柳树村党群服务中心",
        "农村党员集中轮训",
        "11 月 27 日（星期五） 14:00",
        "县委党校第二教室",
    ):
        assert words in page
    assert "去做结业测试" in page
    for other in ("孙丙", "吴䶮", "李丁"):
        assert other not in page
    own = member.page("/my-record")
    assert "把时间还给群众" in own
    assert "主题党日" in own
    assert "出席" in own


def test_the_completion_test_goes_from_the_start_page_to_the_batch(client_as, session, class_of_willow):
    member = client_as("member")
    begun = member.send(f"/training/batches/{class_of_willow}/test")
    assert begun.status_code == 303
    page = member.page(begun.location)
    assert "结业测试" in page
    assert client_as("foreign_member").send(f"/training/batches/{class_of_willow}/test").status_code in {403, 404, 422}
    member.send(f"{begun.location}/hand-in", {"sure": "1"})
    assert "再测一次" in member.page("/")


def test_the_organizer_sees_tasks_with_their_open_batches(client_as, session, class_of_willow):
    page = client_as("organizer").page("/")
    for words in (
        "农村党员集中轮训",
        "第 3 期",
        "已编 2 人，可容 40 人",
        f'href="/training/batches/{class_of_willow}"',
    ):
        assert words in page
    assert "农村党员集中轮训" in client_as("reader").page("/")


def test_a_record_of_nothing_says_what_will_stand_there(client_as):
    page = client_as("member").page("/my-record")
    assert "还没有记过学时" in page
    assert "还没有点名记录" in page
    for year in ("2025", "x", "99999", "0"):
        client_as("member").page(f"/my-record?year={year}")


def test_the_record_is_for_members_only(client_as):
    assert client_as("organizer").get("/my-record").status_code == 403
    assert "/sign-in" in client_as(None).get("/my-record").location


def test_the_branch_of_the_cast_is_as_these_tests_expect(session):
    assert [each.id for each in members.members_of(session, cast.WILLOW, cast.TODAY)] == list(WILLOW_HEADS)
