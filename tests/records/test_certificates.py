"""Certificates: a snapshot with a code, verified by anybody, guessed by nobody."""

import datetime as dt
import io
import itertools
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.members.models import Member
from learnhub.records import queries, service
from learnhub.records.models import Certificate, Completion
from learnhub.records.rules import (
    ALPHABET,
    MISSES,
    CertificateState,
    CompletionWay,
    NewCertificate,
    NewCompletion,
    check_character,
    grouped,
    read_code,
)
from tests import cast
from tests.pages import PageClient

Clients = Callable[[str | None], PageClient]
Acts = Callable[..., Act]
DAY = dt.date(2026, 11, 11)
bodies = st.text(alphabet=ALPHABET, min_size=11, max_size=11)


def completion(session: Session, act: Act, member_id: int = 1) -> int:
    new = NewCompletion(member_id, "task:1", "batch:1", CompletionWay.CENTRALIZED, DAY, "集中轮训 第 1 期")
    service.complete(session, act, completions=[new])
    return session.scalars(select(Completion.id).where(Completion.member_id == member_id)).all()[-1]


def wanted(completion_id: int, member_id: int = 1) -> NewCertificate:
    return NewCertificate(
        completion_id, member_id, "2026 年党员集中轮训", "县委党校", "第 1 期", dt.date(2026, 11, 10), DAY, 30,
        CompletionWay.CENTRALIZED, "中共示例县委",
    )  # fmt: skip


@pytest.fixture
def paper(session: Session, act: Acts) -> queries.CertificateValue:
    """The certificate of member 1, 赵甲."""
    completion_id = completion(session, act("organizer"))
    assert service.issue(session, act("organizer"), wanted=[wanted(completion_id)]) == 1
    session.commit()
    return queries.certificates_of(session, 1)[completion_id]


