"""季度情况 and 月度工作清单 as papers: facts in organization order; no rank, no score, nobody named."""

import datetime as dt
from collections.abc import Iterator, Sequence

from learnhub.core.text import N_
from learnhub.core.voice import Voice
from learnhub.meetings.queries import Need
from learnhub.meetings.rules import KIND_LABELS, STATE_LABELS
from learnhub.meetings.rules.work import LACK_BELOW_LABELS, LACK_LABELS
from learnhub.papers.rules import Block, Column, Heading, Paper, Paragraph, Style, Table
from learnhub.reports.queries.situation import BranchWork, Situation, TaskSituation, ThemeMonth, WorkList
from learnhub.reports.rules import Column as Counted
from learnhub.reports.rules import Figures

_ORDER = N_("各单位按组织序列排列，不排名，不点名到人。")


def quarter_paper(found: Situation, voice: Voice, made_at: dt.datetime) -> Paper:
    """The quarter's situation as an official document (report 6 of docs/counting.md)."""
    say = voice.say
    title = say(N_("%(year)s 年第 %(number)s 季度党员教育培训情况"))
    return Paper(
        title=title % {"year": found.quarter.year, "number": found.quarter.number},
        made_at=made_at,
        blocks=(
            Heading(say(N_("一、总的情况"))),
            *_overall(found, voice),
            Heading(say(N_("二、分领域情况"))),
            *_domains(found, voice),
            Heading(say(N_("三、需要帮助的事项"))),
            *_matters(found, voice),
            Heading(say(N_("四、下季度安排"))),
            *_coming(found, voice),
        ),
        notes=(
            say(N_("名册日：%(day)s。制表时间：%(at)s。"))
            % {"day": voice.day(found.day), "at": voice.instant(made_at)},
            say(N_("应训 = 已训 + 在训 + 在途 + 未训。比率只舍不入，没有应训党员的写“—”。")),
            say(_ORDER),
        ),
        style=Style.OFFICIAL,
        language=voice.language,
        issuer=found.organization.name,
        issued_on=voice.day(found.day),
    )


def _overall(found: Situation, voice: Voice) -> Iterator[Block]:
    if not found.tasks:
        yield Paragraph(voice.say(N_("本季度没有进行中的轮训任务。")))
    for task in found.tasks:
        yield Paragraph(_coverage_words(task, voice))
    for month in found.months:
        yield Paragraph(_month_words(month, voice))


def _coverage_words(task: TaskSituation, voice: Voice) -> str:
    figures = task.coverage.total.figures
    words = voice.say(
        N_(
            "“%(task)s”：截至%(day)s，党员 %(heads)s 人，应训 %(due)s 人，已训 %(covered)s 人，在训 %(placed)s 人，在途 %(transit)s 人，"
            "未训 %(open)s 人；覆盖率（含送学）%(rate)s，集中参训率 %(central)s。"
        )
    )
    due = figures[Counted.DUE]
    return words % {
        "task": task.coverage.task.title,
        "day": voice.day(task.coverage.day),
        "heads": figures[Counted.HEADS],
        "due": due,
        "covered": figures[Counted.COVERED],
        "placed": figures[Counted.IN_TRAINING],
        "transit": figures[Counted.IN_TRANSIT],
        "open": figures[Counted.NOT_COVERED],
        "rate": voice.rate(figures[Counted.COVERED], due),
        "central": voice.rate(figures[Counted.CENTRALIZED], due),
    }


def _month_words(month: ThemeMonth, voice: Voice) -> str:
    words = voice.say(
        N_("%(month)s主题党日：支部 %(branches)s 个，已记录 %(finished)s 个，已排期还没有记录 %(scheduled)s 个。")
    )
    return words % {
        "month": _month_name(month.month, voice),
        "branches": month.branches,
        "finished": month.finished,
        "scheduled": month.scheduled,
    }


def _month_name(month: str, voice: Voice) -> str:
    return voice.say(N_("%(year)s 年 %(number)s 月")) % {"year": month[:4], "number": int(month[5:])}


def _domains(found: Situation, voice: Voice) -> Iterator[Block]:
    for task in found.tasks:
        rows = tuple((voice.say(part.label), *_figures(part.figures, voice)) for part in task.domains)
        yield Table(_columns(N_("领域"), voice), rows, caption=task.coverage.task.title)
    if not found.tasks:
        yield Paragraph(voice.say(N_("没有可以分领域统计的数。")))


def _columns(first: str, voice: Voice) -> tuple[Column, ...]:
    say = voice.say
    labels = (N_("应训"), N_("已训"), N_("在训"), N_("未训"), N_("覆盖率（含送学）"))
    return (Column(say(first), 18), *(Column(say(each), 9, numeric=True) for each in labels))


def _figures(figures: Figures, voice: Voice) -> tuple[int | str, ...]:
    due = figures[Counted.DUE]
    counted = (Counted.DUE, Counted.COVERED, Counted.IN_TRAINING, Counted.NOT_COVERED)
    return (*(figures[column] for column in counted), voice.rate(figures[Counted.COVERED], due))


