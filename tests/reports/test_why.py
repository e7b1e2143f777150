"""Behind each name stand facts that lead to its class; kinds of members sum to the whole. On random worlds."""

import datetime as dt
from collections.abc import Callable

from hypothesis import given
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core.errors import NotFound
from learnhub.members.models import Member
from learnhub.organizations.rules import Domain
from learnhub.reports import queries
from learnhub.reports.queries import breakdowns, freezing
from learnhub.reports.queries.why import why
from learnhub.reports.rules import CLASS_COLUMNS, Column
from learnhub.reports.rules.breakdown import By, holds_together
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient
from tests.reports import worlds
from tests.reports.test_coverage import DAYS, DOMAINS, SEEDS, TOPS, asked, on_both, world_of
from tests.training.test_service import a_task


@on_both
@given(seed=SEEDS, day=DAYS, top=TOPS)
def test_the_facts_shown_lead_to_the_class_counted(session: Session, *, seed: int, day: dt.date, top: int) -> None:
    for world in world_of(session, seed):
        question = asked(session, world, top, day, None)
        if question is None:
            continue
        stands = freezing.people(session, question)
        for member in session.query(Member).where(Member.id >= worlds.START):
            try:
                found = why(session, question, member.id)
            except NotFound:
                assert member.id not in stands
                continue
            counted = stands.get(member.id)
            assert (found.stands is None) == (counted is None)
            if found.stands and counted:
                assert CLASS_COLUMNS[found.stands] in counted.counted
                assert counted.organization_id == found.organization_id
                assert [holds for _each, holds in found.steps].count(True) == 1 and found.steps[-1][1]


@on_both
@given(seed=SEEDS, day=DAYS, top=TOPS, domain=DOMAINS)
def test_kinds_sum_to_the_whole(session: Session, *, seed: int, day: dt.date, top: int, domain: Domain | None) -> None:
    for world in world_of(session, seed):
        question = asked(session, world, top, day, domain)
        if question is None:
            continue
        with count_statements() as seen:
            parts = breakdowns.breakdown(session, question)
        assert len(seen) <= 2  # on PostgreSQL one asks how much of the tree is in question
        total = queries.counted_live(session, question).total.figures
        assert holds_together(parts, total.heads)
        women = [each for each in parts if each.by is By.SEX and each.label == "女"]
        assert sum(each.figures[Column.HEADS] for each in women) == total[Column.WOMEN]
        older = [each for each in parts if each.label == "61 岁及以上"]
        assert sum(each.figures[Column.HEADS] for each in older) == total[Column.OLDER]


def test_a_lost_kind_is_noticed(session: Session) -> None:
    """The damage on which the sums fail: a kind of somebody is left out."""
    for world in world_of(session, 10):
        question = asked(session, world, worlds.START, worlds.day(3), None)
        assert question
        total = queries.counted_live(session, question).total.figures
        parts = breakdowns.breakdown(session, question)
        lost = next(each for each in parts if each.figures[Column.HEADS])
        assert holds_together(parts, total.heads)
        assert not holds_together([each for each in parts if each is not lost], total.heads)


def test_a_member_sees_why_the_own_class_and_nobody_elses(
    client_as: Callable[[str | None], PageClient], session: Session, act: Callable[..., Act]
) -> None:
    task_id = a_task(session, act("organizer"))
    other = a_task(session, act("foreign_organizer"), organization_id=cast.EAST_TOWN)
    session.commit()
    member = client_as("member")
    answer = member.get("/my-training")
    assert answer.status_code == 303 and answer.location == f"/my-training/{task_id}/why"
    with count_statements() as seen:
        page = member.page(answer.location)
    assert len(seen) <= 14
    assert "我归在：未训" in page and 'href="/my-training"' in member.page("/")
    assert "每次打开都会留下记录" not in page
    member.page(f"/my-training/{other}/why", status=404)
    client_as("system_admin").page(answer.location, status=403)