@settings(max_examples=25)
@given(bodies, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_one_wrong_character_or_two_exchanged_are_noticed(body: str, place: int, other: str) -> None:
    assert check_character("ABCDEFGHJKM") == "C"  # what is printed on certificates that were issued stays right
    code = body + check_character(body)
    assert read_code(code) == code
    if code[place] != other:
        assert read_code(code[:place] + other + code[place + 1 :]) is None
    for left, right in itertools.pairwise(range(12)):
        if code[left] != code[right]:
            assert read_code(code[:left] + code[right] + code[left] + code[right + 1 :]) is None


def test_a_code_is_read_however_it_is_typed() -> None:
    code = "0" * 10 + "1"
    code += check_character(code)
    assert read_code(grouped(code)) == code
    assert read_code(f" {code[:6].lower().replace('0', 'o')} — {code[6:].replace('1', 'l')} ") == code
    assert read_code("".join(chr(ord(each) + 0xFEE0) for each in code)) == code
    for nonsense in ("", "x" * 500, "七七七七七七七七七七七七", "²" * 12, code + "0"):
        assert read_code(nonsense) is None


def test_a_certificate_is_issued_once_and_stays_as_it_was(
    session: Session, act: Acts, paper: queries.CertificateValue
) -> None:
    assert service.issue(session, act("organizer"), wanted=[wanted(paper.completion_id)]) == 0
    session.execute(update(Member).where(Member.id == 1).values(name="赵改名"))
    found = queries.certificate(session, paper.id)
    assert found is not None
    assert (found.paper.name, found.paper.birth_year, found.intact, found.state) == (
        "赵甲", None, True, CertificateState.VALID,
    )  # fmt: skip


def test_a_certificate_that_was_tampered_with_is_noticed(session: Session, paper: queries.CertificateValue) -> None:
    row = session.get(Certificate, paper.id)
    assert row is not None
    session.execute(update(Certificate).values(paper={**row.paper, "quarters": 400}))
    session.expire_all()
    found = queries.certificate(session, paper.id)
    assert found is not None
    assert not found.intact


def test_a_correction_of_the_completion_marks_it_and_a_new_one_can_be_had(
    session: Session, act: Acts, client_as: Clients, paper: queries.CertificateValue
) -> None:
    service.withdraw_completions(session, act("organizer"), source="batch:1", member_ids=[1], reason="登错了人")
    session.commit()
    page = client_as(None).page(f"/verify/{paper.code}")
    assert "不再有效" in page
    assert "登错了人" not in page
    anew = completion(session, act("organizer"))
    assert service.issue(session, act("organizer"), wanted=[wanted(anew)]) == 1


def test_a_withdrawn_one_says_so_to_everybody_and_why_to_the_bearer(
    session: Session, act: Acts, client_as: Clients, paper: queries.CertificateValue
) -> None:
    service.withdraw_certificate(session, act("organizer"), certificate_id=paper.id, reason="姓名写错")
    session.commit()
    page = client_as(None).page(f"/verify/{paper.code}")
    assert "撤销" in page
    assert "姓名写错" not in page
    assert "姓名写错" in client_as("member").page(f"/certificates/{paper.id}")
    assert client_as("member").get(f"/certificates/{paper.id}/paper.pdf").status_code == 404


def test_anybody_verifies_and_sees_what_the_paper_shows(client_as: Clients, paper: queries.CertificateValue) -> None:
    browser = client_as(None)
    browser.page("/verify")
    sent = browser.get("/verify", query_string={"code": paper.shown_code.lower()})
    assert sent.status_code == 303
    page = browser.page(sent.location)
    assert "证书有效" in page
    assert "赵甲" in page
    assert "柳树村" not in page
    assert "1958" not in page


def test_unknown_codes_answer_alike_and_guessing_is_slow(client_as: Clients, paper: queries.CertificateValue) -> None:
    browser = client_as(None)
    body = "".join("Z" if each != "Z" else "Y" for each in paper.code[:-1])
    answers = {browser.get(f"/verify/{code}").status_code for code in (body + check_character(body), "ABC", "0" * 11)}
    assert answers == {404}
    for number in range(MISSES):
        browser.get(f"/verify/GUESS{number}")
    assert browser.get(f"/verify/{paper.code}").status_code == 429
    other = browser.get(f"/verify/{paper.code}", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert other.status_code == 200
    # What the asker says of itself changes nothing; a trusted proxy's word is put into the address by the server.
    claimed = browser.get(f"/verify/{paper.code}", headers={"X-Forwarded-For": "192.0.2.8"})
    assert claimed.status_code == 429


def test_the_paper_bears_rare_and_long_names_and_is_the_same_each_time(
    session: Session, act: Acts, paper: queries.CertificateValue
) -> None:
    names = ["吴䶮", "㛃𬭊", "阿依古丽·买买提", "卡" * 24 + "·" + "尔" * 25]
    sheets = []
    for name in names:
        session.execute(update(Member).where(Member.id == 6).values(name=name))
        completion_id = completion(session, act("organizer"), member_id=6)
        service.issue(session, act("organizer"), wanted=[wanted(completion_id, 6)])
        sheets.append(queries.certificates_of(session, 6)[completion_id])
        service.withdraw_completions(session, act("organizer"), source="batch:1", member_ids=[6], reason="测试")
    made = service.paper_pdf(sheets, site="示例县党员学习平台", address="https://study.example.cn")
    assert made == service.paper_pdf(sheets, site="示例县党员学习平台", address="https://study.example.cn")
    pages = ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made)).pages]
    for page, name, value in zip(pages, names, sheets, strict=True):
        assert name in page
        assert value.shown_code in page
        assert "7.5学时" in page


def test_a_member_claims_the_own_certificate_and_nobody_elses(
    client_as: Clients, session: Session, act: Acts, paper: queries.CertificateValue
) -> None:
    second = completion(session, act("organizer"), member_id=4)
    session.commit()
    assert "看证书" in client_as("member").page("/my-record")
    assert f'name="birth_year" id="birth-{second}"' in client_as("recorder").page("/my-record")
    page = client_as("member").page(f"/certificates/{paper.id}")
    assert "准予结业" in page
    assert client_as("member").get(f"/certificates/{paper.id}/code.svg").mimetype == "image/svg+xml"
    assert client_as("recorder").get(f"/certificates/{paper.id}").status_code == 404
    assert client_as("recorder").send(f"/my-record/completions/{paper.completion_id}/certificate").status_code == 404
    wechat = {"User-Agent": "Mozilla/5.0 MicroMessenger/8.0"}
    assert "在浏览器打开" in client_as("member").get(f"/certificates/{paper.id}", headers=wechat).text
    assert client_as("member").get(f"/certificates/{paper.id}/paper.pdf").data.startswith(b"%PDF")
    assert cast.PEOPLE["member"][2] == 1
