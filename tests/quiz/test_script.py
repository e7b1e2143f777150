"""What the script of a quiz sends: acknowledged once it is stored, refused in a short answer."""

import html

import pytest
from sqlalchemy import func, select

from learnhub.quiz.models import Answer
from tests.quiz.pages import all_right, begin, script, snapshots


def test_the_script_is_acknowledged_after_the_commit(member, session):
    url = begin(member)
    blank = next(each for each in snapshots(session, url).values() if each["kind"] == "blank")
    body = {"question": blank["id"], "value": ["1921"], "revision": 4}
    assert script(member, url, body).get_json() == {"saved": "10:00", "revision": 4, "differs": False}
    assert script(member, url, body).get_json() == {"saved": "10:00", "revision": 4, "differs": False}
    late = script(member, url, body | {"value": ["1949"], "revision": 3}).get_json()
    assert late == {"saved": "10:00", "revision": 4, "differs": True, "value": ["1921"]}
    assert session.scalar(select(func.count()).select_from(Answer)) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[" * 60_000,
        b"x" * 70_000,
        b"\xff\xfe",
        "[]",
        '{"question": 1, "value": null, "revision": 1}',
        '{"question": "a", "value": null, "revision": true}',
        '{"question": "a", "value": null, "revision": 1, "score": 100}',
        '{"question": "relief-date", "value": "\\ud800", "revision": 1}',
        '{"question": "relief-once", "value": ["\\u0000"], "revision": 1}',
        '{"question": "relief-once", "value": ["\\ud800"], "revision": 1}',
        '{"question": "relief-once", "value": ["1"], "revision": 99999999999999999999}',
        '{"question": "relief-once", "value": {"a": {"b": []}}, "revision": 1}',
    ],
)
def test_what_the_script_cannot_have_sent_is_refused_and_harms_nothing(member, body):
    url = begin(member)
    answer = script(member, url, body)
    assert answer.status_code == 422
    assert answer.get_json()["error"]
    assert member.get(url).status_code == 200


def test_a_question_of_another_quiz_is_not_found(member):
    assert script(member, begin(member), {"question": "foreign", "value": None, "revision": 1}).status_code == 404


def test_after_handing_in_the_script_is_told_so(member, session):
    url = begin(member)
    questions = snapshots(session, url)
    member.send(f"{url}/hand-in", all_right(questions))
    answer = script(member, url, {"question": next(iter(questions)), "value": None, "revision": 9})
    assert answer.status_code == 409


def test_a_script_without_a_token_or_a_sign_in_gets_a_short_answer_not_a_page(member, client_as):
    url = begin(member)
    body = {"question": "relief-once", "value": ["1"], "revision": 1}
    for client, headers in ((member, {"X-CSRFToken": "old"}), (client_as(None), {})):
        answer = script(client, url, body, **headers)
        assert answer.status_code in {400, 401}
        assert answer.get_json()["error"]


@pytest.mark.parametrize(
    "written",
    ["\u0301" * 10_000, "a\u0301" * 5_000, "x" * 5_000_000, "\u202e" * 150 + "\x00", "1" * 201],
    ids=["marks", "marked letters", "5 MB", "turned", "too long"],
)
def test_what_is_too_much_is_refused_in_words_and_the_next_answer_is_saved(member, session, written):
    url = begin(member)
    blank = next(each for each in snapshots(session, url).values() if each["kind"] == "blank")
    body = {"question": blank["id"], "value": [written], "revision": 1}
    answer = script(member, url, body)
    assert (answer.status_code, answer.get_json()["error"]) == (422, "这道题的答案读不出来，请重新作答。")
    assert script(member, url, body | {"value": ["1921"]}).get_json()["differs"] is False


def test_markup_in_an_answer_is_shown_as_words(member, session):
    url = begin(member)
    blank = next(each for each in snapshots(session, url).values() if each["kind"] == "blank")
    # A product that no token on the page can hold by chance, as each is longer than a number.
    attacks = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{70001*70003}}")
    for number, attack in enumerate(attacks, 1):
        assert script(member, url, {"question": blank["id"], "value": [attack], "revision": number}).status_code == 200
        page = member.page(f"{url}?all=1")
        assert html.escape(attack, quote=False).replace('"', "&#34;") in page
        assert "4900280003" not in page
