"""Random small worlds of dated facts, and a slow recount of them in plain Python that shares nothing with the queries."""

import dataclasses
import datetime as dt
import random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.core.orm import FOREVER
from learnhub.members.models import Circumstance, Member, Membership, Post
from learnhub.members.rules import COMMITTEE_POSTS, CircumstanceKind, PostKind, Sex
from learnhub.organizations.models import Organization, OrganizationLink
from learnhub.organizations.rules import Domain, OrganizationKind
from learnhub.records.models import Completion
from learnhub.records.rules import CompletionWay
from learnhub.reports.rules import Column, Facts, columns
from learnhub.training.models import Batch, Place, Task
from learnhub.training.rules import Audience, MemberKind

FIRST = dt.date(2026, 6, 1)
SPAN = 12
START = 1001  # ids of a world begin here, past those of the cast
TASK = START


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


@dataclasses.dataclass
class World:
    """Rows by table, as plain dictionaries."""

    organizations: list[dict[str, Any]]
    links: list[dict[str, Any]]
    members: list[dict[str, Any]]
    memberships: list[dict[str, Any]]
    posts: list[dict[str, Any]]
    circumstances: list[dict[str, Any]]
    completions: list[dict[str, Any]]
    batches: list[dict[str, Any]]
    places: list[dict[str, Any]]
    task: dict[str, Any]
    audience: Audience

    def insert(self, session: Session) -> None:
        """Put the world beside the cast."""
        tables: list[tuple[Any, list[dict[str, Any]]]] = [
            (Organization, self.organizations),
            (OrganizationLink, self.links),
            (Member, self.members),
            (Membership, self.memberships),
            (Post, self.posts),
            (Circumstance, self.circumstances),
            (Completion, self.completions),
            (Task, [self.task]),
            (Batch, self.batches),
            (Place, self.places),
        ]
        for table, rows in tables:
            if rows:
                session.execute(sa.insert(table), rows)

    def parent(self, organization_id: int, on: dt.date) -> int | None:
        found = [row["parent_id"] for row in self.links if row["organization_id"] == organization_id and holds(row, on)]
        return found[0] if found else None

    def line(self, organization_id: int, on: dt.date) -> list[int]:
        """The organization and everything above it."""
        line = [organization_id]
        while (above := self.parent(line[-1], on)) is not None:
            line.append(above)
        return line

    def facts(self, member: dict[str, Any], on: dt.date) -> Facts:
        end = clock.instant(on + dt.timedelta(days=1))
        number = member["id"]
        kinds = {row["kind"] for row in self.circumstances if row["member_id"] == number and holds(row, on)}
        posts = {row["kind"] for row in self.posts if row["member_id"] == number and holds(row, on)}
        ways = {
            row["way"]
            for row in self.completions
            if row["member_id"] == number
            and row["subject"] == f"task:{TASK}"
            and row["completed_on"] <= on
            and row["withdrawn_at"] is None
            and self.audience.covers(day=on, full_on=member["full_on"], completed_on=row["completed_on"])
        }
        open_then = {
            row["id"]
            for row in self.batches
            if row["task_id"] == TASK and (row["closed_at"] is None or row["closed_at"] >= end)
        }
        placed = any(
            row["member_id"] == number
            and row["batch_id"] in open_then
            and row["noted_at"] < end
            and (row["withdrawn_at"] is None or row["withdrawn_at"] >= end)
            for row in self.places
        )
        born = dt.date(int(member["birth_month"][:4]), int(member["birth_month"][5:]), 1)
        return Facts(
            lost=bool(kinds & {CircumstanceKind.LOST_CONTACT, CircumstanceKind.SUSPENDED}),
            ways=frozenset(ways),
            exempt=CircumstanceKind.EXEMPT in kinds,
            placed=placed,
            in_transit=CircumstanceKind.IN_TRANSIT in kinds,
            woman=member["sex"] is Sex.FEMALE,
            older=(on.year - born.year) * 12 + on.month - born.month >= 61 * 12,
            mobile=CircumstanceKind.MOBILE in kinds,
            probationary=member["full_on"] is None or member["full_on"] > on,
            secretary=PostKind.SECRETARY in posts,
            committee=bool(posts & COMMITTEE_POSTS),
        )

    def recount(self, top: int, on: dt.date, domain: Domain | None) -> dict[int, frozenset[Column]]:
        """The columns of every member in question, by the member's id."""
        by_id = {row["id"]: row for row in self.organizations}
        found = {}
        for belongs in self.memberships:
            branch = by_id[belongs["organization_id"]]
            line = self.line(branch["id"], on)
            if not holds(belongs, on) or top not in line or self.task["organization_id"] not in line:
                continue
            member = next(row for row in self.members if row["id"] == belongs["member_id"])
            held = [row for row in self.posts if row["member_id"] == member["id"] and holds(row, on)]
            kinds = {row["kind"] for row in self.circumstances if row["member_id"] == member["id"] and holds(row, on)}
            facts = self.facts(member, on)
            fits = self.audience.includes(
                day=on,
                full_on=member["full_on"],
                posts={
                    kind: max(row["valid_from"] for row in held if row["kind"] is kind)
                    for kind in PostKind
                    if any(row["kind"] is kind for row in held)
                },
                domain=branch["domain"],
                circumstances=kinds,
            )
            if fits and (domain is None or branch["domain"] is domain):
                found[member["id"]] = frozenset(columns(facts))
        return found


