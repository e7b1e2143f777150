"""Posts, circumstances and transfers of the people, in the proportions that counties report."""

import dataclasses
import datetime as dt
import random
from collections.abc import Callable

from learnhub.demo.rules import words
from learnhub.demo.rules.draw import chosen
from learnhub.demo.rules.people import Person
from learnhub.demo.rules.rows import CircumstanceRow, OrganizationRow, PostRow
from learnhub.members.rules import CircumstanceKind, PostKind
from learnhub.organizations.rules import Domain

_C, _P = CircumstanceKind, PostKind
# Shares of all members.
SHARES = {_C.EXEMPT: 0.06, _C.MOBILE: 0.09, _C.IN_TRANSIT: 0.012, _C.LOST_CONTACT: 0.003, _C.SUSPENDED: 0.001}
TRANSFERRED = 0.015
# So many at least live in each of these circumstances where the site is shown: a visitor calls the roll there.
_SHOWN = {_C.EXEMPT: 2, _C.MOBILE: 2}
# A branch with fewer full members has no committee (docs/counting.md, Meetings).
COMMITTEE_FROM = 7
_LARGE_COMMITTEE_FROM = 20
_SMALL = (_P.SECRETARY, _P.ORGANIZATION, _P.PUBLICITY)
_LARGE = (_P.SECRETARY, _P.DEPUTY_SECRETARY, _P.ORGANIZATION, _P.PUBLICITY, _P.DISCIPLINE)
# How long ago each circumstance began, in days: the least and the most.
_AGO = {
    _C.EXEMPT: (60, 2500),
    _C.MOBILE: (40, 1500),
    _C.IN_TRANSIT: (3, 55),
    _C.LOST_CONTACT: (190, 900),
    _C.SUSPENDED: (20, 170),
}
_REASONS = {
    _C.EXEMPT: words.EXEMPT_REASONS,
    _C.MOBILE: words.MOBILE_REASONS,
    _C.IN_TRANSIT: (words.TRANSIT_REASON,),
    _C.LOST_CONTACT: (words.LOST_REASON,),
    _C.SUSPENDED: (words.SUSPENDED_REASON,),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """Who holds which post and lives in which circumstance; `plain` is the id of the member who shows the site."""

    posts: tuple[PostRow, ...]
    circumstances: tuple[CircumstanceRow, ...]
    plain: int


def standing(rng: random.Random, found: list[Person], recorded: int, today: dt.date) -> Standing:
    """Give posts and circumstances; holders of posts and the plain member live in no circumstance."""
    by_branch: dict[int, list[Person]] = {}
    for person in found:
        by_branch.setdefault(person.branch, []).append(person)
    posts = [post for branch in by_branch.values() for post in _posts(rng, branch, today)]
    busy = {post.member_id for post in posts}
    plain = next(each.id for each in by_branch[recorded] if each.id not in busy and each.full_on and each.age < 61)
    busy.add(plain)
    return Standing(tuple(posts), tuple(_circumstances(rng, found, busy, recorded, today)), plain)


def _posts(rng: random.Random, branch: list[Person], today: dt.date) -> list[PostRow]:
    full = [each for each in branch if each.full_on]
    kinds = (_P.SECRETARY,) if len(full) < COMMITTEE_FROM else _SMALL if len(full) < _LARGE_COMMITTEE_FROM else _LARGE
    elected = today - dt.timedelta(days=rng.randint(430, 1500))
    long_standing = [each for each in full if each.full_on and each.full_on <= elected]
    able = long_standing if len(long_standing) >= len(kinds) else full
    holders = chosen(rng, able, lambda each: 10.0 if 30 <= each.age <= 60 else 1.0, len(kinds))
    rng.shuffle(holders)
    held = [
        PostRow(holder.id, holder.branch, kind, max(elected, holder.full_on or elected))
        for holder, kind in zip(holders, kinds, strict=True)
    ]
    # In an office the longest-standing of middle age is a leading cadre too, and keeps a double organizational life.
    others = [each for each in able if each not in holders and each.domain is Domain.GOVERNMENT]
    cadre = next((each for each in others if 40 <= each.age <= 58), None)
    if cadre:
        held.append(PostRow(cadre.id, cadre.branch, _P.LEADING_CADRE, max(elected, cadre.full_on or elected)))
    return held


def _circumstances(
    rng: random.Random, found: list[Person], busy: set[int], recorded: int, today: dt.date
) -> list[CircumstanceRow]:
    rows = []
    for kind, share in SHARES.items():
        low, high = _AGO[kind]
        free = [each for each in found if each.id not in busy and each.joined_on < today - dt.timedelta(days=low + 1)]
        shown = chosen(rng, [each for each in free if each.branch == recorded], _WEIGHTS[kind], _SHOWN.get(kind, 0))
        held = {each.id for each in shown}
        others = [each for each in free if each.id not in held]
        for person in shown + chosen(rng, others, _WEIGHTS[kind], max(1, round(share * len(found))) - len(shown)):
            busy.add(person.id)
            longest = min(high, (today - person.joined_on).days - 1)
            since = today - dt.timedelta(days=rng.randint(low, longest))
            rows.append(CircumstanceRow(person.id, kind, rng.choice(_REASONS[kind]), since))
    return sorted(rows, key=lambda row: row.member_id)


def _old_and_infirm(person: Person) -> float:
    return 20.0 if person.age >= 78 else 5.0 if person.age >= 70 else 0.3 if person.age >= 61 else 0.02


def _away(person: Person) -> float:
    near_home = 1.0 if person.domain in {Domain.GOVERNMENT, Domain.SCHOOL, Domain.HOSPITAL} else 8.0
    return (0.05 if person.age >= 61 else near_home) * (3 if person.domain is Domain.OTHER else 1)


def _middle(person: Person) -> float:
    return 1.0 if 25 <= person.age <= 60 else 0.05


_WEIGHTS: dict[CircumstanceKind, Callable[[Person], float]] = {
    _C.EXEMPT: _old_and_infirm,
    _C.MOBILE: _away,
    _C.IN_TRANSIT: _middle,
    _C.LOST_CONTACT: _middle,
    _C.SUSPENDED: _middle,
}


def transfer(
    rng: random.Random, found: list[Person], held: set[int], branches: tuple[OrganizationRow, ...], today: dt.date
) -> None:
    """Let some of those who are not `held` (ids) in place have come from another branch within the year."""
    free = [each for each in found if each.id not in held and each.full_on and each.age < 61]
    for person in chosen(rng, free, lambda _each: 1.0, round(TRANSFERRED * len(found))):
        before = rng.choice([each for each in rng.sample(branches, 2) if each.id != person.branch])
        day = today - dt.timedelta(days=rng.randint(30, 330))
        if day > max(person.joined_on, before.founded_on) + dt.timedelta(days=30):
            person.earlier, person.moved_on = before.id, day
