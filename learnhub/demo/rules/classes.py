"""Who of the roster goes to which batch, and who is covered in another way."""

import datetime as dt
import itertools
import random
from collections.abc import Iterator, Sequence

from learnhub.demo.rules.draw import chosen
from learnhub.demo.rules.hours import HourRules
from learnhub.demo.rules.pack import Pack
from learnhub.demo.rules.roster import Roster
from learnhub.demo.rules.training import CAPACITY, CLOSED_AGO, Elsewhere, Host, School, Training
from learnhub.members.rules import CircumstanceKind
from learnhub.records.rules import CompletionWay
from learnhub.training.recognition.rules import EvidenceClass

_C = CircumstanceKind
# Shares of those due who went to a closed batch, and who have a place in the open one.
_CLOSED, _OPEN = 0.32, 0.15
# What is recognised: days, quarter hours, on what evidence, how many days ago.
_W, _E = CompletionWay, EvidenceClass
_HIGHER = Elsewhere(
    _W.HIGHER_LEVEL, "党组织书记示范培训班", "市委组织部", 3, 96, _E.CERTIFICATE, "市委党校结业证书", 120
)
_HOME = Elsewhere(
    _W.HOME_DELIVERED, "集中轮训要点（送学上门）", "所在党支部", 4, 64, _E.VISIT, "送学登记表，双方签字", 45
)
_AWAY = Elsewhere(
    _W.RECEIVING_PLACE, "在流入地参加集中轮训", "流入地党组织", 2, 64, _E.LIST, "流入地党组织来函和名单", 60
)
# From this many members on, each town holds its own batches; below, the county does.
_OWN_BATCHES_FROM = 5_000
# How long before a batch somebody must have belonged here, in days, to be listed for it.
_LISTED = CLOSED_AGO + 40


def training(
    rng: random.Random,
    people: Roster,
    pack: Pack,
    hours: HourRules,
    today: dt.date,
    *,
    account_id: int,
    members_of_accounts: Sequence[int],
) -> Training:
    """The task of the county with its batches. `members_of_accounts` (ids) have places in the open one."""
    school = School(
        rng,
        pack,
        hours,
        today,
        organization_id=people.tree.organizations[0].id,
        account_id=account_id,
        occasion_ids=itertools.count(1),
    )
    lives = {each.member_id: each.kind for each in people.circumstances}
    apart = set(members_of_accounts)
    short: list[int] = []
    for organization_id, name, due in _hosts(people, lives, today):
        host = _host(rng, organization_id, name, [each for each in due if each not in apart], apart.intersection(due))
        short += school.hold(host)
        apart.update(*host.closed, host.open)
    _recognise(rng, school, people, lives, apart=apart, short=short)
    return school.rows


def _hosts(people: Roster, lives: dict[int, CircumstanceKind], today: dt.date) -> Iterator[tuple[int, str, list[int]]]:
    """Organizations that hold batches, with the ids of those due below each, in the order of the tree."""
    parent = {each.organization_id: each.parent_id for each in people.tree.links}
    root, towns = people.tree.organizations[0], people.tree.towns
    hosts = towns if len(people.members) >= _OWN_BATCHES_FROM else (root,)
    due: dict[int, list[int]] = {each.id: [] for each in hosts}
    day = today - dt.timedelta(days=_LISTED)
    for each in people.memberships:
        if each.valid_from <= day and each.valid_to > today and each.member_id not in lives:
            above = each.organization_id
            while above not in due:
                above = parent[above]
            due[above].append(each.member_id)
    for host in hosts:
        name = "县委党校" if host is root else host.name.removesuffix("党委").removesuffix("党工委")
        yield host.id, name, due[host.id]


def _host(rng: random.Random, organization_id: int, name: str, due: list[int], always: set[int]) -> Host:
    """Draw who went to closed batches and who has a place in the open one, where `always` have theirs."""
    closed = chosen(rng, due, lambda _each: 1.0, round(_CLOSED * len(due)))
    left = sorted(set(due).difference(closed))
    opened = chosen(rng, left, lambda _each: 1.0, min(round(_OPEN * len(due)), CAPACITY - len(always)))
    batches = tuple(tuple(closed[start : start + CAPACITY]) for start in range(0, len(closed), CAPACITY))
    return Host(organization_id, name, batches, (*sorted(always), *opened))


def _recognise(
    rng: random.Random,
    school: School,
    people: Roster,
    lives: dict[int, CircumstanceKind],
    *,
    apart: set[int],
    short: list[int],
) -> None:
    """Classes of a higher level, study brought home, study where mobile members live, make-ups of a batch."""
    leading = {each.member_id for each in people.posts} - apart
    groups = (
        (sorted(leading), 0.18, _HIGHER),
        (_living(lives, _C.EXEMPT), 0.4, _HOME),
        (_living(lives, _C.MOBILE), 0.25, _AWAY),
    )
    for members, share, study in groups:
        school.recognise(_some(rng, members, share), study)
    school.make_up(_some(rng, short, 0.4), "集中轮训补训", 30)


def _some(rng: random.Random, members: Sequence[int], share: float) -> Sequence[int]:
    return chosen(rng, members, lambda _each: 1.0, max(1, round(share * len(members))))


def _living(lives: dict[int, CircumstanceKind], kind: CircumstanceKind) -> list[int]:
    return sorted(member_id for member_id, each in lives.items() if each is kind)
