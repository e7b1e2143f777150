"""One of each thing that has an address, in the recorder's branch and in one elsewhere."""

import dataclasses
import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from learnhub.attendance.models import Attachment, Attendance, FollowUp, Occasion
from learnhub.attendance.rules import FollowUpKind, Outcome
from learnhub.feedback.models import Complaint
from learnhub.feedback.rules import ComplaintKind
from learnhub.jobs.models import Job
from learnhub.meetings.models import Meeting, MeetingKindOf
from learnhub.meetings.rules import MeetingKind
from learnhub.quiz.models import Attempt
from learnhub.records.models import Certificate, Completion, Credit, Objection
from learnhub.records.rules import CompletionWay, CreditKind, check_character
from learnhub.reports.models import FrozenFile, FrozenReport
from learnhub.reports.queries import freezing
from learnhub.reports.rules import Column
from learnhub.training.batches.models import Batch, BatchSession, Place
from learnhub.training.calendar.models import Holiday
from learnhub.training.recognition.models import Recognition
from learnhub.training.recognition.rules import EvidenceClass
from learnhub.training.tasks.models import Task
from tests import cast

START = dt.datetime(2026, 11, 20, 1, 0, tzinfo=dt.UTC)
NOTED = {"noted_at": cast.NOW, "noted_by": 2}


@dataclasses.dataclass(frozen=True)
class Things:
    """Ids of what belongs to one place."""

    meeting_id: int
    follow_up_id: int
    task_id: int
    batch_id: int
    session_id: int
    attempt_id: int
    complaint_id: int
    job_id: int
    recognition_id: int
    report_id: int
    file_id: int
    member_id: int
    organization_id: int
    completion_id: int
    certificate_id: int
    objection_id: int
    raised_id: int
    credit_id: int
    occasion_id: int
    holiday_id: int
    attachment_id: int

    def arguments(self, names: set[str]) -> dict[str, Any]:
        """Values for the parts of an address."""
        fixed = {
            "token": "no-such-token",
            "slug": "first-response",
            "kind": "course",
            "question": "no-such-question",
            "lesson": "cpr",
            "month": "2026-11",
            "digest": "0" * 32,
            "name": "x.png",
            "form": "pdf",
            "sign_in_id": 999_999,
            "number": "2222-2222-2222",
            "code": "000000000000",
            "subject": "course:first-response",
            "screen_id": 999_999,
            "quarter": "2026-Q4",
        }
        return {name: getattr(self, name, None) or fixed[name] for name in names}


def _report_of_nobody(mark: str) -> dict[str, Any]:
    row = {"id": 1, "name": mark, "kind": "committee", "own": False, "heads": {each.value: 0 for each in Column}}
    return {"task": {"title": mark, "rule": {}}, "rows": [], "total": row, "basis": [], "source": mark}


def _occasion(session: Session, organization_id: int, kind: CreditKind, mark: str) -> int:
    row = Occasion(
        organization_id=organization_id,
        title=mark,
        place="会议室",
        starts_at=START,
        ends_at=START + dt.timedelta(hours=2),
        day=dt.date(2026, 11, 20),
        credit_kind=kind,
        quarters=3,
        basis="",
        roll_version=1,
    )
    session.add(row)
    session.flush()
    return row.id


def _record_book(
    session: Session, batch_id: int, branch_id: int, committee_id: int, member_id: int, mark: str
) -> tuple[int, int, int, int, int]:
    """A completion with its certificate, and an objection put to the branch and one to the level above."""
    done = Completion(
        member_id=member_id, subject="task:0", source=f"batch:{batch_id}", way=CompletionWay.CENTRALIZED,
        completed_on=cast.TODAY, title=mark, **NOTED,
    )  # fmt: skip
    session.add(done)
    session.flush()
    day = cast.TODAY.isoformat()
    paper = {
        "name": mark, "birth_year": None, "task": mark, "organizer": "某委", "batch": "", "starts_on": day,
        "ends_on": day, "quarters": 4, "way": "centralized", "issued_on": day, "issuer": "某委",
    }  # fmt: skip
    certificate = Certificate(
        member_id=member_id, completion_id=done.id, paper=paper, code=f"{member_id:011}{check_character(f'{member_id:011}')}", content_hash="0" * 64,
        issued_at=cast.NOW, issued_by=4,
    )  # fmt: skip
    objections = [
        Objection(
            member_id=member_id, organization_id=place, above=above, subject="missing", about=mark, words=mark,
            raised_at=cast.NOW, raised_by=0, due_on=cast.TODAY,
        )
        for place, above in ((branch_id, False), (committee_id, True))
    ]  # fmt: skip
    credit = Credit(
        member_id=member_id, kind=CreditKind.THEME_DAY, quarters=4, day=cast.TODAY, title=mark, source="mark:1",
        basis="依据", **NOTED,
    )  # fmt: skip
    session.add_all([certificate, credit, *objections])
    session.flush()
    return done.id, certificate.id, objections[0].id, objections[1].id, credit.id


