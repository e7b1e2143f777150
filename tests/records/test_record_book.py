"""The record book: registered once, withdrawn with a reason, never changed."""

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError
from learnhub.members.models import Member
from learnhub.members.rules import Sex
from learnhub.records import queries, service
from learnhub.records.models import Credit, HourRule, YearlyNeed
from learnhub.records.rules import CompletionWay, CreditKind, NewCompletion, NewCredit

ACT = Act(actor_id=1, at=dt.datetime(2026, 11, 22, 4, tzinfo=dt.UTC))


@pytest.fixture
def member_id(session: Session) -> int:
    member = Member(
        code="T-1",
        name="赵甲",
        search_key="赵甲",
        sort_key="0001",
        sex=Sex.MALE,
        birth_month="1960-01",
        joined_on=dt.date(1990, 7, 1),
    )
    session.add(member)
    session.flush()
    return member.id


def some_credit(member_id: int, source: str = "occasion:1", **changes: object) -> NewCredit:
    plain = NewCredit(member_id, CreditKind.THEME_DAY, 8, dt.date(2026, 11, 5), "十一月主题党日", source, "依据")
    return dataclasses.replace(plain, **changes)


def test_a_credit_is_registered_once_however_often_it_is_sent(session: Session, member_id: int) -> None:
    assert service.credit(session, ACT, credits=[some_credit(member_id)]) == 1
    assert service.credit(session, ACT, credits=[some_credit(member_id), some_credit(member_id, "occasion:2")]) == 1
    assert queries.ledger(session, member_id, 2026).total_quarters == 16


def test_a_repeated_request_registers_nothing(session: Session, member_id: int) -> None:
    act = dataclasses.replace(ACT, key="one-request")
    assert service.credit(session, act, credits=[some_credit(member_id)]) == 1
    assert service.credit(session, act, credits=[some_credit(member_id, "occasion:9")]) == 0
    assert service.withdraw(session, act, source="occasion:1", member_ids=[member_id], reason="重复") == 0


def test_an_empty_list_is_no_error(session: Session) -> None:
    assert service.credit(session, ACT, credits=[]) == 0
    assert service.complete(session, ACT, completions=[]) == 0


def test_a_withdrawn_credit_stays_on_file_and_can_be_registered_anew(session: Session, member_id: int) -> None:
    service.credit(session, ACT, credits=[some_credit(member_id)])
    assert service.withdraw(session, ACT, source="occasion:1", member_ids=[member_id], reason="点错了人") == 1
    assert queries.ledger(session, member_id, 2026).entries == ()
    assert service.credit(session, ACT, credits=[some_credit(member_id, quarters=4)]) == 1
    assert [each.quarters for each in queries.ledger(session, member_id, 2026).entries] == [4]
    kept = session.execute(select(Credit.withdrawn_because).order_by(Credit.id)).scalars().all()
    assert kept == ["点错了人", None]


def test_withdrawing_needs_a_reason(session: Session, member_id: int) -> None:
    with pytest.raises(DomainError):
        service.withdraw(session, ACT, source="occasion:1", member_ids=[member_id], reason="  ")


def test_the_year_is_that_of_the_day(session: Session, member_id: int) -> None:
    days = {"occasion:1": dt.date(2025, 12, 31), "occasion:2": dt.date(2026, 1, 1)}
    service.credit(session, ACT, credits=[some_credit(member_id, source, day=day) for source, day in days.items()])
    assert [each.source for each in queries.ledger(session, member_id, 2025).entries] == ["occasion:1"]
    assert [each.source for each in queries.ledger(session, member_id, 2026).entries] == ["occasion:2"]
    assert queries.years(session, member_id) == (2026, 2025)


def test_the_sums_by_kind_add_up(session: Session, member_id: int) -> None:
    credits = [
        some_credit(member_id, "occasion:1"),
        some_credit(member_id, "occasion:2"),
        some_credit(member_id, "occasion:3", kind=CreditKind.TRAINING, quarters=16),
    ]
    service.credit(session, ACT, credits=credits)
    ledger = queries.ledger(session, member_id, 2026)
    assert [(each.kind, each.entries, each.quarters) for each in ledger.by_kind] == [
        (CreditKind.TRAINING, 1, 16),
        (CreditKind.THEME_DAY, 2, 16),
    ]
    assert sum(each.quarters for each in ledger.by_kind) == ledger.total_quarters


def test_a_completion_counts_the_person_once_and_keeps_both_proofs(session: Session, member_id: int) -> None:
    first = NewCompletion(member_id, "task:1", "batch:1", CompletionWay.CENTRALIZED, dt.date(2026, 6, 1), "第 1 期")
    second = dataclasses.replace(first, source="batch:2")
    assert service.complete(session, ACT, completions=[first, first]) == 1
    assert service.complete(session, ACT, completions=[first, second]) == 1
    assert queries.completed(session, "task:1") == {member_id}
    assert queries.completed(session, "task:1", [member_id + 1]) == frozenset()
    assert len(queries.completions_of(session, member_id)) == 2


def test_the_rule_in_force_on_the_day_decides(session: Session) -> None:
    session.add_all(
        [
            HourRule(
                kind=CreditKind.LECTURE,
                quarters=4,
                basis="旧",
                valid_from=dt.date(1990, 1, 1),
                valid_to=dt.date(1996, 1, 1),
            ),
            HourRule(
                kind=CreditKind.LECTURE,
                quarters=8,
                basis="新",
                valid_from=dt.date(1996, 1, 1),
                valid_to=dt.date(1999, 1, 1),
            ),
            YearlyNeed(
                post="any", quarters=128, basis="条例", valid_from=dt.date(1989, 1, 1), valid_to=dt.date(1999, 1, 1)
            ),
        ]
    )
    session.flush()
    assert queries.hour_rule(session, CreditKind.LECTURE, dt.date(1995, 12, 31)).basis == "旧"
    assert queries.hour_rule(session, CreditKind.LECTURE, dt.date(1996, 1, 1)).quarters == 8
    assert queries.hour_rule(session, CreditKind.LECTURE, dt.date(1980, 1, 1)) == queries.HourRuleValue(0, "")
    assert queries.yearly_need(session, "any", dt.date(1996, 5, 1)).quarters == 128
    need = queries.yearly_need(session, "committee", dt.date(1996, 5, 1))
    assert need.quarters == 128, "without a rule of its own a post needs what everybody does"
