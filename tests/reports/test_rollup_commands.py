"""The commands of the roll-up, and what a worker does for it of its own accord."""

import logging

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learnhub.audit.models import AuditEntry
from learnhub.core import clock
from learnhub.members import service as members
from learnhub.reports import service
from learnhub.reports.models import CoverageRollup, RollupDay
from learnhub.reports.queries import marks
from learnhub.web.db import db
from tests import cast
from tests.reports.rollup_world import ACT, DAY, World, differences


def test_the_commands_move_recount_and_check(own_app: Flask) -> None:
    with own_app.app_context():
        World(db.session())
    runner = own_app.test_cli_runner()
    clock.fix(cast.NOW + DAY)
    assert "organizations counted: 0" in runner.invoke(args=["reports", "advance"]).output
    assert runner.invoke(args=["reports", "recount", "--check", "--sample", "3"]).exit_code == 0
    with own_app.app_context():
        db.session.execute(update(CoverageRollup).where(CoverageRollup.organization_id == 4).values(due=99))
        db.session.commit()
    failed = runner.invoke(args=["reports", "recount", "--check"])
    assert failed.exit_code == 1
    assert "due: 99 kept, 8 counted" in failed.output
    assert runner.invoke(args=["reports", "recount"]).exit_code == 0
    assert "differences: 0" in runner.invoke(args=["reports", "recount", "--check"]).output


def test_a_tick_sweeps_and_a_night_moves_and_compares(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    """A difference is told in the log and on the audit trail, and is gone afterwards."""
    World(session)
    members.leave(session, ACT, member_id=3, on=cast.TODAY)
    session.commit()
    service.tick(session, cast.NOW)
    assert not marks.waiting(session)
    service.begin_day(session, cast.NOW + DAY)
    assert set(session.scalars(select(RollupDay.day))) == {cast.TODAY + DAY}
    told = select(AuditEntry).where(AuditEntry.action == "reports.roll_up_differs")
    service.compare(session, cast.NOW + DAY)
    assert session.scalars(told).all() == []
    session.execute(update(CoverageRollup).where(CoverageRollup.organization_id == 4).values(due=99))
    with caplog.at_level(logging.ERROR):
        service.compare(session, cast.NOW + DAY)
    assert "differs from the facts" in caplog.text
    entry = session.scalars(told).one()
    assert entry.details["found"] == len(entry.details["figures"]) > 0
    assert not differences(session)
