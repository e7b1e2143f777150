"""Report 4 as a paper: members by the credit hours they have reached."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import IO

from sqlalchemy.orm import Session

from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.text import N_
from learnhub.core.voice import Cell, Voice
from learnhub.members.rules import SEX_LABELS
from learnhub.papers import service as papers
from learnhub.papers.rules import Column, Group, Paper, Paragraph, Table
from learnhub.records.queries import NeedValue
from learnhub.records.rules import CREDIT_LABELS
from learnhub.reports.queries.hours import REACHED_LABELS, Band, Hours, HoursRow, Reached
from learnhub.reports.queries.hours_names import HoursName

HEADINGS = {False: N_("其他党员"), True: N_("支委会成员")}


def hours_paper(table: Hours, voice: Voice, made_at: dt.datetime) -> Paper:
    """学时情况 as one value, from which page, XLSX, PDF and Word are made."""
    say = voice.say
    head = [Column(say(N_("组织")), 24), Column(say(N_("党员总数")), 10, numeric=True)]
    for _committee in HEADINGS:
        head.append(Column(say(N_("人数")), 10, numeric=True))
        head += [Column(say(label), 12, numeric=True) for label in REACHED_LABELS.values()]
    total = dataclasses.replace(table.total, name=say(N_("合计")))
    rows = tuple(tuple(_cells(row, voice)) for row in (*table.rows, total))
    groups = (Group("", 2), *(Group(say(label), 1 + len(Reached)) for label in HEADINGS.values()))
    return Paper(
        title=say(N_("学时情况")),
        made_at=made_at,
        blocks=(Table(tuple(head), rows, groups=groups, total_last=True),),
        facts=_facts(table, voice, made_at),
        notes=tuple(_notes(table, voice)),
        landscape=True,
        language=voice.language,
    )


def _facts(table: Hours, voice: Voice, made_at: dt.datetime) -> tuple[tuple[str, str], ...]:
    say = voice.say
    return (
        (say(N_("组织")), table.total.name),
        (say(N_("名册日")), voice.day(table.day)),
        (say(N_("制表时间")), voice.instant(made_at)),
    )


def bands() -> Iterator[Band]:
    """The band that each number of a row counts, in the order of `hours_paper`'s columns after the name."""
    yield Band()
    for committee in HEADINGS:
        yield Band(committee)
        yield from (Band(committee, each) for each in Reached)


def band_words(band: Band, voice: Voice) -> str:
    """What a band is called: whom it counts, and how far they are."""
    whom = voice.say(N_("全体党员") if band.committee is None else HEADINGS[band.committee])
    if band.reached is None:
        return whom
    return voice.say(N_("%(whom)s，%(reached)s")) % {"whom": whom, "reached": voice.say(REACHED_LABELS[band.reached])}


def source_words(name: HoursName, voice: Voice) -> str:
    """What a member's hours were given for, each with its hours."""
    each = voice.say(N_("%(source)s %(hours)s"))
    words = (each % {"source": voice.say(CREDIT_LABELS[kind]), "hours": _hours(some)} for kind, some in name.sources)
    return voice.say(N_("、")).join(words)


def write_hours_names(
    file: IO[bytes], table: Hours, band: Band, *, names: Iterable[HoursName], voice: Voice, made_at: dt.datetime
) -> None:
    """Write the names behind a number as XLSX into `file`; rows pass through without being held."""
    say = voice.say
    widths = {
        N_("序号"): 8, N_("姓名"): 12, N_("性别"): 6, N_("出生年月"): 10, N_("所在组织"): 22, N_("类别"): 12, N_("学时"): 8,
    }  # fmt: skip
    columns = [
        *(Column(say(label), width) for label, width in widths.items()),
        *(Column(say(label), 9, numeric=True) for label in CREDIT_LABELS.values()),
    ]
    rows = (
        (number, each.name, say(SEX_LABELS[each.sex]), each.birth_month, each.organization_name,
         say(HEADINGS[each.committee]), each.quarters / 4, *_by_source(each))
        for number, each in enumerate(names, 1)
    )  # fmt: skip
    paper = Paper(
        title=say(N_("学时情况：%(band)s")) % {"band": band_words(band, voice)},
        made_at=made_at,
        blocks=(
            *(Paragraph(line) for line in _notes(table, voice)),
            Table(tuple(columns), rows, groups=(Group("", len(widths)), Group(say(N_("其中")), len(CREDIT_LABELS)))),
        ),
        facts=_facts(table, voice, made_at),
        landscape=True,
        language=voice.language,
    )
    papers.write_xlsx(file, paper)


def note_hours_reading(
    session: Session, act: Act, table: Hours, band: Band, *, own: bool = False, exported: bool = False
) -> None:
    """Note on the audit trail that the names behind a number were read, or taken away as a file (docs/promises.md, S13)."""
    audit.note(
        session,
        act.without_key(),  # reading twice is two readings
        "reports.export_hours_names" if exported else "reports.read_hours_names",
        f"organization:{table.total.organization_id}",
        table.total.organization_id,
        day=table.day.isoformat(),
        committee=band.committee,
        reached=band.reached.value if band.reached else None,
        own=own,
    )


def _hours(quarters: int) -> str:
    return f"{quarters / 4:g}"


def _by_source(name: HoursName) -> Iterator[Cell]:
    """What a member's hours were given for, a number in each kind's column."""
    given = dict(name.sources)
    yield from (given[kind] / 4 if kind in given else "" for kind in CREDIT_LABELS)


def _cells(row: HoursRow, voice: Voice) -> Iterator[Cell]:
    yield voice.say(N_("%(name)s（直属）")) % {"name": row.name} if row.own else row.name
    yield from (row.of(band) for band in bands())


def _notes(table: Hours, voice: Voice) -> Iterator[str]:
    say = voice.say
    yield say(N_("口径：这些数怎样算出来"))
    yield say(N_("每名党员按名册日所在组织统计一次；学时从当年 1 月 1 日算到名册日，已撤销的不算。"))
    yield say(N_("支委会成员包括书记，按名册日任职；两类人相加等于党员总数。"))
    for committee, need in ((False, table.member_need), (True, table.committee_need)):
        yield say(N_("%(who)s：%(need)s")) % {"who": say(HEADINGS[committee]), "need": _need(need, voice)}
    yield say(N_("来源：学时登记。"))


def _need(need: NeedValue, voice: Voice) -> str:
    if not need.quarters:
        return voice.say(N_("没有登记每年的学时要求，有学时的都算已满。"))
    words = voice.say(N_("一年一般 %(hours)s 学时（%(basis)s）。"))
    return words % {"hours": _hours(need.quarters), "basis": need.basis}
