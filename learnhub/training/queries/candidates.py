"""Whom a task is for among the members of a day, and who of them still waits to be trained."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from learnhub.members import queries as members
from learnhub.members.queries import RosterMember
from learnhub.members.rules import CircumstanceKind, PostKind
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue, TreeRow
from learnhub.records import queries as records
from learnhub.training.queries.batches import TaskValue
from learnhub.training.queries.places import standing_places
from learnhub.training.rules import Audience, Candidate, ClassPlan, Split, split

# Circumstances in which nobody is filled in by list: listed but not due, or study is brought home (art. 23).
NOT_FILLED = frozenset({CircumstanceKind.LOST_CONTACT, CircumstanceKind.SUSPENDED, CircumstanceKind.EXEMPT})


@dataclasses.dataclass(frozen=True, slots=True)
class Share:
    """How many of those a list holds belong to one organization directly below (or stand in the organization itself)."""

    organization: OrganizationValue
    count: int


@dataclasses.dataclass(frozen=True, slots=True)
class Shares:
    """A list by sub-organization, in organization order, and those on one page of it."""

    total: int
    shares: tuple[Share, ...]
    page: int
    pages: int
    people: tuple[Candidate, ...]


def in_audience(session: Session, audience: Audience, organization_id: int, day: dt.date) -> tuple[Candidate, ...]:
    """The members at and below `organization_id` on `day` whom a task is for: organization order, then roster order."""
    tree = organizations.whole_tree(session, organization_id, day)
    names = tree_names(tree)
    return tuple(_candidate(each, names) for each in _included(session, audience, organization_id, day, tree))


def waiting(session: Session, task: TaskValue, organization_id: int, day: dt.date) -> tuple[Candidate, ...]:
    """Those due at and below `organization_id`, minus covered, exempt and already placed in an open batch of the task."""
    tree = organizations.whole_tree(session, organization_id, day)
    names = tree_names(tree)
    done, placed = records.last_completed(session, task.subject), standing_places(session, task.id)
    return tuple(
        _candidate(each, names)
        for each in _included(session, task.audience, organization_id, day, tree)
        if each.id not in placed
        and NOT_FILLED.isdisjoint(each.circumstances)
        and not (each.id in done and task.audience.covers(day=day, full_on=each.full_on, completed_on=done[each.id]))
    )


def includes(session: Session, audience: Audience, member: RosterMember, day: dt.date) -> bool:
    """Whether a task is for one member on `day`."""
    place = organizations.organization(session, member.organization_id, day)
    posts = _posts(session, audience, [member], day)
    return _fits(audience, member, posts, {member.organization_id: place} if place else {}, day)


def plans(
    session: Session, task: TaskValue, organization_id: int, day: dt.date, *, by: Split, size: int
) -> tuple[ClassPlan, ...]:
    """Classes of at most `size` for everybody who waits at and below `organization_id`, held where `by` says."""
    tree = organizations.whole_tree(session, organization_id, day)
    here = {row.value.id: organization_id for row in tree}
    held_at = here if by is Split.TOGETHER else _directly_below(tree, organization_id)
    return split(waiting(session, task, organization_id, day), held_at, size)


def shares(
    session: Session, people: tuple[Candidate, ...], organization_id: int, day: dt.date, *, page: int, size: int
) -> Shares:
    """`people` by sub-organization of `organization_id`, and page `page` (from 1, `size` a page) of them."""
    tree = organizations.whole_tree(session, organization_id, day)
    below = _directly_below(tree, organization_id)
    counts: dict[int, int] = {}
    for each in people:
        counts[below[each.organization_id]] = counts.get(below[each.organization_id], 0) + 1
    pages = max(-(-len(people) // size), 1)
    page = min(max(page, 1), pages)
    return Shares(
        total=len(people),
        shares=tuple(Share(row.value, counts[row.value.id]) for row in tree if row.value.id in counts),
        page=page,
        pages=pages,
        people=people[(page - 1) * size : page * size],
    )


def tree_names(tree: Iterable[TreeRow]) -> dict[int, str]:
    """The names of the organizations of a tree, by id."""
    return {row.value.id: row.value.name for row in tree}


def _directly_below(tree: Iterable[TreeRow], organization_id: int) -> dict[int, int]:
    """For each organization of the tree, by id: the one directly below the top that it hangs under, or the top."""
    found: dict[int, int] = {}
    top = organization_id
    for row in tree:
        if row.depth == 1:
            top = row.value.id
        found[row.value.id] = top
    found[organization_id] = organization_id
    return found


def _included(
    session: Session, audience: Audience, organization_id: int, day: dt.date, tree: tuple[TreeRow, ...]
) -> list[RosterMember]:
    place = {row.value.id: number for number, row in enumerate(tree)}
    by_id = {row.value.id: row.value for row in tree}
    known = [each for each in members.members_below(session, organization_id, day) if each.organization_id in place]
    posts = _posts(session, audience, known, day)
    found = [each for each in known if _fits(audience, each, posts, by_id, day)]
    return sorted(found, key=lambda each: place[each.organization_id])


def _posts(
    session: Session, audience: Audience, people: Iterable[RosterMember], day: dt.date
) -> Mapping[int, Mapping[PostKind, dt.date]]:
    """The posts of `people` with the days they were taken up, which are looked up only where the rule asks for them."""
    if audience.post_months is None:
        return {each.id: dict.fromkeys(each.posts, day) for each in people}
    return members.posts_since(session, [each.id for each in people if each.posts], day)


def _fits(
    audience: Audience,
    member: RosterMember,
    posts: Mapping[int, Mapping[PostKind, dt.date]],
    places: Mapping[int, OrganizationValue],
    day: dt.date,
) -> bool:
    place = places.get(member.organization_id)
    return audience.includes(
        day=day,
        full_on=member.full_on,
        posts=posts.get(member.id, {}),
        domain=place.domain if place else None,
        circumstances=member.circumstances,
    )


def _candidate(member: RosterMember, names: Mapping[int, str]) -> Candidate:
    return Candidate(
        id=member.id,
        name=member.name,
        sex=member.sex,
        birth_month=member.birth_month,
        organization_id=member.organization_id,
        branch=names.get(member.organization_id, ""),
    )
