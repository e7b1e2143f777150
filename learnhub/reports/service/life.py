"""Reports 2 and 3 as papers: what branches held in a year, and their theme Party days."""

import datetime as dt

from learnhub.core.text import N_
from learnhub.core.voice import Cell, Voice
from learnhub.meetings.rules import KIND_LABELS, MeetingKind
from learnhub.meetings.rules.duties import DUE, HELD_LABELS, Held
from learnhub.papers.rules import Block, Column, Paper, Table
from learnhub.reports.queries.life import Life, LifeRow
from learnhub.reports.queries.theme_year import THEME_LABELS, Counts, Theme, ThemeYear
from learnhub.reports.queries.units import Units

_COUNTING = N_("口径：这些数怎样算出来")
_TREE = N_("支部、党小组和隶属关系按名册日，党员人数按每月月末；没有党员的月份不计。")


def life_paper(found: Life, voice: Voice, made_at: dt.datetime) -> Paper:
    """三会一课执行情况 as one value. The table of units comes first, so that a page can link its rows."""
    blocks: list[Block] = []
    if found.units.organization.is_branch:
        blocks.append(_own_months(found, voice))
    else:
        blocks += [_by_unit(found, voice), _by_month(found, voice)]
    blocks.append(_by_kind(found, voice))
    notes = (
        _COUNTING,
        N_("支部党员大会每季度一次，支部委员会、党小组会每月一次；正式党员不到 7 人的支部没有支委会，没有党小组的支部没有党小组会，这些是“不适用”。"),
        N_("一个支部一种会一期只算一次：期内开的是“已开”，过期以后补上的是“补开”，取消时写明原因的是“有说明”；还没有过完的一期是“未到期”。"),
        N_("应开 = 已开 + 补开 + 有说明 + 未开 + 未到期。支部党员大会计在季度的最后一个月。党课没有规定次数，只列上了几次。"),
        _TREE,
        N_("来源：各支部的排期和记录。"),
    )  # fmt: skip
    return _paper(N_("%(year)s 年三会一课执行情况"), found.units, blocks, notes, voice=voice, made_at=made_at)


def theme_paper(found: ThemeYear, voice: Voice, made_at: dt.datetime) -> Paper:
    """主题党日情况 as one value. The table of units comes first, so that a page can link its rows."""
    say = voice.say
    total: tuple[Cell, ...] = (say(N_("合计")), *_counts(found.total))
    months: list[tuple[Cell, ...]] = [(_month(month, voice), *_counts(counts)) for month, counts in found.months]
    blocks: list[Block] = []
    if not found.units.organization.is_branch:
        names = [unit.organization.name for unit in found.units.units]
        rows: list[tuple[Cell, ...]] = [(name, *_counts(row)) for name, row in zip(names, found.rows, strict=True)]
        blocks.append(
            Table(_theme_columns(N_("组织"), voice), (*rows, total), caption=say(N_("各单位")), total_last=True)
        )
    blocks.append(Table(_theme_columns(N_("月份"), voice), (*months, total), caption=say(N_("各月")), total_last=True))
    notes = (
        _COUNTING,
        N_("支部按“支部·月”计：一个支部一个月一次，取消的不算。支部 = 已记录 + 已排期还没有记录 + 没有排期。"),
        N_("应到 = 实到 + 请假 + 缺席，不作硬性要求的、列席的不计；人数是已记录的各次相加。"),
        _TREE,
        N_("来源：各支部的排期和记录。"),
    )
    return _paper(N_("%(year)s 年主题党日情况"), found.units, blocks, notes, voice=voice, made_at=made_at)


def _paper(
    title: str, units: Units, blocks: list[Block], notes: tuple[str, ...], *, voice: Voice, made_at: dt.datetime
) -> Paper:
    say = voice.say
    return Paper(
        title=say(title) % {"year": units.day.year},
        made_at=made_at,
        blocks=tuple(blocks),
        facts=(
            (say(N_("组织")), units.organization.name),
            (say(N_("名册日")), voice.day(units.day)),
            (say(N_("制表时间")), voice.instant(made_at)),
        ),
        notes=tuple(say(each) for each in notes),
        landscape=True,
        language=voice.language,
    )


