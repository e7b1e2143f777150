"""What a branch is to hold by its shape, what came of it, and why it was not held."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.audit.rules import Act
from learnhub.core.errors import DomainError
from learnhub.meetings import queries, service
from learnhub.meetings.models import DutyExplanation
from learnhub.meetings.queries.due import BranchYear, branch_year
from learnhub.meetings.rules import MeetingKind
from learnhub.meetings.rules.duties import (
    EVERY,
    Duty,
    Happened,
    Held,
    Shape,
    came,
    duties,
    is_near,
    period,
)
from learnhub.organizations.models import Organization
from learnhub.organizations.rules import OrganizationKind
from learnhub.reports.queries.life import life
from tests import cast
from tests.databases import count_statements
from tests.pages import PageClient
from tests.reports.test_years import met

Clients = Callable[[str | None], PageClient]
_K = MeetingKind
RULES = tuple(Duty(kind, 1, "依据") for kind in MeetingKind)
HAPPENED = st.builds(
    Happened, in_time=st.booleans(), after=st.booleans(), times=st.integers(0, 3), called_off=st.booleans()
)


@pytest.mark.parametrize(
    ("shape", "without"),
    [
        (Shape(full=6, probationary=9, groups=1), {_K.COMMITTEE}),
        (Shape(full=7, probationary=0, groups=0), {_K.GROUP}),
        (Shape(full=30, probationary=1, groups=2), set()),
        (Shape(full=30, probationary=1, groups=2, temporary=True), {_K.ORGANIZATIONAL_LIFE, _K.APPRAISAL, _K.TALK}),
        (Shape(full=0, probationary=0, groups=2), set(MeetingKind)),
    ],
)
def test_a_branch_owes_only_what_its_shape_allows(shape: Shape, without: set[MeetingKind]) -> None:
    assert {each.kind for each in duties(shape, RULES)} == set(MeetingKind) - without


def test_a_rule_that_asks_for_nothing_binds_nobody() -> None:
    assert duties(Shape(9, 0, 0), [Duty(_K.LECTURE, 0, "依据")]) == ()


@given(st.integers(1, 12), st.sampled_from([each for each in EVERY if each]))
def test_periods_part_the_year_from_january(number: int, months: int) -> None:
    month = f"2026-{number:02d}"
    found = period(month, months)
    assert month in found and len(found) == months and int(found[0][5:]) % months == 1 % months
    assert is_near(Duty(_K.TALK, months, ""), found[-1])
    assert is_near(Duty(_K.TALK, months, ""), month) == (month in found[-3:])


@given(st.lists(HAPPENED, max_size=3), st.booleans(), st.booleans(), st.booleans())
def test_a_meeting_that_was_held_goes_before_every_excuse(
    facts: list[Happened], due: bool, lasts: bool, explained: bool
) -> None:
    found = came(facts, due=due, lasts=lasts, explained=explained)
    assert (found is Held.NOT_APPLICABLE) == (not due)
    if due and any(each.in_time for each in facts):
        assert found is Held.ON_TIME
    elif due and any(each.after for each in facts):
        assert found is Held.MADE_UP
    elif due and explained:
        assert found is Held.EXPLAINED
    elif due and lasts:
        assert found is Held.COMING


def states(year: BranchYear, kind: MeetingKind) -> list[Held]:
    """What came of a kind, period after period."""
    return next([each.held for each in row] for row in year.rows if row[0].duty.kind is kind)


def test_the_page_of_a_year_and_the_report_say_the_same(session: Session, act: Callable[..., Act]) -> None:
    met(session, _K.GENERAL, "2026-02", dt.date(2026, 3, 30))
    met(session, _K.GENERAL, "2026-06", dt.date(2026, 7, 2))
    met(session, _K.COMMITTEE, "2026-04", dt.date(2026, 4, 8), called_off="防汛")
    met(session, _K.APPRAISAL, "2026-10", dt.date(2026, 10, 8))
    service.explain(
        session, act("recorder"), organization_id=cast.WILLOW, kind=_K.GENERAL, month="2026-09", reason="抗旱"
    )
    session.flush()
    with count_statements() as seen:
        own = branch_year(session, cast.WILLOW, cast.TODAY)
    assert len(seen) <= 5
    assert states(own, _K.GENERAL) == [Held.ON_TIME, Held.MADE_UP, Held.EXPLAINED, Held.COMING]
    assert states(own, _K.APPRAISAL) == [Held.ON_TIME]
    assert states(own, _K.COMMITTEE)[3:5] == [Held.EXPLAINED, Held.MISSING]
    report = life(session, cast.WILLOW, cast.TODAY).total
    for row in own.rows:
        for each in row:
            month = min(each.last, "2026-11")
            if each.duty.kind in (_K.GENERAL, _K.COMMITTEE, _K.APPRAISAL) and each.first <= "2026-11":
                assert list(+report.of(kind=each.duty.kind, month=month)) == [each.held]


def test_an_explanation_holds_for_its_whole_period_and_can_be_replaced_and_taken_back(
    session: Session, act: Callable[..., Act]
) -> None:
    asked = {"organization_id": cast.WILLOW, "kind": _K.GENERAL}
    for reason in ("防汛", "防汛和抢收"):
        service.explain(session, act("recorder"), **asked, month="2026-08", reason=reason)
    assert [each.reason for each in queries.own_explanations(session, cast.WILLOW, ["2026-07"])] == ["防汛和抢收"]
    service.withdraw_explanation(session, act("recorder"), **asked, month="2026-09")
    assert queries.own_explanations(session, cast.WILLOW, ["2026-07"]) == ()
    assert len(session.scalars(select(DutyExplanation)).all()) == 2, "what was said before is kept"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": " "}, "写明"),
        ({"organization_id": cast.WILLOW_TOWN}, "党支部"),
        ({"kind": _K.LECTURE}, "没有规定次数"),
    ],
)
def test_an_explanation_needs_a_reason_a_branch_and_a_rule(
    session: Session, act: Callable[..., Act], change: dict[str, object], words: str
) -> None:
    asked = {"organization_id": cast.WILLOW, "kind": _K.GENERAL, "month": "2026-08", "reason": "防汛"}
    with pytest.raises(DomainError, match=words):
        service.explain(session, act("recorder"), **(asked | change))  # type: ignore[arg-type]


def test_a_county_sets_how_often_lectures_are_held_and_what_was_before_stays(
    session: Session, act: Callable[..., Act]
) -> None:
    asked = {"kind": _K.LECTURE, "basis": "县委组织部通知"}
    service.add_duty_rule(session, act("recorder"), **asked, months=3, valid_from=dt.date(2026, 7, 1))
    assert states(branch_year(session, cast.WILLOW, cast.TODAY), _K.LECTURE)[0] is Held.MISSING
    assert all(each.kind is not _K.LECTURE for each in queries.duty_rules(session, dt.date(2026, 6, 30)))
    service.add_duty_rule(session, act("recorder"), **asked, months=0, valid_from=dt.date(2026, 11, 1))
    assert all(each.kind is not _K.LECTURE for each in queries.duty_rules(session, cast.TODAY))
    for wrong in ({"months": 5}, {"valid_from": dt.date(2026, 7, 1)}, {"basis": ""}, {"kind": _K.THEME_DAY}):
        with pytest.raises(DomainError):
            service.add_duty_rule(
                session, act("recorder"), **(asked | {"months": 3, "valid_from": dt.date(2027, 1, 1)} | wrong)
            )


def test_members_of_a_temporary_branch_are_appraised_where_they_belong(session: Session) -> None:
    session.get_one(Organization, cast.WILLOW).kind = OrganizationKind.TEMPORARY_BRANCH
    session.flush()
    found = branch_year(session, cast.WILLOW, cast.TODAY)
    assert states(found, _K.APPRAISAL) == [Held.NOT_APPLICABLE]
    assert Held.NOT_APPLICABLE not in states(found, _K.GENERAL)


def test_a_recorder_explains_a_gap_and_the_level_above_reads_it(session: Session, client_as: Clients) -> None:
    met(session, _K.GENERAL, "2026-02", dt.date(2026, 3, 30))
    session.commit()
    recorder, organizer = client_as("recorder"), client_as("organizer")
    page = recorder.page("/meetings/year")
    address = re.search(r'href="(/meetings/year/explanation\?[^"]*kind=general[^"]*2026-07)"', page)
    assert address and "已开" in page
    url = address[1].replace("&amp;", "&")
    for person, status in (("foreign_recorder", 404), ("organizer", 403), ("member", 403)):
        for place in (url, url.replace("explanation?", "explanation/withdraw?")):
            assert client_as(person).send(place, {"reason": "防汛"}).status_code == status
    assert recorder.send(url, {"reason": ""}).status_code == 422
    assert recorder.send(url, {"reason": "防汛，全体上堤"}).status_code == 303
    for person in (recorder, organizer):
        assert "防汛，全体上堤" in person.page(f"/meetings/year?organization={cast.WILLOW}")
    assert "explanation" not in organizer.page(f"/meetings/year?organization={cast.WILLOW}")
    assert "撤回这条说明" in recorder.page(url)
    assert recorder.send(url.replace("explanation?", "explanation/withdraw?"), {}).status_code == 303
    assert "防汛" not in recorder.page("/meetings/year")
    assert recorder.get("/meetings/year/explanation?kind=lecture&month=2026-07").status_code == 404
    for year, words in (("2025", "2025 年的会议"), ("1999", "2026 年的会议")):
        assert words in recorder.page(f"/meetings/year?year={year}")


def test_the_page_of_a_year_asks_few_statements(client_as: Clients) -> None:
    recorder = client_as("recorder")
    with count_statements() as seen:
        recorder.page(f"/meetings/year?organization={cast.WILLOW}")
    assert len(seen) <= 9, seen


def test_rules_are_read_by_all_and_added_by_the_county(client_as: Clients) -> None:
    assert "每季度一次" in client_as("member").page("/meetings/duties")
    assert "加一条新规则" not in client_as("town_organizer").page("/meetings/duties")
    organizer = client_as("organizer")
    rule = {"kind": "lecture", "months": "3", "valid_from": "2026-12-01", "basis": "县委组织部通知"}
    wrong = organizer.send("/meetings/duties/new", rule | {"valid_from": "2025-12-01"})
    assert wrong.status_code == 422 and "今年 1 月 1 日" in wrong.text
    assert organizer.send("/meetings/duties/new", rule).status_code == 303
    assert "还没有执行" in organizer.page("/meetings/duties")
