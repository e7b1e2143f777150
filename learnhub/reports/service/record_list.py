"""The list of records of a year as a paper, for the year's archive."""

import datetime as dt

from learnhub.core import clock
from learnhub.core.text import N_
from learnhub.core.voice import Voice
from learnhub.meetings.rules import KIND_LABELS
from learnhub.papers.rules import Column, Paper, Table
from learnhub.reports.queries.record_list import MeetingLine, RecordList


def record_list_paper(found: RecordList, organization: str, voice: Voice, made_at: dt.datetime) -> Paper:
    """记录目录 as one value: the finished meetings, then the classes; nobody is named."""
    say = voice.say
    words = {N_("组织"): 34, N_("日期"): 13, N_("种类"): 24, N_("主题"): 36}
    figures = {N_("应到"): 8, N_("实到"): 8}
    head = (
        *(Column(say(label), width) for label, width in words.items()),
        *(Column(say(label), width, numeric=True) for label, width in figures.items()),
        Column(say(N_("完成记录")), 13),
    )
    classes = {N_("班次"): 34, N_("地点"): 24, N_("开始"): 13, N_("结束"): 13}
    return Paper(
        title=say(N_("%(year)s 年记录目录")) % {"year": found.day.year},
        made_at=made_at,
        blocks=(
            Table(head, tuple(_line(each, voice) for each in found.meetings), caption=say(N_("会议和主题党日"))),
            Table(
                tuple(Column(say(label), width) for label, width in classes.items()),
                tuple(
                    (each.title, each.place, each.starts_on.isoformat(), each.ends_on.isoformat())
                    for each in found.classes
                ),
                caption=say(N_("培训班")),
            ),
        ),
        facts=(
            (say(N_("组织")), organization),
            (say(N_("名册日")), voice.day(found.day)),
            (say(N_("制表时间")), voice.instant(made_at)),
        ),
        notes=(
            say(N_("列出已经完成记录的会议，按组织序列和日期；应到 = 实到 + 请假 + 缺席。")),
            say(N_("年内撤销、合并的支部，它们当时的记录也在内；改过名的支部，括号里写当时的名称。")),
        ),
        landscape=True,
        language=voice.language,
    )


def _line(each: MeetingLine, voice: Voice) -> tuple[str | int, ...]:
    name = each.organization
    if each.former:
        name = voice.say(N_("%(name)s（原：%(former)s）")) % {"name": name, "former": each.former}
    kinds = voice.say(N_("、")).join(voice.say(KIND_LABELS[kind]) for kind in each.kinds)
    recorded = clock.local(each.finished_at).date().isoformat()
    return (name, each.day.isoformat(), kinds, each.theme, each.expected, each.came, recorded)
