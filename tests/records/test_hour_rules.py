"""Dated rules: added, never overwritten; what was credited keeps its rule; the years part at New Year."""

import dataclasses
import datetime as dt
import re
from collections.abc import Callable

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session

from learnhub.attendance import service as attendance
from learnhub.audit.rules import Act
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.records import queries, service
from learnhub.records.models import HourRule
from learnhub.records.rules import CreditKind, NewCredit
from learnhub.web.db import db
from tests import cast, databases
from tests.attendance.test_roll import call, open_one
from tests.pages import PageClient

Clients = Callable[[str | None], PageClient]
Acts = Callable[..., Act]
NEW_YEAR = dt.date(2027, 1, 1)


def test_a_new_rule_closes_the_former_and_leaves_what_was_credited(session: Session, act: Acts) -> None:
    rule = queries.hour_rule(session, CreditKind.LECTURE, cast.TODAY)
    before = NewCredit(1, CreditKind.LECTURE, rule.quarters, cast.TODAY, "党课", "occasion:1", rule.basis)
    service.credit(session, act(), credits=[before])
    service.add_hour_rule(
        session, act("organizer"), kind=CreditKind.LECTURE, quarters=6, basis="新办法", valid_from=NEW_YEAR
    )
    assert queries.hour_rule(session, CreditKind.LECTURE, NEW_YEAR - dt.timedelta(days=1)) == rule
    assert queries.hour_rule(session, CreditKind.LECTURE, NEW_YEAR).quarters == 6
    assert queries.ledger(session, 1, 2026).total_quarters == rule.quarters
    first, second = queries.hour_rules(session)[CreditKind.LECTURE]
    assert (first.valid_to, second.number, second.in_force(NEW_YEAR)) == (NEW_YEAR, 2, True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"valid_from": dt.date(2025, 12, 31)}, "valid_from"),
        ({"quarters": 0}, "hours"),
        ({"quarters": 4001}, "hours"),
        ({"basis": "  "}, "basis"),
        ({"post": "nobody"}, "subject"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(session: Session, act: Acts, changes: dict[str, object], field: str) -> None:
    facts: dict[str, object] = {"post": "any", "quarters": 160, "basis": "新办法", "valid_from": NEW_YEAR, **changes}
    with pytest.raises(DomainError) as refused:
        service.add_yearly_need(session, act("organizer"), **facts)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_rule_before_the_newest_is_refused(session: Session, act: Acts) -> None:
    facts = {"post": "any", "quarters": 160, "basis": "新办法", "valid_from": NEW_YEAR}
    service.add_yearly_need(session, act("organizer"), **facts)  # type: ignore[arg-type]
    with pytest.raises(DomainError):
        service.add_yearly_need(session, act("organizer"), **facts)  # type: ignore[arg-type]
    assert len(queries.yearly_needs(session)["any"]) == 2


def test_everybody_reads_the_rules_and_the_county_adds_one(client_as: Clients, session: Session) -> None:
    assert "加一条新规则" not in client_as("member").page("/hour-rules")
    assert "加一条新规则" not in client_as("town_organizer").page("/hour-rules")
    assert client_as("town_organizer").get("/hour-rules/new").status_code == 404
    browser = client_as("system_admin")
    assert "加一条新规则" in browser.page("/hour-rules")
    browser.page("/hour-rules/new")
    fields = {"subject": "post:committee", "hours": "60", "valid_from": "2027-01-01", "basis": "省委组织部新规定"}
    assert browser.send("/hour-rules/new", {**fields, "hours": "0.3"}).status_code == 422
    assert browser.send("/hour-rules/new", fields).status_code == 303
    page = browser.page("/hour-rules")
    assert "省委组织部新规定" in page
    assert "还没有执行" in page
    assert queries.yearly_need(session, "committee", NEW_YEAR).quarters == 240


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 40)), min_size=1, max_size=8))
def test_a_course_over_new_year_gives_each_year_its_days(
    session: Session, act: Acts, days: list[tuple[int, int]]
) -> None:
    """Quarter hours are conserved, and each year has exactly those of its own sessions."""
    parts = [(NEW_YEAR + dt.timedelta(days=step), quarters) for step, quarters in days]
    with session.begin_nested() as nested:
        later = dataclasses.replace(act(), at=clock.instant(NEW_YEAR + dt.timedelta(days=10)))
        service.credit(session, later, credits=[
            NewCredit(1, CreditKind.TRAINING, quarters, day, "跨年的班", f"occasion:{number}", "依据")
            for number, (day, quarters) in enumerate(parts)
        ])  # fmt: skip
        kept = {year: queries.ledger(session, 1, year).total_quarters for year in (2026, 2027)}
        nested.rollback()
    assert sum(kept.values()) == sum(quarters for _, quarters in parts)
    assert kept == {year: sum(q for day, q in parts if day.year == year) for year in (2026, 2027)}


def test_only_published_rules_come_with_the_program(own_app: Flask, kind: databases.Kind) -> None:
    """A county's own are entered by the county; until then the page says that there are none."""
    with own_app.app_context():
        session = db.session()
        shipped = [each.basis for needs in queries.yearly_needs(session).values() for each in needs]
        session.execute(delete(HourRule).where(HourRule.basis == "县里的办法"))
        assert not any(queries.hour_rules(session).values())
        session.rollback()
        db.session.remove()
    assert len(shipped) == 3 and all(re.match("《.+》", basis) for basis in shipped)
    (article,) = [basis for basis in shipped if "第二十条" in basis]
    assert "32" in article and "56" not in article


def test_without_a_rule_nothing_is_credited_until_there_is_one(session: Session, act: Acts, client_as: Clients) -> None:
    session.execute(delete(HourRule))
    occasion = open_one(session, act())
    session.commit()
    assert "县里还没有填登记办法" in client_as("member").page("/hour-rules")
    call(session, act(), occasion, 0)
    early = open_one(session, act(), title="没有规则的时候就完成的")
    call(session, act(), early, 0)
    attendance.finish(session, act(), occasion_id=early)
    assert queries.ledger(session, 1, 2026).entries == ()
    service.add_hour_rule(
        session,
        act("organizer"),
        kind=CreditKind.THEME_DAY,
        quarters=4,
        basis="县委组织部文件",
        valid_from=dt.date(2026, 1, 1),
    )
    attendance.finish(session, act(), occasion_id=occasion)
    (entry,) = queries.ledger(session, 1, 2026).entries
    assert (entry.quarters, entry.basis) == (4, "县委组织部文件")


def test_a_rule_that_ends_by_itself_is_not_prolonged_by_the_next(session: Session, act: Acts) -> None:
    *_before, last = queries.yearly_needs(session)["committee"]
    assert last.valid_to == dt.date(2029, 1, 1)
    facts = {"post": "committee", "quarters": 240, "basis": "下一个规划", "valid_from": dt.date(2030, 1, 1)}
    service.add_yearly_need(session, act("organizer"), **facts)  # type: ignore[arg-type]
    assert queries.yearly_need(session, "committee", dt.date(2029, 6, 1)).quarters == 128
