"""Issuing a report: what was counted is kept as it was, with the people behind it and the files handed out."""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act, subject_id
from learnhub.core.errors import Conflict
from learnhub.core.text import N_
from learnhub.core.voice import Voice
from learnhub.papers import service as papers
from learnhub.papers.rules import MEDIA_TYPES, Form, Paper
from learnhub.reports.models import FrozenFile, FrozenReport
from learnhub.reports.queries import Coverage, Question, counted_live, freezing
from learnhub.reports.rules import BASIS, SOURCE, Column
from learnhub.reports.service.papers import coverage_paper
from learnhub.typesetter.errors import FontsMissing

EVERY_FORM = tuple(Form)


def freeze(session: Session, act: Act, *, question: Question, voice: Voice, forms: Sequence[Form] = EVERY_FORM) -> int:
    """Issue the coverage of `question` and return the id of the frozen report.

    The same question with the same answer, counted on the same people, is issued once: the earlier id is returned. What
    was issued is never changed; another answer is another issue. Its files, one of each of `forms`, are made here and
    kept; where no font prints Chinese, the PDF is left out. Raises Conflict when facts change in the counting.
    """
    if subject := trail.earlier(session, act.key):
        return subject_id(subject)
    table, found = counted_live(session, question), freezing.people(session, question)
    heads = Counter(column for each in found.values() for column in each.counted)
    if any(table.total.figures[column] != heads[column] for column in Column):
        raise Conflict(N_("名册正在变动，这份报表没有存档。请再试一次。"))
    value = freezing.value_of(table, BASIS, SOURCE)
    people = freezing.encode(found)
    digest = hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode() + people).hexdigest()
    last = freezing.newest(session, question)
    if last is not None and last.sha256 == digest:
        return last.id
    new = FrozenReport(
        kind=freezing.COVERAGE,
        task_id=question.task.id,
        organization_id=question.organization_id,
        day=question.day,
        domain=question.domain,
        issued_at=act.at,
        issued_by=act.actor_id,
        value=value,
        people=people,
        sha256=digest,
    )
    session.add(new)
    session.flush()
    session.add_all(_files(new, table, voice, forms))
    audit.note(
        session, act, "reports.freeze", f"frozen-report:{new.id}", question.organization_id,
        task=question.task.subject, day=question.day.isoformat(), sha256=digest,
    )  # fmt: skip
    return new.id


def note_differences(session: Session, act: Act, report: freezing.Frozen) -> None:
    """Note on the audit trail that the names of those who stand elsewhere now were read (docs/promises.md, S13)."""
    subject = f"frozen-report:{report.id}"
    audit.note(session, act.without_key(), "reports.read_differences", subject, report.organization_id)


def note_why(session: Session, act: Act, question: Question, member_id: int) -> None:
    """Note on the audit trail that the facts behind one member's class were read (docs/promises.md, S13)."""
    audit.note(
        session, act.without_key(), "reports.read_why", question.task.subject, question.organization_id,
        member=member_id, day=question.day.isoformat(),
    )  # fmt: skip


def note_frozen_names(session: Session, act: Act, report: freezing.Frozen, column: Column, row_id: int | None) -> None:
    """Note on the audit trail that the names behind a number of an issued report were read (docs/promises.md, S13)."""
    subject = f"frozen-report:{report.id}"
    audit.note(
        session, act.without_key(), "reports.read_frozen_names", subject, report.organization_id,
        column=column.value, row=row_id,
    )  # fmt: skip


def _files(report: FrozenReport, table: Coverage, voice: Voice, forms: Sequence[Form]) -> Iterator[FrozenFile]:
    """The files as they are handed out now, all from the one paper."""
    paper = coverage_paper(table, voice, report.issued_at)
    name = voice.say(N_("轮训覆盖情况-%(name)s-%(day)s")) % {"name": table.total.name, "day": table.day.isoformat()}
    for form in forms:
        data = _written(paper, form)
        if data is not None:
            yield FrozenFile(
                report_id=report.id,
                name=f"{name}.{form.value}",
                media_type=MEDIA_TYPES[form],
                bytes=data,
                sha256=hashlib.sha256(data).hexdigest(),
            )


def _written(paper: Paper, form: Form) -> bytes | None:
    """`paper` as the bytes of a file; None for a PDF where nothing prints Chinese: the report is issued all the same."""
    if form is Form.WORD:
        return papers.word(paper)
    if form is Form.XLSX:
        file = io.BytesIO()
        papers.write_xlsx(file, paper)
        return file.getvalue()
    try:
        return papers.pdf(paper)
    except FontsMissing:
        return None
