"""The last resort: answers that could not be sent come as a file, from the member or by the batch's organizer."""

import io
import json

import pytest
from sqlalchemy import select

from learnhub.audit.models import AuditEntry
from learnhub.core.errors import NotFound
from learnhub.quiz import queries, service
from learnhub.quiz.rules.files import LONGEST_FILE, NoAnswersFile, from_file
from learnhub.quiz.service import NewAnswer
from tests import cast
from tests.quiz.pages import begin, snapshots
from tests.quiz.test_service import PAPER, account, act, person, save

__all__ = ["account"]  # the fixture of the tests beside


def written(attempt, *answers):
    """The file as the page writes it."""
    rows = [{"question": each[0], "asked": "题目", "value": each[1], "revision": each[2]} for each in answers]
    return json.dumps(
        {"attempt": attempt, "title": "练习", "kept_at": "2026-11-22T02:00:00Z", "answers": rows}
    ).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"[" * 50_000,
        b'{"attempt": 1}',
        b'{"attempt": true, "answers": [{"question": "a", "value": 1, "revision": 1}]}',
        b'{"attempt": 1, "answers": []}',
        b'{"attempt": 1, "answers": [{"question": 2, "value": 1, "revision": 1}]}',
        b'{"attempt": 1, "answers": [{"question": "a", "value": 1, "revision": "1"}]}',
        b" " * (LONGEST_FILE + 1),
    ],
)
def test_another_file_is_refused_in_words(body):
    with pytest.raises(NoAnswersFile, match="答案文件"):
        from_file(body)


def test_the_organizer_of_the_batch_takes_what_is_newer(session, account):
    attempt = service.start(session, act(account), paper=PAPER, member_id=1, batch_id=7)
    save(session, account, attempt, "often", "k1", revision=5)
    answers = [NewAnswer("often", "k0", 3), NewAnswer("founded", ["1921"], 1)]
    organizer = act(person(session, "组织者"))
    for _twice in range(2):
        saved = service.take_answers(session, organizer, attempt_id=attempt, batch_id=7, answers=answers)
        assert [each.differs for each in saved] == [True, False]
    found = queries.attempt(session, attempt, account)
    assert {question: each.value for question, each in found.answers.items()} == {"often": "k1", "founded": ["1921"]}
    assert "attempt.take_answers" in session.scalars(select(AuditEntry.action)).all()
    practice = service.start(session, act(account), paper=PAPER, member_id=1)
    for other in (practice, attempt + 99):
        with pytest.raises(NotFound):
            service.take_answers(session, organizer, attempt_id=other, batch_id=7, answers=answers)


def sent(client, url, body):
    """Send `body` as the file of the form at `url`."""
    return client.post(
        url,
        data={"csrf_token": client.token(), "file": (io.BytesIO(body), "answers.json")},
        headers={"Origin": "http://localhost"},
        content_type="multipart/form-data",
    )


def test_a_member_hands_in_the_own_file(member, client_as, session):
    url = begin(member)
    blank = next(each for each in snapshots(session, url).values() if each["kind"] == "blank")
    attempt = int(url.rpartition("/")[2])
    page = f"{url}/answers-file"
    assert f'"{page}"' in member.page(url)
    assert "另一份练习" in sent(member, page, written(attempt + 1, (blank["id"], ["1921"], 1))).text
    assert sent(member, page, b"{}").status_code == 422
    assert sent(member, page, written(attempt, (blank["id"], ["1921"], 1))).status_code == 303
    session.expire_all()
    stored = queries.attempt(session, attempt, cast.PEOPLE["member"][0])
    assert stored.answers[blank["id"]].value == ["1921"]
    client_as("recorder").page(page, status=404)
