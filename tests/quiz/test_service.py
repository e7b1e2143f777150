"""Starting, saving and handing in: nothing is lost, nothing counts twice, nobody reaches another's attempt."""

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import func, select

from learnhub.accounts.models import Account
from learnhub.audit.models import AuditEntry
from learnhub.audit.rules import Act
from learnhub.content.schema import Kind, Option, Question
from learnhub.core.errors import NotFound
from learnhub.members.models import Member
from learnhub.members.rules import Sex
from learnhub.quiz import queries, service
from learnhub.quiz.models import Answer, Attempt
from learnhub.quiz.rules import Grade, MalformedAnswer
from learnhub.quiz.rules.sent import NewAnswer

AT = dt.datetime(2026, 11, 18, 2, 42, tzinfo=dt.UTC)


def options(*words):
    return tuple(Option(key=f"k{number}", html=word, text=word) for number, word in enumerate(words))


def question(id, kind, **parts):
    empty = {"options": (), "targets": (), "correct": (), "blanks": (), "pairs": ()}
    return Question(
        id=id,
        kind=kind,
        title=id,
        stem_html=id,
        explanation_html="<p>because</p>",
        hash="0" * 32,
        source="quiz.md",
        line=1,
        **{**empty, **parts},
    )


SINGLE = question("often", Kind.SINGLE, options=options("周", "月", "季"), correct=("k1",))
MULTIPLE = question("which", Kind.MULTIPLE, options=options("a", "b", "c"), correct=("k0", "k2"))
BLANK = question("founded", Kind.BLANK, blanks=(("1921", "一九二一"),))
ORDER = question("order", Kind.ORDERING, options=options("先", "中", "后"), correct=("k0", "k1", "k2"))
PAPER = service.Paper("month:2026-11", "十一月练习", "f" * 32, (SINGLE, MULTIPLE, BLANK, ORDER))
ALL_RIGHT = {"often": "k1", "which": ["k0", "k2"], "founded": ["一九二一"], "order": ["k0", "k1", "k2"]}


@pytest.fixture
def account(session):
    return person(session)


def person(session, name="赵甲"):
    row = Account(name=name, created_at=AT)
    session.add(row)
    session.flush()
    return row.id


def act(account_id, minutes=0, key=None):
    return Act(account_id, AT + dt.timedelta(minutes=minutes), key)


def begin(session, account_id, **more):
    return service.start(session, act(account_id), paper=PAPER, member_id=None, **more)


def save(session, account_id, attempt_id, question_id, value, *, revision=1, minutes=1):
    return service.save_answer(
        session,
        act(account_id, minutes),
        attempt_id=attempt_id,
        question_id=question_id,
        value=value,
        revision=revision,
    )


def test_an_open_attempt_goes_on_instead_of_a_second_one(session, account):
    first = begin(session, account)
    assert begin(session, account) == first
    assert session.scalar(select(func.count()).select_from(Attempt)) == 1


def test_a_repeated_start_is_one_attempt_even_after_it_was_handed_in(session, account):
    sent = act(account, key="start-key-1")
    first = service.start(session, sent, paper=PAPER, member_id=None)
    service.hand_in(session, act(account, 5), attempt_id=first)
    assert service.start(session, sent, paper=PAPER, member_id=None) == first


def test_after_handing_in_practice_begins_anew(session, account):
    first = begin(session, account)
    service.hand_in(session, act(account, 5), attempt_id=first)
    assert begin(session, account) != first


def test_a_completion_test_is_another_attempt_than_practice(session, account):
    assert begin(session, account) != begin(session, account, batch_id=7)


def test_two_accounts_have_an_attempt_each(session, account):
    assert begin(session, account) != begin(session, person(session, "钱乙"))


