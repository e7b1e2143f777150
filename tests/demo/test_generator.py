"""The generator is pure: exact sizes, plausible people, consistent histories, the same again for the same seed."""

import datetime as dt
import itertools
from collections import Counter

import pytest

from learnhub.core.errors import DomainError
from learnhub.core.orm import FOREVER
from learnhub.core.text import has_private_use, normal_name
from learnhub.demo.rules import World, rows, years
from learnhub.demo.rules.diary import Records
from learnhub.members.rules import COMMITTEE_POSTS, CircumstanceKind, PostKind, Sex
from learnhub.members.rules.cells import name as read_name
from learnhub.organizations.rules import BRANCH_KINDS, OrganizationKind, may_hang_below
from learnhub.reports.rules import older_born_until
from tests.cast import TODAY
from tests.demo.worlds import assert_credits_follow_from_rolls, generate, share


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
        committee = [each for each in held if each.kind in COMMITTEE_POSTS]
        assert (len(committee) > 1) == (heads[branch] >= 7)
        assert [each.kind for each in held if each not in committee] in ([], [PostKind.LEADING_CADRE])
        assert all(branch_of[each.member_id] == branch for each in held)
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
