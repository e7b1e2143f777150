"""The list of records in the year's archive: every finished meeting, also of branches that are gone or renamed by now."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from learnhub.attendance.models import Attendance
from learnhub.attendance.rules import Outcome
from learnhub.audit.rules import Act
from learnhub.meetings.rules import MeetingKind
from learnhub.members import queries as roster
from learnhub.members import service as members
from learnhub.organizations import service as organizations
from learnhub.organizations.rules import Domain
from learnhub.papers.rules import Table
from learnhub.reports.queries.record_list import record_list
from learnhub.reports.service.record_list import record_list_paper
from tests import cast
from tests.databases import count_statements
from tests.reports.test_frozen import VOICE
from tests.reports.test_years import met
from tests.training.test_service import a_batch, a_task

Acts = Callable[..., Act]


def test_every_finished_meeting_is_on_the_list_and_nothing_else(session: Session, act: Acts) -> None:
    spring, summer = dt.date(2026, 3, 10), dt.date(2026, 6, 10)
    occasion = met(session, MeetingKind.GENERAL, "2026-03", spring)
    outcomes = (Outcome.PRESENT, Outcome.ONLINE, Outcome.ABSENT, Outcome.ABSENT, Outcome.EXEMPT)
    for member_id, outcome in enumerate(outcomes, 1):
        session.add(
            Attendance(occasion_id=occasion.id, member_id=member_id, outcome=outcome, noted_at=cast.NOW, noted_by=2)
        )
    met(session, MeetingKind.LECTURE, "2026-11", cast.TODAY)
    met(session, MeetingKind.THEME_DAY, "2026-06", summer, place=cast.BRIDGE)
    met(session, MeetingKind.LECTURE, "2026-09", dt.date(2026, 9, 1), done=False)
    met(session, MeetingKind.LECTURE, "2026-10", dt.date(2026, 10, 1), called_off="防汛")
    met(session, MeetingKind.LECTURE, "2025-12", dt.date(2025, 12, 1))
    met(session, MeetingKind.LECTURE, "2026-05", spring, place=cast.DAM)
    organizer = act("organizer").without_key()
    organizations.describe(
        session, organizer, organization_id=cast.WILLOW, name="柳树社区党支部", domain=Domain.COMMUNITY, on=summer
    )
    for each in roster.members_of(session, cast.BRIDGE, cast.TODAY):
        members.transfer(session, organizer, member_id=each.id, organization_id=cast.WILLOW, on=cast.TODAY)
    members.dissolve(session, organizer, organization_id=cast.BRIDGE, on=cast.TODAY)
    a_batch(session, organizer, a_task(session, organizer), organization_id=cast.WILLOW_TOWN)
    session.flush()
    with count_statements() as seen:
        found = record_list(session, cast.WILLOW_TOWN, cast.TODAY)
    assert len(seen) <= 12
    table, classes = (
        each for each in record_list_paper(found, "柳河镇党委", VOICE, cast.NOW).blocks if isinstance(each, Table)
    )
    assert [(row[0], row[1], row[4], row[5]) for row in table.rows] == [
        ("柳树社区党支部（原：柳树村党支部）", "2026-03-10", 4, 2),
        ("柳树社区党支部", "2026-11-22", 0, 0),
        ("桥头村党支部", "2026-06-10", 0, 0),
    ]
    assert [row[0] for row in classes.rows] == ["第 1 期"]
