"""How questions fared: in tens, by content hash, each person's first work only, never about a person."""

import dataclasses
import datetime as dt
import html

import pytest
from sqlalchemy.orm import Session

from learnhub.accounts.models import Account
from learnhub.content.schema import Catalogue, Question
from learnhub.quiz import rules
from learnhub.quiz.models import Answer, Attempt
from learnhub.quiz.queries import figures
from learnhub.quiz.rules.figures import Taking
from learnhub.quiz.rules.figures import figures as of_takings
from tests import cast
from tests.databases import count_statements

UNIT = "course:first-response"
PAGE = "/content/questions/courses/first-response"


def taking(earned: int, rest: int, chosen: str = "a") -> Taking:
    return Taking(earned, 2, rest, 6, (chosen,) if chosen else (), bool(chosen))


def test_there_are_no_figures_of_fewer_than_ten() -> None:
    assert of_takings([taking(2, 6)] * 9) is None
    ten = of_takings([taking(2, 6)] * 10)
    assert ten is not None and of_takings([taking(2, 6)] * 10 + [taking(0, 0)] * 9) == ten, "they move on by tens"


def test_the_figures_of_twenty() -> None:
    found = of_takings([taking(2, 6)] * 10 + [taking(1, 3, "b")] * 5 + [taking(0, 1, "b")] * 3 + [taking(0, 0, "")] * 2)
    assert found is not None
    assert (found.takers, found.right, found.partly, found.wrong, found.unanswered) == (20, 10, 5, 3, 2)
    assert found.percent == 62 and found.chosen == {"a": 10, "b": 8}
    assert found.discrimination is not None and found.discrimination > 0.9


def test_who_did_badly_elsewhere_and_well_here_makes_it_negative() -> None:
    found = of_takings([taking(2, 0)] * 5 + [taking(0, 6)] * 5)
    assert found is not None and found.discrimination == -1
    alike = of_takings([taking(2, 0)] * 10)
    assert alike is not None and alike.discrimination is None


@pytest.fixture
def quiz(app: object) -> tuple[Question, ...]:
    contents: Catalogue = app.extensions["shelf"].current()  # type: ignore[attr-defined]
    return contents.quiz("first-response")


def hand_in(
    session: Session, quiz: tuple[Question, ...], count: int, *, right: bool, account: int | None = None
) -> None:
    """`count` people (or one account many times) hand in the quiz, all right or with nothing answered."""
    for number in range(count):
        if account is None:
            row = Account(name=f"人 {number}", created_at=cast.NOW)
            session.add(row)
            session.flush()
        attempt = Attempt(
            account_id=account or row.id, unit=UNIT, title="题", content_hash="0" * 32,
            questions=[rules.snapshot(each, rules.shown(each, f"{number}")) for each in quiz],
            started_at=cast.NOW, handed_in_at=cast.NOW + dt.timedelta(minutes=number),
            grades=[2 if right else 0] * len(quiz), earned=2 * len(quiz) if right else 0, possible=2 * len(quiz),
        )  # fmt: skip
        session.add(attempt)
        session.flush()
        if right:
            session.add_all(
                Answer(
                    attempt_id=attempt.id,
                    question_id=each.id,
                    value=rules.right_answer(each),
                    revision=1,
                    saved_at=cast.NOW,
                )
                for each in quiz
            )
    session.flush()


def test_a_persons_first_work_counts_once(session: Session, quiz: tuple[Question, ...]) -> None:
    hand_in(session, quiz, 9, right=True)
    hand_in(session, quiz, 5, right=False, account=1)
    found = figures.of_questions(session, UNIT)
    assert [each.question.hash for each in found] == [each.hash for each in quiz]
    assert all(each.figures and each.figures.takers == 10 and each.figures.right == 9 for each in found)


def test_a_changed_question_counts_anew(session: Session, quiz: tuple[Question, ...], client_as) -> None:
    old = (quiz[0].model_copy(update={"hash": "1" * 32, "stem_html": "改过的题"}), *quiz[1:])
    hand_in(session, old, 10, right=True)
    hand_in(session, quiz, 1, right=False)
    by_hash = {each.question.hash: each.figures for each in figures.of_questions(session, UNIT)}
    assert by_hash[quiz[0].hash] is None and dataclasses.asdict(by_hash["1" * 32])["takers"] == 10
    page = client_as("author").page(PAGE)
    assert "改过的题" in page.partition("改过的和撤下的题")[2]
    assert "不到十人" in page.partition("改过的和撤下的题")[0]


def test_authors_and_organizers_read_it_and_nobody_is_named(
    session: Session, quiz: tuple[Question, ...], client_as
) -> None:
    hand_in(session, quiz, 10, right=True)
    for person in ("author", "organizer"):
        page = html.unescape(client_as(person).page(PAGE))
        assert "10 人" in page and "得到 100% 的分" in page and "人 1" not in page
    assert PAGE in client_as("author").page("/content/questions")
    assert "/content/questions" in client_as("author").page("/content-faults")
    assert client_as("recorder").get(PAGE).status_code == 403
    for address in ("courses/none", "months/1999-01"):
        assert client_as("author").get(f"/content/questions/{address}").status_code == 404


def test_few_statements_whatever_the_number_of_takers(session: Session, quiz: tuple[Question, ...]) -> None:
    hand_in(session, quiz, 3, right=True)
    with count_statements() as statements:
        figures.of_questions(session, UNIT)
    assert len(statements) == 3
