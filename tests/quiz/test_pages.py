"""The pages of a quiz without JavaScript, the saving script's address, and what never leaves before handing in."""

import html
import re

import pytest
from sqlalchemy import select

from learnhub.quiz.models import Answer, Attempt
from tests import cast
from tests.databases import count_statements
from tests.quiz.pages import START, all_right, begin, script, snapshots


def test_the_rules_are_told_before_the_start(member):
    page = member.page(START)
    for words in ("没有倒计时", "可以重做，次数不限", "结果只有您自己看得到", "少选而没有选错得一半", "开始做"):
        assert words in page


def test_a_unit_that_is_not_there_has_no_quiz(member):
    assert member.get("/months/1999-01/quiz").status_code == 404
    assert member.get("/courses/no-such/quiz").status_code == 404
    assert member.send("/courses/no-such/quiz").status_code == 404


def test_starting_twice_goes_on_with_the_same_attempt(member):
    assert begin(member) == begin(member)
    assert "继续做" in member.page(START)


def test_every_kind_of_question_is_drawn_and_graded(member, session):
    kinds = set()
    for start in (START, "/courses/organizational-life/quiz", "/courses/first-response/quiz"):
        url = begin(member, start)
        questions = snapshots(session, url)
        kinds |= {each["kind"] for each in questions.values()}
        done = member.send(f"{url}/hand-in", all_right(questions))
        assert done.location == f"{url}/result"
        assert "得分率 100.0%" in member.page(f"{url}/result")
    assert {"single", "multiple", "true_false", "blank", "ordering"} <= kinds


def test_one_question_is_in_view_and_the_rest_only_on_paper(member, session):
    url = begin(member)
    count = len(snapshots(session, url))
    assert member.page(f"{url}?question=2").count("q-off") == count - 1
    assert member.page(f"{url}?all=1").count("q-off") == 0
    for odd in ("0", "999", "x", "-1", "9" * 50):
        member.page(f"{url}?question={odd}")


def test_a_saved_page_goes_on_to_the_next_question_and_shows_what_is_stored(member, session):
    url = begin(member)
    first = next(each for each in snapshots(session, url).values() if each["kind"] == "single")
    chosen = first["options"][0]["key"]
    sent = {f"answer.{first['id']}": chosen, f"revision.{first['id']}": "1", "go": "2"}
    answer = member.send(f"{url}/answers", sent)
    assert (answer.status_code, answer.location) == (303, f"{url}?question=2")
    page = member.page(f"{url}?all=1")
    assert "已保存 10:00" in page
    assert re.search(rf'value="{chosen}" checked', page)
    assert f'name="revision.{first["id"]}" value="2"' in page


def test_a_stale_page_keeps_what_was_typed_and_asks(member, session):
    """Two tabs: the second sees that the first was there, loses nothing, and decides by sending again."""
    url = begin(member)
    blank = next(each for each in snapshots(session, url).values() if each["kind"] == "blank")
    field, revision = f"answer.{blank['id']}.0", f"revision.{blank['id']}"
    member.send(f"{url}/answers", {field: "第一个页面", revision: "1", "go": "1"})
    stale = member.send(f"{url}/answers", {field: "第二个页面", revision: "1", "go": "1"})
    assert stale.status_code == 409
    assert 'value="第二个页面"' in stale.text
    assert "第一个页面" in stale.text
    assert f'name="{revision}" value="2"' in stale.text
    assert member.send(f"{url}/answers", {field: "第二个页面", revision: "2", "go": "1"}).status_code == 303
    assert 'value="第二个页面"' in member.page(url)


def test_the_same_page_sent_twice_is_saved_once(member, session):
    url = begin(member)
    fields = all_right(snapshots(session, url)) | {"go": "1"}
    assert member.send(f"{url}/answers", fields).status_code == 303
    assert member.send(f"{url}/answers", fields).status_code == 303
    assert session.scalars(select(Answer.revision).distinct()).all() == [1]


def test_a_stale_page_is_not_handed_in_unseen(member, session):
    url = begin(member)
    questions = snapshots(session, url)
    member.send(f"{url}/answers", all_right(questions) | {"go": "1"})
    single = next(each for each in questions.values() if each["kind"] == "single")
    wrong = next(each["key"] for each in single["options"] if each["key"] not in single["correct"])
    stale = all_right(questions) | {f"answer.{single['id']}": wrong}
    assert member.send(f"{url}/hand-in", stale).status_code == 409
    assert session.get(Attempt, int(url.rsplit("/", 1)[1])).handed_in_at is None


def test_missing_answers_are_named_once_before_handing_in(member):
    url = begin(member)
    asked = member.send(f"{url}/hand-in")
    assert asked.status_code == 422
    assert "题还没有答" in asked.text
    assert member.send(f"{url}/hand-in", {"sure": "1"}).location == f"{url}/result"
    assert "没有作答" in member.page(f"{url}/result")


