"""The minute of quizzes: it goes through, and it would see what is lost, doubled or torn."""

import datetime as dt

import pytest
from sqlalchemy import delete, insert, update

from bench import quiz_minute
from bench.attempts import QUESTIONS, open_attempts
from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.quiz import service
from learnhub.quiz.models import Answer, Attempt
from learnhub.quiz.service import NewAnswer, Sheet
from tests import cast

SHEETS = [("k1",) * QUESTIONS, ("k0", "k1") * (QUESTIONS // 2), ("k3",) * QUESTIONS]


@pytest.fixture
def handed_in(session):
    desks = open_attempts(session, len(SHEETS))
    for desk, sheet in zip(desks, SHEETS, strict=True):
        given = Sheet([NewAnswer(f"q{number}", key, 1) for number, key in enumerate(sheet)])
        act = Act(desk.account_id, cast.NOW)
        service.hand_in_sheet(session, act, attempt_id=desk.attempt_id, read=lambda _questions, given=given: given)
    return desks


def test_what_is_stored_once_as_it_was_sent_is_found_so(session, handed_in):
    assert quiz_minute.looked_at(session, handed_in, SHEETS) == {"stored once": 3}


def test_what_is_lost_doubled_or_torn_is_found(session, handed_in):
    lost, doubled, torn = handed_in
    open_again = {"handed_in_at": None, "grades": None, "earned": None, "possible": None}
    session.execute(update(Attempt).where(Attempt.id == lost.attempt_id).values(open_again))
    audit.note(session, Act(doubled.account_id, cast.NOW), "attempt.hand_in", f"attempt:{doubled.attempt_id}")
    session.execute(delete(Answer).where(Answer.attempt_id == torn.attempt_id, Answer.question_id == "q4"))
    assert quiz_minute.looked_at(session, handed_in, SHEETS) == {"lost": 1, "doubled": 1, "torn": 1}


@pytest.mark.parametrize("change", [{"value": "k2"}, {"revision": 2}], ids=["another answer", "saved again"])
def test_an_answer_that_is_not_as_it_was_sent_is_torn(session, handed_in, change):
    session.execute(
        update(Answer).where(Answer.attempt_id == handed_in[0].attempt_id, Answer.question_id == "q9").values(change)
    )
    assert quiz_minute.looked_at(session, handed_in, SHEETS) == {"torn": 1, "stored once": 2}


def test_an_answer_that_nobody_sent_is_torn(session, handed_in):
    more = {"question_id": "more", "value": "k1", "revision": 1, "saved_at": dt.datetime.now(dt.UTC)}
    session.execute(insert(Answer), [{"attempt_id": handed_in[1].attempt_id, **more}])
    assert quiz_minute.looked_at(session, handed_in, SHEETS)["torn"] == 1


@pytest.mark.long
def test_a_short_minute_goes_through(capsys):
    assert quiz_minute.main(["--submissions", "60", "--seconds", "1.5"]) == 0
    assert "{'stored once': 60}, trail whole: True" in capsys.readouterr().out
