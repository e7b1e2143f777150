"""What the yearly reports of branches share: whose branches they are, how each was made up, month by month."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from learnhub.core.errors import NotFound
from learnhub.core.text import N_
from learnhub.meetings.queries import shapes
from learnhub.meetings.rules.duties import Shape
from learnhub.organizations import queries as organizations
from learnhub.organizations.queries import OrganizationValue, TreeRow


@dataclasses.dataclass(frozen=True, slots=True)
class Unit:
    """A direct sub-organization with the ids of the branches at and below it, in organization order."""

    organization: OrganizationValue
    branches: tuple[int, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Units:
    """An organization on `day` and its units; a branch is its own only unit.

    `months` (`YYYY-MM`) are those of the year of `day` that have begun; `shapes` is how each branch was made up at the
    end of each of them, on `day` for the month that still lasts.
    """

    organization: OrganizationValue
    day: dt.date
    months: tuple[str, ...]
    units: tuple[Unit, ...]
    shapes: dict[int, tuple[Shape, ...]]

    def stands(self, branch: int, month: int = -1) -> bool:
        """Whether a branch stood at the end of the month of that number in `months`; on `day` for the last."""
        shapes = self.shapes.get(branch)
        return bool(shapes and shapes[month].heads)

    @property
    def branches(self) -> list[int]:
        """All branches, in organization order."""
        return [branch for unit in self.units for branch in unit.branches]


def units(session: Session, organization_id: int, day: dt.date) -> Units:
    """The organization, its branches by the tree of `day`, and their shapes (two statements, whatever the size).

    Raises NotFound when there is no such organization on that day.
    """
    tree = organizations.whole_tree(session, organization_id, day)
    if not tree:
        raise NotFound(N_("那一天没有这个组织。"))
    top = tree[0].value
    found = (Unit(top, (top.id,)),) if top.is_branch else tuple(_units(tree))
    months = tuple(f"{day.year:04d}-{number:02d}" for number in range(1, day.month + 1))
    return Units(top, day, months, found, shapes(session, tree, day, months))


def _units(tree: Sequence[TreeRow]) -> Iterator[Unit]:
    for top, *below in organizations.parts(tree):
        yield Unit(top, tuple(each.id for each in (top, *below) if each.is_branch))
