"""Questions to the tree, always as of a civil day."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.orm import Session, aliased

from learnhub.organizations.models import Organization, OrganizationLink
from learnhub.organizations.queries.descriptions import Described, former_descriptions, names, of_domains
from learnhub.organizations.rules import BRANCH_KINDS, Domain, OrganizationKind

__all__ = ["Described", "former_descriptions", "names", "of_domains"]


@dataclasses.dataclass(frozen=True, slots=True)
class OrganizationValue:
    """An organization as of a day; `parent_id` is None at the root."""

    id: int
    code: str
    name: str
    kind: OrganizationKind
    domain: Domain | None
    position: int
    parent_id: int | None

    @property
    def is_branch(self) -> bool:
        """Whether members belong to it directly."""
        return self.kind in BRANCH_KINDS


@dataclasses.dataclass(frozen=True, slots=True)
class TreeRow:
    """An organization and how many steps it stands below the root that was asked for (0 for the root itself)."""

    value: OrganizationValue
    depth: int


def subtree(root_ids: Sequence[int], day: dt.date) -> CTE:
    """A recursive CTE of the ids of `root_ids` and of everything below them on `day`; column `id`."""
    roots = select(Organization.id.label("id")).where(Organization.id.in_(root_ids)).cte("subtree", recursive=True)
    link = aliased(OrganizationLink)
    return roots.union(
        select(link.organization_id).where(link.parent_id == roots.c.id, link.valid_from <= day, link.valid_to > day)
    )


def ids_below(session: Session, root_ids: Sequence[int], since: dt.date) -> list[int]:
    """The ids of `root_ids` and of everything that hangs below one of them on `since` or on any later day."""
    below = select(Organization.id.label("id")).where(Organization.id.in_(root_ids)).cte("below", recursive=True)
    link = aliased(OrganizationLink)
    below = below.union(select(link.organization_id).where(link.parent_id == below.c.id, link.valid_to > since))
    return list(session.scalars(select(below.c.id)))


def _line_above() -> CTE:
    day = bindparam("day", type_=Date)
    line = select(bindparam("start", type_=Integer).label("id"), literal(0).label("steps"))
    above = line.cte("above", recursive=True)
    return above.union_all(
        select(OrganizationLink.parent_id, above.c.steps + 1).where(
            OrganizationLink.organization_id == above.c.id,
            OrganizationLink.valid_from <= day,
            OrganizationLink.valid_to > day,
        )
    )


def _lines_above() -> CTE:
    """The lines above several organizations; `start` says whose each is."""
    day = bindparam("day", type_=Date)
    starts = Organization.id.in_(bindparam("starts", expanding=True, type_=Integer))
    line = select(Organization.id.label("id"), Organization.id.label("start")).where(starts)
    above = line.cte("lines", recursive=True)
    return above.union(
        select(OrganizationLink.parent_id, above.c.start).where(
            OrganizationLink.organization_id == above.c.id,
            OrganizationLink.valid_from <= day,
            OrganizationLink.valid_to > day,
        )
    )


_LINES = _lines_above()
_PAIRS = select(_LINES.c.id, _LINES.c.start).where(_LINES.c.id.in_(bindparam("tops", expanding=True, type_=Integer)))
_ABOVE = _line_above()
_COVERS = select(_ABOVE.c.id).where(_ABOVE.c.id.in_(bindparam("tops", expanding=True, type_=Integer))).limit(1)


def line_above() -> CTE:
    """The line from an organization up to the root, as `id` and `steps` (0 is itself); bind `start` and `day`."""
    return _ABOVE


def covers(session: Session, tops: Sequence[int], organization_id: int, day: dt.date) -> bool:
    """Whether `organization_id` is one of `tops` or hangs below one of them on `day` (no statement when it is one)."""
    if organization_id in tops:
        return True
    if not tops:
        return False
    found = session.execute(_COVERS, {"start": organization_id, "day": day, "tops": list(tops)}).first()
    return found is not None


def ids_on(session: Session, root_id: int, day: dt.date) -> list[int]:
    """The ids of an organization and of everything that hangs below it on `day`, in no order but always the same."""
    return sorted(session.scalars(select(subtree([root_id], day).c.id)))


def below_tops(session: Session, tops: Collection[int], ids: Collection[int], day: dt.date) -> dict[int, set[int]]:
    """Which of `ids` is one of `tops` or hangs below it on `day`, by the top."""
    waiting, found = list(ids), dict[int, set[int]]()
    for start in range(0, len(waiting), 5000):
        asked = {"starts": waiting[start : start + 5000], "day": day, "tops": list(tops)}
        for top, below in session.execute(_PAIRS, asked):
            found.setdefault(top, set()).add(below)
    return found


def _values(day: dt.date, then: Described | None = None) -> Select[Any]:
    then = then or Described(day)
    link = and_(
        OrganizationLink.organization_id == Organization.id,
        OrganizationLink.valid_from <= day,
        OrganizationLink.valid_to > day,
    )
    return (
        select(
            Organization.id,
            Organization.code,
            then.name,
            then.kind,
            then.domain,
            Organization.position,
            OrganizationLink.parent_id,
        )
        .outerjoin(OrganizationLink, link)
        .outerjoin(then.former, then.on)
        .where(Organization.founded_on <= day, Organization.dissolved_on > day)
    )


def exists_on(organization_id: ColumnElement[int], day: dt.date | BindParameter[dt.date]) -> ColumnElement[bool]:
    """The condition that the organization of a row is founded on `day` and not dissolved, for queries of others."""
    alive = (Organization.founded_on <= day, Organization.dissolved_on > day)
    return exists().where(Organization.id == organization_id, *alive)


def organization(session: Session, organization_id: int, day: dt.date) -> OrganizationValue | None:
    """The organization as of `day`, or None when there is none."""
    row = session.execute(_values(day).where(Organization.id == organization_id)).first()
    return OrganizationValue(*row) if row else None


def children(session: Session, organization_id: int, day: dt.date) -> tuple[OrganizationValue, ...]:
    """The organizations directly below on `day`, in organization order."""
    statement = _values(day).where(OrganizationLink.parent_id == organization_id)
    rows = session.execute(statement.order_by(Organization.position, Organization.id))
    return tuple(OrganizationValue(*row) for row in rows)


def ancestors(session: Session, organization_id: int, day: dt.date) -> tuple[OrganizationValue, ...]:
    """The line from the root down to `organization_id` itself on `day`; empty when there is no such organization."""
    statement = _values(day).join(_ABOVE, _ABOVE.c.id == Organization.id).order_by(_ABOVE.c.steps.desc())
    return tuple(OrganizationValue(*row) for row in session.execute(statement, {"start": organization_id, "day": day}))


def whole_tree(session: Session, root_id: int, day: dt.date) -> tuple[TreeRow, ...]:
    """`root_id` and everything below it on `day` in organization order (position, then id, at each level).

    One statement, whatever the size; a parent stands before its children.
    """
    below = subtree([root_id], day)
    found = session.execute(_values(day).join(below, below.c.id == Organization.id))
    values = [OrganizationValue(*row) for row in found]
    top = next((each for each in values if each.id == root_id), None)
    by_parent: dict[int | None, list[OrganizationValue]] = {}
    for each in sorted(values, key=lambda value: (value.position, value.id)):
        by_parent.setdefault(each.parent_id, []).append(each)
    return tuple(_walk(top, by_parent)) if top else ()


def _walk(top: OrganizationValue, by_parent: dict[int | None, list[OrganizationValue]]) -> Iterator[TreeRow]:
    waiting = [TreeRow(top, 0)]
    while waiting:
        row = waiting.pop()
        yield row
        waiting.extend(TreeRow(child, row.depth + 1) for child in reversed(by_parent.get(row.value.id, [])))


def parts(tree: Sequence[TreeRow]) -> Iterator[list[OrganizationValue]]:
    """Each organization directly below the top of a tree in tree order, followed by everything below it."""
    part: list[OrganizationValue] = []
    for row in tree[1:]:
        if row.depth == 1 and part:
            yield part
            part = []
        part.append(row.value)
    if part:
        yield part


def branches_below(session: Session, organization_id: int, day: dt.date) -> tuple[OrganizationValue, ...]:
    """The branches among `organization_id` and everything below it on `day`, in tree order."""
    return tuple(row.value for row in whole_tree(session, organization_id, day) if row.value.is_branch)


def listed(
    session: Session, day: dt.date, *, name: str = "", kind: OrganizationKind | None = None, below: int | None = None
) -> tuple[OrganizationValue, ...]:
    """The organizations of `day` by id: those whose name or code holds `name`, of one kind, at or below one of them."""
    then = Described(day)
    statement = _values(day, then).order_by(Organization.id)
    if name:
        in_name, in_code = (column.contains(name, autoescape=True) for column in (then.name, Organization.code))
        statement = statement.where(in_name | in_code)
    if kind is not None:
        statement = statement.where(then.kind == kind)
    if below is not None:
        statement = statement.where(Organization.id.in_(select(subtree([below], day).c.id)))
    return tuple(OrganizationValue(*row) for row in session.execute(statement))


def by_codes(session: Session, codes: Sequence[str]) -> dict[str, int]:
    """The ids of the organizations that bear one of `codes`, dissolved ones too."""
    found: dict[str, int] = {}
    for start in range(0, len(codes), 10_000):  # both databases allow several times as many in one statement
        some = Organization.code.in_(codes[start : start + 10_000])
        found.update(row._tuple() for row in session.execute(select(Organization.code, Organization.id).where(some)))
    return found


def roots(session: Session, day: dt.date) -> tuple[OrganizationValue, ...]:
    """The organizations that hang below no other on `day`, in organization order."""
    statement = _values(day).where(OrganizationLink.id.is_(None))
    rows = session.execute(statement.order_by(Organization.position, Organization.id))
    return tuple(OrganizationValue(*row) for row in rows)


def next_position(session: Session, parent_id: int | None, day: dt.date) -> int:
    """The position after the last organization below `parent_id` on `day` (1 for the first)."""
    if parent_id is None:
        return 1
    statement = (
        select(func.max(Organization.position))
        .join(OrganizationLink, OrganizationLink.organization_id == Organization.id)
        .where(OrganizationLink.parent_id == parent_id, OrganizationLink.valid_to > day)
    )
    return (session.scalar(statement) or 0) + 1


def links_after(session: Session, organization_id: int, day: dt.date) -> list[OrganizationLink]:
    """The links of an organization that hold on `day` or begin later, by their first day."""
    statement = select(OrganizationLink).where(
        OrganizationLink.organization_id == organization_id, OrganizationLink.valid_to > day
    )
    return list(session.scalars(statement.order_by(OrganizationLink.valid_from)))
