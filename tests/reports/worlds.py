"""Random small worlds of dated facts, and a slow recount of them in plain Python that shares nothing with the queries."""

import dataclasses
import datetime as dt
import random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.members.models import Circumstance, Member, Membership, Post
from learnhub.members.rules import COMMITTEE_POSTS, CircumstanceKind, PostKind, Sex
from learnhub.organizations.models import FormerDescription, Organization, OrganizationLink
from learnhub.organizations.rules import Domain
from learnhub.records.models import Completion
from learnhub.reports.rules import Column, Facts, columns
from learnhub.training.batches.models import Batch, Place
from learnhub.training.tasks.models import Task
from learnhub.training.tasks.rules import Audience
from tests.reports.world_rows import (
    FIRST,
    SPAN,
    START,
    TASK,
    audience,
    batches,
    completions,
    day,
    formers,
    moves,
    places,
    span,
    tree,
)

__all__ = ["FIRST", "SPAN", "START", "TASK", "World", "day", "random_world"]


@dataclasses.dataclass
class World:
    """Rows by table, as plain dictionaries."""

    organizations: list[dict[str, Any]]
    formers: list[dict[str, Any]]
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
            (FormerDescription, self.formers),
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

    def described(self, organization_id: int, on: dt.date) -> dict[str, Any]:
        """The row that says what the organization was on a day."""
        former = [row for row in self.formers if row["organization_id"] == organization_id and holds(row, on)]
        return former[0] if former else next(row for row in self.organizations if row["id"] == organization_id)

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
        found = {}
        for belongs in self.memberships:
            branch = self.described(belongs["organization_id"], on)
            line = self.line(belongs["organization_id"], on)
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


def random_world(seed: int) -> World:
    """The world of a seed."""
    chance = random.Random(seed)
    organizations, links = tree(chance)
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
        for where, begins, ends in moves(chance, branches, (0, 0, 2))
    ]
    meant, opened = audience(chance), batches(chance)
    return World(
        organizations=organizations,
        formers=formers(random.Random(-seed - 1), organizations),
        links=links,
        members=members,
        memberships=memberships,
        posts=[
            {"member_id": each, "organization_id": START, "kind": kind, **span(chance)}
            for each in ids
            for kind in PostKind
            if chance.random() < 0.15
        ],
        circumstances=[
            {"member_id": each, "kind": kind, "reason": "", **span(chance)}
            for each in ids
            for kind in CircumstanceKind
            if chance.random() < 0.25
        ],
        completions=completions(chance, ids),
        batches=opened,
        places=places(chance, ids, opened),
        task={
            "id": TASK,
            "organization_id": START + chance.choice([0, 0, 1, 2]),
            "title": "轮训",
            "starts_on": FIRST,
            "ends_on": day(300),
            "quarters": 64,
            "basis": "计划",
            "audience": meant.to_json(),
            "leave_part": 7,
            "pass_percent": None,
            "opened_at": clock.instant(FIRST),
            "opened_by": 1,
        },
        audience=meant,
    )
