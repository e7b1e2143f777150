"""Coverage as files, and the note on the audit trail that a named list was read."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import IO

import xlsxwriter
from sqlalchemy.orm import Session

from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core.text import N_
from learnhub.members.rules import SEX_LABELS
from learnhub.papers import service as papers
from learnhub.records.rules import WAY_LABELS
from learnhub.reports.queries import Coverage, Name, Question
from learnhub.reports.rules import BASIS, CLASS_COLUMNS, COLUMN_LABELS, SOURCE, Column
from learnhub.reports.service.papers import coverage_paper
from learnhub.reports.service.voice import Cell, Voice

# Excel takes no more rows on one sheet than this.
MOST_ROWS = 1_000_000
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def note_reading(session: Session, act: Act, question: Question, column: Column, *, exported: bool = False) -> None:
    """Note on the audit trail that the names behind a number were read, or taken away as a file (promise S13)."""
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
    heading = say(N_("%(name)s，%(column)s")) % {"name": table.total.name, "column": say(COLUMN_LABELS[column])}
    labels = (
        N_("序号"),
        N_("姓名"),
        N_("性别"),
        N_("出生年月"),
        N_("入党日期"),
        N_("所在组织"),
        N_("类别"),
        N_("方式"),
    )
    rows = (name_cells(number, each, voice) for number, each in enumerate(names, 1))
    widths = [8, 16, 8, 12, 14, 30, 14, 12]
    head = [say(each) for each in labels]
    _write(file, heading, about=_about(heading, table, voice, made_at), head=head, rows=rows, widths=widths)


def name_cells(number: int, name: Name, voice: Voice) -> list[Cell]:
    """The cells of one name."""
    return [
        number,
        name.name,
        voice.say(SEX_LABELS[name.sex]),
        name.birth_month,
        name.joined_on.isoformat(),
        name.organization_name,
        voice.say(COLUMN_LABELS[CLASS_COLUMNS[name.stands]]),
        voice.say(WAY_LABELS[name.way]) if name.way else "",
    ]


def _about(heading: str, table: Coverage, voice: Voice, made_at: dt.datetime) -> Iterator[str]:
    """The lines above a table: what it is, as of when, made when, and the counting basis."""
    say = voice.say
    yield heading
    yield say(N_("轮训任务：%(title)s")) % {"title": table.task.title}
    yield say(N_("组织：%(name)s")) % {"name": table.total.name}
    yield say(N_("名册日：%(day)s")) % {"day": voice.day(table.day)}
    yield say(N_("制表时间：%(at)s")) % {"at": voice.instant(made_at)}
    yield say(SOURCE)
    yield say(N_("口径：这些数怎样算出来"))
    yield from (say(line) for line in BASIS)


def _write(
    file: IO[bytes],
    title: str,
    *,
    about: Iterable[str],
    head: list[str],
    rows: Iterable[list[Cell]],
    widths: list[int],
) -> None:
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        bold, text = (
            book.add_format({"bold": True, "text_wrap": True, "bottom": 1}),
            book.add_format({"num_format": "@"}),
        )
        sheet = book.add_worksheet(_sheet_name(title))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        line = 0
        for line, words in enumerate(about):
            sheet.write_string(line, 0, words, text)
        line += 2
        for place, words in enumerate(head):
            sheet.write_string(line, place, words, bold)
        for number, cells in enumerate(rows, line + 1):
            if number >= MOST_ROWS:
                break
            for place, cell in enumerate(cells):
                if isinstance(cell, int):
                    sheet.write_number(number, place, cell)
                elif cell:
                    sheet.write_string(number, place, cell, text)


def _sheet_name(title: str) -> str:
    """`title` as the name of a sheet: without what Excel refuses, and short enough."""
    return "".join(each for each in title if each not in "[]:*?/\\'")[:31]