def holds(row: dict[str, Any], on: dt.date) -> bool:
    return bool(row["valid_from"] <= on < row["valid_to"])


def _span(chance: random.Random) -> dict[str, dt.date]:
    begins = chance.randrange(-1, SPAN)
    lasts = chance.choice([1, 2, 5, None])
    return {"valid_from": day(begins), "valid_to": day(begins + lasts) if lasts else FOREVER}


def _moves(chance: random.Random, places: list[int], gaps: tuple[int, ...]) -> list[tuple[int, dt.date, dt.date]]:
    """One or two places one after the other, with one of `gaps` between them."""
    if chance.random() < 0.6:
        return [(chance.choice(places), day(-30), FOREVER)]
    moved = chance.randrange(SPAN)
    return [
        (chance.choice(places), day(-30), day(moved)),
        (chance.choice(places), day(moved + chance.choice(gaps)), FOREVER),
    ]


def _instant(chance: random.Random) -> dt.datetime:
    hour = chance.choice([0, 7, 8, 12, 23])
    return clock.instant(day(chance.randrange(SPAN)), dt.time(hour, chance.choice([0, 59])))


def _some(chance: random.Random, words: Any) -> frozenset[Any]:
    return frozenset(chance.sample(list(words), chance.randrange(1, 3))) if chance.random() < 0.2 else frozenset()


def _tree(chance: random.Random) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    organizations = [
        {
            "id": START + number,
            "code": f"W-{number}",
            "name": f"组织 {number}",
            "kind": OrganizationKind.BRANCH if number >= 4 else OrganizationKind.COMMITTEE,
            "domain": chance.choice([None, Domain.RURAL, Domain.SCHOOL]) if number >= 4 else None,
            "position": chance.randrange(3),
            "founded_on": day(-100),
            "dissolved_on": FOREVER,
        }
        for number in range(10)
    ]
    links = []
    for number in range(1, 10):
        # Parents have smaller numbers and branches none below them, so no link can make a circle.
        parents = [START + each for each in range(min(number, 4))]
        for parent, begins, ends in _moves(chance, parents, (0,)):
            links.append(
                {"organization_id": START + number, "parent_id": parent, "valid_from": begins, "valid_to": ends}
            )
    return organizations, links


