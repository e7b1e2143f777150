"""Occasions on both databases: the roll, its corrections, follow-ups, and what they credit."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learnhub.attendance import queries, service
from learnhub.attendance.models import Occasion
from learnhub.attendance.rules import FollowUpKind, LeaveReason, Outcome, RollChanged, RollMark
from learnhub.audit.models import AuditEntry
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError, NotFound
from learnhub.records import queries as records
from learnhub.records.rules import CreditKind
from tests.cast import WILLOW
from tests.databases import count_statements

STARTS = dt.datetime(2026, 11, 20, 1, 0, tzinfo=dt.UTC)
EXPECTED = list(range(1, 10))
SICK = RollMark(Outcome.LEAVE, LeaveReason.SICK)
ABSENT = RollMark(Outcome.ABSENT)
Acts = Callable[..., Act]


def open_one(session: Session, act: Act, **changes: object) -> int:
    plain = {
        "organization_id": WILLOW,
        "title": "把时间还给群众",
        "place": "党群服务中心",
        "starts_at": STARTS,
        "ends_at": STARTS + dt.timedelta(hours=2),
        "credit_kind": CreditKind.THEME_DAY,
    }
    return service.open_occasion(session, act, **{**plain, **changes})


def call(session: Session, act: Act, occasion: int, base: int, because: str = "", **marks: RollMark) -> int:
    named = {int(name[1:]): mark for name, mark in marks.items()}
    saved = service.call_roll(
        session, act, occasion_id=occasion, expected=EXPECTED, marks=named, base_version=base, because=because
    )
    return saved.version


def credited(session: Session) -> dict[int, CreditKind]:
    ledgers = {member: records.ledger(session, member, 2026).entries for member in EXPECTED}
    assert all(len(entries) <= 1 for entries in ledgers.values())
    return {member: entries[0].kind for member, entries in ledgers.items() if entries}


def test_an_occasion_keeps_the_rule_of_its_day(session: Session, act: Acts) -> None:
    found = queries.occasion(session, open_one(session, act()))
    assert found is not None
    rule = records.hour_rule(session, CreditKind.THEME_DAY, found.day)
    assert (found.quarters, found.basis) == (rule.quarters, rule.basis)
    assert found.quarters > 0
    assert not found.called


@pytest.mark.parametrize(
    ("starts", "day"),
    [
        (dt.datetime(2026, 10, 31, 16, 5, tzinfo=dt.UTC), dt.date(2026, 11, 1)),  # 00:05 on the first in Shanghai
        (dt.datetime(2026, 10, 31, 15, 55, tzinfo=dt.UTC), dt.date(2026, 10, 31)),  # 23:55 on the 31st
    ],
)
def test_the_day_is_the_civil_one(session: Session, act: Acts, starts: dt.datetime, day: dt.date) -> None:
    occasion = open_one(session, act(), starts_at=starts, ends_at=starts + dt.timedelta(minutes=30))
    assert queries.occasion(session, occasion).day == day  # type: ignore[union-attr]


def test_it_cannot_end_before_it_begins(session: Session, act: Acts) -> None:
    with pytest.raises(DomainError):
        open_one(session, act(), ends_at=STARTS)


def test_a_repeated_request_opens_one(session: Session, act: Acts) -> None:
    assert open_one(session, act(key="same-key")) == open_one(session, act(key="same-key"))


def test_there_is_no_roll_of_what_does_not_exist(session: Session, act: Acts) -> None:
    assert queries.occasion(session, 999) is None
    with pytest.raises(NotFound):
        call(session, act(), 999, 0)


def test_a_roll_is_saved_in_six_statements(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    session.commit()
    with count_statements() as seen:
        call(session, act(key="one-request"), occasion, 0, m3=SICK)
        session.commit()
    assert len([each for each in seen if "pg_advisory" not in each]) <= 6
    roll = queries.roll(session, occasion)
    assert set(roll) == set(EXPECTED)
    assert roll[3] == SICK


def test_a_repeated_roll_is_one(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    assert call(session, act(key="same-key"), occasion, 0, m3=SICK) == 1
    assert call(session, act(key="same-key"), occasion, 0, m3=SICK) == 1
    assert call(session, act(key="other-key"), occasion, 0, m3=SICK) == 1  # the same roll from a stale page
    assert len(queries.history(session, occasion)) == len(EXPECTED)


def test_the_second_recorder_is_shown_the_first_ones_roll(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    call(session, act("recorder"), occasion, 0, m3=SICK)
    with pytest.raises(RollChanged) as refused:
        call(session, act("second_recorder"), occasion, 0, m4=ABSENT)
    assert refused.value.version == 1
    assert refused.value.roll[3] == SICK
    assert queries.roll(session, occasion)[4].outcome is Outcome.PRESENT
    assert call(session, act("second_recorder"), occasion, 1, m4=ABSENT) == 2


def test_finishing_credits_those_who_took_part(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    with pytest.raises(DomainError):
        service.finish(session, act(), occasion_id=occasion)
    marks = {"m1": SICK, "m2": RollMark(Outcome.EXEMPT), "m3": RollMark(Outcome.RECEIVING_PLACE), "m4": ABSENT}
    call(session, act(), occasion, 0, **marks)
    assert service.finish(session, act(key="first"), occasion_id=occasion) == 6
    assert service.finish(session, act(key="first"), occasion_id=occasion) == 6
    assert service.finish(session, act(key="second"), occasion_id=occasion) == 6
    assert credited(session) == dict.fromkeys([3, 5, 6, 7, 8, 9], CreditKind.THEME_DAY)


@pytest.mark.parametrize("quarters", [0, 1])
def test_a_quarter_of_an_hour_is_credited_and_none_is_not(session: Session, act: Acts, quarters: int) -> None:
    occasion = open_one(session, act())
    session.execute(update(Occasion).where(Occasion.id == occasion).values(quarters=quarters))
    call(session, act(), occasion, 0)
    service.finish(session, act(), occasion_id=occasion)
    assert set(credited(session)) == set(EXPECTED if quarters else ())


def test_after_the_end_a_change_is_a_correction(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    call(session, act(), occasion, 0, m1=SICK)
    service.finish(session, act(), occasion_id=occasion)
    with pytest.raises(DomainError) as refused:
        call(session, act(), occasion, 1, m2=ABSENT)
    assert refused.value.field == "because"
    assert call(session, act(), occasion, 1, "签到表上是别人代签", m2=ABSENT) == 2
    assert set(credited(session)) == set(EXPECTED) - {2}
    withdrawn = [each for each in queries.history(session, occasion) if each.withdrawn_at]
    assert [(each.member_id, each.withdrawn_because) for each in withdrawn] == [
        (1, "签到表上是别人代签"),
        (2, "签到表上是别人代签"),
    ]


def test_one_mark_is_corrected_with_a_reason(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    call(session, act(), occasion, 0, m1=SICK)
    service.finish(session, act(), occasion_id=occasion)
    present = RollMark(Outcome.PRESENT)
    with pytest.raises(DomainError):
        service.correct(session, act(), occasion_id=occasion, member_id=1, mark=present, reason=" ")
    with pytest.raises(DomainError):
        service.correct(session, act(), occasion_id=occasion, member_id=19, mark=present, reason="记漏了")
    for _ in range(2):
        saved = service.correct(
            session, act(key="same-key"), occasion_id=occasion, member_id=1, mark=present, reason="记漏了"
        )
    assert saved.version == 2
    assert set(credited(session)) == set(EXPECTED)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "occasion.correct")).one()
    assert (entry.subject, entry.organization_id, entry.actor_id) == (f"occasion:{occasion}", WILLOW, 2)
    assert entry.details == {"version": 2, "member": 1}


def test_a_follow_up_is_credited_once_the_record_is_finished(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    call(session, act(), occasion, 0, m1=SICK, m2=RollMark(Outcome.EXEMPT))
    visit = {"kind": FollowUpKind.HOME_VISIT, "day": clock.today(), "visitor": "李丁", "content": "读了微党课"}
    for _ in range(2):
        service.follow_up(session, act(key="same-key"), occasion_id=occasion, member_id=2, **visit)
    assert credited(session) == {}
    service.finish(session, act(), occasion_id=occasion)
    assert credited(session)[2] is CreditKind.HOME_DELIVERED
    assert 1 not in credited(session)
    make_up = service.follow_up(
        session, act(), occasion_id=occasion, member_id=1, **{**visit, "kind": FollowUpKind.SELF_STUDY}
    )
    assert credited(session)[1] is CreditKind.MAKE_UP
    service.withdraw_follow_up(session, act(), follow_up_id=make_up, reason="记错了人")
    assert 1 not in credited(session)
    assert [each.member_id for each in queries.follow_ups(session, occasion)] == [2]


def test_who_needs_no_follow_up_gets_none(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    call(session, act(), occasion, 0, m1=SICK)
    facts = {"kind": FollowUpKind.SELF_STUDY, "visitor": "", "content": "自学"}
    for member, day in [
        (3, clock.today()),  # took part
        (19, clock.today()),  # not on the roll
        (1, dt.date(2026, 11, 19)),  # before the occasion
        (1, clock.today() + dt.timedelta(days=1)),  # in the future
    ]:
        with pytest.raises(DomainError):
            service.follow_up(session, act(), occasion_id=occasion, member_id=member, day=day, **facts)
    service.follow_up(session, act(), occasion_id=occasion, member_id=1, day=clock.today(), **facts)
    with pytest.raises(DomainError):  # has one already
        service.follow_up(session, act(), occasion_id=occasion, member_id=1, day=clock.today(), **facts)


def test_a_follow_up_gives_way_when_the_member_turns_out_to_have_come(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    call(session, act(), occasion, 0, m1=SICK)
    facts = {"kind": FollowUpKind.SELF_STUDY, "day": clock.today(), "visitor": "", "content": "自学"}
    service.follow_up(session, act(), occasion_id=occasion, member_id=1, **facts)
    service.finish(session, act(), occasion_id=occasion)
    assert credited(session)[1] is CreditKind.MAKE_UP
    call(session, act(), occasion, 1, "签到表上有")
    assert credited(session)[1] is CreditKind.THEME_DAY


def test_moving_asks_for_the_new_day_and_ends_with_the_record(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    later = {"starts_at": STARTS + dt.timedelta(days=1), "ends_at": STARTS + dt.timedelta(days=1, hours=1)}
    service.move(session, act(), occasion_id=occasion, place="老石桥", **later)
    found = queries.occasion(session, occasion)
    assert found is not None
    assert (found.day, found.place) == (dt.date(2026, 11, 21), "老石桥")
    call(session, act(), occasion, 0)
    service.finish(session, act(), occasion_id=occasion)
    with pytest.raises(DomainError):
        service.move(session, act(), occasion_id=occasion, place="老石桥", **later)


def test_cancelling_withdraws_what_was_credited(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    call(session, act(), occasion, 0)
    service.finish(session, act(), occasion_id=occasion)
    with pytest.raises(DomainError):
        service.cancel(session, act(), occasion_id=occasion, reason=" ")
    for _ in range(2):
        service.cancel(session, act(), occasion_id=occasion, reason="记在了别的支部名下")
    assert credited(session) == {}
    assert queries.of_member(session, 1, 2026) == ()
    with pytest.raises(DomainError):
        call(session, act(), occasion, 1, "再记")


def test_a_members_year_shows_each_occasion_with_its_follow_up(session: Session, act: Acts) -> None:
    occasion = open_one(session, act())
    call(session, act(), occasion, 0, m1=SICK)
    facts = {"kind": FollowUpKind.ONE_TO_ONE, "day": clock.today(), "visitor": "李丁", "content": "讲了要点"}
    service.follow_up(session, act(), occasion_id=occasion, member_id=1, **facts)
    [own] = queries.of_member(session, 1, 2026)
    assert own.mark == SICK
    assert own.follow_up is not None
    assert own.follow_up.kind is FollowUpKind.ONE_TO_ONE
    [other] = queries.of_member(session, 3, 2026)
    assert other.follow_up is None
    assert queries.of_member(session, 1, 2025) == ()


_marks = st.dictionaries(st.sampled_from(EXPECTED), st.sampled_from([SICK, ABSENT, RollMark(Outcome.EXEMPT)]))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_marks, min_size=1, max_size=5))
def test_every_past_state_of_a_roll_can_be_asked_for(
    session: Session, act: Acts, rolls: list[dict[int, RollMark]]
) -> None:
    """Credits always follow the roll, and each state stands for the instants between its saving and the next."""
    occasion, version, saved = open_one(session, act()), 0, []
    for number, marks in enumerate(rolls):
        one = dataclasses.replace(act(), at=clock.now() + dt.timedelta(minutes=number))
        version = service.call_roll(
            session, one, occasion_id=occasion, expected=EXPECTED, marks=marks, base_version=version, because="更正"
        ).version
        if not number:
            service.finish(session, one, occasion_id=occasion)
        saved.append((one.at, queries.roll(session, occasion)))
    for at, roll in saved:
        assert queries.roll_at(session, occasion, at) == roll
    assert set(saved[-1][1]) == set(EXPECTED)
    came = {member for member, mark in saved[-1][1].items() if mark.attended}
    assert set(credited(session)) == came
    session.rollback()