def test_an_answer_is_stored_with_its_revision_and_its_time(session, account):
    attempt_id = begin(session, account)
    saved = save(session, account, attempt_id, "often", "k1")
    assert (saved.stored.value, saved.stored.revision, saved.differs) == ("k1", 1, False)
    assert saved.stored.saved_at == AT + dt.timedelta(minutes=1)


@pytest.mark.parametrize("revision", [1, 2, 3])
def test_a_revision_that_is_not_higher_changes_nothing(session, account, revision):
    attempt_id = begin(session, account)
    save(session, account, attempt_id, "often", "k1", revision=3)
    late = save(session, account, attempt_id, "often", "k2", revision=revision, minutes=9)
    assert (late.stored.value, late.stored.revision, late.differs) == ("k1", 3, True)
    assert late.stored.saved_at == AT + dt.timedelta(minutes=1)


def test_a_repeated_save_is_acknowledged_again(session, account):
    attempt_id = begin(session, account)
    first = save(session, account, attempt_id, "often", "k1")
    assert save(session, account, attempt_id, "often", "k1", minutes=3) == first
    assert session.scalar(select(func.count()).select_from(Answer)) == 1


def test_saves_that_overtake_each_other_end_with_the_last_one(session, account):
    attempt_id = begin(session, account)
    for revision, value in ((1, "k0"), (3, "k0"), (2, "k2")):
        save(session, account, attempt_id, "often", value, revision=revision)
    assert queries.attempt(session, attempt_id, account).answers["often"].value == "k0"


def test_an_answer_taken_back_before_it_arrived_stays_taken_back(session, account):
    attempt_id = begin(session, account)
    save(session, account, attempt_id, "which", [], revision=2)
    save(session, account, attempt_id, "which", ["k0"], revision=1)
    assert queries.attempt(session, attempt_id, account).answers["which"].value is None


def test_a_page_with_nothing_answered_stores_nothing(session, account):
    attempt_id = begin(session, account)
    assert save(session, account, attempt_id, "which", []).stored.revision == 0
    assert session.scalar(select(func.count()).select_from(Answer)) == 0


@pytest.mark.parametrize(
    ("question_id", "value"),
    [("often", "k9"), ("often", ["k1"]), ("which", "k1"), ("founded", ["\0"]), ("founded", ["1" * 201]), ("order", 7)],
)
def test_what_cannot_be_an_answer_is_refused(session, account, question_id, value):
    with pytest.raises(MalformedAnswer):
        save(session, account, begin(session, account), question_id, value)


@pytest.mark.parametrize("revision", [0, -1, 10**12])
def test_a_made_up_revision_is_refused(session, account, revision):
    with pytest.raises(MalformedAnswer):
        save(session, account, begin(session, account), "often", "k1", revision=revision)


def test_a_question_of_another_quiz_is_refused(session, account):
    with pytest.raises(NotFound):
        save(session, account, begin(session, account), "foreign", "k1")


def test_handing_in_grades_from_what_is_stored(session, account):
    attempt_id = begin(session, account)
    for question_id, value in ALL_RIGHT.items():
        save(session, account, attempt_id, question_id, value)
    assert service.hand_in(session, act(account, 5), attempt_id=attempt_id) == Grade(8, 8)
    assert queries.attempt(session, attempt_id, account).grades == (2, 2, 2, 2)


def test_half_right_and_unanswered_count_what_they_are_worth(session, account):
    attempt_id = begin(session, account)
    save(session, account, attempt_id, "which", ["k0"])
    assert service.hand_in(session, act(account, 5), attempt_id=attempt_id) == Grade(1, 8)
    assert queries.attempt(session, attempt_id, account).grades == (0, 1, 0, 0)


def test_a_second_handing_in_returns_the_first_result(session, account):
    attempt_id = begin(session, account)
    save(session, account, attempt_id, "often", "k1")
    first = service.hand_in(session, act(account, 5), attempt_id=attempt_id)
    assert service.hand_in(session, act(account, 9), attempt_id=attempt_id) == first
    assert queries.attempt(session, attempt_id, account).handed_in_at == AT + dt.timedelta(minutes=5)
    noted = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert noted == ["attempt.start", "attempt.hand_in"]


