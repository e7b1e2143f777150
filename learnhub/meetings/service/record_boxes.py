"""The boxes of a meeting's record on paper, whichever paper they stand on; what is not known yet stays blank.

Reasons of health are never printed: sick leave, maternity leave and leave for other reasons are all 请假. The other
reasons are printed for the branch itself (`reasons`), not for the levels above it.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from learnhub.attendance.rules import (
    FOLLOW_UP_LABELS,
    LEAVE_LABELS,
    OUTCOME_LABELS,
    LeaveReason,
    Outcome,
    RollMark,
    Tally,
)
from learnhub.core.text import N_
from learnhub.core.voice import Voice
from learnhub.meetings.queries import Line, Sheet
from learnhub.meetings.queries.meetings import MeetingValue
from learnhub.meetings.queries.recorded import Recorded
from learnhub.meetings.rules import KIND_LABELS, State
from learnhub.meetings.rules.decisions import PROGRESS_LABELS, Matter, Told
from learnhub.papers.rules import Box, Grid

# Reasons of leave that say nothing of anybody's health.
_SAYABLE = frozenset({LeaveReason.OFFICIAL, LeaveReason.PERSONAL})
# Millimetres of the boxes that are written in by hand before a meeting is recorded.
_LINE, _DECISIONS, _SUMMARY = 10, 34, 52
_AWAY = (Outcome.LEAVE, Outcome.ABSENT, Outcome.EXEMPT)
_ELSEWHERE = (Outcome.ONLINE, Outcome.RECEIVING_PLACE)


def record_grid(found: Recorded, voice: Voice, *, reasons: bool) -> Grid:
    """All that a meeting's record says, box by box."""
    rows = [*about_grid(found.meeting, voice), *_people(found, voice, reasons=reasons), *_contents(found, voice)]
    return Grid(8, (*rows, *_afterwards(found, voice, reasons=reasons)))


def decision_words(matters: Iterable[Matter], voice: Voice) -> str:
    """What was agreed on and what became of it, one matter a line."""
    lines = []
    for number, matter in enumerate(matters, 1):
        lines.append(f"{number}. {matter.decision.words}")
        lines += [f"　 {_told(each, voice)}" for each in matter.told]
    return "\n".join(lines)


def named(line: Line, voice: Voice) -> str:
    """A name, with what tells it from the same name of another, and whether the member is on probation."""
    marks = []
    if line.namesake:
        born = voice.say(N_("%(year)s 年 %(month)s 月生"))
        marks.append(born % {"year": line.member.birth_month[:4], "month": int(line.member.birth_month[5:])})
    if line.probationary:
        marks.append(voice.say(N_("预备")))
    words = voice.say(N_("，")).join(marks)
    return (
        voice.say(N_("%(name)s（%(about)s）")) % {"name": line.member.name, "about": words}
        if words
        else line.member.name
    )


def kinds_of(meeting: MeetingValue, voice: Voice) -> str:
    """The kinds of a meeting in words."""
    return voice.say(N_("、")).join(voice.say(KIND_LABELS[each]) for each in meeting.kinds)


def _row(voice: Voice, label: str, words: str, *, height: int = 0, flows: bool = False) -> tuple[Box, ...]:
    return (Box(voice.say(label), label=True), Box(words, span=7, height=height, flows=flows))


def _pair(voice: Voice, *pairs: tuple[str, str], height: int = 0) -> tuple[Box, ...]:
    return tuple(
        box for label, words in pairs for box in (Box(voice.say(label), label=True), Box(words, span=3, height=height))
    )


def about_grid(meeting: MeetingValue, voice: Voice) -> Iterator[tuple[Box, ...]]:
    """What is known before a meeting: kinds, theme, when, where, who presides."""
    occasion = meeting.occasion
    when = voice.say(N_("%(day)s（%(weekday)s）%(from)s—%(to)s")) % {
        "day": voice.day(occasion.day),
        "weekday": voice.weekday(occasion.day),
        "from": voice.time(occasion.starts_at),
        "to": voice.time(occasion.ends_at),
    }
    yield _row(voice, N_("会议种类"), kinds_of(meeting, voice))
    yield _row(voice, N_("主题"), meeting.theme)
    yield _row(voice, N_("时间"), when)
    yield _pair(voice, (N_("地点"), occasion.place), (N_("主持人"), meeting.minutes.chair))


