"""Coverage as files, and the note on the audit trail that a named list was read."""

import datetime as dt
from collections.abc import Iterable
from typing import IO

from sqlalchemy.orm import Session

from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.text import N_
from learnhub.core.voice import Cell, Voice
from learnhub.members.rules import SEX_LABELS, days
from learnhub.papers import rules as papers_rules
from learnhub.papers import service as papers
from learnhub.papers.rules import Paper, Paragraph, Table
from learnhub.records.rules import WAY_LABELS
from learnhub.reports.queries import Coverage, Name, Question
from learnhub.reports.rules import BASIS, CLASS_COLUMNS, COLUMN_LABELS, SOURCE, Column
from learnhub.reports.service.papers import coverage_paper, facts_of


def note_reading(session: Session, act: Act, question: Question, column: Column, *, exported: bool = False) -> None:
    """Note on the audit trail that the names behind a number were read, or taken away as a file (docs/promises.md, S13)."""
    audit.note(
        session,
        act.without_key(),  # reading twice is two readings
        "reports.export_names" if exported else "reports.read_names",
        question.task.subject,
        question.organization_id,
        column=column.value,
        day=question.day.isoformat(),
        domain=question.domain.value if question.domain else None,
    )


def write_coverage(file: IO[bytes], table: Coverage, voice: Voice, made_at: dt.datetime) -> None:
    """Write the table as XLSX into `file`: the rows of the screen, all columns of report 1, the counting basis."""
    papers.write_xlsx(file, coverage_paper(table, voice, made_at))


def write_names(
    file: IO[bytes], table: Coverage, column: Column, *, names: Iterable[Name], voice: Voice, made_at: dt.datetime
) -> None:
    """Write the names behind a number as XLSX into `file`; rows pass through without being held."""
    say = voice.say
    widths = {
        N_("序号"): 8,
        N_("姓名"): 16,
        N_("性别"): 8,
        N_("出生年月"): 12,
        N_("入党日期"): 14,
        N_("所在组织"): 30,
        N_("类别"): 14,
        N_("方式"): 12,
    }
    rows = (tuple(name_cells(number, each, voice)) for number, each in enumerate(names, 1))
    above = (SOURCE, N_("口径：这些数怎样算出来"), *BASIS)
    paper = Paper(
        title=say(N_("%(name)s，%(column)s")) % {"name": table.total.name, "column": say(COLUMN_LABELS[column])},
        made_at=made_at,
        blocks=(
            *(Paragraph(say(line)) for line in above),
            Table(tuple(papers_rules.Column(say(label), width) for label, width in widths.items()), rows),
        ),
        facts=facts_of(table, voice, made_at),
        language=voice.language,
    )
    papers.write_xlsx(file, paper)


def name_cells(number: int, name: Name, voice: Voice) -> list[Cell]:
    """The cells of one name."""
    return [
        number,
        name.name,
        voice.say(SEX_LABELS[name.sex]),
        name.birth_month,
        _day_or_words(name),
        name.organization_name,
        voice.say(COLUMN_LABELS[CLASS_COLUMNS[name.stands]]),
        voice.say(WAY_LABELS[name.way]) if name.way else "",
    ]


def _day_or_words(name: Name) -> Cell:
    """The day of joining, as a day where all of it is known."""
    words = days.known(name.joined_on, name.joined_precision)
    return name.joined_on if words == name.joined_on.isoformat() else words
