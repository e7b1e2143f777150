"""A corrected key raises old results and touches nothing that was shown; edits of content touch nothing at all."""

import dataclasses
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.content.schema import Kind, Question
from learnhub.core.errors import DomainError, NotFound
from learnhub.quiz import queries, rules, service
from learnhub.quiz.models import Erratum, ErratumRaise
from learnhub.quiz.rules.errata import fits, regraded
from tests.pages import PageClient
from tests.quiz.test_service import BLANK, PAPER, SINGLE, account, act, begin, person, save

__all__ = ["account"]  # the fixture of the tests beside
Clients = Callable[[str | None], PageClient]
KEYS = tuple(each.key for each in SINGLE.options)


def keyed(question: Question, *right: str) -> Question:
    """The question with another key, single or multiple as there are right ones."""
    return question.model_copy(update={"correct": right, "kind": Kind.SINGLE if len(right) == 1 else Kind.MULTIPLE})


def paper_of(*questions: Question) -> service.Paper:
    """The same quiz with other questions."""
    return dataclasses.replace(PAPER, content_hash="e" * 32, questions=questions)


def handed_in(session: Session, account_id: int, **answers: object) -> int:
    """An attempt with these answers."""
    attempt_id = begin(session, account_id)
    for question_id, value in answers.items():
        save(session, account_id, attempt_id, question_id, value)
    service.hand_in(session, act(account_id), attempt_id=attempt_id)
    return attempt_id


def correct(
    session: Session, paper: service.Paper, *, void: bool = False, words: str = "选项二才对"
) -> service.Affected:
    """Correct the question 多久一次."""
    return service.correct(session, act(1), paper=paper, question_id="often", void=void, words=words)


def test_who_chose_what_is_right_now_is_raised_and_nobody_loses(session, account):
    right_then, right_now = person(session, "甲"), person(session, "乙")
    first, second = handed_in(session, right_then, often=KEYS[1]), handed_in(session, right_now, often=KEYS[2])
    anew = paper_of(keyed(SINGLE, KEYS[2]))
    expected = service.affected(session, paper=anew, question_id="often", void=False)
    assert (expected.asked, expected.raised) == (2, 1)
    before = {each: queries.attempt(session, each, who) for each, who in ((first, right_then), (second, right_now))}
    assert correct(session, anew) == expected
    assert correct(session, anew).raised == 0, "nobody is raised twice"
    session.expire_all()
    for each, who in ((first, right_then), (second, right_now)):
        after = queries.attempt(session, each, who)
        assert (after.questions, after.grades, after.answers) == (
            before[each].questions,
            before[each].grades,
            before[each].answers,
        )
    assert queries.attempt(session, first, right_then).grade == before[first].grade
    raised = queries.attempt(session, second, right_now)
    assert raised.grade.earned == before[second].grade.earned + 2
    assert [(each.question_id, each.before, each.after, each.words) for each in raised.raises] == [
        ("often", 0, 2, "选项二才对")
    ]
    assert queries.attempts(session, right_now, PAPER.unit)[0].grade == raised.grade


def test_a_void_question_gives_everybody_all_of_it(session, account):
    attempt_id = handed_in(session, account)
    assert correct(session, PAPER, void=True).raised == 1
    assert queries.attempt(session, attempt_id, account).grade.earned == 2


def test_who_hands_in_later_is_raised_then(session, account):
    attempt_id = begin(session, account)
    save(session, account, attempt_id, "often", KEYS[2])
    anew = paper_of(keyed(SINGLE, KEYS[2]))
    assert correct(session, anew).raised == 0
    service.hand_in(session, act(account), attempt_id=attempt_id)
    assert queries.attempt(session, attempt_id, account).grade.earned == 2


def test_a_correction_needs_a_reason_and_a_question(session, account):
    with pytest.raises(DomainError, match="为什么"):
        correct(session, PAPER, words=" ")
    with pytest.raises(NotFound):
        service.correct(session, act(1), paper=PAPER, question_id="none", void=False, words="错")
    assert not session.scalars(select(Erratum)).all()


