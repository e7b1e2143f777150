"""A question that was corrected after the test: who gained is told to the organizer, with the reason."""

from collections.abc import Callable

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from learnhub.quiz.models import Erratum, ErratumRaise
from learnhub.quiz.queries import errata
from learnhub.records import queries as records
from learnhub.training.batches import queries as batches
from learnhub.training.closing import service as closing_service
from learnhub.training.enrolment import service as enrolment_service
from learnhub.training.results import queries as results_queries
from learnhub.training.tasks.rules import CompletionRule
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient
from tests.training.test_closing import an_attempt
from tests.training.test_service import Acts, a_batch, a_task, roll_all

Clients = Callable[[str | None], PageClient]
WORDS = "第二个选项也对"


@pytest.fixture
def batch_id(session: Session, act: Acts) -> int:
    """A batch with a test that is passed with 60 of 100, and everybody there."""
    task_id = a_task(session, act("organizer"), rule=CompletionRule(7, 60))
    batch_id = a_batch(session, act("organizer"), task_id, organization_id=cast.WILLOW)
    enrolment_service.fill(session, act("organizer"), batch_id=batch_id)
    roll_all(session, act("organizer"), batch_id)
    return batch_id


def correct(session: Session, *raised: tuple[int, int, int], title: str = "会议多久一次") -> None:
    row = Erratum(
        unit="course:first-response", question_id=title, title=title, words=WORDS, noted_at=cast.NOW, noted_by=1
    )
    session.add(row)
    session.flush()
    session.add_all(
        ErratumRaise(erratum_id=row.id, attempt_id=attempt, before=before, after=after)
        for attempt, before, after in raised
    )
    session.commit()


def test_those_who_gained_are_listed_with_both_results_and_the_reason(
    session: Session, act: Acts, batch_id: int, client_as: Clients
) -> None:
    gained, other = an_attempt(session, batch_id, 1, 1, earned=5), an_attempt(session, batch_id, 4, 2, earned=7)
    correct(session, (gained, 0, 2))
    correct(session, (gained, 1, 2), title="几个人一组")
    (found,) = errata.raised_in_batch(session, batch_id)
    assert (found.member_id, found.before, found.after) == (1, 50, 80)
    assert [each.title for each in found.raises] == ["会议多久一次", "几个人一组"]
    browser = client_as("organizer")
    for page in ("results", "close"):
        text = browser.page(f"/training/batches/{batch_id}/{page}")
        for words in ("题目更正补了成绩，1 人", "平台上测试 50 分，更正后 80 分", WORDS, "结班核对按更正后的成绩算"):
            assert words in text
    assert results_queries.results(session, batch_id) == {1: 80, 4: 70}
    assert other != gained


def test_who_passes_only_since_then_completes_and_what_comes_after_closing_is_only_listed(
    session: Session, act: Acts, batch_id: int, client_as: Clients
) -> None:
    gained, late = an_attempt(session, batch_id, 1, 1, earned=5), an_attempt(session, batch_id, 4, 2, earned=5)
    correct(session, (gained, 0, 2))
    task_id = batches.batch(session, batch_id).task_id
    closing_service.close(session, act("organizer"), batch_id=batch_id, without_results=True)
    session.commit()
    correct(session, (late, 0, 2), title="几个人一组")
    assert records.completed(session, f"task:{task_id}") == {1}
    page = client_as("organizer").page(f"/training/batches/{batch_id}/close")
    assert "题目更正补了成绩，2 人" in page
    assert "结班以后的更正不自动改结业名单" in page


def test_it_is_one_statement_and_nothing_where_nothing_was_corrected(
    session: Session, act: Acts, batch_id: int, client_as: Clients
) -> None:
    attempt = an_attempt(session, batch_id, 1, 1, earned=5)
    session.commit()
    with count_statements() as seen:
        assert errata.raised_in_batch(session, batch_id) == ()
    assert len(seen) == 1
    browser = client_as("organizer")
    for page in ("results", "close"):
        url = f"/training/batches/{batch_id}/{page}"
        browser.page(url)
        with count_statements() as plain:
            assert "题目更正" not in browser.page(url)
        correct(session, (attempt, 0, 2), title=page)
        with count_statements() as raised:
            assert "题目更正" in browser.page(url)
        assert len(raised) == len(plain)
        session.execute(delete(ErratumRaise))
        session.commit()


def test_of_a_member_with_two_tests_the_better_one_is_listed(session: Session, act: Acts, batch_id: int) -> None:
    first, second = an_attempt(session, batch_id, 1, 1, earned=2), an_attempt(session, batch_id, 1, 1, earned=4)
    correct(session, (first, 0, 2), (second, 0, 2))
    (found,) = errata.raised_in_batch(session, batch_id)
    assert (found.before, found.after) == (40, 60)
