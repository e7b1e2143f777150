"""The generator is pure: exact sizes, plausible people, consistent histories, the same again for the same seed."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterable

import pytest

from learnhub.attendance.rules import ATTENDED, Outcome
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.core.orm import FOREVER
from learnhub.core.text import has_private_use, normal_name
from learnhub.demo.rules import HourRuleRow, HourRules, MonthPack, Pack, World, make_world, rows, years
from learnhub.demo.rules.diary import Records
from learnhub.meetings.rules import MeetingKind, is_late
from learnhub.members.rules import COMMITTEE_POSTS, CircumstanceKind, PostKind, Sex
from learnhub.members.rules.cells import name as read_name
from learnhub.organizations.rules import BRANCH_KINDS, OrganizationKind, may_hang_below
from learnhub.records.rules import CompletionWay, CreditKind
from learnhub.reports.rules import older_born_until
from tests.cast import TODAY

HOURS = HourRules(
    tuple(
        HourRuleRow(kind, quarters, f"basis of {kind.value}", dt.date(2019, 1, 1), FOREVER)
        for quarters, kind in enumerate(CreditKind, start=1)
    )
)
PACK = Pack({"2026-10": MonthPack("十月的主题", "十月一课", "十月一片", "十月实践", "自制")}, (("basics", "基础"),))


def generate(size: str = "town", seed: int = 7, today: dt.date = TODAY) -> World:
    return make_world(size=size, seed=seed, today=today, pack=PACK, hours=HOURS)


@pytest.fixture(scope="module")
def town() -> World:
    return generate()


@pytest.fixture(scope="module")
def year(town: World) -> tuple[Records, ...]:
    return tuple(years(town))


def share(part: Iterable[object], whole: int) -> float:
    return len(list(part)) / whole


def test_a_town_has_27_branches_and_820_members(town: World) -> None:
    assert len(town.roster.tree.branches) == 27
    assert len(town.roster.members) == 820
    kinds = Counter(each.kind for each in town.roster.tree.organizations)
    assert kinds[OrganizationKind.COMMITTEE] == 3 and kinds[OrganizationKind.GENERAL_BRANCH] == 2


@pytest.mark.long
def test_a_county_has_1892_organizations_and_40184_members() -> None:
    county = generate("county")
    assert len(county.roster.tree.organizations) == 1892
    assert len(county.roster.members) == 40184
    assert {each.domain for each in county.roster.tree.branches} >= set(rows.Domain) - {rows.Domain.OTHER}
    assert_roster_holds(county)


def test_only_known_sizes() -> None:
    with pytest.raises(DomainError):
        generate("province")


def test_the_same_seed_gives_the_same_and_another_gives_others(town: World, year: tuple[Records, ...]) -> None:
    again, other = generate(), generate(seed=8)
    assert again == town and tuple(years(again)) == year
    assert [each.name for each in other.roster.members] != [each.name for each in town.roster.members]


def test_the_people_stay_the_same_from_day_to_day(town: World) -> None:
    """So that pictures and examples can name them."""
    tomorrow = generate(today=TODAY + dt.timedelta(days=1))
    assert [each.name for each in tomorrow.roster.members] == [each.name for each in town.roster.members]


def test_the_roster_of_a_town_holds(town: World) -> None:
    assert_roster_holds(town)


@pytest.mark.parametrize("today", [dt.date(2026, 1, 1), dt.date(2026, 3, 31), dt.date(2028, 2, 29)])
def test_any_day_of_the_year_will_do(today: dt.date) -> None:
    world = generate(today=today)
    assert_roster_holds(world)
    for records in years(world):
        assert_credits_follow_from_rolls(records.occasions, records.attendance, records.follow_ups, records.credits)


def assert_roster_holds(world: World) -> None:
    tree, today = world.roster.tree, world.today
    by_id = {each.id: each for each in tree.organizations}
    assert len({each.code for each in tree.organizations}) == len(tree.organizations)
    for link in tree.links:
        child, parent = by_id[link.organization_id], by_id[link.parent_id]
        assert may_hang_below(child.kind, parent.kind) and link.valid_from >= parent.founded_on
    places = Counter((link.parent_id, by_id[link.organization_id].position) for link in tree.links)
    assert max(places.values()) == 1
    members = world.roster.members
    total = len(members)
    assert share((m for m in members if m.sex is Sex.FEMALE), total) == pytest.approx(0.30, abs=0.001)
    assert share((m for m in members if m.birth_month <= older_born_until(today)), total) == pytest.approx(
        0.29, abs=0.002
    )
    assert share((m for m in members if m.full_on is None), total) == pytest.approx(0.02, abs=0.001)
    for member in members:
        assert member.full_on is None or member.joined_on < member.full_on <= today
        assert int(member.joined_on.isoformat()[:4]) - int(member.birth_month[:4]) >= 18
    lives = Counter(each.kind for each in world.roster.circumstances)
    assert lives[CircumstanceKind.EXEMPT] / total == pytest.approx(0.06, abs=0.001)
    assert lives[CircumstanceKind.MOBILE] / total == pytest.approx(0.09, abs=0.001)
    assert lives[CircumstanceKind.IN_TRANSIT] / total == pytest.approx(0.012, abs=0.001)
    assert lives[CircumstanceKind.LOST_CONTACT] / total == pytest.approx(0.003, abs=0.001)
    assert lives[CircumstanceKind.SUSPENDED] >= 1
    assert all(each.valid_from < today for each in world.roster.circumstances)
    assert_memberships_hold(world)
    assert_posts_hold(world)


def assert_memberships_hold(world: World) -> None:
    """Everybody belongs to exactly one branch today, and never to two at once."""
    kinds = {each.id: each.kind for each in world.roster.tree.organizations}
    spans: dict[int, list[rows.MembershipRow]] = {}
    for each in world.roster.memberships:
        assert each.valid_from < each.valid_to and kinds[each.organization_id] in BRANCH_KINDS
        spans.setdefault(each.member_id, []).append(each)
    assert len(spans) == len(world.roster.members)
    for of_member in spans.values():
        assert of_member[-1].valid_to == FOREVER and of_member[-1].valid_from <= world.today
        for before, after in itertools.pairwise(of_member):
            assert before.valid_to == after.valid_from and before.organization_id != after.organization_id
    assert any(len(of_member) == 2 for of_member in spans.values())


def assert_posts_hold(world: World) -> None:
    """A secretary in every branch; a committee only from seven full members on."""
    full = {each.id for each in world.roster.members if each.full_on}
    branch_of = {each.member_id: each.organization_id for each in world.roster.memberships}
    heads = Counter(branch_of[each] for each in full)
    posts = world.roster.posts_by_branch()
    assert set(posts) == {each.id for each in world.roster.tree.branches}
    for branch, held in posts.items():
        assert held[0].kind is PostKind.SECRETARY
        assert len({each.member_id for each in held}) == len(held)
        assert {each.member_id for each in held} <= full
        assert (len(held) > 1) == (heads[branch] >= 7)
        assert all(each.kind in COMMITTEE_POSTS and branch_of[each.member_id] == branch for each in held)
    assert any(len(held) == 1 for held in posts.values())


def test_names_are_plausible(town: World) -> None:
    names = [each.name for each in town.roster.members]
    for name in names:
        assert read_name(name) == name == normal_name(name) and len(name) >= 2 and not has_private_use(name)
    for rare in "䶮㛃𬭊":
        assert any(rare in name for name in names)
    assert sum("·" in name for name in names) >= 2
    branch_of = {each.member_id: each.organization_id for each in town.roster.memberships}
    in_branch = Counter((branch_of[each.id], each.name) for each in town.roster.members)
    assert max(count for (branch, _name), count in in_branch.items() if branch == town.roster.tree.recorded) >= 2
    assert not any(getattr(each, "phone", None) for each in town.roster.members)


def test_a_year_of_meetings(town: World, year: tuple[Records, ...]) -> None:
    """Twelve whole months in every branch but for a few gaps, and a year of rolls."""
    meetings = [each for records in year for each in records.meetings]
    this_month = clock.month_of(TODAY)
    assert {each.month for each in meetings} == {clock.next_month(this_month, step) for step in range(-12, 1)}
    theme_days = [each for each in meetings if each.theme_day_of and each.month != this_month]
    assert 0.94 * 12 * 27 <= len(theme_days) < 12 * 27
    assert len({(each.organization_id, each.theme_day_of) for each in meetings if each.theme_day_of}) == len(
        theme_days
    ) + (sum(each.theme_day_of == this_month for each in meetings))
    october = [each for each in theme_days if each.month == "2026-10"]
    assert {(each.theme, each.lesson, each.film, each.practice) for each in october} == {
        ("十月的主题", "十月一课", "十月一片", "十月实践")
    }
    kinds = Counter(each.kind for records in year for each in records.kinds)
    assert set(MeetingKind) - set(kinds) == {MeetingKind.GROUP, MeetingKind.TALK}


def test_this_month_is_left_open_where_a_visitor_begins(town: World, year: tuple[Records, ...]) -> None:
    this_month = clock.month_of(TODAY)
    there = {each.organization_id for records in year for each in records.meetings if each.month == this_month}
    assert town.roster.tree.recorded not in there
    assert 0.5 <= len(there) / 26 <= 0.85


def test_what_is_past_is_recorded_and_what_is_to_come_is_not(year: tuple[Records, ...]) -> None:
    now = clock.now()
    for records in year:
        rolled = {each.occasion_id for each in records.attendance}
        month_of = {each.occasion_id: each for each in records.meetings}
        for occasion in records.occasions:
            meeting = month_of[occasion.id]
            assert (occasion.day < TODAY) == (occasion.finished_at is not None) == (occasion.roll_version == 1)
            assert meeting.scheduled_at < now and meeting.scheduled_at < occasion.starts_at < occasion.ends_at
            assert clock.local(occasion.starts_at).date() == occasion.day
            if occasion.finished_at:
                assert occasion.id in rolled and occasion.ends_at < occasion.finished_at < now
                late = is_late(meeting.month, occasion.day, clock.local(occasion.finished_at).date())
                assert late == bool(meeting.late_reason)


def test_a_roll_lists_exactly_those_who_belonged_there(town: World, year: tuple[Records, ...]) -> None:
    for records in year:
        rolls: dict[int, set[int]] = {}
        for mark in records.attendance:
            rolls.setdefault(mark.occasion_id, set()).add(mark.member_id)
        kinds: dict[int, set[MeetingKind]] = {}
        for kind in records.kinds:
            kinds.setdefault(kind.meeting_id, set()).add(kind.kind)
        committee_only = {each.occasion_id for each in records.meetings if kinds[each.id] == {MeetingKind.COMMITTEE}}
        for occasion in (each for each in records.occasions if each.finished_at):
            dated = town.roster.posts if occasion.id in committee_only else town.roster.memberships
            expected = {
                each.member_id
                for each in dated
                if each.organization_id == occasion.organization_id and each.valid_from <= occasion.day < each.valid_to
            }
            assert rolls[occasion.id] == expected


def test_credits_follow_from_rolls_and_follow_ups(town: World, year: tuple[Records, ...]) -> None:
    for records in year:
        assert_credits_follow_from_rolls(records.occasions, records.attendance, records.follow_ups, records.credits)
    training = town.training
    sessions = [each for each in training.credits if each.source.startswith("occasion:")]
    assert_credits_follow_from_rolls(training.occasions, training.attendance, [], sessions)
    recognised = {(each.member_id, each.source) for each in training.credits} - {
        (e.member_id, e.source) for e in sessions
    }
    others = {(e.member_id, e.source) for e in training.completions if e.way is not CompletionWay.CENTRALIZED}
    assert recognised == others


def assert_credits_follow_from_rolls(
    occasions: list[rows.OccasionRow],
    attendance: list[rows.AttendanceRow],
    follow_ups: list[rows.FollowUpRow],
    credits: list[rows.CreditRow],
) -> None:
    finished = {each.id: each for each in occasions if each.finished_at}
    marks = {(each.member_id, each.occasion_id): each for each in attendance}
    assert len(marks) == len(attendance)
    earned = {
        (member, number): (finished[number].credit_kind, finished[number].day)
        for (member, number), mark in marks.items()
        if number in finished and mark.outcome in ATTENDED
    }
    for fact in follow_ups:
        assert marks[fact.member_id, fact.occasion_id].outcome not in ATTENDED
        assert finished[fact.occasion_id].day < fact.day <= TODAY or fact.day > TODAY
        kind = CreditKind.HOME_DELIVERED if fact.kind.value == "home_visit" else CreditKind.MAKE_UP
        assert (fact.member_id, fact.occasion_id) not in earned
        earned[fact.member_id, fact.occasion_id] = (kind, fact.day)
    assert {(each.member_id, each.source): (each.kind, each.day) for each in credits} == {
        (member, f"occasion:{number}"): what for (member, number), what in earned.items()
    }
    assert len(credits) == len(earned)
    for each in credits:
        assert (each.quarters, each.basis) == HOURS.on(each.kind, each.day)


def test_absent_members_are_visited_and_made_up_for(year: tuple[Records, ...]) -> None:
    kinds = Counter(each.kind.value for records in year for each in records.follow_ups)
    assert len(kinds) == 4
    outcomes = Counter(each.outcome for records in year for each in records.attendance)
    assert set(Outcome) - set(outcomes) == {Outcome.NON_VOTING}
    assert outcomes[Outcome.PRESENT] / outcomes.total() > 0.75


def test_two_batches_leave_a_visible_remainder(town: World) -> None:
    training = town.training
    closed, opened = training.batches
    assert closed.closed_at and opened.closed_at is None and opened.quiz_course == "basics"
    sessions = {each.occasion_id: each.batch_id for each in training.sessions}
    rolled = {each.id for each in training.occasions if each.roll_version}
    assert [sum(batch == each.id for batch in sessions.values()) for each in training.batches] == [4, 4]
    assert len(set(sessions) - rolled) == 2
    places = {batch.id: [p.member_id for p in training.places if p.batch_id == batch.id] for batch in training.batches}
    assert all(
        len(set(found)) == len(found) <= batch.capacity
        for batch, found in zip(training.batches, places.values(), strict=True)
    )
    assert not set(places[closed.id]) & set(places[opened.id])
    assert {each.way for each in training.completions} == set(CompletionWay)
    by_batch = {each.member_id for each in training.completions if each.way is CompletionWay.CENTRALIZED}
    assert by_batch < set(places[closed.id])
    covered = {each.member_id for each in training.completions} | set(places[opened.id])
    assert 0.3 * 820 < 820 - len(covered) < 0.7 * 820


def test_one_account_a_role_and_none_with_a_password(town: World) -> None:
    assert len(town.accounts) == 8 and len(town.bindings) == 7
    assert "password_hash" not in rows.AccountRow._fields
    member, recorder = town.accounts[:2]
    branch = {each.member_id: each.organization_id for each in town.roster.memberships}
    assert branch[member.member_id or 0] == branch[recorder.member_id or 0] == town.roster.tree.recorded
    assert sum(each == town.roster.tree.recorded for each in branch.values()) in range(23, 28)
    assert town.bindings[0].account_id == recorder.id and town.bindings[0].organization_id == town.roster.tree.recorded
    posts = {each.member_id for each in town.roster.posts}
    assert member.member_id not in posts and recorder.member_id in posts
    lives = Counter(
        each.kind for each in town.roster.circumstances if branch[each.member_id] == town.bindings[0].organization_id
    )
    assert min(lives[CircumstanceKind.EXEMPT], lives[CircumstanceKind.MOBILE]) >= 2
    open_places = {each.member_id for each in town.training.places if each.batch_id == 2}
    assert {member.member_id, recorder.member_id} <= open_places
