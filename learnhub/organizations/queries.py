"""Questions to the tree, always as of a civil day."""

import dataclasses
import datetime as dt
from collections.abc import Sequence

from sqlalchemy import CTE, Date, Integer, and_, bindparam, literal, select
from sqlalchemy.orm import Session, aliased

from learnhub.organizations.models import Organization, OrganizationLink
from learnhub.organizations.rules import BRANCH_KINDS, Domain, OrganizationKind


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


def subtree(root_ids: Sequence[int], day: dt.date) -> CTE:
    """A recursive CTE of the ids of `root_ids` and of everything below them on `day`; column `id`."""
    roots = (
        select(Organization.id.label("id")).where(Organization.id.in_(root_ids)).cte("subtree", recursive=True)
    )
    link = aliased(OrganizationLink)
    return roots.union(
        select(link.organization_id).where(
            link.parent_id == roots.c.id, link.valid_from <= day, link.valid_to > day
        )
    )


def _line_above() -> CTE:
    day = bindparam("day", type_=Date)
    line = select(literal(bindparam("start", type_=Integer)).label("id"), literal(0).label("steps"))
    above = line.cte("above", recursive=True)
    return above.union_all(
        select(OrganizationLink.parent_id, above.c.steps + 1).where(
            OrganizationLink.organization_id == above.c.id,
            OrganizationLink.valid_from <= day,
            OrganizationLink.valid_to > day,
        )
    )


_ABOVE = _line_above()
_COVERS = (
    select(_ABOVE.c.id).where(_ABOVE.c.id.in_(bindparam("tops", expanding=True, type_=Integer))).limit(1)
)


def covers(session: Session, tops: Sequence[int], organization_id: int, day: dt.date) -> bool:
    """Whether `organization_id` is one of `tops` or hangs below one of them on `day` (no statement when it is one)."""
    if organization_id in tops:
        return True
    if not tops:
        return False
    found = session.execute(_COVERS, {"start": organization_id, "day": day, "tops": list(tops)}).first()
    return found is not None


def _values(day: dt.date):  # type: ignore[no-untyped-def]
    link = and_(
        OrganizationLink.organization_id == Organization.id,
        OrganizationLink.valid_from <= day,
        OrganizationLink.valid_to > day,
    )
    return (
        select(
            Organization.id,
            Organization.code,
            Organization.name,
            Organization.kind,
            Organization.domain,
            Organization.position,
            OrganizationLink.parent_id,
        )
        .outerjoin(OrganizationLink, link)
        .where(Organization.founded_on <= day, Organization.dissolved_on > day)
    )


def organization(session: Session, organization_id: int, day: dt.date) -> OrganizationValue | None:
    """The organization as of `day`, or None when there is none."""
    row = session.execute(_values(day).where(Organization.id == organization_id)).first()
    return OrganizationValue(*row) if row else None


def children(session: Session, organization_id: int, day: dt.date) -> tuple[OrganizationValue, ...]:
    """The organizations directly below on `day`, in organization order."""
    statement = _values(day).where(OrganizationLink.parent_id == organization_id)
    rows = session.execute(statement.order_by(Organization.position, Organization.id))
    return tuple(OrganizationValue(*row) for row in rows)
