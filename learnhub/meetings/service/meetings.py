"""Verbs of meetings: scheduling, moving, cancelling, the roll, the record."""

import dataclasses
import datetime as dt
from collections.abc import Collection

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learnhub.attendance import queries as attendance_queries
from learnhub.attendance import service as attendance
from learnhub.attendance.queries import RollSheet
from learnhub.attendance.rules import Outcome, RollSaved, check_ended, lists_exactly
from learnhub.attendance.service import Overtaken, Saving
from learnhub.audit.queries import earlier
from learnhub.audit.rules import Act, subject_id
from learnhub.audit.service import note
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.core.text import N_
from learnhub.meetings import queries
from learnhub.meetings.models import EarlierMinutes, EarlierTime, Habit, Meeting, MeetingKindOf
from learnhub.meetings.queries import MeetingValue
from learnhub.meetings.rules import (
    FIRST_HABIT,
    MeetingKind,
    Minutes,
    MinutesChanged,
    RosterChanged,
    State,
    ThemeDayTaken,
    credit_kind,
    day_in,
    is_late,
)
from learnhub.organizations import queries as organizations


def schedule(
    session: Session,
    act: Act,
    *,
    organization_id: int,
    month: str,
    kinds: Collection[MeetingKind],
    theme: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    place: str,
    minutes: Minutes,
) -> int:
    """Schedule a branch's meeting that counts for `month` (`YYYY-MM`) and return its id.

    `minutes` carries what is known beforehand: chair, lesson, film, practice. A branch holds one theme Party day a
    month (条例第十六条): a second one raises ThemeDayTaken, which names the first. The day, hour, place and chair of a
    theme day become the branch's habit. Raises DomainError for an organization that is no branch, for no kind at all,
    and for a day that is neither in the month nor next to it.
    """
    if subject := earlier(session, act.key):
        return subject_id(subject)
    _check_schedule(session, organization_id, month, kinds, clock.local(starts_at).date())
    theme_day = MeetingKind.THEME_DAY in kinds
    if theme_day and (taken := queries.theme_day(session, organization_id, month)):
        raise _taken(taken)
    occasion_id = attendance.open_occasion(
        session,
        act.without_key(),
        organization_id=organization_id,
        title=theme,
        place=place,
        starts_at=starts_at,
        ends_at=ends_at,
        credit_kind=credit_kind(kinds),
    )
    meeting = Meeting(
        organization_id=organization_id,
        occasion_id=occasion_id,
        month=month,
        theme_day_of=month if theme_day else None,
        theme=theme,
        scheduled_at=act.at,
        scheduled_by=act.actor_id,
        **dataclasses.asdict(minutes),
    )
    _add(session, meeting)
    session.add_all(MeetingKindOf(meeting_id=meeting.id, kind=kind) for kind in kinds)
    if theme_day:
        _remember(session, meeting, starts_at, ends_at, place)
    _note(
        session, act, "schedule", meeting.id, organization_id, month=month, kinds=sorted(each.value for each in kinds)
    )
    return meeting.id


def move(
    session: Session, act: Act, *, meeting_id: int, starts_at: dt.datetime, ends_at: dt.datetime, place: str
) -> None:
    """Change when and where; no reason is asked, what stood is kept. Membership is then asked for the new day."""
    if earlier(session, act.key):
        return
    meeting = _value(session, meeting_id)
    _check_day(meeting.month, clock.local(starts_at).date())
    before = meeting.occasion
    attendance.move(
        session, act.without_key(), occasion_id=meeting.occasion.id, starts_at=starts_at, ends_at=ends_at, place=place
    )
    if (before.starts_at, before.ends_at, before.place) != (starts_at, ends_at, place):
        session.add(
            EarlierTime(
                meeting_id=meeting.id,
                starts_at=before.starts_at,
                ends_at=before.ends_at,
                place=before.place,
                replaced_at=act.at,
                replaced_by=act.actor_id,
            )
        )
    _note(session, act, "move", meeting.id, meeting.organization_id)


def cancel(session: Session, act: Act, *, meeting_id: int, reason: str) -> None:
    """Cancel with a reason; the branch can then schedule another theme day for the month."""
    if earlier(session, act.key):
        return
    row = queries.held(session, meeting_id)
    attendance.cancel(session, act.without_key(), occasion_id=row.occasion_id, reason=reason)
    row.theme_day_of = None
    _note(session, act, "cancel", row.id, row.organization_id)


def call_roll(session: Session, act: Act, *, meeting_id: int, shown: Collection[int], saving: Saving) -> RollSaved:
    """Save the roll of everyone expected on the day; `shown` are the ids the recorder saw and had to decide about.

    Raises RosterChanged when those are no longer the ones to be shown, and whatever `attendance.service.save_roll` raises.
    """
    while True:
        sheet = queries.roll_sheet(session, meeting_id, act.key)
        if sheet is None:
            raise NotFound(N_("没有这次会议。"))
        if not _on_roll(sheet) <= set(shown) <= {*_on_roll(sheet), *sheet.expected}:
            raise RosterChanged
        try:
            return attendance.save_roll(session, act, sheet=sheet, saving=saving)
        except Overtaken:
            continue


def _on_roll(sheet: RollSheet) -> set[int]:
    """Of a finished roll those who stand on it: who is listed since is offered, not asked for; before, the expected."""
    if sheet.occasion.finished_at is None:
        return set(sheet.expected)
    return {member for member, mark in sheet.standing.items() if mark.outcome is not Outcome.NON_VOTING}