def _audience(chance: random.Random) -> Audience:
    """Everybody in every second world: all conditions at once leave hardly anybody to count."""
    if chance.random() < 0.5:
        return Audience()
    return Audience(
        kinds=_some(chance, MemberKind),
        posts=_some(chance, PostKind),
        domains=_some(chance, Domain),
        circumstances=_some(chance, CircumstanceKind),
        post_months=chance.choice([None, None, None, 0, 1]),
        full_months=chance.choice([None, None, 0, 1]),
    )


def random_world(seed: int) -> World:
    """The world of a seed."""
    chance = random.Random(seed)
    organizations, links = _tree(chance)
    ids = [START + number for number in range(chance.choice([0, 5, 9, 13]))]
    members = [
        {
            "id": each,
            "code": f"W{each}",
            "name": chance.choice(["赵甲", "钱乙", "曹䶮"]),
            "search_key": "x",
            "sort_key": str(chance.randrange(4)),
            "sex": chance.choice(list(Sex)),
            "birth_month": chance.choice(["1965-05", "1965-06", "1965-07", "1990-01"]),
            "joined_on": day(-400),
            "full_on": chance.choice([None, day(-30), day(chance.randrange(SPAN))]),
        }
        for each in ids
    ]
    branches = [row["id"] for row in organizations[3:]]
    memberships = [
        {"member_id": each, "organization_id": where, "valid_from": begins, "valid_to": ends}
        for each in ids
        for where, begins, ends in _moves(chance, branches, (0, 0, 2))
    ]
    audience = _audience(chance)
    batches = _batches(chance)
    return World(
        organizations=organizations,
        links=links,
        members=members,
        memberships=memberships,
        posts=[
            {"member_id": each, "organization_id": START, "kind": kind, **_span(chance)}
            for each in ids
            for kind in PostKind
            if chance.random() < 0.15
        ],
        circumstances=[
            {"member_id": each, "kind": kind, "reason": "", **_span(chance)}
            for each in ids
            for kind in CircumstanceKind
            if chance.random() < 0.25
        ],
        completions=_completions(chance, ids),
        batches=batches,
        places=_places(chance, ids, batches),
        task={
            "id": TASK,
            "organization_id": START + chance.choice([0, 0, 1, 2]),
            "title": "轮训",
            "starts_on": FIRST,
            "ends_on": day(300),
            "quarters": 64,
            "basis": "计划",
            "audience": audience.to_json(),
            "leave_part": 7,
            "pass_percent": None,
            "opened_at": clock.instant(FIRST),
            "opened_by": 1,
        },
        audience=audience,
    )


def _batches(chance: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "id": START + number,
            "task_id": TASK,
            "organization_id": START,
            "title": "期",
            "place": "党校",
            "starts_on": FIRST,
            "ends_on": day(30),
            "capacity": 50,
            "leave_part": 7,
            "opened_at": clock.instant(FIRST),
            "opened_by": 1,
            "closed_at": _instant(chance) if chance.random() < 0.5 else None,
        }
        for number in range(3)
    ]


def _completions(chance: random.Random, ids: list[int]) -> list[dict[str, Any]]:
    return [
        {
            "member_id": each,
            "subject": chance.choice([f"task:{TASK}"] * 3 + ["task:9999"]),
            "source": f"batch:{number}",
            "way": chance.choice(list(CompletionWay)),
            "completed_on": day(chance.randrange(SPAN)),
            "title": "期",
            "noted_at": clock.instant(FIRST),
            "noted_by": 1,
            "withdrawn_at": _instant(chance) if chance.random() < 0.2 else None,
        }
        for each in ids
        for number in range(2)
        if chance.random() < 0.3
    ]


def _places(chance: random.Random, ids: list[int], batches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "batch_id": batch["id"],
            "member_id": each,
            "noted_at": _instant(chance),
            "noted_by": 1,
            "withdrawn_at": _instant(chance) if chance.random() < 0.3 else None,
        }
        for each in ids
        for batch in batches
        if chance.random() < 0.25
    ]
