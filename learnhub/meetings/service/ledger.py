"""A branch's yearly ledger (年度台账) as one paper: what was due, every meeting, every member's sessions, the pictures."""

import dataclasses
import datetime as dt
from collections.abc import Iterator

from learnhub.core import clock
from learnhub.core.text import N_
from learnhub.core.voice import Cell, Voice
from learnhub.meetings.queries.due import DutyState
from learnhub.meetings.queries.recorded import Ledger, MemberYear, Recorded
from learnhub.meetings.rules import KIND_LABELS, STATE_LABELS, MeetingKind, State
from learnhub.meetings.rules.duties import HELD_LABELS, Held
from learnhub.meetings.service.papers import PAGE_WORDS
from learnhub.meetings.service.record_boxes import kinds_of, record_grid
from learnhub.papers.rules import Block, Column, Grid, Heading, PageBreak, Paper, Paragraph, Style, Table

_HASH = 16  # hexadecimal digits of a picture's hash: enough to tell that a file is the one listed
_BASIS = (
    N_("一种会一期只算一次：期内开的是“已开”，过期以后补上的是“补开”，写明原因没有开的是“有说明”，还没有过完的是“未到期”，按支部情况不用开的是“不适用”。"),
    N_("按季度、按年度开的会，写在开会计入的那个月；没有开的，写在期末那个月。党课没有规定次数的，只写上了几次。"),
    N_("应到 = 实到 + 请假 + 缺席；不作硬性要求的、列席的另列。实到包括线上出席和在流入地参加。"),
    N_("党员参加情况按次数记，只算已经完成记录的会议，不算比例，不排名次。因健康、产育等原因请假的，只写请假。"),
    N_("来源：本支部的排期、点名和记录，没有另外填报的数。补录和更正照实写明。"),
)  # fmt: skip


def ledger_paper(found: Ledger, voice: Voice, made_at: dt.datetime, *, records: bool, reasons: bool) -> Paper:
    """年度台账 as one value; `records` prints every record whole, for the file, `reasons` as in `record_boxes`."""
    say, year = voice.say, found.year
    blocks: list[Block] = [Heading(say(N_("一、会议完成情况"))), _kinds(found, voice)]
    if explained := _explained(found, voice):
        blocks.append(explained)
    blocks += [Heading(say(N_("二、会议目录"))), *_listed(found, voice)]
    blocks += [Heading(say(N_("三、党员参加情况"))), _members(found, voice)]
    blocks += [Heading(say(N_("四、附件目录"))), _attachments(found, voice)]
    if records:
        blocks += _records(found, voice, reasons=reasons)
    title = say(N_("%(year)s 年度台账")) % {"year": year.year}
    return Paper(
        title=title,
        made_at=made_at,
        blocks=tuple(blocks),
        facts=(
            (say(N_("党支部")), year.organization.name),
            (say(N_("年度")), f"{year.year}"),
            (say(N_("截至")), voice.day(found.day)),
            (say(N_("制表时间")), voice.instant(made_at)),
        ),
        notes=tuple(say(each) for each in (N_("口径：这些数怎样算出来"), *_BASIS)),
        style=Style.FILING,
        language=voice.language,
        footer=say(N_("，")).join((year.organization.name, title)),
        page_words=say(PAGE_WORDS),
        holder=year.organization.name if records else "",
        cover=records,
    )


def list_place(found: Ledger) -> int:
    """Which table of the paper, counted from 0, lists the meetings: a row for each, in order."""
    return 2 if any(True for _each in _explanations(found)) else 1


def _kinds(found: Ledger, voice: Voice) -> Table:
    """Kinds × months: what came of each."""
    say, months = voice.say, [f"{found.year.year:04d}-{number:02d}" for number in range(1, 13)]
    month = say(N_("%(number)s 月"))
    head = (Column(say(N_("会议")), 15), *(Column(month % {"number": number}, 8) for number in range(1, 13)))
    rows: list[tuple[Cell, ...]] = []
    for states in found.year.rows:
        cells = {_month_of(each): say(HELD_LABELS[each.held]) for each in states}
        rows.append((say(KIND_LABELS[states[0].duty.kind]), *(cells.get(each, "") for each in months)))
    if not any(states[0].duty.kind is MeetingKind.LECTURE for states in found.year.rows):
        held = [each.month for each in found.year.lectures]
        times = (held.count(each) for each in months)
        lectures = (say(N_("%(count)s 次")) % {"count": count} if count else "" for count in times)
        rows.append((say(KIND_LABELS[MeetingKind.LECTURE]), *lectures))
    return Table(head, tuple(rows))


def _month_of(state: DutyState) -> str:
    """The month under which a period stands: of the meeting that met it, else the last one."""
    held = state.held in (Held.ON_TIME, Held.MADE_UP)
    return state.meeting.month if held and state.meeting else state.last


def _explanations(found: Ledger) -> Iterator[tuple[DutyState, str]]:
    """Periods in which a meeting was not held, with what the branch wrote about it."""
    for states in found.year.rows:
        for each in states:
            if each.held is Held.EXPLAINED:
                yield each, each.explanation.reason if each.explanation else _called_off(found, each)


