"""What notices say. A digest names nobody and judges nothing; it says what is to be done and where."""

import datetime as dt
from collections.abc import Iterator

from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.core.text import N_
from learnhub.meetings.queries import MeetingValue
from learnhub.meetings.rules import KIND_LABELS, State
from learnhub.notices import queries
from learnhub.notices.models import NoticeChoice
from learnhub.notices.queries import BranchWork, MeetingNotice
from learnhub.notices.rules import (
    Content,
    Item,
    MessageKind,
    Section,
    Voice,
    digest_is_due,
    is_quiet,
    next_look,
    not_before,
)
from learnhub.notices.service.outbox import compose

_DAY = dt.timedelta(days=1)


def look(session: Session, row: NoticeChoice, voice: Voice, at: dt.datetime) -> None:
    """Look once what a person who asked is to be told now, and put it into the outbox.

    `row` is held by `queries.due_choice`: two workers never look for the same person, and a day's digest is looked for
    once, whether or not there was anything in it.
    """
    quiet = row.quiet_from, row.quiet_to
    if is_quiet(clock.local(at).time(), *quiet):
        row.look_at = not_before(at, *quiet)
        return
    row.look_at = next_look(at, row.meetings, *quiet)
    day = clock.local(at).date()
    who = queries.stands_as(session, row.account_id, day)
    if who is None:
        return
    if row.digested_on != day and digest_is_due(row.digest, day):
        row.digested_on = day
        works = [queries.branch_work(session, each, day) for each in who.branches]
        content = digest(works, voice, day)
        if content is not None:
            until = clock.instant(day + _DAY)
            compose(session, row, MessageKind.DIGEST, f"digest:{day}", content.as_json(), due_at=at, until=until, at=at)
    if row.meetings and who.member_id:
        _tell_of_meetings(session, row, who.member_id, voice, at)


def _tell_of_meetings(session: Session, row: NoticeChoice, member_id: int, voice: Voice, at: dt.datetime) -> None:
    """One message for each meeting, and one more when it is moved or cancelled after that."""
    for found in queries.coming(session, member_id, at):
        meeting = found.entry.meeting
        told = queries.told_of(session, row.id, meeting.id)
        cancelled = meeting.state is State.CANCELLED
        if found.subject in told or meeting.state is State.FINISHED or (cancelled and not told):
            continue
        content = of_meeting(found, voice, changed=bool(told)).as_json()
        until = meeting.occasion.starts_at
        compose(session, row, MessageKind.MEETING, found.subject, content, due_at=at, until=until, at=at)


def digest(works: list[BranchWork], voice: Voice, day: dt.date) -> Content | None:
    """The digest of these branches on `day`; None when nothing is to be done in any of them."""
    sections = [Section(each.organization.name, tuple(_items(each, voice, day))) for each in works]
    sections = [each for each in sections if each.items]
    if not sections:
        return None
    title = voice.say(N_("%(branch)s：要办的事")) % {
        "branch": voice.say(N_("、")).join(one.heading for one in sections)
    }
    if len(sections) == 1:
        sections = [Section("", sections[0].items)]
    return Content(title, tuple(sections))


def _items(work: BranchWork, voice: Voice, day: dt.date) -> Iterator[Item]:
    say, place = voice.say, work.organization.id
    schedule = f"/meetings/schedule?organization={place}&month={work.month}"
    for each in work.soon:
        yield Item(_theme_day(each, voice, day), f"/meetings/{each.id}")
    for each in work.unfinished:
        words = (
            N_("%(day)s的主题党日还没有点名")
            if each.state is State.SCHEDULED
            else N_("%(day)s的主题党日还没有完成记录")
        )
        yield Item(say(words) % {"day": voice.day(each.occasion.day)}, f"/meetings/{each.id}")
    if work.unscheduled:
        yield Item(say(N_("%(month)s主题党日还没有排期")) % {"month": voice.month(work.month)}, schedule)
    for duty in work.duties:
        words = N_("%(kind)s本月要开，还没有排期") if duty.first == duty.last else N_("%(kind)s本季度要开，还没有排期")
        yield Item(say(words) % {"kind": say(KIND_LABELS[duty.duty.kind])}, schedule)
    if work.absences:
        words = say(N_("缺席等补课或送学上门：%(count)s 人次")) % {"count": work.absences}
        yield Item(words, f"/meetings/missed?organization={place}")
    if work.objections:
        words = say(N_("党员提的异议等答复：%(count)s 件")) % {"count": work.objections}
        yield Item(words, f"/objections?organization={place}")


def _theme_day(meeting: MeetingValue, voice: Voice, day: dt.date) -> str:
    on = meeting.occasion.day
    words = {0: N_("今天主题党日：%(when)s，%(place)s"), 1: N_("明天主题党日：%(when)s，%(place)s")}
    said = voice.say(words.get((on - day).days, N_("主题党日：%(when)s，%(place)s")))
    return said % {"when": _when(meeting, voice), "place": meeting.occasion.place}


def _when(meeting: MeetingValue, voice: Voice) -> str:
    at = meeting.occasion.starts_at
    words = {"day": voice.day(at), "weekday": voice.weekday(at), "time": voice.time(at)}
    return voice.say(N_("%(day)s（%(weekday)s）%(time)s")) % words


def of_meeting(found: MeetingNotice, voice: Voice, *, changed: bool) -> Content:
    """A meeting as a member is told of it: what, when, where, what it is about; nobody's name."""
    say, meeting = voice.say, found.entry.meeting
    kinds = say(N_("、")).join(say(KIND_LABELS[kind]) for kind in meeting.kinds)
    head = N_("【%(branch)s】%(kinds)s通知")
    if meeting.state is State.CANCELLED:
        head = N_("【%(branch)s】%(kinds)s取消")
    elif changed:
        head = N_("【%(branch)s】%(kinds)s改期")
    minutes = meeting.minutes
    named = (
        (N_("主题"), meeting.theme),
        (N_("时间"), _when(meeting, voice)),
        (N_("地点"), meeting.occasion.place),
        (N_("课"), minutes.lesson),
        (N_("片"), minutes.film),
        (N_("行"), minutes.practice),
    )
    line = say(N_("%(name)s：%(title)s"))
    items = tuple(Item(line % {"name": say(name), "title": title}) for name, title in named if title)
    ahead = Item(say(N_("先看本月的课和片，要带什么以支部通知为准")), f"/months/{meeting.month}")
    sections = (Section("", items if meeting.state is State.CANCELLED else (*items, ahead)),)
    return Content(say(head) % {"branch": found.branch, "kinds": kinds}, sections)


def confirmation(voice: Voice, site_name: str, path: str) -> Content:
    """The first message to a new address: it is to be confirmed, by whoever reads it, before anything else comes."""
    say = voice.say
    items = (
        Item(
            say(N_("有人在“%(site)s”里要求把提醒发到这里。打开下面的页面，按一下按钮才会开始发。"))
            % {"site": site_name}
        ),
        Item(say(N_("确认要收提醒")), path),
        Item(say(N_("如果不是您，请不要理会，以后不会再收到。链接三天内有效。"))),
    )
    return Content(say(N_("请确认要收提醒")), (Section("", items),))