def build(
    session: Session, branch_id: int, committee_id: int, member_id: int, account_id: int, mark: str = "标记"
) -> Things:
    """Insert one of each thing for a branch and the committee above it; `mark` stands in the words of each."""
    occasion_id = _occasion(session, branch_id, CreditKind.THEME_DAY, mark)
    meeting = Meeting(
        organization_id=branch_id, occasion_id=occasion_id, month="2026-11", theme=mark, chair="某人",
        recorder="", lesson="", lecturer="", film="", film_source="", practice="", decisions="", summary="",
        scheduled_at=cast.NOW, scheduled_by=2,
    )  # fmt: skip
    task = Task(
        organization_id=committee_id, title=f"{mark}任务", starts_on=dt.date(2026, 1, 1), ends_on=dt.date(2026, 12, 31),
        quarters=32, basis="依据", audience={}, leave_part=7, pass_percent=60, opened_at=cast.NOW, opened_by=4,
    )  # fmt: skip
    session.add_all([meeting, task])
    session.flush()
    batch = Batch(
        task_id=task.id, organization_id=committee_id, title=f"{mark}班", place="党校", starts_on=dt.date(2026, 11, 1),
        ends_on=dt.date(2026, 12, 1), capacity=50, quiz_course="first-response", leave_part=7, pass_percent=60,
        opened_at=cast.NOW, opened_by=4,
    )  # fmt: skip
    visit = FollowUp(
        occasion_id=occasion_id, member_id=member_id, kind=FollowUpKind.HOME_VISIT, day=cast.TODAY, visitor="某人",
        content="内容", **NOTED,
    )  # fmt: skip
    absent = Attendance(occasion_id=occasion_id, member_id=member_id, outcome=Outcome.ABSENT, reason="", **NOTED)
    attempt = Attempt(
        account_id=account_id, member_id=member_id, unit="course:first-response", title=mark, batch_id=None,
        content_hash="0" * 32, questions=[], started_at=cast.NOW,
    )  # fmt: skip
    picture = Attachment(
        occasion_id=occasion_id, place=1, sha256=f"{branch_id:064}", size=1, width=1, height=1, caption=mark, **NOTED,
    )  # fmt: skip
    session.add_all(
        [MeetingKindOf(meeting_id=meeting.id, kind=MeetingKind.THEME_DAY), batch, absent, visit, attempt, picture]
    )
    session.flush()
    lesson = BatchSession(
        batch_id=batch.id,
        occasion_id=_occasion(session, committee_id, CreditKind.TRAINING, mark),
        lecturer="某人",
        course=None,
    )
    job = Job(
        kind="archive", title=mark, organization_id=branch_id, account_id=account_id, permission="see-meetings",
        language="zh-CN", arguments={"year": 2026}, submitted_at=cast.NOW,
    )  # fmt: skip
    session.add(job)
    complaint = Complaint(
        number=f"2222-{account_id:04}-2222".replace("0", "A").replace("1", "B"), kind=ComplaintKind.HELP, words=mark, account_id=account_id,
        received_at=cast.NOW, due_on=cast.TODAY,
    )  # fmt: skip
    session.add_all([complaint, lesson, Place(batch_id=batch.id, member_id=member_id, **NOTED)])
    session.flush()
    report = FrozenReport(
        kind="training-coverage", task_id=task.id, organization_id=committee_id, day=cast.TODAY, domain=None,
        issued_at=cast.NOW, issued_by=4, value=_report_of_nobody(mark), people=freezing.encode({}), sha256="0" * 64,
    )  # fmt: skip
    session.add(report)
    session.flush()
    file = FrozenFile(report_id=report.id, name="x.xlsx", media_type="text/plain", bytes=b"x", sha256="0" * 64)
    session.add(file)
    session.flush()
    recognition = Recognition(
        task_id=task.id, member_id=member_id, way=CompletionWay.HOME_DELIVERED, title=f"{mark}学习", organizer="某人",
        starts_on=cast.TODAY, ends_on=cast.TODAY, quarters=4, evidence=EvidenceClass.VISIT, reference="登记表", **NOTED,
    )  # fmt: skip
    holiday = Holiday(day=cast.TODAY.replace(day=min(branch_id, 28)), working=False, basis=f"{mark}通知", **NOTED)
    session.add_all([recognition, holiday])
    session.flush()
    return Things(
        meeting.id, visit.id, task.id, batch.id, lesson.id, attempt.id, complaint.id, job.id,
        recognition.id, report.id, file.id, member_id, branch_id, *_record_book(session, batch.id, branch_id, committee_id, member_id, mark),
        occasion_id, holiday_id=holiday.id, attachment_id=picture.id,
    )  # fmt: skip