def _people(found: Recorded, voice: Voice, *, reasons: bool) -> Iterator[tuple[Box, ...]]:
    """Who took the record, who sat in, how many came, and who did not."""
    say, sheet, called = voice.say, found.sheet, found.meeting.occasion.called
    blank = 0 if called else _LINE
    sat_in = say(N_("、")).join([*(line.member.name for line in sheet.guests), *found.guests])
    recorder = found.meeting.minutes.recorder
    sat_in = sat_in or (say(N_("无")) if called else "")
    yield _pair(voice, (N_("记录人"), recorder), (N_("列席人员"), sat_in), height=blank)
    labels = (N_("人数"), N_("应到"), N_("实到"), N_("请假"), N_("缺席"), N_("不作硬性要求"), N_("列席"))
    yield tuple(Box(say(each), span=2 if number == 5 else 1, label=True) for number, each in enumerate(labels))
    rows = ((N_("正式党员"), sheet.full, 0), (N_("预备党员"), sheet.probationary, 0))
    for label, counts, others in (*rows, (N_("合计"), sheet.tally, len(found.guests))):
        yield (Box(say(label), label=True), *_counts(counts, others, called=called, height=blank))
    yield _row(voice, N_("未到会人员"), _away(sheet, voice, reasons=reasons), height=blank)
    if elsewhere := _by_outcome(sheet, _ELSEWHERE, voice, reasons=reasons):
        yield _row(voice, N_("在别处参加"), elsewhere)
    followed = _followed_up(sheet, voice) or (say(N_("无")) if called else "")
    yield _row(voice, N_("补课、上门"), followed, height=blank)


def _counts(counts: Tally, others: int, *, called: bool, height: int) -> Iterator[Box]:
    """Heads by outcome; `others` sat in without being members."""
    figures = (counts.expected, counts.present, counts.leave, counts.absent, counts.exempt, counts.non_voting + others)
    for number, figure in enumerate(figures):
        yield Box(str(figure) if called else "", span=2 if number == 4 else 1, height=height, centred=True)


def _contents(found: Recorded, voice: Voice) -> Iterator[tuple[Box, ...]]:
    """Lesson, film, practice, agenda, decisions, summary."""
    words, open_ = found.meeting.minutes, found.meeting.state in (State.SCHEDULED, State.CALLED)
    say = voice.say
    by = say(N_("，主讲人：%(name)s")) % {"name": words.lecturer} if words.lecturer else ""
    source = say(N_("，来源：%(name)s")) % {"name": words.film_source} if words.film_source else ""
    heads = words.practice_people
    people = say(N_("，%(count)s 人参加")) % {"count": heads} if words.practice and heads is not None else ""
    blank = _LINE if open_ else 0
    yield _row(voice, N_("课"), words.lesson + by if words.lesson else "", height=blank)
    yield _row(voice, N_("片"), words.film + source if words.film else "", height=blank)
    yield _row(voice, N_("实践"), words.practice + people if words.practice else "", height=blank)
    if words.agenda:
        yield _row(voice, N_("议程"), words.agenda, flows=True)
    if asked := _asked(found, voice):
        yield _row(voice, N_("以前定的事"), asked, flows=True)
    agreed = decision_words(found.matters, voice)
    yield _row(voice, N_("议定的事和落实"), agreed, height=_DECISIONS if open_ else _LINE, flows=not open_)
    yield _row(voice, N_("活动情况"), words.summary, height=_SUMMARY if open_ else _LINE, flows=not open_)


