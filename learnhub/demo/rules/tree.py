"""The tree of the demonstration: a county committee, towns, general branches and branches, in organization order."""

import dataclasses
import datetime as dt
import random
from collections import Counter

from learnhub.demo.rules import words
from learnhub.demo.rules.rows import LinkRow, OrganizationRow
from learnhub.organizations.rules import BRANCH_KINDS, Domain, OrganizationKind

_K, _D = OrganizationKind, Domain
_ROOT_FOUNDED = dt.date(1950, 3, 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Tree:
    """Organizations and their links; `recorded` is the id of the branch whose recorder shows the site."""

    organizations: tuple[OrganizationRow, ...]
    links: tuple[LinkRow, ...]
    recorded: int

    @property
    def branches(self) -> tuple[OrganizationRow, ...]:
        """The organizations that have members."""
        return tuple(each for each in self.organizations if each.kind in BRANCH_KINDS)

    @property
    def towns(self) -> tuple[OrganizationRow, ...]:
        """The organizations directly below the county's."""
        first = {each.organization_id for each in self.links if each.parent_id == self.organizations[0].id}
        return tuple(each for each in self.organizations if each.id in first)


class Planter:
    """Adds organizations one by one. A child is founded after its parent; its place is the last among its siblings."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.organizations: list[OrganizationRow] = []
        self.links: list[LinkRow] = []
        self._positions: Counter[int] = Counter()
        self.root = self._add(None, words.COUNTY, _K.COMMITTEE, None, _ROOT_FOUNDED)

    def _add(
        self, parent: int | None, name: str, kind: OrganizationKind, domain: Domain | None, founded: dt.date
    ) -> int:
        number = len(self.organizations) + 1
        self._positions[parent or 0] += 1
        position = self._positions[parent or 0]
        self.organizations.append(OrganizationRow(number, f"ORG{number:05}", name, kind, domain, position, founded))
        if parent is not None:
            self.links.append(LinkRow(number, parent, founded))
        return number

    def committee(self, name: str, kind: OrganizationKind = _K.COMMITTEE, parent: int | None = None) -> int:
        """A committee, below the county's unless another `parent` is named."""
        first, last = (1985, 1994) if parent else (1952, 1984)
        return self._add(parent or self.root, name, kind, None, self._day(first, last))

    def general(self, parent: int, name: str) -> int:
        """A general branch; `name` is without the word for it."""
        return self._add(parent, f"{name}党总支", _K.GENERAL_BRANCH, None, self._day(1995, 1999))

    def branch(self, parent: int, name: str, domain: Domain, kind: OrganizationKind = _K.BRANCH) -> int:
        """A branch; `name` is without the word for it."""
        word = {_K.JOINT_BRANCH: "联合党支部", _K.MOBILE_BRANCH: "流动党员党支部"}.get(kind, "党支部")
        first, last = (2019, 2021) if domain is _D.NEW_EMPLOYMENT else (2000, 2018)
        return self._add(parent, name + word, kind, domain, self._day(first, last))

    def split(self, parent: int, name: str, domain: Domain, count: int) -> int:
        """A general branch with `count` numbered branches; the id of the first of them."""
        above = self.general(parent, name)
        numbered = [self.branch(above, f"{name}第{number}", domain) for number in "一二三四五六"[:count]]
        return numbered[0]

    def village_names(self, count: int) -> list[str]:
        """`count` different names of villages, without the word for village."""
        every = [first + second for first in words.PLACE_FIRST for second in words.PLACE_SECOND if first != second]
        return self.rng.sample(every, count)

    def done(self, recorded: int) -> Tree:
        """The finished tree."""
        return Tree(tuple(self.organizations), tuple(self.links), recorded)

    def _day(self, first: int, last: int) -> dt.date:
        return dt.date(self.rng.randint(first, last), self.rng.randint(1, 12), self.rng.randint(1, 28))


def town_tree(rng: random.Random) -> Tree:
    """27 branches: a town, a township, the county's offices and the new fields."""
    plant = Planter(rng)
    first, second = words.TOWN_STEMS[:2]
    town = plant.committee(f"{first}镇党委")
    plant.branch(town, f"{first}镇机关", _D.GOVERNMENT)
    names = plant.village_names(14)
    recorded = plant.branch(town, f"{names[0]}村", _D.RURAL)
    for name in names[1:8]:
        plant.branch(town, f"{name}村", _D.RURAL)
    plant.split(town, f"{names[8]}村", _D.RURAL, 2)
    plant.split(town, f"{words.COMMUNITY_STEMS[0]}社区", _D.COMMUNITY, 2)
    plant.branch(town, f"{first}中学", _D.SCHOOL)
    plant.branch(town, f"{first}镇卫生院", _D.HOSPITAL)
    plant.branch(town, f"{first}镇离退休干部", _D.RETIRED)
    township = plant.committee(f"{second}乡党委")
    plant.branch(township, f"{second}乡机关", _D.GOVERNMENT)
    for name in names[9:14]:
        plant.branch(township, f"{name}村", _D.RURAL)
    plant.branch(township, f"{second}中心小学", _D.SCHOOL)
    offices = plant.committee("县直机关党工委", _K.WORKING_COMMITTEE)
    plant.branch(offices, f"县{words.OFFICES[0]}", _D.GOVERNMENT)
    _new_fields(plant, first)
    return plant.done(recorded)


def _new_fields(plant: Planter, town: str) -> None:
    above = plant.committee("县两新组织党工委", _K.WORKING_COMMITTEE)
    plant.branch(above, words.FIRMS[0], _D.PRIVATE_ENTERPRISE)
    plant.branch(above, f"县{words.SOCIETIES[0]}", _D.SOCIAL_ORGANIZATION)
    plant.branch(above, f"{town}镇{words.NEW_WORK[0]}行业", _D.NEW_EMPLOYMENT, _K.JOINT_BRANCH)
