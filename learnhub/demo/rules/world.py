"""The whole demonstration as one frozen value: the same for the same seed, day and size."""

import dataclasses
import datetime as dt
import itertools
import random
import re
from collections.abc import Iterator

from learnhub.accounts.rules import ROLE_LABELS, Role
from learnhub.core import clock
from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.demo.rules.agenda import plans, present
from learnhub.demo.rules.classes import training
from learnhub.demo.rules.county import county_tree
from learnhub.demo.rules.diary import Branch, Diary, Records
from learnhub.demo.rules.hours import HourRules
from learnhub.demo.rules.pack import Pack
from learnhub.demo.rules.roster import Belonging, Roster, roster
from learnhub.demo.rules.rows import AccountRow, BindingRow, HabitRow, OrganizationRow, PostRow
from learnhub.demo.rules.training import Training
from learnhub.demo.rules.tree import Tree, town_tree
from learnhub.members.rules import PostKind
from learnhub.organizations.rules import Domain

SEED = 2026
# Members of a town and of a county; organizations of a county (docs/counting.md, Words that the code uses).
TOWN_MEMBERS, COUNTY_MEMBERS, COUNTY_ORGANIZATIONS = 820, 40_184, 1_892
SIZES = ("town", "county")

MEMBER_LABEL = "普通党员"
_LOGIN = "demo-"
# In the order in which their links are printed; account ids follow it.
_ROLES = (
    Role.RECORDER,
    Role.ORGANIZER,
    Role.READER,
    Role.AUTHOR,
    Role.SYSTEM_ADMIN,
    Role.SECURITY_ADMIN,
    Role.AUDIT_ADMIN,
)
MEMBER_ACCOUNT, RECORDER_ACCOUNT, ORGANIZER_ACCOUNT = 1, 2, 3
# Login name of each person of the demonstration -> what the person is called beside the link.
LABELS = {f"{_LOGIN}member": MEMBER_LABEL} | {f"{_LOGIN}{role.value}": ROLE_LABELS[role] for role in _ROLES}
_OFFICIALS = ("何清源", "吕文静", "施远", "张立", "孔令仪", "曹思齐")
_DAYS = (5, 10, 15, 20, 25, 25, 25, 28)
_STARTS = (dt.time(8, 30), dt.time(9), dt.time(9), dt.time(14, 30), dt.time(15))


@dataclasses.dataclass(frozen=True, slots=True)
class World:
    """Everything but the branches' year, which is made branch by branch by `years`: a county's would not fit at once."""

    seed: int
    today: dt.date
    pack: Pack
    hours: HourRules
    roster: Roster
    habits: tuple[HabitRow, ...]
    accounts: tuple[AccountRow, ...]
    bindings: tuple[BindingRow, ...]
    training: Training


def make_world(*, size: str, seed: int, today: dt.date, pack: Pack, hours: HourRules) -> World:
    """Generate the demonstration; raises DomainError for a size that is not one of `SIZES`."""
    if size not in SIZES:
        raise DomainError(N_("演示数据只有 town 和 county 两种规模。"))
    rng = random.Random(f"{seed}:{size}")
    if size == "town":
        people = roster(rng, town_tree(rng), TOWN_MEMBERS, today)
    else:
        people = roster(rng, county_tree(rng, COUNTY_ORGANIZATIONS), COUNTY_MEMBERS, today)
    accounts, bindings = _accounts(people, today)
    return World(
        seed,
        today,
        pack,
        hours,
        people,
        tuple(_habits(rng, people)),
        accounts,
        bindings,
        training(
            rng, people, pack, hours, today, account_id=ORGANIZER_ACCOUNT, members_of_accounts=_members_of(accounts)
        ),
    )


def years(world: World) -> Iterator[Records]:
    """The twelve months before this one and the present one of each branch, in the order of the tree."""
    occasion_ids = itertools.count(len(world.training.occasions) + 1)
    meeting_ids = itertools.count(1)
    recorded = world.roster.tree.recorded
    for branch in _branches(world):
        rng = random.Random(f"{world.seed}:{branch.id}")
        diary = Diary(rng, branch, world.hours, world.today)
        for plan in plans(rng, branch.habit, world.pack, world.today, committee=len(branch.committee) > 1):
            diary.hold(plan, next(occasion_ids), next(meeting_ids))
        if branch.id != recorded:  # left open there: to schedule it is what a visitor does first
            for plan in present(rng, branch.habit, world.pack, world.today):
                diary.hold(plan, next(occasion_ids), next(meeting_ids))
        yield diary.records


def _branches(world: World) -> Iterator[Branch]:
    people, posts = world.roster.belongings(), world.roster.posts_by_branch()
    for habit in world.habits:
        number = habit.organization_id
        held = posts[number]
        writer = next((post for post in held if post.kind is PostKind.ORGANIZATION), held[0])
        yield Branch(
            id=number,
            people=tuple(people[number]),
            committee=tuple(
                Belonging(each.member_id, each.valid_from, each.valid_to, None, each.valid_from) for each in held
            ),
            habit=habit,
            chair_id=held[0].member_id,
            recorder=world.roster.name(writer.member_id),
            account_id=RECORDER_ACCOUNT if number == world.roster.tree.recorded else 0,
        )


def _habits(rng: random.Random, people: Roster) -> Iterator[HabitRow]:
    posts = people.posts_by_branch()
    for branch in people.tree.branches:
        fixed = branch.id == people.tree.recorded
        yield HabitRow(
            organization_id=branch.id,
            day_of_month=25 if fixed else rng.choice(_DAYS),
            starts=rng.choice(_STARTS),
            minutes=rng.choice((90, 120, 120, 150)),
            place=_place(branch),
            chair=people.name(posts[branch.id][0].member_id),
        )


def _place(branch: OrganizationRow) -> str:
    stem = re.sub("(第.)?(联合|流动党员)?党支部$", "", branch.name)
    return stem + ("党群服务中心" if branch.domain in (Domain.RURAL, Domain.COMMUNITY) else "会议室")


def _accounts(people: Roster, today: dt.date) -> tuple[tuple[AccountRow, ...], tuple[BindingRow, ...]]:
    """One account a role, and one of a plain member of the recorder's branch. None has a password."""
    tree: Tree = people.tree
    since = clock.first_day(clock.next_month(clock.month_of(today), -12))
    created = clock.instant(since, dt.time(9))
    writer = _writer(people.posts_by_branch()[tree.recorded])
    owners: list[tuple[str, int | None]] = [(people.name(each), each) for each in (people.plain, writer)]
    owners += [(name, None) for name in _OFFICIALS]
    accounts = tuple(
        AccountRow(number, login, name, member_id, created)
        for number, (login, (name, member_id)) in enumerate(zip(LABELS, owners, strict=True), start=1)
    )
    places = [tree.recorded] + [tree.organizations[0].id] * (len(_ROLES) - 1)
    bindings = tuple(
        BindingRow(number, place, role, since)
        for number, (role, place) in enumerate(zip(_ROLES, places, strict=True), start=RECORDER_ACCOUNT)
    )
    return accounts, bindings


def _writer(posts: list[PostRow]) -> int:
    return next(post.member_id for post in posts if post.kind is PostKind.ORGANIZATION)


def _members_of(accounts: tuple[AccountRow, ...]) -> tuple[int, ...]:
    return tuple(each.member_id for each in accounts if each.member_id)