def _afterwards(found: Recorded, voice: Voice, *, reasons: bool) -> Iterator[tuple[Box, ...]]:
    """What came later: late entry, cancelling, corrections, pictures."""
    say, meeting = voice.say, found.meeting
    if meeting.occasion.cancelled_at:
        words = {"at": voice.instant(meeting.occasion.cancelled_at), "reason": meeting.occasion.cancelled_because or ""}
        yield _row(voice, N_("已取消"), say(N_("%(at)s。原因：%(reason)s")) % words)
    if meeting.late and meeting.occasion.finished_at:
        words = {"at": voice.instant(meeting.occasion.finished_at), "reason": meeting.late_reason}
        yield _row(voice, N_("补录"), say(N_("%(at)s。原因：%(reason)s")) % words)
    if corrections := "\n".join(_corrections(found, voice, reasons=reasons)):
        yield _row(voice, N_("更正情况"), corrections, flows=True)
    if found.attachments:
        number_words, count_words = say(N_("附件 %(number)s")), say(N_("照片 %(count)s 张："))
        captions = (
            f"{number_words % {'number': number}}　{each.caption}".rstrip()
            for number, each in enumerate(found.attachments, 1)
        )
        words_of_all = say(N_("；")).join(captions)
        yield _row(voice, N_("附件"), count_words % {"count": len(found.attachments)} + words_of_all)


def _corrections(found: Recorded, voice: Voice, *, reasons: bool) -> Iterator[str]:
    """Each correction of the record; those of the roll by day and number, for the branch with their reasons."""
    say = voice.say
    for each in reversed(found.corrected):
        words = {"at": voice.instant(each.replaced_at), "reason": each.replaced_because}
        yield say(N_("%(at)s 更正记录，理由：%(reason)s")) % words
    marks: dict[tuple[dt.datetime, str], int] = {}
    for mark in found.marks_corrected:
        if mark.withdrawn_at:
            key = (mark.withdrawn_at, (mark.withdrawn_because or "") if reasons else "")
            marks[key] = marks.get(key, 0) + 1
    for (at, because), count in sorted(marks.items()):
        said = say(N_("%(at)s 更正点名 %(count)s 人")) % {"at": voice.instant(at), "count": count}
        yield said + (say(N_("，理由：%(reason)s")) % {"reason": because} if because else "")


def _asked(found: Recorded, voice: Voice) -> str:
    """Earlier decisions that this meeting told about."""
    return "\n".join(f"{matter.decision.words}　{_told(told, voice)}" for matter, told in found.asked if told)


def _told(told: Told, voice: Voice) -> str:
    words = {"day": voice.day(told.day), "progress": voice.say(PROGRESS_LABELS[told.progress])}
    said = voice.say(N_("%(day)s：%(progress)s")) % words
    return voice.say(N_("，")).join((said, told.words)) if told.words else said


def _away(sheet: Sheet, voice: Voice, *, reasons: bool) -> str:
    """Who did not take part, by what the roll says of them."""
    if not sheet.meeting.occasion.called:
        return ""
    return _by_outcome(sheet, _AWAY, voice, reasons=reasons) or voice.say(N_("无"))


def _by_outcome(sheet: Sheet, outcomes: Iterable[Outcome], voice: Voice, *, reasons: bool) -> str:
    found: dict[str, list[str]] = {}
    for outcome in outcomes:
        for line in sheet.of(outcome):
            if line.mark:
                found.setdefault(_said(line.mark, voice, reasons=reasons), []).append(named(line, voice))
    joined = voice.say(N_("、"))
    return "\n".join(
        voice.say(N_("%(label)s：%(names)s")) % {"label": label, "names": joined.join(names)}
        for label, names in found.items()
    )


def _said(mark: RollMark, voice: Voice, *, reasons: bool) -> str:
    """An outcome in words, without anything about health."""
    label = voice.say(OUTCOME_LABELS[mark.outcome])
    if reasons and mark.leave_reason in _SAYABLE:
        return voice.say(N_("%(name)s（%(about)s）")) % {
            "name": label,
            "about": voice.say(LEAVE_LABELS[mark.leave_reason]),
        }
    return label


def _followed_up(sheet: Sheet, voice: Voice) -> str:
    lines = []
    for line in sheet.followed_up:
        if line.follow_up:
            after = line.follow_up
            parts = (voice.say(FOLLOW_UP_LABELS[after.kind]), voice.day(after.day), after.visitor, after.content)
            told = voice.say(N_("，")).join(each for each in parts if each)
            lines.append(voice.say(N_("%(label)s：%(names)s")) % {"label": named(line, voice), "names": told})
    return "\n".join(lines)
