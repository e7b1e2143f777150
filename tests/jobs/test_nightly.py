"""Work of the night: once, by one worker, from the quiet hour on; and what a worker does beside its jobs."""

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.jobs import service
from learnhub.jobs.models import NightlyWork
from learnhub.jobs.rules import LONGEST_NIGHTLY, QUIET_HOUR
from learnhub.web.db import db
from tests import cast

NIGHT = clock.instant(cast.TODAY, dt.time(QUIET_HOUR, 5))
HOUR = dt.timedelta(hours=1)


def test_it_is_claimed_once_a_night_from_the_quiet_hour_on(session: Session) -> None:
    def claim(at: dt.datetime) -> bool:
        return service.claim_nightly(session, name="a", at=at)

    assert not claim(NIGHT - HOUR)
    assert claim(NIGHT) and not claim(NIGHT)
    assert service.claim_nightly(session, name="b", at=NIGHT)
    service.finish_nightly(session, name="a", at=NIGHT)
    assert not claim(NIGHT + 20 * HOUR)
    assert claim(NIGHT + 24 * HOUR)


def test_what_a_dead_worker_left_is_claimed_again(session: Session) -> None:
    assert service.claim_nightly(session, name="a", at=NIGHT)
    assert not service.claim_nightly(session, name="a", at=NIGHT + LONGEST_NIGHTLY / 2)
    assert service.claim_nightly(session, name="a", at=NIGHT + LONGEST_NIGHTLY * 2)


def test_a_worker_does_it_once_and_a_failure_keeps_nothing_back(own_app: Flask) -> None:
    done: list[str] = []

    def failing(_session: Session, _at: dt.datetime) -> None:
        raise RuntimeError("no")

    own_app.extensions["ticks"] = (failing, lambda _session, _at: done.append("tick"))
    own_app.extensions["errands"] = ()
    own_app.extensions["nightly"] = {
        "fails": failing,
        "works": lambda _session, _at: done.append("night"),
    }
    for _ in range(2):
        assert own_app.test_cli_runner().invoke(args=["jobs", "work", "--once"]).exit_code == 0
    assert done == ["night", "tick", "tick"]
    with own_app.app_context():
        assert db.session.get_one(NightlyWork, "works").finished_at == cast.NOW
        assert db.session.get_one(NightlyWork, "fails").finished_at is None
        db.session.remove()


@pytest.mark.one_database
def test_two_first_claims_at_once_are_one(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert service.claim_nightly(session, name="a", at=NIGHT)
    session.expunge_all()
    monkeypatch.setattr("learnhub.jobs.queries.nightly", lambda *_: None)  # both looked before either wrote
    assert not service.claim_nightly(session, name="a", at=NIGHT)
