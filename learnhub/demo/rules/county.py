"""The tree of a whole county: towns, streets and the committees of the systems, filled up with villages to an exact size."""

import random

from learnhub.demo.rules import words
from learnhub.demo.rules.tree import Planter, Tree
from learnhub.organizations.rules import Domain, OrganizationKind

_K, _D = OrganizationKind, Domain
# Towns among the stems of town names; the others are townships.
_TOWNS = 15


def county_tree(rng: random.Random, organizations: int) -> Tree:
    """A county of exactly `organizations`; whatever the systems and towns leave is filled with villages."""
    plant = Planter(rng)
    towns = [_town(plant, stem, "镇" if number < _TOWNS else "乡") for number, stem in enumerate(words.TOWN_STEMS)]
    for number, stem in enumerate(words.STREET_STEMS):
        _street(plant, stem, number)
    _offices(plant)
    _schools(plant)
    _hospitals(plant)
    _state_firms(plant)
    _new_fields(plant)
    _retired_and_mobile(plant)
    recorded = _villages(plant, towns, organizations - len(plant.organizations))
    return plant.done(recorded)


def _town(plant: Planter, stem: str, word: str) -> int:
    town = plant.committee(f"{stem}{word}党委")
    plant.branch(town, f"{stem}{word}机关", _D.GOVERNMENT)
    plant.branch(town, f"{stem}{word}农业服务中心", _D.INSTITUTION)
    plant.branch(town, f"{stem}中学", _D.SCHOOL)
    plant.branch(town, f"{stem}中心小学", _D.SCHOOL)
    plant.branch(town, f"{stem}{word}卫生院", _D.HOSPITAL)
    plant.branch(town, f"{stem}{word}离退休干部", _D.RETIRED)
    for firm in plant.rng.sample(words.FIRMS, plant.rng.randint(1, 3)):
        plant.branch(town, f"{stem}{firm}", _D.PRIVATE_ENTERPRISE)
    for name in plant.rng.sample(words.COMMUNITY_STEMS, 2 if word == "镇" else 1):
        plant.split(town, f"{name}社区", _D.COMMUNITY, plant.rng.randint(2, 3))
    return town


def _street(plant: Planter, stem: str, number: int) -> None:
    street = plant.committee(f"{stem}街道党工委", _K.WORKING_COMMITTEE)
    plant.branch(street, f"{stem}街道机关", _D.GOVERNMENT)
    for name in words.COMMUNITY_STEMS[number * 5 : number * 5 + 5]:
        plant.split(street, f"{name}社区", _D.COMMUNITY, plant.rng.randint(3, 6))
    plant.branch(street, f"{stem}街道{words.NEW_WORK[number]}行业", _D.NEW_EMPLOYMENT, _K.JOINT_BRANCH)


def _offices(plant: Planter) -> None:
    above = plant.committee("县直机关党工委", _K.WORKING_COMMITTEE)
    for number, office in enumerate(words.OFFICES):
        if number % 4 == 0:
            plant.split(above, f"县{office}", _D.GOVERNMENT, 3)
        else:
            plant.branch(above, f"县{office}", _D.GOVERNMENT)


def _schools(plant: Planter) -> None:
    above = plant.committee("县教育党工委", _K.WORKING_COMMITTEE)
    for number, school in enumerate(words.SCHOOLS):
        if number < 4:
            plant.split(above, f"县{school}", _D.SCHOOL, 3)
        else:
            plant.branch(above, f"县{school}", _D.SCHOOL)


def _hospitals(plant: Planter) -> None:
    above = plant.committee("县卫生健康党工委", _K.WORKING_COMMITTEE)
    for hospital in words.HOSPITALS:
        plant.split(above, f"县{hospital}", _D.HOSPITAL, 4)


def _state_firms(plant: Planter) -> None:
    above = plant.committee("县国有企业党工委", _K.WORKING_COMMITTEE)
    for number, firm in enumerate(words.STATE_FIRMS):
        if number < 3:  # a company with a committee of its own: one level more
            company = plant.committee(f"县{firm}党委", parent=above)
            plant.split(company, f"县{firm}机关", _D.STATE_ENTERPRISE, 2)
            plant.split(company, f"县{firm}营业部", _D.STATE_ENTERPRISE, 3)
        else:
            plant.branch(above, f"县{firm}", _D.STATE_ENTERPRISE)


def _new_fields(plant: Planter) -> None:
    above = plant.committee("县两新组织党工委", _K.WORKING_COMMITTEE)
    for firm in words.FIRMS:
        plant.split(above, f"县{firm}", _D.PRIVATE_ENTERPRISE, 2)
    for society in words.SOCIETIES:
        plant.branch(above, f"县{society}", _D.SOCIAL_ORGANIZATION)
    for work in words.NEW_WORK:
        plant.branch(above, f"县{work}行业", _D.NEW_EMPLOYMENT, _K.JOINT_BRANCH)


def _retired_and_mobile(plant: Planter) -> None:
    above = plant.committee("县委老干部局党委")
    for office in words.OFFICES[:12]:
        plant.branch(above, f"县{office}离退休干部", _D.RETIRED)
    away = plant.committee("县流动党员党委")
    for place in words.MOBILE_PLACES:
        plant.branch(away, place, _D.OTHER, _K.MOBILE_BRANCH)


def _villages(plant: Planter, towns: list[int], left: int) -> int:
    """Fill the towns with `left` organizations; the first branch is the one whose recorder shows the site."""
    recorded = 0
    for number, town in enumerate(towns):
        share = left // len(towns) + (number < left % len(towns))
        names = iter(plant.village_names(share))
        big = share // 10  # a large village is three organizations: a general branch and two branches
        first = [plant.branch(town, f"{next(names)}村", _D.RURAL) for _ in range(share - 3 * big)]
        recorded = recorded or first[0]
        for _ in range(big):
            plant.split(town, f"{next(names)}村", _D.RURAL, 2)
    return recorded
