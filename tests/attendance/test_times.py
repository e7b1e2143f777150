"""Nothing is recorded before it has happened, whoever asks: roll, codes, hours, completions."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learnhub.attendance import queries, service
from learnhub.attendance.models import Occasion
from learnhub.attendance.rules import ROLL_OPENS_BEFORE, TooEarly, check_ended, check_roll_open
from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError
from learnhub.records import queries as record_book
from learnhub.records import service as records
from learnhub.records.rules import CompletionWay, CreditKind, NewCompletion, NewCredit
from tests import cast
from tests.attendance.test_roll import STARTS, call, open_one

Acts = Callable[..., Act]
ENDS = STARTS + dt.timedelta(hours=2)
MINUTE = dt.timedelta(minutes=1)


def later(act: Act, instant: dt.datetime) -> Act:
    return dataclasses.replace(act, at=instant)


@dataclasses.dataclass(frozen=True)
class Lesson:
    starts_at: dt.datetime
    ends_at: dt.datetime


@given(st.integers(-10_000, 10_000))
def test_a_roll_opens_half_an_hour_before_and_hours_exist_from_the_end(minutes: int) -> None:
    at = STARTS + minutes * MINUTE
    for check, from_when in ((check_roll_open, STARTS - ROLL_OPENS_BEFORE), (check_ended, ENDS)):
        if at < from_when:
            with pytest.raises(TooEarly):
                check(Lesson(STARTS, ENDS), at)
        else:
            check(Lesson(STARTS, ENDS), at)


def test_a_roll_before_it_opens_is_refused_and_names_the_time(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    with pytest.raises(TooEarly, match="2026-11-20 8:30"):
        call(session, later(act(), STARTS - ROLL_OPENS_BEFORE - MINUTE), occasion, 0)
    assert queries.roll(session, occasion) == {}
    assert call(session, later(act(), STARTS - ROLL_OPENS_BEFORE), occasion, 0) == 1


def test_a_record_is_finished_after_the_end_only(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    call(session, later(act(), STARTS), occasion, 0)
    with pytest.raises(TooEarly, match="2026-11-20 11:00"):
        service.finish(session, later(act(), ENDS - MINUTE), occasion_id=occasion)
    assert record_book.ledger(session, 1, 2026).entries == ()
    assert service.finish(session, later(act(), ENDS), occasion_id=occasion) == 9


def test_the_table_itself_refuses_a_record_finished_before_the_end(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    early = sa.update(Occasion).where(Occasion.id == occasion).values(finished_at=ENDS - MINUTE)
    with pytest.raises(IntegrityError, match="finished_after_end"), session.begin_nested():
        session.execute(early)


def test_what_was_called_cannot_be_moved_into_the_future(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    call(session, act(), occasion, 0)
    tomorrow = cast.NOW + dt.timedelta(days=1)
    with pytest.raises(TooEarly):
        service.move(
            session, act(), occasion_id=occasion, starts_at=tomorrow, ends_at=tomorrow + MINUTE, place="会议室"
        )


def test_codes_are_shown_from_when_the_roll_opens(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    service.switch_codes(session, act(), organization_id=cast.WILLOW, on=True)
    with pytest.raises(TooEarly):
        service.open_screen(session, later(act(), STARTS - ROLL_OPENS_BEFORE - MINUTE), occasion_id=occasion)
    assert service.open_screen(session, later(act(), STARTS - ROLL_OPENS_BEFORE), occasion_id=occasion)


@pytest.mark.one_database
def test_no_hours_and_no_completion_belong_to_a_day_to_come(session: Session, act: Acts) -> None:
    tomorrow = cast.TODAY + dt.timedelta(days=1)
    credit = NewCredit(1, CreditKind.TRAINING, 4, tomorrow, "课", "occasion:1", "依据")
    completion = NewCompletion(1, "task:1", "batch:1", CompletionWay.CENTRALIZED, tomorrow, "班")
    with pytest.raises(DomainError, match="还没有到的日子"):
        records.credit(session, act(), credits=[credit])
    with pytest.raises(DomainError, match="还没有到的日子"):
        records.complete(session, act(), completions=[completion])
    on_the_day = later(act(), act().at + dt.timedelta(days=1))
    assert records.credit(session, on_the_day, credits=[credit]) == 1
    assert records.complete(session, on_the_day, completions=[completion]) == 1
