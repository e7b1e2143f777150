"""Report 4 as a paper: members by the credit hours they have reached."""

import dataclasses
import datetime as dt
from collections.abc import Iterator

from learnhub.core.text import N_
from learnhub.papers.rules import Column, Group, Paper, Table
from learnhub.records.queries import NeedValue
from learnhub.reports.queries.hours import REACHED_LABELS, Hours, HoursRow, Reached
from learnhub.reports.service.voice import Cell, Voice

_HEADINGS = {False: N_("其他党员"), True: N_("支委会成员")}


def hours_paper(table: Hours, voice: Voice, made_at: dt.datetime) -> Paper:
    """学时情况 as one value, from which page, XLSX, PDF and Word are made."""
    say = voice.say
    head = [Column(say(N_("组织")), 24), Column(say(N_("党员总数")), 10, numeric=True)]
    for _committee in _HEADINGS:
        head.append(Column(say(N_("人数")), 10, numeric=True))
        head += [Column(say(label), 12, numeric=True) for label in REACHED_LABELS.values()]
    total = dataclasses.replace(table.total, name=say(N_("合计")))
    rows = tuple(tuple(_cells(row, voice)) for row in (*table.rows, total))
    groups = (Group("", 2), *(Group(say(label), 1 + len(Reached)) for label in _HEADINGS.values()))
    return Paper(
        title=say(N_("学时情况")),
        made_at=made_at,
        blocks=(Table(tuple(head), rows, groups=groups, total_last=True),),
        facts=(
            (say(N_("组织")), table.total.name),
            (say(N_("名册日")), voice.day(table.day)),
            (say(N_("制表时间")), voice.instant(made_at)),
        ),
        notes=tuple(_notes(table, voice)),
        landscape=True,
        language=voice.language,
    )


def _cells(row: HoursRow, voice: Voice) -> Iterator[Cell]:
    yield voice.say(N_("%(name)s（直属）")) % {"name": row.name} if row.own else row.name
    yield row.heads.total()
    for committee in _HEADINGS:
        yield row.among(committee)
        yield from (row.heads[committee, each] for each in Reached)


def _notes(table: Hours, voice: Voice) -> Iterator[str]:
    say = voice.say
    yield say(N_("口径：这些数怎样算出来"))
    yield say(N_("每名党员按名册日所在组织统计一次；学时从当年 1 月 1 日算到名册日，已撤销的不算。"))
    yield say(N_("支委会成员包括书记，按名册日任职；两类人相加等于党员总数。"))
    for committee, need in ((False, table.member_need), (True, table.committee_need)):
        yield f"{say(_HEADINGS[committee])}: {_need(need, voice)}"
    yield say(N_("来源：学时登记。"))


def _need(need: NeedValue, voice: Voice) -> str:
    if not need.quarters:
        return voice.say(N_("没有登记每年的学时要求，有学时的都算已满。"))
    words = voice.say(N_("一年一般 %(hours)s 学时（%(basis)s）。"))
    return words % {"hours": f"{need.quarters / 4:g}", "basis": need.basis}