def _month(month: str, voice: Voice) -> str:
    return voice.say(N_("%(number)s 月")) % {"number": int(month[5:])}


def _held_columns(first: str, voice: Voice) -> tuple[Column, ...]:
    labels = (N_("应开"), *(HELD_LABELS[each] for each in (*DUE, Held.NOT_APPLICABLE)))
    return (Column(voice.say(first), 24), *(Column(voice.say(each), 8, numeric=True) for each in labels))


def _held(row: LifeRow, kind: MeetingKind | None = None) -> tuple[int, ...]:
    counts = row.of(kind=kind)
    return (sum(counts[each] for each in DUE), *(counts[each] for each in (*DUE, Held.NOT_APPLICABLE)))


def _by_unit(found: Life, voice: Voice) -> Table:
    say = voice.say
    first, *others = _held_columns(N_("组织"), voice)
    head = (first, Column(say(N_("支部")), 8, numeric=True), *others, Column(say(N_("党课（次）")), 8, numeric=True))
    rows = [(row.unit.organization.name, row) for row in found.rows] + [(say(N_("合计")), found.total)]
    cells: list[tuple[Cell, ...]] = [
        (name, sum(map(found.units.stands, row.unit.branches)), *_held(row), row.lectures.total()) for name, row in rows
    ]
    return Table(head, tuple(cells), caption=say(N_("各单位")), total_last=True)


def _by_month(found: Life, voice: Voice) -> Table:
    """Branches × months: how many of those due are held, made up ones among them."""
    say = voice.say
    rows = [(row.unit.organization.name, row) for row in found.rows] + [(say(N_("合计")), found.total)]
    months = found.units.months
    head = (Column(say(N_("组织")), 24), *(Column(_month(each, voice), 8, numeric=True) for each in months))
    cells = tuple((name, *(_share(row, month) for month in months)) for name, row in rows)
    return Table(head, cells, caption=say(N_("各单位各月，已开和补开 ÷ 应开")), total_last=True)


def _share(row: LifeRow, month: str) -> str:
    counts = row.of(month=month)
    due = sum(counts[each] for each in DUE)
    return f"{counts[Held.ON_TIME] + counts[Held.MADE_UP]}/{due}" if due else "—"


def _own_months(found: Life, voice: Voice) -> Table:
    """A branch of its own: what came of each kind, month by month."""
    say, months = voice.say, found.units.months
    head = (Column(say(N_("会议")), 16), *(Column(_month(each, voice), 9) for each in months))
    rows: list[tuple[str, ...]] = []
    for kind in found.kinds:
        states = (next(iter(+found.total.of(kind=kind, month=month)), None) for month in months)
        rows.append((say(KIND_LABELS[kind]), *(say(HELD_LABELS[each]) if each else "—" for each in states)))
    times = (found.total.lectures[month] for month in months)
    lectures = (say(N_("%(count)s 次")) % {"count": count} if count else "—" for count in times)
    return Table(head, (*rows, (say(KIND_LABELS[MeetingKind.LECTURE]), *lectures)), caption=say(N_("各月")))


def _by_kind(found: Life, voice: Voice) -> Table:
    say = voice.say
    rows: list[tuple[Cell, ...]] = [(say(KIND_LABELS[kind]), *_held(found.total, kind)) for kind in found.kinds]
    rows.append((say(N_("合计")), *_held(found.total)))
    return Table(_held_columns(N_("会议"), voice), tuple(rows), caption=say(N_("各种会议")), total_last=True)


def _theme_columns(first: str, voice: Voice) -> tuple[Column, ...]:
    return (Column(voice.say(first), 24), *(Column(voice.say(each), 8, numeric=True) for each in THEME_LABELS.values()))


def _counts(counts: Counts) -> tuple[int, ...]:
    return tuple(counts[each] for each in Theme)
