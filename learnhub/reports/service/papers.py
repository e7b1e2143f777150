"""Report 1 as a paper: the rows of the screen with every column, both rates, and how they are counted."""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from learnhub.core.text import N_
from learnhub.core.voice import Cell, Voice
from learnhub.papers.rules import Column as PaperColumn
from learnhub.papers.rules import Group, Paper, Table
from learnhub.reports.queries import Coverage, CoverageRow
from learnhub.reports.rules import AMONG, BASIS, COLUMN_LABELS, SOURCE, WAYS, Column


def coverage_paper(
    table: Coverage, voice: Voice, made_at: dt.datetime, *, renamed: Mapping[int, str] | None = None
) -> Paper:
    """轮训覆盖情况表 as one value, from which page, XLSX, PDF and Word are made.

    `renamed` gives what organizations are called today, by id, that were called otherwise on the table's day.
    """
    say = voice.say
    head = [PaperColumn(say(N_("组织")), 18)]
    head += [PaperColumn(say(COLUMN_LABELS[column]), 6, numeric=True) for column in Column]
    head += [PaperColumn(say(label), 8, numeric=True) for label in (N_("覆盖率（含送学）"), N_("集中参训率"))]
    total = dataclasses.replace(table.total, name=say(N_("合计")))
    rows = (
        *(tuple(coverage_cells(row, voice, renamed or {})) for row in table.rows),
        tuple(coverage_cells(total, voice, {})),
    )
    return Paper(
        title=say(N_("轮训覆盖情况表")),
        made_at=made_at,
        blocks=(Table(tuple(head), rows, groups=_groups(voice), total_last=True),),
        facts=facts_of(table, voice, made_at),
        notes=(say(SOURCE), say(N_("口径：这些数怎样算出来")), *(say(line) for line in BASIS)),
        landscape=True,
        language=voice.language,
    )


def facts_of(table: Coverage, voice: Voice, made_at: dt.datetime) -> tuple[tuple[str, str], ...]:
    """What a paper about `table` says of itself: which task, whose people, as of which day, made when."""
    say = voice.say
    return (
        (say(N_("轮训任务")), table.task.title),
        (say(N_("组织")), table.total.name),
        (say(N_("名册日")), voice.day(table.day)),
        (say(N_("制表时间")), voice.instant(made_at)),
    )


def coverage_cells(row: CoverageRow, voice: Voice, renamed: Mapping[int, str]) -> list[Cell]:
    """The cells of one row, as on the screen."""
    name = voice.say(N_("%(name)s（直属）")) % {"name": row.name} if row.own else row.name
    if row.organization_id in renamed and not row.own:
        name += voice.say(N_("（现：%(name)s）")) % {"name": renamed[row.organization_id]}
    due = row.figures[Column.DUE]
    rates = [voice.rate(row.figures[column], due) for column in (Column.COVERED, Column.CENTRALIZED)]
    return [name, *(row.figures[column] for column in Column), *rates]


def _groups(voice: Voice) -> tuple[Group, ...]:
    """Headings over the ways of being covered and over the kinds of members, wherever those columns stand."""
    headings = {column: N_("已训的方式，每人只记一种") for column in WAYS}
    headings |= {column: N_("党员总数中，可以重复") for column in AMONG}
    groups: list[Group] = [Group("", 1)]
    for label in (*(headings.get(column, "") for column in Column), "", ""):
        said = voice.say(label) if label else ""
        if groups[-1].label == said:
            groups[-1] = Group(said, groups[-1].span + 1)
        else:
            groups.append(Group(said, 1))
    return tuple(groups)
