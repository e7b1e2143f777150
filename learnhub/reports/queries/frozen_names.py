"""The names behind a number of an issued report: who was counted then, called as the roster calls them now."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from learnhub.core import clock
from learnhub.members.models import Member
from learnhub.organizations import queries as organizations
from learnhub.reports.queries.freezing import Standing, frozen_people
from learnhub.reports.rules import Column

_CHUNK = 10_000


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """What a member is called; somebody whose import was undone has no row any more."""

    name: str
    birth_month: str


def behind(
    session: Session, report_id: int, top_id: int, column: Column, row_id: int | None
) -> list[tuple[int, Standing]]:
    """Who stood behind a number of an issued report, by member id: in `row_id`, or in the whole table for None.

    In organization order and then in roster order. Five statements at most for ten thousand people.
    """
    found = {
        id_: each
        for id_, each in frozen_people(session, report_id).items()
        if column in each.counted and row_id in (None, each.row_id)
    }
    where = {id_: each.organization_id for id_, each in found.items()}
    return [(id_, found[id_]) for id_ in roster_order(session, where, top_id)]


def roster_order(session: Session, where: Mapping[int, int], top_id: int) -> list[int]:
    """Members by organization order and then roster order, from the branch of each; gone organizations come last."""
    tree = organizations.whole_tree(session, top_id, clock.today())
    place = {row.value.id: number for number, row in enumerate(tree)}
    keys: dict[int, str] = {}
    ids = list(where)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        keys.update(session.execute(select(Member.id, Member.sort_key).where(Member.id.in_(chunk))).tuples().all())
    return sorted(ids, key=lambda each: (place.get(where[each], len(place)), keys.get(each, ""), each))


def persons(session: Session, ids: Collection[int]) -> dict[int, Person]:
    """What the members of one page are called."""
    rows = session.execute(select(Member.id, Member.name, Member.birth_month).where(Member.id.in_(ids)))
    return {row[0]: Person(row[1], row[2]) for row in rows}


def names_of(session: Session, ids: Collection[int], day: dt.date) -> dict[int, str]:
    """What organizations were called on `day`, whenever they existed."""
    known = organizations.names(day)
    return dict(session.execute(select(known.c.id, known.c.name).where(known.c.id.in_(ids))).tuples().all())