def _matters(found: Situation, voice: Voice) -> Iterator[Block]:
    """Where something is still open at the end of the quarter, one row a unit directly below."""
    say = voice.say
    last = found.months[-1].month if found.months else ""
    without = [(row, row.branches - row.finished - row.scheduled) for row in found.rows]
    waiting = [(row.organization.name, count) for row, count in without if count]
    if waiting:
        head = (Column(say(N_("组织")), 30), Column(say(N_("还没有排期的支部")), 14, numeric=True))
        yield Table(head, tuple(waiting), caption=say(N_("%(month)s主题党日")) % {"month": _month_name(last, voice)})
    for task in found.tasks:
        rows = [row for row in task.coverage.rows if row.figures[Counted.NOT_COVERED]]
        if rows:
            cells = tuple((row.name, *_figures(row.figures, voice)) for row in rows)
            yield Table(_columns(N_("组织"), voice), cells, caption=task.coverage.task.title)
    if not waiting and not any(task.coverage.total.figures[Counted.NOT_COVERED] for task in found.tasks):
        yield Paragraph(say(N_("没有。")))


def _coming(found: Situation, voice: Voice) -> Iterator[Block]:
    say = voice.say
    batches = [each for task in found.tasks for each in task.coming]
    if not batches:
        yield Paragraph(say(N_("下季度还没有排出班次。")))
        return
    words = (Column(say(N_("班次")), 20), Column(say(N_("开始")), 14), Column(say(N_("地点")), 20))
    head = (*words, Column(say(N_("可容")), 8, numeric=True))
    yield Table(head, tuple((each.title, voice.day(each.starts_on), each.place, each.capacity) for each in batches))


def work_paper(found: WorkList, voice: Voice, made_at: dt.datetime) -> Paper:
    """The month's work list (report 5 of docs/counting.md): for the unit itself, or for the level directly above."""
    say = voice.say
    blocks = tuple(_own_work(found, found.branch, voice) if found.branch else _work_below(found, voice))
    return Paper(
        title=say(N_("%(month)s工作清单")) % {"month": _month_name(found.month, voice)},
        made_at=made_at,
        blocks=blocks,
        facts=((say(N_("组织")), found.organization.name), (say(N_("制表时间")), voice.instant(made_at))),
        notes=(say(N_("清单只给本单位和直接上一级看，用来商量帮什么，不作考核。")), say(_ORDER)),
        language=voice.language,
    )


def _own_work(found: WorkList, branch: BranchWork, voice: Voice) -> Iterator[Block]:
    say = voice.say
    state = say(STATE_LABELS[branch.theme_day.state]) if branch.theme_day else say(N_("还没有排期"))
    rows = [(say(N_("主题党日")), state)]
    for each in branch.duties:
        unheld = (
            say(N_("有说明：%(reason)s")) % {"reason": each.explanation.reason}
            if each.explanation
            else say(N_("还没有开"))
        )
        held = say(STATE_LABELS[each.meeting.state]) if each.meeting else unheld
        rows.append((say(KIND_LABELS[each.duty.kind]), held))
    rows.append((say(N_("缺席还没有补课的")), say(N_("%(count)s 人次")) % {"count": branch.absences}))
    rows.append((say(N_("还没有答复的异议")), say(N_("%(count)s 件")) % {"count": branch.objections}))
    if branch.help:
        rows.append((say(N_("请上一级帮忙")), branch.help.words))
    for task in found.tasks:
        open_ones = say(N_("未训 %(count)s 人")) % {"count": task.total.figures[Counted.NOT_COVERED]}
        rows.append((task.task.title, open_ones))
    yield Table((Column(say(N_("事项")), 26), Column(say(N_("情况")), 26)), tuple(rows))


def _work_below(found: WorkList, voice: Voice) -> Iterator[Block]:
    say = voice.say
    labels = (N_("支部"), N_("主题党日已记录"), N_("已排期"), N_("还没有排期"))
    head = [Column(say(N_("组织")), 24), *(Column(say(each), 10, numeric=True) for each in labels)]
    head += [Column(say(N_("%(task)s未训")) % {"task": each.task.title}, 14, numeric=True) for each in found.tasks]
    rows: tuple[tuple[str | int, ...], ...] = tuple(
        (
            each.row.organization.name,
            each.row.branches,
            each.row.finished,
            each.row.scheduled,
            each.unplanned,
            *each.not_covered,
        )
        for each in found.children
    )
    if rows:
        yield Table(tuple(head), rows)
    else:
        yield Paragraph(say(N_("下面还没有组织。")))
    yield from _needs(found.needs, voice)


def _needs(needs: Sequence[Need], voice: Voice) -> Iterator[Block]:
    """Who one level down may need help, in words: what a branch lacks and asks, of a committee that some branch does."""
    say = voice.say
    yield Heading(say(N_("需要帮助的支部")))
    if not needs:
        yield Paragraph(say(N_("没有。")))
        return
    rows = tuple((each.organization.name, say(N_("；")).join(_need(each, voice))) for each in needs)
    yield Table((Column(say(N_("组织")), 24), Column(say(N_("情况")), 60)), rows)


def _need(need: Need, voice: Voice) -> Iterator[str]:
    say = voice.say
    if need.help:
        yield say(N_("请求帮助：%(words)s")) % {"words": need.help.words}
    elif need.asked:
        yield say(N_("有支部请求帮助"))
    labels = LACK_LABELS if need.organization.is_branch else LACK_BELOW_LABELS
    yield from (say(labels[each]) for each in need.lacks)
