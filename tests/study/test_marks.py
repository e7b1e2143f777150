"""The member's own marks: made and taken back freely, once each, and nobody else's."""

import datetime as dt

import pytest
from sqlalchemy import select

from learnhub.accounts.models import Account
from learnhub.audit.models import AuditEntry
from learnhub.audit.rules import Act
from learnhub.content.publish import EMPTY
from learnhub.content.schema import NotInCatalogue
from learnhub.study import queries, rules, service

AT = dt.datetime(2026, 11, 18, 2, 42, tzinfo=dt.UTC)
FILM = rules.month_part("2026-11", "film")
LESSON = rules.course_lesson("first-response", "cpr")


@pytest.fixture
def account(session):
    row = Account(name="赵甲", created_at=AT)
    session.add(row)
    session.flush()
    return row.id


def act(account_id, minutes=0, key=None):
    return Act(account_id, AT + dt.timedelta(minutes=minutes), key)


def test_marking_twice_keeps_the_first_mark(session, account):
    service.mark(session, act(account), unit=FILM, content_hash="a" * 32)
    service.mark(session, act(account, 5), unit=FILM, content_hash="b" * 32)
    assert queries.marks(session, account, [FILM, LESSON]) == {FILM: AT}


def test_a_mark_is_taken_back_and_made_again(session, account):
    service.mark(session, act(account), unit=FILM, content_hash="a" * 32)
    service.unmark(session, act(account, 1), unit=FILM)
    service.unmark(session, act(account, 1), unit=FILM)
    assert queries.marks(session, account, [FILM]) == {}
    service.mark(session, act(account, 2), unit=FILM, content_hash="a" * 32)
    assert list(queries.marks(session, account, [FILM])) == [FILM]


def test_a_repeated_request_does_not_undo_what_came_after_it(session, account):
    sent = act(account, key="mark-key-1")
    service.mark(session, sent, unit=FILM, content_hash="a" * 32)
    service.unmark(session, act(account, 1), unit=FILM)
    service.mark(session, sent, unit=FILM, content_hash="a" * 32)
    assert queries.marks(session, account, [FILM]) == {}


def test_the_trail_does_not_learn_what_somebody_reads(session, account):
    service.mark(session, act(account), unit=FILM, content_hash="a" * 32)
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject, entry.details) == ("mark.make", f"account:{account}", {})


def test_marks_of_others_are_not_seen(session, account):
    service.mark(session, act(account), unit=FILM, content_hash="a" * 32)
    assert queries.marks(session, account + 1, [FILM]) == {}


@pytest.mark.parametrize(
    "unit", ["", "month", "month:2026-11", "month:2026-11:practice", "course:a", "course::", "page:about", "x" * 500]
)
def test_only_what_the_catalogue_has_can_be_marked(unit):
    with pytest.raises(NotInCatalogue):
        rules.studied(EMPTY, unit)