def test_after_handing_in_a_repeated_save_is_acknowledged_and_a_new_one_refused(session, account):
    attempt_id = begin(session, account)
    save(session, account, attempt_id, "often", "k1")
    service.hand_in(session, act(account, 5), attempt_id=attempt_id)
    assert save(session, account, attempt_id, "often", "k1").stored.revision == 1
    with pytest.raises(service.AlreadyHandedIn):
        save(session, account, attempt_id, "often", "k2", revision=2)
    with pytest.raises(service.AlreadyHandedIn):
        save(session, account, attempt_id, "founded", ["1921"])


def test_another_account_finds_nothing(session, account):
    attempt_id, stranger = begin(session, account), person(session, "钱乙")
    assert queries.attempt(session, attempt_id, stranger) is None
    with pytest.raises(NotFound):
        save(session, stranger, attempt_id, "often", "k1")
    with pytest.raises(NotFound):
        service.hand_in(session, act(stranger), attempt_id=attempt_id)


def test_an_attempt_stays_as_seen_when_the_content_is_keyed_anew(session, account):
    attempt_id = begin(session, account)
    save(session, account, attempt_id, "often", "k1")
    keyed_anew = SINGLE.model_copy(update={"correct": ("k2",), "stem_html": "changed"})
    other = service.Paper(PAPER.unit, "changed", "e" * 32, (keyed_anew,))
    assert service.start(session, act(account), paper=other, member_id=None) == attempt_id
    assert service.hand_in(session, act(account), attempt_id=attempt_id).earned == 2
    assert queries.attempt(session, attempt_id, account).questions[0].stem_html == "often"


def test_where_to_go_on_is_the_first_question_without_an_answer(session, account):
    attempt_id = begin(session, account)
    save(session, account, attempt_id, "often", "k1")
    found = queries.attempt(session, attempt_id, account)
    assert (found.first_open, found.answered) == (2, 1)


def test_the_best_result_of_each_member_reaches_the_batch(session, account):
    member = Member(
        code="1", name="赵甲", search_key="赵甲", sort_key="1", sex=Sex.MALE, birth_month="1970-01",
        joined_on=dt.date(2000, 7, 1),
    )  # fmt: skip
    session.add(member)
    session.flush()
    papers = []
    for right in (["often"], ["founded"], []):  # what was right before counts, and is not asked again
        attempt_id = service.start(session, act(account), paper=PAPER, member_id=member.id, batch_id=7)
        for question_id in right:
            save(session, account, attempt_id, question_id, ALL_RIGHT[question_id])
        service.hand_in(session, act(account), attempt_id=attempt_id)
        papers.append(attempt_id)
    service.start(session, act(account), paper=PAPER, member_id=member.id, batch_id=7)
    assert queries.results_of_batch(session, 7) == {member.id: queries.BatchResult(50, papers[1])}
    assert queries.results_of_batch(session, 8) == {}


def test_another_device_that_has_not_seen_what_stands_is_told_so(session, account):
    attempt_id = begin(session, account)
    phone, computer = NewAnswer("often", "k0", 1, "phone"), NewAnswer("often", "k1", 6, "computer", 0)
    service.save_answers(session, act(account), attempt_id=attempt_id, answers=[phone])
    (told,) = service.save_answers(session, act(account, 9), attempt_id=attempt_id, answers=[computer])
    assert (told.differs, told.stored.value, told.stored.revision) == (True, "k0", 1)
    chosen = dataclasses.replace(computer, base=1)
    (taken,) = service.save_answers(session, act(account, 9), attempt_id=attempt_id, answers=[chosen])
    assert (taken.differs, taken.stored.value, taken.stored.client) == (False, "k1", "computer")
