"""The sign-in sheet and the activity record as files: before a meeting with blanks, afterwards with all of the record."""

import io
from collections.abc import Callable

import docx
import pypdf
import pytest
from docx.oxml.ns import qn
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.attendance import service as attendance
from learnhub.attendance.rules import FollowUpKind
from learnhub.attendance.service import Deed
from learnhub.audit.models import AuditEntry
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.meetings import queries
from tests.attendance.images import photo
from tests.meetings.pages import called, finished, proposed, scheduled
from tests.meetings.test_attachment_pages import sent
from tests.pages import PageClient

Clients = Callable[[str | None], PageClient]
FORMS = ("pdf", "docx")


def said(client: PageClient, address: str) -> str:
    """Everything that a file says, without spaces."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"].startswith("attachment")
    if address.partition("?")[0].endswith("pdf"):
        reader = pypdf.PdfReader(io.BytesIO(answer.data))
        return "".join("".join(page.extract_text().split()) for page in reader.pages)
    document = docx.Document(io.BytesIO(answer.data))
    # In the order of the page, and a box that spans columns once.
    return "".join("".join(each.text or "" for each in document.element.body.iter(qn("w:t"))).split())


@pytest.fixture
def recorder(client_as: Clients) -> PageClient:
    return client_as("recorder")


@pytest.fixture
def planned(recorder: PageClient) -> int:
    return scheduled(recorder, theme="把时间还给群众", chair="周戊")


@pytest.fixture
def done(recorder: PageClient, planned: int, session: Session, act: Callable[..., Act]) -> int:
    """A finished meeting: one ill, one on duty, one absent who made up, one visited at home; corrected since, a picture."""
    called(recorder, planned, m8="leave:sick", m6="leave:official", m9="absent", m3="receiving_place")
    words = {"lesson": "少填一张表", "lecturer": "李丁", "film": "初心", "practice": "入户走访", "practice_people": "6"}
    finished(recorder, planned, **words, decisions="三组路灯月底修好，吴䶮负责。", summary="走访十二户。")
    occasion = queries.meeting(session, planned)
    assert occasion is not None
    for member, kind, content in (
        (9, FollowUpKind.SELF_STUDY, "自学这一课"),
        (2, FollowUpKind.HOME_VISIT, "念了这一课"),
    ):
        missed, deed = [(occasion.occasion.id, member)], Deed(kind, clock.today(), "李丁", content)
        attendance.follow_up_together(session, act(), missed=missed, deed=deed)
    session.commit()
    assert sent(recorder, planned, photo(), caption="走访三组").status_code == 303
    again = {**proposed(recorder.page(f"/meetings/{planned}/record")), "practice_people": "7", "because": "少数一人"}
    assert recorder.send(f"/meetings/{planned}/record", again).status_code == 303
    return planned


@pytest.mark.one_database
@pytest.mark.parametrize("form", FORMS)
def test_a_sheet_to_sign_has_names_and_room_and_claims_nothing(recorder: PageClient, planned: int, form: str) -> None:
    words = said(recorder, f"/meetings/{planned}/sign-in-sheet.{form}")
    for part in (
        "柳树村党支部",
        "签到表",
        "把时间还给群众",
        "党群服务中心",
        "周戊",
        "2026年11月20日（星期五）",
        "列席人员（姓名、单位）",
    ):
        assert part in words, part
    assert words.index("赵甲") < words.index("钱乙") < words.index("吴䶮") < words.index("阿依古丽·买买提")
    assert "郑伟（1979年6月生）" in words and "郑伟（1994年6月生）" in words
    assert "不作硬性要求" not in words and "请假0" not in words


@pytest.mark.one_database
@pytest.mark.parametrize("form", FORMS)
def test_a_blank_record_is_to_be_written_in(recorder: PageClient, planned: int, form: str) -> None:
    words = said(recorder, f"/meetings/{planned}/activity-record.{form}")
    for part in ("活动记录表", "议定的事和落实", "活动情况", "未到会人员", "主持人签名：", "空着的地方可以手写"):
        assert part in words, part
    assert "无" not in words


@pytest.mark.one_database
@pytest.mark.parametrize("form", FORMS)
def test_a_finished_record_says_all_of_it(recorder: PageClient, done: int, form: str) -> None:
    words = said(recorder, f"/meetings/{done}/activity-record.{form}")
    for part in (
        "请假（公务）：吴䶮", "请假：郑伟（1979年6月生）", "缺席：郑伟（1994年6月生）", "不作硬性要求：钱乙", "在流入地参加：孙丙",
        "钱乙：送学上门", "自学补课", "少填一张表，主讲人：李丁", "初心", "入户走访，7人参加",
        "1.三组路灯月底修好，吴䶮负责。", "走访十二户。", "更正记录，理由：少数一人", "照片1张：附件1走访三组", "来源：排期、点名和记录。",
    ):  # fmt: skip
        assert part in words, part
    assert "病" not in words and "记录还没有完成" not in words
    assert "正式党员852110预备党员000000合计852110" in words


@pytest.mark.one_database
def test_pictures_are_in_the_file(recorder: PageClient, done: int) -> None:
    answer = recorder.get(f"/meetings/{done}/activity-record.pdf")
    assert sum(len(page.images) for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages) == 1
    word = docx.Document(io.BytesIO(recorder.get(f"/meetings/{done}/activity-record.docx").data))
    assert len(word.inline_shapes) == 1


@pytest.mark.one_database
def test_a_sheet_after_the_roll_says_who_was_not_in_the_room(recorder: PageClient, done: int) -> None:
    words = said(recorder, f"/meetings/{done}/sign-in-sheet.pdf")
    assert "应到8实到5请假2缺席1" in words and "在流入地参加" in words and "公务" not in words


@pytest.mark.one_database
def test_reasons_are_the_branchs_own(client_as: Clients, done: int) -> None:
    words = said(client_as("reader"), f"/meetings/{done}/activity-record.pdf")
    assert "公务" not in words and "请假：吴䶮、郑伟（1979年6月生）" in words


@pytest.mark.one_database
def test_taking_a_paper_away_is_on_record(
    client_as: Clients, recorder: PageClient, planned: int, session: Session
) -> None:
    for name in ("sign-in-sheet", "activity-record"):
        recorder.get(f"/meetings/{planned}/{name}.docx")
        assert client_as("foreign_recorder").get(f"/meetings/{planned}/{name}.pdf").status_code == 404
    found = session.execute(select(AuditEntry.action, AuditEntry.actor_id, AuditEntry.details).where(
        AuditEntry.subject == f"meeting:{planned}", AuditEntry.action.like("meeting.export%")
    )).all()  # fmt: skip
    assert [tuple(row) for row in found] == [
        ("meeting.export_sign_in_sheet", 2, {"form": "docx"}),
        ("meeting.export_activity_record", 2, {"form": "docx"}),
    ]


@pytest.mark.one_database
def test_the_papers_are_offered_beside_the_print_button(recorder: PageClient, planned: int) -> None:
    for name in ("sign-in-sheet", "activity-record"):
        page = recorder.page(f"/meetings/{planned}/{name}")
        assert all(f"/meetings/{planned}/{name}.{form}" in page for form in FORMS)
    page = recorder.page(f"/meetings/{planned}")
    assert f"/meetings/{planned}/attachments" in page and f"/meetings/{planned}/activity-record" in page


def test_a_page_whose_pdf_shows_everything_says_nothing_of_it(recorder: PageClient, done: int) -> None:
    assert "印不出" not in recorder.page(f"/meetings/{done}/activity-record")


def test_the_page_names_what_its_pdf_cannot_show(recorder: PageClient) -> None:
    """𠔻 is no character of any font at hand; who reads the page learns it before the paper is handed in."""
    called_so = scheduled(recorder, theme="学习𠔻家村的经验", chair="周戊")
    page = recorder.page(f"/meetings/{called_so}/sign-in-sheet")
    assert "𠔻 U+2053B" in page and "印不出" in page
    assert "〓" in said(recorder, f"/meetings/{called_so}/sign-in-sheet.pdf")
    assert "印不出" not in recorder.page(f"/meetings/{called_so}"), "no PDF is offered there"
