"""The sign-in sheet and the activity record (活动记录表) as papers to be filed, and the note that one was taken away."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy.orm import Session

from learnhub.attendance.queries import AttachmentValue
from learnhub.attendance.rules import OUTCOME_LABELS, Outcome
from learnhub.audit.rules import Act
from learnhub.audit.service import note
from learnhub.core.text import N_
from learnhub.core.voice import Voice
from learnhub.meetings.queries import Line, Sheet
from learnhub.meetings.queries.meetings import MeetingValue
from learnhub.meetings.queries.recorded import Recorded
from learnhub.meetings.rules import State
from learnhub.meetings.service.record_boxes import about_grid, named, record_grid
from learnhub.papers.rules import (
    Block,
    Box,
    Column,
    Grid,
    Heading,
    PageBreak,
    Paper,
    Paragraph,
    Picture,
    Signatures,
    Style,
    Table,
)

# Millimetres of a row to sign in. Two people sit side by side: twenty fit on one page with much room, more with less.
_ROOMY, _SIGN, _ROOMY_UP_TO, _SUM = 14, 10, 20, 9
_BLANK_GUESTS = 4
PAGE_WORDS = N_("第 %(page)s 页 共 %(pages)s 页")


def sign_in_paper(sheet: Sheet, guests: tuple[str, ...], branch: str, voice: Voice, made_at: dt.datetime) -> Paper:
    """签到表: names in roster order with room to sign; after the roll, whoever was not in the room is named as such."""
    say, meeting = voice.say, sheet.meeting
    called = meeting.occasion.called
    room = _ROOMY if len(sheet.expected) <= _ROOMY_UP_TO else _SIGN
    names = [f"{number}" for number in range(1, len(sheet.expected) + 1)]
    cells = [
        (number, named(line, voice), _not_in_room(line, voice))
        for number, line in zip(names, sheet.expected, strict=True)
    ]
    head = (Column(say(N_("序号")), 5), Column(say(N_("姓名")), 17), Column(say(N_("签名")), 16))
    known = [*(line.member.name for line in sheet.guests), *guests]
    others = [(name, "") for name in known] + [("", "")] * (0 if called else _BLANK_GUESTS - len(known))
    seat = (Column(say(N_("列席人员（姓名、单位）")), 20), Column(say(N_("签名")), 18))
    blocks: list[Block] = [
        Grid(8, tuple(about_grid(meeting, voice))),
        Table((*head, *head), _side_by_side(cells, ("", "", "")), row_height=room),
    ]
    if others:
        blocks.append(Table((*seat, *seat), _side_by_side(others, ("", "")), row_height=room))
    blocks += [Grid(8, (tuple(_sums(sheet, voice)),)), Signatures((say(N_("记录人签名：")), say(N_("日期："))))]
    note = say(N_("名单是 %(day)s 属于本支部的党员，共 %(count)s 人。"))
    words = note % {"day": voice.day(meeting.occasion.day), "count": len(sheet.expected)}
    return _paper(say(N_("签到表")), branch, meeting, tuple(blocks), (words,), voice=voice, made_at=made_at)


def activity_paper(
    found: Recorded, pictures: Iterable[Picture], branch: str, voice: Voice, made_at: dt.datetime, *, reasons: bool
) -> Paper:
    """活动记录表: all of the minimum record, or boxes to fill in by hand; pictures stand on pages behind it."""
    say, meeting = voice.say, found.meeting
    signing = Signatures((say(N_("主持人签名：")), say(N_("记录人签名：")), say(N_("日期："))))
    behind = tuple(pictures)
    notes = [say(N_("来源：排期、点名和记录。制表：%(at)s。")) % {"at": voice.instant(made_at)}]
    if meeting.state not in (State.FINISHED, State.CANCELLED):
        notes.insert(0, say(N_("记录还没有完成，空着的地方可以手写。")))
    blocks: tuple[Block, ...] = (record_grid(found, voice, reasons=reasons), signing)
    if behind:  # the notes belong to the form, not to the pictures
        blocks = (*blocks, *(Paragraph(each) for each in notes), PageBreak(), Heading(say(N_("附件"))), *behind)
        notes = []
    return _paper(say(N_("活动记录表")), branch, meeting, blocks, tuple(notes), voice=voice, made_at=made_at)


def picture_of(number: int, value: AttachmentValue, jpeg: bytes, voice: Voice) -> Picture:
    """An attachment as a picture on paper, with its number and its caption."""
    words = voice.say(N_("附件 %(number)s")) % {"number": number}
    return Picture(jpeg, value.width, value.height, f"{words}　{value.caption}".rstrip())


def _paper(
    title: str,
    branch: str,
    meeting: MeetingValue,
    blocks: tuple[Block, ...],
    notes: tuple[str, ...],
    *,
    voice: Voice,
    made_at: dt.datetime,
) -> Paper:
    return Paper(
        title=title,
        made_at=made_at,
        blocks=blocks,
        notes=notes,
        style=Style.FILING,
        language=voice.language,
        holder=branch,
        footer=voice.say(N_("，")).join((branch, title, voice.day(meeting.occasion.day))),
        page_words=voice.say(PAGE_WORDS),
    )


def _not_in_room(line: Line, voice: Voice) -> str:
    """What the sheet says instead of a signature, after the roll was called."""
    if line.mark is None or line.mark.outcome is Outcome.PRESENT:
        return ""
    return voice.say(OUTCOME_LABELS[line.mark.outcome])


def _sums(sheet: Sheet, voice: Voice) -> Iterator[Box]:
    """应到、实到、请假、缺席; before the roll only how many are expected."""
    called, counts = sheet.meeting.occasion.called, sheet.tally
    figures = (
        (N_("应到"), str(counts.expected if called else sheet.proposed.expected)),
        (N_("实到"), str(counts.present) if called else ""),
        (N_("请假"), str(counts.leave) if called else ""),
        (N_("缺席"), str(counts.absent) if called else ""),
    )
    for label, words in figures:
        yield from (Box(voice.say(label), label=True), Box(words, height=_SUM, centred=True))


def _side_by_side(cells: Sequence[tuple[str, ...]], blank: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Two people a row: half as many pages."""
    padded = [*cells, blank] if len(cells) % 2 else cells
    return tuple((*left, *right) for left, right in zip(padded[::2], padded[1::2], strict=True))


def note_taken(session: Session, act: Act, action: str, subject: str, organization_id: int, **details: object) -> None:
    """Note on the audit trail that a paper with names was read or taken away as a file (docs/promises.md, S13)."""
    note(session, act.without_key(), action, subject, organization_id, **details)  # reading twice is two readings
