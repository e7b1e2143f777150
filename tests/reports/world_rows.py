"""The rows of a random world, table by table."""

import datetime as dt
import random
from typing import Any

from learnhub.core import clock
from learnhub.core.orm import FOREVER
from learnhub.members.rules import CircumstanceKind, PostKind
from learnhub.organizations.rules import Domain, OrganizationKind
from learnhub.records.rules import CompletionWay
from learnhub.training.tasks.rules import Audience, MemberKind

FIRST = dt.date(2026, 6, 1)
SPAN = 12
START = 1001  # ids of a world begin here, past those of the cast
TASK = START


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def span(chance: random.Random) -> dict[str, dt.date]:
    begins = chance.randrange(-1, SPAN)
    lasts = chance.choice([1, 2, 5, None])
    return {"valid_from": day(begins), "valid_to": day(begins + lasts) if lasts else FOREVER}


def moves(chance: random.Random, places: list[int], gaps: tuple[int, ...]) -> list[tuple[int, dt.date, dt.date]]:
    """One or two places one after the other, with one of `gaps` between them."""
    if chance.random() < 0.6:
        return [(chance.choice(places), day(-30), FOREVER)]
    moved = chance.randrange(SPAN)
    return [
        (chance.choice(places), day(-30), day(moved)),
        (chance.choice(places), day(moved + chance.choice(gaps)), FOREVER),
    ]


def instant(chance: random.Random) -> dt.datetime:
    hour = chance.choice([0, 7, 8, 12, 23])
    return clock.instant(day(chance.randrange(SPAN)), dt.time(hour, chance.choice([0, 59])))


def some(chance: random.Random, words: Any) -> frozenset[Any]:
    return frozenset(chance.sample(list(words), chance.randrange(1, 3))) if chance.random() < 0.2 else frozenset()


def tree(chance: random.Random) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
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
        for parent, begins, ends in moves(chance, parents, (0,)):
            links.append(
                {"organization_id": START + number, "parent_id": parent, "valid_from": begins, "valid_to": ends}
            )
    return organizations, links


def formers(chance: random.Random, organizations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What some organizations were at first, and some of them again before they became what their rows say."""
    rows = []
    for each in organizations[4:]:
        begins = each["founded_on"]
        for _change in range(chance.choice([0, 0, 1, 2])):
            ends = max(begins, day(-1)) + dt.timedelta(days=chance.randrange(1, SPAN))
            rows.append(
                {
                    "organization_id": each["id"],
                    "name": f"原{each['name']}",
                    "kind": chance.choice([OrganizationKind.BRANCH, OrganizationKind.JOINT_BRANCH]),
                    "domain": chance.choice([None, Domain.RURAL, Domain.SCHOOL]),
                    "valid_from": begins,
                    "valid_to": ends,
                }
            )
            begins = ends
    return rows


def audience(chance: random.Random) -> Audience:
    """Everybody in every second world: all conditions at once leave hardly anybody to count."""
    if chance.random() < 0.5:
        return Audience()
    return Audience(
        kinds=some(chance, MemberKind),
        posts=some(chance, PostKind),
        domains=some(chance, Domain),
        circumstances=some(chance, CircumstanceKind),
        post_months=chance.choice([None, None, None, 0, 1]),
        full_months=chance.choice([None, None, 0, 1]),
    )


def batches(chance: random.Random) -> list[dict[str, Any]]:
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
            "closed_at": instant(chance) if chance.random() < 0.5 else None,
        }
        for number in range(3)
    ]


def completions(chance: random.Random, ids: list[int]) -> list[dict[str, Any]]:
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
            "withdrawn_at": instant(chance) if chance.random() < 0.2 else None,
        }
        for each in ids
        for number in range(2)
        if chance.random() < 0.3
    ]


def places(chance: random.Random, ids: list[int], batches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "batch_id": batch["id"],
            "member_id": each,
            "noted_at": instant(chance),
            "noted_by": 1,
            "withdrawn_at": instant(chance) if chance.random() < 0.3 else None,
        }
        for each in ids
        for batch in batches
        if chance.random() < 0.25
    ]
