"""The roster as rows: the tree, the members and what of them is dated."""

import dataclasses
import datetime as dt
import random
from typing import NamedTuple

from learnhub.core.text import search_key
from learnhub.demo.rules.people import Person, people, sizes
from learnhub.demo.rules.rows import CircumstanceRow, MemberRow, MembershipRow, PostRow
from learnhub.demo.rules.standing import standing, transfer
from learnhub.demo.rules.tree import Tree
from learnhub.members.rules import CircumstanceKind, PostKind


class Belonging(NamedTuple):
    """One member's time in one branch; a circumstance, if any, holds from its day on."""

    member_id: int
    since: dt.date
    until: dt.date
    circumstance: CircumstanceKind | None
    circumstance_since: dt.date


@dataclasses.dataclass(frozen=True, slots=True)
class Roster:
    """The tree and everybody in it; `plain` is the id of the member without a post who shows the site."""

    tree: Tree
    members: tuple[MemberRow, ...]
    memberships: tuple[MembershipRow, ...]
    posts: tuple[PostRow, ...]
    circumstances: tuple[CircumstanceRow, ...]
    plain: int

    def name(self, member_id: int) -> str:
        """A member's name; ids count from 1 without gaps."""
        return self.members[member_id - 1].name

    def posts_by_branch(self) -> dict[int, list[PostRow]]:
        """The posts of each branch, the secretary's first."""
        found: dict[int, list[PostRow]] = {}
        for post in self.posts:
            found.setdefault(post.organization_id, []).append(post)
        return found

    def belongings(self) -> dict[int, list[Belonging]]:
        """Who belonged to each branch, and when, in the order of ids."""
        lives = {each.member_id: each for each in self.circumstances}
        found: dict[int, list[Belonging]] = {}
        for each in self.memberships:
            life = lives.get(each.member_id)
            kind, since = (life.kind, life.valid_from) if life else (None, each.valid_from)
            entry = Belonging(each.member_id, each.valid_from, each.valid_to, kind, since)
            found.setdefault(each.organization_id, []).append(entry)
        return found


def roster(rng: random.Random, tree: Tree, members: int, today: dt.date) -> Roster:
    """Exactly `members` people in the branches of `tree`, as of `today`."""
    branches = tree.branches
    found = people(rng, branches, tree.recorded, sizes(rng, branches, tree.recorded, members), today)
    stands = standing(rng, found, tree.recorded, today)
    held = (
        {each.member_id for each in stands.posts} | {each.member_id for each in stands.circumstances} | {stands.plain}
    )
    transfer(rng, found, held, branches, today)
    founded = {each.id: each.founded_on for each in branches}
    places = _places(found, stands.posts)
    return Roster(
        tree,
        tuple(_member(each, places[each.id]) for each in found),
        tuple(row for each in found for row in _memberships(each, founded)),
        stands.posts,
        stands.circumstances,
        stands.plain,
    )


def _places(found: list[Person], posts: tuple[PostRow, ...]) -> dict[int, int]:
    """Everybody's place in the branch's own order: the committee first, then by the day of joining."""
    rank = {post.member_id: list(PostKind).index(post.kind) for post in posts}
    last = len(PostKind)
    ordered = sorted(found, key=lambda each: (each.branch, rank.get(each.id, last), each.joined_on, each.id))
    places: dict[int, int] = {}
    branch = number = 0
    for each in ordered:
        number = number + 1 if each.branch == branch else 1
        branch = each.branch
        places[each.id] = number
    return places


def _member(person: Person, place: int) -> MemberRow:
    return MemberRow(
        person.id,
        f"P{person.id:07}",
        person.name,
        search_key(person.name),
        f"{place:04}",
        person.sex,
        person.birth_month,
        person.joined_on,
        person.full_on,
    )


def _memberships(person: Person, founded: dict[int, dt.date]) -> list[MembershipRow]:
    begin = max(person.joined_on, founded[person.earlier or person.branch])
    if person.earlier is None or person.moved_on is None:
        return [MembershipRow(person.id, person.branch, begin)]
    moved = max(person.moved_on, founded[person.branch])
    return [
        MembershipRow(person.id, person.earlier, begin, moved),
        MembershipRow(person.id, person.branch, moved),
    ]
