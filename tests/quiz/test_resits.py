"""A resit asks only what was not right; a draw from a bank is kept with the attempt."""

import dataclasses

import pytest

from learnhub.core.errors import NotFound
from learnhub.quiz import queries, service
from tests.quiz.test_service import ALL_RIGHT, PAPER, SINGLE, account, act, save

__all__ = ["account"]  # the fixture of the tests beside


def test_a_resit_asks_only_what_was_not_right_and_counts_the_rest(session, account):
    first = service.start(session, act(account), paper=PAPER, member_id=1, batch_id=7)
    for question_id in ("often", "which"):
        save(session, account, first, question_id, ALL_RIGHT[question_id])
    save(session, account, first, "founded", ["1949"])
    service.hand_in(session, act(account), attempt_id=first)
    again = service.start(session, act(account, 5), paper=PAPER, member_id=1, batch_id=7)
    found = queries.attempt(session, again, account)
    assert [each.id for each in found.asked] == ["founded", "order"]
    assert (found.unanswered, found.first_open) == ((1, 2), 1)
    with pytest.raises(NotFound):
        save(session, account, again, "often", "k0", revision=9)
    save(session, account, again, "founded", ["1921"])
    result = service.hand_in(session, act(account, 9), attempt_id=again)
    assert (result.earned, result.possible) == (6, 8)
    third = service.start(session, act(account, 10), paper=PAPER, member_id=1, batch_id=7)
    assert [each.id for each in queries.attempt(session, third, account).asked] == ["order"]


def test_a_question_that_changed_is_asked_again_and_practice_carries_nothing(session, account):
    first = service.start(session, act(account), paper=PAPER, member_id=1, batch_id=7)
    save(session, account, first, "often", "k1")
    service.hand_in(session, act(account), attempt_id=first)
    changed = dataclasses.replace(PAPER, questions=(SINGLE.model_copy(update={"hash": "1" * 32}), *PAPER.questions[1:]))
    again = service.start(session, act(account, 5), paper=changed, member_id=1, batch_id=7)
    assert len(queries.attempt(session, again, account).asked) == 4
    for _each in range(2):
        practice = service.start(session, act(account, 6), paper=PAPER, member_id=1)
        assert not queries.attempt(session, practice, account).carried
        save(session, account, practice, "often", "k1")
        service.hand_in(session, act(account, 7), attempt_id=practice)


def test_who_had_all_right_may_do_all_of_it_again(session, account):
    first = service.start(session, act(account), paper=PAPER, member_id=1, batch_id=7)
    for question_id, value in ALL_RIGHT.items():
        save(session, account, first, question_id, value)
    service.hand_in(session, act(account), attempt_id=first)
    again = service.start(session, act(account, 5), paper=PAPER, member_id=1, batch_id=7)
    assert len(queries.attempt(session, again, account).asked) == 4


def test_a_draw_is_stored_and_a_resit_draws_no_others(session, account):
    bank = tuple(
        SINGLE.model_copy(update={"id": f"q{number}", "topic": "甲" if number % 2 else "乙", "hash": f"{number:032}"})
        for number in range(20)
    )
    paper = dataclasses.replace(PAPER, questions=bank, draw=(("甲", 2), ("乙", 1)))
    assert paper.asks == 3
    first = service.start(session, act(account), paper=paper, member_id=1, batch_id=7)
    drawn = [each.id for each in queries.attempt(session, first, account).questions]
    assert len(drawn) == 3
    save(session, account, first, drawn[0], "k1")
    service.hand_in(session, act(account), attempt_id=first)
    again = queries.attempt(
        session, service.start(session, act(account, 5), paper=paper, member_id=1, batch_id=7), account
    )
    assert [each.id for each in again.questions] == drawn
    assert [each.id for each in again.asked] == drawn[1:]
    other = service.start(session, act(account, 6), paper=paper, member_id=1)
    assert [each.topic for each in queries.attempt(session, other, account).questions].count("甲") == 2
