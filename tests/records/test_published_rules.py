"""Rules that come with the program are loaded once, beside what a county has decided."""

import datetime as dt

from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learnhub.core.orm import FOREVER
from learnhub.meetings import queries as meetings
from learnhub.meetings.models import DutyRule
from learnhub.meetings.rules import MeetingKind
from learnhub.meetings.service import load_published_duties
from learnhub.records.models import YearlyNeed
from learnhub.records.service import load_published_needs


def needs(session: Session) -> list[tuple[str, int, dt.date, dt.date]]:
    rows = session.scalars(select(YearlyNeed).order_by(YearlyNeed.post, YearlyNeed.valid_from))
    return [(row.post, row.quarters, row.valid_from, row.valid_to) for row in rows]


def test_the_published_needs_stand_one_after_the_other(session: Session) -> None:
    """32 hours for everybody; 56 for secretaries and committees by the plans of 2019—2023 and 2024—2028, and none after."""
    session.execute(delete(YearlyNeed))
    assert load_published_needs(session) == 3
    assert needs(session) == [
        ("any", 128, dt.date(2019, 5, 6), FOREVER),
        ("committee", 224, dt.date(2019, 5, 6), dt.date(2024, 1, 1)),
        ("committee", 224, dt.date(2024, 1, 1), dt.date(2029, 1, 1)),
    ]


def test_loading_again_changes_nothing(session: Session) -> None:
    before = needs(session)
    assert load_published_needs(session) == load_published_duties(session) == 0
    assert needs(session) == before


def test_what_a_county_decided_later_stays(session: Session) -> None:
    session.execute(delete(YearlyNeed).where(YearlyNeed.post == "committee"))
    own = YearlyNeed(post="committee", quarters=240, basis="县委文件", valid_from=dt.date(2026, 1, 1), valid_to=FOREVER)
    session.add(own)
    session.flush()
    assert load_published_needs(session) == 0
    assert [each for each in needs(session) if each[0] == "committee"] == [("committee", 240, own.valid_from, FOREVER)]


def test_a_kind_of_meeting_with_a_rule_of_the_countys_keeps_it(session: Session) -> None:
    session.execute(delete(DutyRule).where(DutyRule.kind == MeetingKind.TALK))
    own = DutyRule(kind=MeetingKind.TALK, months=6, basis="县委文件", valid_from=dt.date(2026, 1, 1), valid_to=FOREVER)
    session.add(own)
    session.flush()
    assert load_published_duties(session) == 0
    newest = meetings.newest_duty_rule(session, MeetingKind.TALK)
    assert newest is not None and newest.months == 6


def test_the_command_says_how_many_rules_it_wrote(own_app: Flask) -> None:
    done = own_app.test_cli_runner().invoke(args=["rules", "load"])
    assert (done.exit_code, done.output) == (0, "rules written: 0\n")