def fill_in(
    session: Session, act: Act, *, meeting_id: int, minutes: Minutes, started_from: str, because: str = ""
) -> None:
    """Write the record's words. `started_from` is the `mark` of the minutes the recorder saw.

    Raises MinutesChanged when somebody else changed them since. After the record is finished a change is a correction:
    it needs `because`, and what stood there is kept.
    """
    if earlier(session, act.key):
        return
    row = queries.held(session, meeting_id)
    meeting = _value(session, meeting_id)
    if meeting.minutes == minutes:
        return
    if meeting.minutes.mark != started_from:
        raise MinutesChanged(meeting.minutes)
    if meeting.state is State.CANCELLED:
        raise DomainError(N_("这次会议已经取消。"))
    if meeting.state is State.FINISHED:
        _keep_earlier(session, act, meeting, because)
    for name, words in dataclasses.asdict(minutes).items():
        setattr(row, name, words)
    _note(session, act, "fill-in", row.id, row.organization_id)


def finish(session: Session, act: Act, *, meeting_id: int, late_reason: str = "") -> int:
    """Finish the record: those who took part are credited. Returns how many members are; again changes nothing.

    Raises DomainError before the meeting has ended, before the roll is called, when the roll does not list exactly those
    expected, and when a late entry (补录, after the month) has no `late_reason`.
    """
    row = queries.held(session, meeting_id)
    meeting = _value(session, meeting_id)
    if meeting.state is not State.FINISHED:
        _check_finish(session, act, meeting, late_reason)
        if is_late(meeting.month, meeting.occasion.day, act.day):
            row.late_reason = late_reason
        _note(session, act, "finish", meeting.id, meeting.organization_id)
    return attendance.finish(session, act.without_key(), occasion_id=meeting.occasion.id)


def _note(session: Session, act: Act, verb: str, meeting_id: int, organization_id: int, **details: object) -> None:
    note(session, act, f"meeting.{verb}", f"meeting:{meeting_id}", organization_id, **details)


def _value(session: Session, meeting_id: int) -> MeetingValue:
    meeting = queries.meeting(session, meeting_id)
    if meeting is None:
        raise NotFound(N_("没有这次会议。"))
    return meeting


def _check_schedule(
    session: Session, organization_id: int, month: str, kinds: Collection[MeetingKind], day: dt.date
) -> None:
    if not kinds:
        raise DomainError(N_("请至少选一种会议。"), field="kinds")
    _check_day(month, day)
    place = organizations.organization(session, organization_id, day)
    if place is None:
        raise DomainError(N_("这一天党支部还没有成立，或者已经撤销。"), field="day")
    if not place.is_branch:
        raise DomainError(N_("只有党支部能排期；请先选定一个党支部。"))


def _check_day(month: str, day: dt.date) -> None:
    """The month is data: a November theme day may be held on 1 December, but not in another season."""
    if clock.month_of(day) not in {clock.next_month(month, step) for step in (-1, 0, 1)}:
        raise DomainError(N_("这一天离 %(month)s 太远了，请看看年份和月份。"), field="day", month=month)


def _taken(meeting: MeetingValue) -> ThemeDayTaken:
    starts = clock.local(meeting.occasion.starts_at)
    words = f"{starts:%Y-%m-%d} {starts.hour}:{starts.minute:02}"
    return ThemeDayTaken(meeting.id, month=meeting.month, day=words, place=meeting.occasion.place)


def _add(session: Session, meeting: Meeting) -> None:
    """Insert the meeting; when another recorder was faster by a moment, the table refuses and theirs is named."""
    try:
        with session.begin_nested():
            session.add(meeting)
    except IntegrityError:
        taken = queries.theme_day(session, meeting.organization_id, meeting.month)
        if taken is None:
            raise
        raise _taken(taken) from None


def _remember(session: Session, meeting: Meeting, starts_at: dt.datetime, ends_at: dt.datetime, place: str) -> None:
    """Let the next scheduling start from this one. A short month or a neighbouring one does not move the fixed day."""
    starts = clock.local(starts_at)
    known = queries.habit(session, meeting.organization_id) or FIRST_HABIT
    usual = day_in(meeting.month, known.day_of_month)
    keep = starts.date() == usual or clock.month_of(starts.date()) != meeting.month
    session.merge(
        Habit(
            organization_id=meeting.organization_id,
            day_of_month=known.day_of_month if keep else starts.day,
            starts=starts.time(),
            minutes=int((ends_at - starts_at).total_seconds()) // 60,
            place=place,
            chair=meeting.chair,
        )
    )


def _keep_earlier(session: Session, act: Act, meeting: MeetingValue, because: str) -> None:
    if not because.strip():
        raise DomainError(N_("记录已经完成。改动是更正，请写明理由。"), field="because")
    session.add(
        EarlierMinutes(
            meeting_id=meeting.id,
            minutes=dataclasses.asdict(meeting.minutes),
            replaced_at=act.at,
            replaced_by=act.actor_id,
            replaced_because=because,
        )
    )


def _check_finish(session: Session, act: Act, meeting: MeetingValue, late_reason: str) -> None:
    check_ended(meeting.occasion, act.at)
    if not meeting.occasion.called:
        raise DomainError(N_("还没有点名。先点名，再完成记录。"))
    roll = attendance_queries.roll(session, meeting.occasion.id)
    if not lists_exactly(roll, {each.id for each in queries.expected(session, meeting)}):
        raise DomainError(N_("点名以后名单有变化，请对照新名单再点一次名，然后完成记录。"))
    late = is_late(meeting.month, meeting.occasion.day, act.day)
    if late and not late_reason.strip():
        raise DomainError(N_("这是补录，请写明为什么现在才记。"), field="late_reason")
