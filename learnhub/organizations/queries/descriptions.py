"""What organizations are called, are, and work in: on a day, and before each change."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from learnhub.organizations.models import FormerDescription, Organization
from learnhub.organizations.rules import Domain, OrganizationKind


class Described:
    """What organizations are called, are and work in on a day, as columns of a statement over `Organization`.

    The statement joins `former`, outer, by `on`. The day may be a civil day, a parameter, or a column.
    """

    def __init__(self, day: Any) -> None:
        self.former = aliased(FormerDescription)
        self.on: ColumnElement[bool] = and_(
            self.former.organization_id == Organization.id, self.former.valid_from <= day, self.former.valid_to > day
        )
        self.name: ColumnElement[str] = func.coalesce(self.former.name, Organization.name)
        self.kind: ColumnElement[OrganizationKind] = func.coalesce(self.former.kind, Organization.kind)
        # A domain may be none at all, formerly too.
        self.domain: ColumnElement[Domain | None] = case(
            (self.former.id.is_(None), Organization.domain), else_=self.former.domain
        )


def names(day: Any) -> Subquery:
    """What all organizations are called on a day, whether they stand then or not, for statements of rooms above.

    Columns `id` and `name`.
    """
    then = Described(day)
    return (
        select(Organization.id, then.name.label("name")).outerjoin(then.former, then.on).subquery("organization_names")
    )


def of_domains(domains: Collection[Domain], day: dt.date) -> Select[tuple[int]]:
    """Selects the ids of the organizations that work in these domains on `day`, for statements of rooms above."""
    then = Described(day)
    wanted = then.domain.in_(sorted(domains, key=lambda each: each.value))
    return select(Organization.id).outerjoin(then.former, then.on).where(wanted)


def former_descriptions(
    session: Session, organization_ids: Collection[int]
) -> dict[int, tuple[FormerDescription, ...]]:
    """What each of these organizations was before its changes, first to last; those that never changed are left out."""
    found: dict[int, list[FormerDescription]] = {}
    ids = sorted(organization_ids)
    for start in range(0, len(ids), 10_000):
        some = FormerDescription.organization_id.in_(ids[start : start + 10_000])
        for row in session.scalars(select(FormerDescription).where(some).order_by(FormerDescription.valid_from)):
            found.setdefault(row.organization_id, []).append(row)
    return {each: tuple(rows) for each, rows in found.items()}
