"""Members as `facts.stands` classifies them, added up by organization or by what lies directly below one."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, Select, Subquery, case, cast, func, select

from learnhub.reports.queries import facts
from learnhub.reports.rules import AMONG, Column


def sums(found: CTE, by: str = "organization_id") -> Select[Any]:
    """The column `by` and every column of the report, by the former, of the rows of `found` (made by `facts.stands`).

    In two steps: first those who stand alike are counted, then the few groups of each organization are added to the
    columns. Nineteen sums over every member cost three times as much as seven.
    """
    alike = (found.c[by], found.c.class_number, found.c.way_number)
    groups = (
        select(
            *alike,
            cast(func.count(), Integer).label("people"),
            *(cast(func.sum(found.c[each.value]), Integer).label(each.value) for each in AMONG),
        )
        .group_by(*alike)
        .subquery("groups")
    )
    return select(groups.c[by], *(func.sum(_part(groups, column)).label(column.value) for column in Column)).group_by(
        groups.c[by]
    )


def _part(groups: Subquery, column: Column) -> ColumnElement[int]:
    """How many of a group `column` counts."""
    if column in AMONG:
        return groups.c[column.value]
    return case((facts.counted(groups, column), groups.c.people), else_=0)