def test_handing_in_twice_shows_the_first_result(member, session):
    url = begin(member)
    questions = snapshots(session, url)
    member.send(f"{url}/hand-in", all_right(questions))
    again = member.send(f"{url}/hand-in", {"sure": "1"})
    assert again.location == f"{url}/result"
    assert "得分率 100.0%" in member.page(f"{url}/result")
    assert member.get(url).location == f"{url}/result"


def test_an_open_attempt_has_no_result_page(member):
    url = begin(member)
    assert member.get(f"{url}/result").location == url


def test_an_option_in_two_places_of_an_ordering_is_shown_not_dropped_silently(member, session):
    url = begin(member)
    ordering = next(each for each in snapshots(session, url).values() if each["kind"] == "ordering")
    first = ordering["options"][0]["key"]
    name = f"answer.{ordering['id']}"
    sent = {f"{name}.0": first, f"{name}.1": first, f"revision.{ordering['id']}": "1", "go": "1"}
    answer = member.send(f"{url}/answers", sent)
    assert answer.status_code == 409
    assert "有一项排了两次" in answer.text


def test_other_peoples_attempts_are_not_there(member, client_as, session):
    url = begin(member)
    stranger = client_as("recorder")
    body = {"question": "relief-once", "value": ["1"], "revision": 1}
    assert stranger.get(url).status_code == 404
    assert stranger.get(f"{url}/result").status_code == 404
    assert stranger.send(f"{url}/answers", {"go": "1"}).status_code == 404
    assert stranger.send(f"{url}/hand-in", {"sure": "1"}).status_code == 404
    assert script(stranger, url, body).status_code == 404
    assert session.get(Attempt, int(url.rsplit("/", 1)[1])).handed_in_at is None
    for missing in ("/attempts/999999", "/attempts/99999999999999999999"):
        assert member.get(missing).status_code == 404


def test_keys_and_explanations_do_not_leave_before_handing_in(member, session):
    """Every explanation and every accepted blank is searched for in what an open attempt sends."""
    for start in (START, "/courses/organizational-life/quiz"):
        url = begin(member, start)
        questions = snapshots(session, url)
        seen = member.page(f"{url}?all=1") + member.page(start)
        for question in questions.values():
            assert question["explanation_html"] not in seen
            for accepted in question["blanks"]:
                assert f">{html.escape(accepted[0])}<" not in seen
        assert "correct" not in seen
        member.send(f"{url}/hand-in", all_right(questions))
        after = member.page(f"{url}/result")
        assert all(each["explanation_html"] in after for each in questions.values())


def test_what_is_written_in_a_blank_is_text_and_nothing_else(member, session):
    url = begin(member)
    blank = next(each for each in snapshots(session, url).values() if each["kind"] == "blank")
    evil = '"><script>alert(1)</script>{{7*7}}'
    member.send(f"{url}/answers", {f"answer.{blank['id']}.0": evil, f"revision.{blank['id']}": "1", "go": "1"})
    stale = {f"answer.{blank['id']}.0": evil + "2", f"revision.{blank['id']}": "1", "go": "1"}
    pages = [member.page(url), member.send(f"{url}/answers", stale).text]
    member.send(f"{url}/hand-in", {"sure": "1"})
    pages.append(member.page(f"{url}/result"))
    for page in pages:
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page


def test_a_tampered_form_earns_nothing(member, session):
    url = begin(member)
    sent = {"sure": "1", "earned": "100", "score": "100", "account_id": "3", "member_id": "3", "handed_in_at": "x"}
    member.send(f"{url}/hand-in", sent)
    row = session.get(Attempt, int(url.rsplit("/", 1)[1]))
    assert (row.earned, row.account_id, row.member_id) == (0, cast.PEOPLE["member"][0], 1)


def test_earlier_attempts_stay_readable_from_the_start_page(member, session):
    url = begin(member)
    member.send(f"{url}/hand-in", all_right(snapshots(session, url)))
    page = member.page(START)
    assert f"{url}/result" in page
    assert "再做一遍" in page
    assert begin(member) != url


@pytest.mark.parametrize("page", [START, "attempt", "result"])
def test_pages_ask_the_database_at_most_twice(member, session, page):
    url = begin(member)
    if page == "result":
        member.send(f"{url}/hand-in", all_right(snapshots(session, url)))
    address = {START: START, "attempt": url, "result": f"{url}/result"}[page]
    with count_statements() as seen:
        member.page(address)
    assert len(seen) <= 3, seen  # one of them finds out who is signed in


def test_whoever_is_not_signed_in_is_asked_to(client_as):
    nobody = client_as(None)
    for url in (START, "/courses/first-response/quiz", "/attempts/1", "/attempts/1/result"):
        assert "/sign-in" in nobody.get(url).location