def _called_off(found: Ledger, state: DutyState) -> str:
    """Why the meeting of a period was cancelled."""
    return next(
        (
            each.meeting.occasion.cancelled_because or ""
            for each in found.meetings
            if each.meeting.state is State.CANCELLED
            and state.duty.kind in each.meeting.kinds
            and state.first <= each.meeting.month <= state.last
        ),
        "",
    )


def _explained(found: Ledger, voice: Voice) -> Table | None:
    say = voice.say
    rows = tuple(
        (
            say(KIND_LABELS[state.duty.kind]),
            state.first if state.first == state.last else f"{state.first}—{state.last}",
            words,
        )
        for state, words in _explanations(found)
    )
    head = (Column(say(N_("会议")), 15), Column(say(N_("期间")), 16), Column(say(N_("为什么没有开")), 70))
    return Table(head, rows, caption=say(N_("说明"))) if rows else None


def _listed(found: Ledger, voice: Voice) -> Iterator[Block]:
    """Every meeting of the year in order of time; a row each, before whatever is said of there being none."""
    say = voice.say
    figures = (N_("应到"), N_("实到"), N_("请假"), N_("缺席"))
    yield Table(
        (
            Column(say(N_("序号")), 6),
            Column(say(N_("日期")), 13),
            Column(say(N_("种类")), 20),
            Column(say(N_("主题")), 30),
            *(Column(say(each), 8, numeric=True) for each in figures),
            Column(say(N_("记录")), 12),
        ),
        tuple(_line(number, each, voice) for number, each in enumerate(found.meetings, 1)),
    )
    if not found.meetings:
        yield Paragraph(say(N_("这一年还没有排期。")))


def _line(number: int, found: Recorded, voice: Voice) -> tuple[Cell, ...]:
    meeting, counts = found.meeting, found.sheet.tally
    called = meeting.occasion.called and meeting.state is not State.CANCELLED
    figures = (counts.expected, counts.present, counts.leave, counts.absent) if called else ("", "", "", "")
    state = voice.say(N_("补录")) if meeting.late else voice.say(STATE_LABELS[meeting.state])
    return (f"{number}", meeting.occasion.day.isoformat(), kinds_of(meeting, voice), meeting.theme, *figures, state)


def _records(found: Ledger, voice: Voice, *, reasons: bool) -> Iterator[Block]:
    """The records one after another, numbered like the list; what was only planned or called off has none."""
    yield PageBreak()
    yield Heading(voice.say(N_("五、会议记录")))
    for number, each in enumerate(found.meetings, 1):
        if each.meeting.state in (State.CALLED, State.FINISHED):
            about = (f"{number}.", voice.day(each.meeting.occasion.day), kinds_of(each.meeting, voice))
            yield Heading("　".join(about), level=2)
            yield _without_empty_rows(record_grid(each, voice, reasons=reasons))


def _without_empty_rows(grid: Grid) -> Grid:
    """A year's records are to be read, not filled in: what a meeting had none of takes no row."""
    return dataclasses.replace(grid, rows=tuple(row for row in grid.rows if any(box.text for box in row[1:])))


def _members(found: Ledger, voice: Voice) -> Table:
    say = voice.say
    figures = (
        N_("应到"), N_("实到"), N_("请假"), N_("缺席"), N_("不作硬性要求"), N_("补课"), N_("送学上门"),
    )  # fmt: skip
    head = (
        Column(say(N_("序号")), 6),
        Column(say(N_("姓名")), 24),
        *(Column(say(each), 12 if len(each) > 4 else 9, numeric=True) for each in figures),
    )
    return Table(head, tuple(_member(number, each, voice) for number, each in enumerate(found.members, 1)))


def _member(number: int, each: MemberYear, voice: Voice) -> tuple[Cell, ...]:
    name = each.member.name
    if each.namesake:
        born = {"year": each.member.birth_month[:4], "month": int(each.member.birth_month[5:])}
        about = voice.say(N_("%(year)s 年 %(month)s 月生")) % born
        name = voice.say(N_("%(name)s（%(about)s）")) % {"name": name, "about": about}
    figures = (each.expected, each.came, each.leave, each.absent, each.exempt, each.made_up, each.visited)
    return (f"{number}", name, *figures)


def _attachments(found: Ledger, voice: Voice) -> Block:
    say = voice.say
    rows = tuple(
        (
            each.meeting.occasion.day.isoformat(),
            each.meeting.theme,
            picture.caption,
            clock.local(picture.noted_at).date().isoformat(),
            picture.sha256[:_HASH],
        )
        for each in found.meetings
        for picture in each.attachments
    )
    labels = {N_("会议日期"): 13, N_("主题"): 29, N_("照片说明"): 29, N_("上传日期"): 13, N_("校验值"): 21}
    if not rows:
        return Paragraph(say(N_("没有附件。附件可有可无，没有照片的记录一样完整。")))
    return Table(tuple(Column(say(label), width) for label, width in labels.items()), rows)
