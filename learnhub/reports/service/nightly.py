"""What a worker does for the roll-up of its own accord: sweeping all the time, and once a night a new day and a check."""

import datetime as dt
import logging

from sqlalchemy.orm import Session

from learnhub.audit import service as audit
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.reports.service.rollup import advance, check, recount_all, sweep

# How many organizations of each task are compared with the facts in one night.
SAMPLE = 500
# How many differences the audit trail and the log name; with more of them, the number says enough.
_MOST_NAMED = 50
_log = logging.getLogger(__name__)


def tick(session: Session, at: dt.datetime) -> None:
    """Count anew what has been marked since the last tick."""
    sweep(session, clock.local(at).date())


def begin_day(session: Session, at: dt.datetime) -> None:
    """Move the roll-up to the civil day of `at`."""
    counted = advance(session, clock.local(at).date())
    _log.info("roll-up moved to a new day, organizations counted: %s", counted)


def compare(session: Session, at: dt.datetime) -> None:
    """Compare a sample of the roll-up, another one each night, with the facts.

    Differences are a fault of the program: they go to the log and to the audit trail, and everything is counted anew.
    """
    day = clock.local(at).date()
    found = list(check(session, SAMPLE, seed=day.toordinal()))
    if not found:
        return
    named = [f"{each.task_id}/{each.organization_id}/{each.column.value}" for each in found[:_MOST_NAMED]]
    _log.error("roll-up differs from the facts in %s figures (task/organization/column): %s", len(found), named)
    audit.note(
        session, Act(0, at), "reports.roll_up_differs", f"rollup:{day.isoformat()}", found=len(found), figures=named
    )
    recount_all(session, day)
