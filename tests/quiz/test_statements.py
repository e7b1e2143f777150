"""What handing in and saving cost the database: a branch does it within the same minutes."""

import pytest

from learnhub.web.db import db
from tests.databases import count_statements
from tests.quiz.pages import all_right, begin, script, snapshots


@pytest.fixture
def locks(member):
    """How many statements PostgreSQL needs to hold the end of the trail; SQLite has one writer anyway."""
    with member.application.app_context():
        return int(db.engine.dialect.name == "postgresql")


def test_handing_in_a_page_of_new_answers_is_seven_statements(member, session, locks):
    url = begin(member)
    fields = all_right(snapshots(session, url))
    member.token()
    with count_statements() as seen:
        assert member.send(f"{url}/hand-in", fields).status_code == 303
    assert len(seen) == 7 + locks, seen


def test_handing_in_what_was_saved_before_writes_no_answer_again(member, session, locks):
    url = begin(member)
    questions = snapshots(session, url)
    member.send(f"{url}/answers", all_right(questions))
    with count_statements() as seen:
        assert member.send(f"{url}/hand-in", all_right(questions, 2)).status_code == 303
    assert len(seen) == 6 + locks, seen


def test_saving_one_answer_is_four_statements(member, session):
    url = begin(member)
    blank = next(each for each in snapshots(session, url).values() if each["kind"] == "blank")
    member.token()
    for revision, value in ((1, "1921"), (2, "1949")):
        with count_statements() as seen:
            script(member, url, {"question": blank["id"], "value": [value], "revision": revision})
        assert len(seen) == 4, seen