def test_the_batch_counts_what_was_raised(session, account):
    anew = paper_of(keyed(SINGLE, KEYS[2]))
    attempt_id = service.start(session, act(account), paper=PAPER, member_id=1, batch_id=7)
    save(session, account, attempt_id, "often", KEYS[2])
    service.hand_in(session, act(account), attempt_id=attempt_id)
    before = queries.results_of_batch(session, 7)[1].percent
    assert correct(session, anew).tests == {7: 1}
    assert queries.results_of_batch(session, 7)[1].percent > before


CHOICES = st.lists(st.sampled_from(KEYS), min_size=1, max_size=len(KEYS), unique=True).map(tuple)


@given(st.sampled_from(KEYS), CHOICES)
def test_a_single_choice_is_right_with_any_of_several_right_ones(answer: str, right: tuple[str, ...]) -> None:
    assert regraded(SINGLE, answer, keyed(SINGLE, *right)) == (2 if answer in right else 0)


def test_a_key_of_other_options_is_not_put_to_an_old_question():
    other = SINGLE.model_copy(update={"options": SINGLE.options[:-1]})
    assert not fits(SINGLE, other) and not fits(SINGLE, BLANK)
    assert regraded(SINGLE, KEYS[0], other) == 0


EDITS = st.one_of(
    st.tuples(st.just("key"), CHOICES),
    st.tuples(st.just("words"), st.sampled_from(["改了题目", "再改"])),
    st.tuples(st.just("gone"), st.none()),
    st.tuples(st.just("erratum"), CHOICES),
    st.tuples(st.just("void"), st.none()),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(KEYS), st.lists(EDITS, max_size=6))
def test_no_sequence_of_edits_changes_what_was_seen_and_only_errata_raise(session, account, answer, edits):
    with session.begin_nested() as savepoint:
        attempt_id = handed_in(session, account, often=answer)
        seen = queries.attempt(session, attempt_id, account)
        question, best = SINGLE, seen.grade.earned
        for kind, value in edits:
            if kind == "key":
                question = keyed(question, *value)
            elif kind == "words":
                question = question.model_copy(update={"stem_html": value})
            elif kind in ("erratum", "void"):
                question = keyed(question, *value) if value else question
                correct(session, paper_of(question), void=kind == "void")
            session.expire_all()
            now = queries.attempt(session, attempt_id, account)
            assert (now.questions, now.grades, now.answers) == (seen.questions, seen.grades, seen.answers)
            if kind in ("erratum", "void"):
                assert best <= now.grade.earned <= now.grade.possible
            else:
                assert now.grade.earned == best
            best = now.grade.earned
        raised = sum(each.after - each.before for each in session.scalars(select(ErratumRaise)))
        assert best == seen.grade.earned + raised
        savepoint.rollback()


def test_an_author_corrects_and_the_member_reads_why(client_as: Clients) -> None:
    member, author = client_as("member"), client_as("author")
    where = member.send("/courses/first-response/quiz").location
    member.send(f"{where}/hand-in", {"sure": "1"})
    address = "/errata/course/first-response"
    question = author.page(address).partition(f'"{address}/')[2].partition('"')[0]
    assert "/errata" in author.page("/")
    assert "1 份" in author.page(f"{address}/{question}")
    sent = {"what": "void", "do": "correct"}
    assert author.send(f"{address}/{question}", sent).status_code == 422
    assert author.send(f"{address}/{question}", sent | {"words": "两个选项都说得通"}).status_code == 303
    assert "1 份答卷提高" in author.page("/errata")
    page = member.page(f"{where}/result")
    assert "两个选项都说得通" in page and "这道题现在得满分" in page
    own = member.page("/my-record")
    assert "题目更正" in own and "两个选项都说得通" in own and f"{where}/result" in own
    assert "题目更正" not in member.page("/my-record?year=2025")
    assert "题目更正" not in client_as("recorder").page("/my-record")
    for person_, status in (("organizer", 403), ("member", 403), ("system_admin", 403)):
        for place in ("/errata", address, f"{address}/{question}"):
            client_as(person_).page(place, status=status)
    for gone in (f"{address}/none", "/errata/course/none", "/errata/month/2000-01"):
        author.page(gone, status=404)
    assert rules.POSSIBLE == 2
