"""Members as `facts.stands` classifies them, added up by organization."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, Select, Subquery, case, cast, func, select

from learnhub.reports.queries import facts
from learnhub.reports.rules import AMONG, Column


def sums(found: CTE) -> Select[Any]:
    """`organization_id` and every column, by organization, of the rows of `found` (made by `facts.stands`).

    In two steps: first those who stand alike are counted, then the few groups of each organization are added to the
    columns. Nineteen sums over every member cost three times as much as seven.
    """
    alike = (found.c.organization_id, found.c.class_number, found.c.way_number)
    groups = (
        select(
            *alike,
            cast(func.count(), Integer).label("people"),
            *(cast(func.sum(found.c[each.value]), Integer).label(each.value) for each in AMONG),
        )
        .group_by(*alike)
        .subquery("groups")
    )
    return select(
        groups.c.organization_id, *(func.sum(_part(groups, column)).label(column.value) for column in Column)
    ).group_by(groups.c.organization_id)


def _part(groups: Subquery, column: Column) -> ColumnElement[int]:
    """How many of a group `column` counts."""
    if column in AMONG:
        return groups.c[column.value]
    return case((facts.counted(groups, column), groups.c.people), else_=0)
