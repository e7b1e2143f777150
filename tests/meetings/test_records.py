"""The record of a meeting: finished once held, late with a reason, never overwritten."""

import dataclasses
import datetime as dt

import pytest
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.meetings import queries, service
from learnhub.meetings.rules import (
    MinutesChanged,
    State,
)
from learnhub.members.models import Membership
from tests.meetings.verbs import SICK, Acts, at, call, schedule, state


def test_finishing_waits_for_the_meeting_and_its_roll(session: Session, act: Acts) -> None:
    meeting_id = schedule(session, act(), starts_at=at(25))
    with pytest.raises(DomainError):  # it has not begun
        service.finish(session, act(), meeting_id=meeting_id)
    clock.fix(at(25, 11))
    with pytest.raises(DomainError):  # nobody called the roll
        service.finish(session, act(), meeting_id=meeting_id)
    call(session, act(), meeting_id, marks={1: SICK})
    session.query(Membership).filter_by(member_id=9).one().valid_to = dt.date(2026, 11, 21)
    session.flush()
    with pytest.raises(DomainError):  # the list changed after the roll
        service.finish(session, act(), meeting_id=meeting_id)
    call(session, act(), meeting_id, 1, marks={1: SICK})
    assert service.finish(session, act(key="same-key"), meeting_id=meeting_id) == 7
    assert service.finish(session, act(key="same-key"), meeting_id=meeting_id) == 7
    assert state(session, meeting_id) is State.FINISHED


def test_a_late_entry_needs_a_reason_and_keeps_its_time(session: Session, act: Acts) -> None:
    meeting_id = schedule(session, act())
    call(session, act(), meeting_id)
    clock.fix(at(3, 10, 20, month=12))
    with pytest.raises(DomainError) as refused:
        service.finish(session, act(), meeting_id=meeting_id)
    assert refused.value.field == "late_reason"
    service.finish(session, act(), meeting_id=meeting_id, late_reason="村里停电")
    found = queries.meeting(session, meeting_id)
    assert found is not None
    assert (found.late, found.late_reason, found.occasion.finished_at) == (True, "村里停电", clock.now())


def test_a_record_changed_by_another_is_not_overwritten(session: Session, act: Acts) -> None:
    meeting_id = schedule(session, act())
    started = queries.meeting(session, meeting_id).minutes  # type: ignore[union-attr]
    mine, theirs = dataclasses.replace(started, summary="我的"), dataclasses.replace(started, summary="他的")
    service.fill_in(session, act(), meeting_id=meeting_id, minutes=theirs, started_from=started.mark)
    with pytest.raises(MinutesChanged) as refused:
        service.fill_in(session, act(), meeting_id=meeting_id, minutes=mine, started_from=started.mark)
    assert refused.value.theirs == theirs
    service.fill_in(session, act(), meeting_id=meeting_id, minutes=theirs, started_from=started.mark)  # the same words
    service.fill_in(session, act(), meeting_id=meeting_id, minutes=mine, started_from=theirs.mark)
    assert queries.meeting(session, meeting_id).minutes == mine  # type: ignore[union-attr]
    assert queries.earlier_minutes(session, meeting_id) == ()


def test_a_finished_record_keeps_what_it_said(session: Session, act: Acts) -> None:
    meeting_id = schedule(session, act())
    call(session, act(), meeting_id)
    service.finish(session, act(), meeting_id=meeting_id)
    said = queries.meeting(session, meeting_id).minutes  # type: ignore[union-attr]
    better = dataclasses.replace(said, decisions="给老桥装护栏，郑伟办")
    with pytest.raises(DomainError) as refused:
        service.fill_in(session, act(), meeting_id=meeting_id, minutes=better, started_from=said.mark)
    assert refused.value.field == "because"
    for _ in range(2):
        service.fill_in(session, act(), meeting_id=meeting_id, minutes=better, started_from=said.mark, because="漏记了")
    [earlier] = queries.earlier_minutes(session, meeting_id)
    assert (earlier.minutes, earlier.replaced_because) == (said, "漏记了")
