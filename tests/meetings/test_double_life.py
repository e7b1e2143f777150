"""Leading cadres take part in two organizations; each roll is read, nothing is entered twice."""

import datetime as dt
from collections.abc import Callable

from sqlalchemy.orm import Session

from learnhub.attendance.models import Attendance
from learnhub.attendance.rules import Outcome
from learnhub.audit.rules import Act
from learnhub.core.orm import FOREVER
from learnhub.meetings import queries
from learnhub.meetings.rules import MeetingKind
from learnhub.members.models import Post
from learnhub.members.rules import PostKind
from learnhub.organizations import service as organizations
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient
from tests.reports.test_years import met

Clients = Callable[[str | None], PageClient]


def attended(session: Session, place: int, day: dt.date, outcome: Outcome) -> None:
    """A meeting of `place` in which 孙丙 of the willow branch stands with `outcome`."""
    occasion = met(session, MeetingKind.GENERAL, f"{day:%Y-%m}", day, place=place)
    row = Attendance(occasion_id=occasion.id, member_id=3, outcome=outcome, noted_at=cast.NOW, noted_by=2)
    session.add(row)
    session.flush()


def test_both_rolls_stand_side_by_side(session: Session, client_as: Clients) -> None:
    assert queries.double_life(session, cast.WILLOW, cast.TODAY) == ()
    post = Post(member_id=3, organization_id=cast.WILLOW, kind=PostKind.LEADING_CADRE, valid_from=cast.SINCE)
    post.valid_to = FOREVER
    session.add(post)
    attended(session, cast.WILLOW, dt.date(2026, 3, 20), Outcome.PRESENT)
    attended(session, cast.WILLOW, dt.date(2026, 6, 20), Outcome.ABSENT)
    attended(session, cast.DAM, dt.date(2026, 6, 21), Outcome.NON_VOTING)
    attended(session, cast.DAM, dt.date(2025, 6, 21), Outcome.NON_VOTING)
    session.commit()
    with count_statements() as seen:
        (found,) = queries.double_life(session, cast.WILLOW, cast.TODAY)
    assert len(seen) <= 6
    assert [each.day for each in found.own] == [dt.date(2026, 3, 20)]
    assert [(each.day, each.place) for each in found.elsewhere] == [(dt.date(2026, 6, 21), "石坝村党支部")]
    page = client_as("recorder").page("/meetings/double-life")
    assert "孙丙" in page and "石坝村党支部" in page
    assert PostKind.LEADING_CADRE not in {
        post for each in queries.double_life(session, cast.DAM, cast.TODAY) for post in each.member.posts
    }


def test_an_organization_is_called_what_it_was_called_on_the_day_of_its_meeting(
    session: Session, act: Callable[..., Act]
) -> None:
    post = Post(member_id=3, organization_id=cast.WILLOW, kind=PostKind.LEADING_CADRE, valid_from=cast.SINCE)
    post.valid_to = FOREVER
    session.add(post)
    for day in (dt.date(2026, 6, 21), dt.date(2026, 9, 21)):
        attended(session, cast.DAM, day, Outcome.NON_VOTING)
    organizations.describe(
        session, act("organizer"), organization_id=cast.DAM, name="石坝社区党支部", domain=None, on=dt.date(2026, 8, 1)
    )
    (found,) = queries.double_life(session, cast.WILLOW, cast.TODAY)
    assert [each.place for each in found.elsewhere] == ["石坝村党支部", "石坝社区党支部"]
