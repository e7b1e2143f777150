"""Issuing a report: what was counted is kept as it was, with the people behind it and the files handed out."""

import hashlib
import io
import json
from collections import Counter
from collections.abc import Iterator

from sqlalchemy.orm import Session

from learnhub.audit import queries as trail
from learnhub.audit import service as audit
from learnhub.audit.rules import Act, subject_id
from learnhub.core.errors import Conflict
from learnhub.core.text import N_
from learnhub.reports.models import FrozenFile, FrozenReport
from learnhub.reports.queries import Coverage, Question, counted_live, freezing
from learnhub.reports.rules import BASIS, SOURCE, Column
from learnhub.reports.service.files import write_coverage
from learnhub.reports.service.voice import Voice

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def freeze(session: Session, act: Act, *, question: Question, voice: Voice) -> int:
    """Issue the coverage of `question` and return the id of the frozen report.

    The same question with the same answer, counted on the same people, is issued once: the earlier id is returned. What
    was issued is never changed; another answer is another issue. Raises Conflict when facts change in the counting.
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
    session.add_all(_files(new, table, voice))
    audit.note(
        session, act, "reports.freeze", f"frozen-report:{new.id}", question.organization_id,
        task=question.task.subject, day=question.day.isoformat(), sha256=digest,
    )  # fmt: skip
    return new.id


def note_differences(session: Session, act: Act, report: freezing.Frozen) -> None:
    """Note on the audit trail that the names of those who stand elsewhere now were read (promise S13)."""
    subject = f"frozen-report:{report.id}"
    audit.note(session, act.without_key(), "reports.read_differences", subject, report.organization_id)


def note_why(session: Session, act: Act, question: Question, member_id: int) -> None:
    """Note on the audit trail that the facts behind one member's class were read (promise S13)."""
    audit.note(
        session, act.without_key(), "reports.read_why", question.task.subject, question.organization_id,
        member=member_id, day=question.day.isoformat(),
    )  # fmt: skip


def _files(report: FrozenReport, table: Coverage, voice: Voice) -> Iterator[FrozenFile]:
    """The files as they are handed out now."""
    file = io.BytesIO()
    write_coverage(file, table, voice, report.issued_at)
    name = voice.say(N_("轮训覆盖情况-%(name)s-%(day)s")) % {"name": table.total.name, "day": table.day.isoformat()}
    data = file.getvalue()
    yield FrozenFile(
        report_id=report.id,
        name=f"{name}.xlsx",
        media_type=XLSX,
        bytes=data,
        sha256=hashlib.sha256(data).hexdigest(),
    )
