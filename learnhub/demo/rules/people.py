"""The people of the demonstration: how many in each branch, how old, of which sex, with which names."""

import dataclasses
import datetime as dt
import random

from learnhub.core import clock
from learnhub.demo.rules import words
from learnhub.demo.rules.draw import chosen, front
from learnhub.demo.rules.rows import OrganizationRow
from learnhub.members.rules import Sex
from learnhub.organizations.rules import Domain

_D = Domain
# Shares of all members (docs/counting.md, Words that the code uses): 61 or older; women; probationary.
OLDER, WOMEN, PROBATIONARY = 0.29, 0.30, 0.02
RECORDED_SIZE = 25
_SMALLEST, _LARGEST = 4, 95
_OLDER_WEIGHT = {_D.RETIRED: 1000.0, _D.RURAL: 3.0, _D.COMMUNITY: 2.5, _D.OTHER: 1.0}
_WOMEN_WEIGHT = {_D.SCHOOL: 4.0, _D.HOSPITAL: 4.0, _D.COMMUNITY: 2.0, _D.RURAL: 0.8}
# First and last year of age, and the weight.
_OLDER_AGES = ((61, 70, 55), (71, 80, 32), (81, 92, 13))
_OTHER_AGES = ((22, 30, 15), (31, 35, 16), (36, 40, 16), (41, 45, 14), (46, 50, 14), (51, 55, 13), (56, 60, 12))


@dataclasses.dataclass(slots=True)
class Person:
    """A member in the making; `branch` is the id of the present one, `earlier` the one before a transfer on `moved_on`."""

    id: int
    branch: int
    domain: Domain | None
    sex: Sex
    age: int
    birth_month: str
    joined_on: dt.date
    full_on: dt.date | None
    name: str
    earlier: int | None = None
    moved_on: dt.date | None = None


def sizes(rng: random.Random, branches: tuple[OrganizationRow, ...], recorded: int, total: int) -> dict[int, int]:
    """How many members each branch has; exactly `total` together."""
    fixed = {each.id: rng.randint(4, 6) for each in branches if each.domain is _D.NEW_EMPLOYMENT}
    fixed[recorded] = RECORDED_SIZE
    free = [each.id for each in branches if each.id not in fixed]
    weight = {each.id: _size_weight(rng, each) for each in branches if each.id not in fixed}
    scale = (total - sum(fixed.values())) / sum(weight.values())
    found = {each: max(_SMALLEST, min(_LARGEST, round(weight[each] * scale))) for each in free}
    while surplus := sum(found.values()) + sum(fixed.values()) - total:
        able = [each for each in free if surplus < 0 or found[each] > _SMALLEST]
        for each in rng.sample(able, min(abs(surplus), len(able))):
            found[each] += 1 if surplus < 0 else -1
    return fixed | found


def _size_weight(rng: random.Random, branch: OrganizationRow) -> float:
    usual = {_D.SOCIAL_ORGANIZATION: 0.35, _D.PRIVATE_ENTERPRISE: 0.6}.get(branch.domain or _D.OTHER, 1.0)
    return usual * min(2.2, max(0.35, rng.lognormvariate(0, 0.4)))


def people(
    rng: random.Random, branches: tuple[OrganizationRow, ...], recorded: int, size_of: dict[int, int], today: dt.date
) -> list[Person]:
    """The members of all branches, one branch after another; the shares of age, sex and kind are exact."""
    slots = list(enumerate(each for each in branches for _ in range(size_of[each.id])))
    older = _share(rng, slots, OLDER, _OLDER_WEIGHT)
    women = _share(rng, slots, WOMEN, _WOMEN_WEIGHT)
    younger = [slot for slot in slots if slot[0] not in older]
    probationary = _share(rng, younger, PROBATIONARY * len(slots) / len(younger), {_D.RETIRED: 0.001})
    found = []
    for number, branch in slots:
        sex = Sex.FEMALE if number in women else Sex.MALE
        age = _age(rng, number in older, number in probationary)
        born = clock.next_month(clock.month_of(today), -(age * 12 + rng.randint(0, 11)))
        joined, full = _joined(rng, born, age, today, probationary=number in probationary)
        found.append(Person(number + 1, branch.id, branch.domain, sex, age, born, joined, full, _name(rng, sex, age)))
    _unusual_names(rng, found, recorded)
    return found


def _share(
    rng: random.Random, slots: list[tuple[int, OrganizationRow]], share: float, weights: dict[Domain, float]
) -> set[int]:
    picked = chosen(rng, slots, lambda slot: weights.get(slot[1].domain or _D.OTHER, 0.3), round(share * len(slots)))
    return {number for number, _branch in picked}


def _age(rng: random.Random, older: bool, probationary: bool) -> int:
    if probationary:
        return rng.randint(22, 45)
    bands = _OLDER_AGES if older else _OTHER_AGES
    first, last, _weight = rng.choices(bands, [weight for _first, _last, weight in bands])[0]
    return rng.randint(first, last)


def _joined(
    rng: random.Random, born: str, age: int, today: dt.date, *, probationary: bool
) -> tuple[dt.date, dt.date | None]:
    """The day of joining, at 20 or later, and the day of becoming a full member a year after, always past."""
    if probationary:
        return today - dt.timedelta(days=rng.randint(20, 330)), None
    joined_at = min(age - 2, round(rng.triangular(20, 45, 26)))
    month = clock.next_month(born, joined_at * 12 + rng.randint(0, 11))
    joined = clock.first_day(month).replace(day=rng.randint(1, 28))
    return joined, joined.replace(year=joined.year + 1)


def _name(rng: random.Random, sex: Sex, age: int) -> str:
    surname = rng.choice(words.TWO_PART_SURNAMES) if rng.random() < 0.004 else front(rng, words.SURNAMES)
    return surname + _given(rng, sex, age)


def _given(rng: random.Random, sex: Sex, age: int) -> str:
    generation = 0 if age >= 61 else 1 if age >= 41 else 2
    characters = (words.WOMEN if sex is Sex.FEMALE else words.MEN)[generation]
    single = rng.random() < (0.12, 0.3, 0.25)[generation]
    return "".join(rng.sample(characters, 1 if single else 2))


def _unusual_names(rng: random.Random, found: list[Person], recorded: int) -> None:
    """Rare characters, names with a separator, and two of one name in one branch, also where the site is shown."""
    rare = rng.sample(found, max(len(words.RARE_CHARACTERS), len(found) // 400))
    for number, person in enumerate(rare):
        person.name = person.name[0] + words.RARE_CHARACTERS[number % len(words.RARE_CHARACTERS)]
    taken = {person.id for person in rare}
    for person in rng.sample([each for each in found if each.id not in taken], max(2, len(found) // 800)):
        firsts = words.DOTTED_WOMEN if person.sex is Sex.FEMALE else words.DOTTED_MEN
        person.name = f"{rng.choice(firsts)}·{rng.choice(words.DOTTED_SECOND)}"
        taken.add(person.id)
    by_branch: dict[int, list[Person]] = {}
    for person in found:
        if person.id not in taken:
            by_branch.setdefault(person.branch, []).append(person)
    crowded = [each for number, each in by_branch.items() if len(each) >= 10 and number != recorded]
    for branch in (by_branch[recorded], *rng.sample(crowded, max(1, len(crowded) // 20))):
        first, second = rng.sample(branch, 2)
        second.name = first.name
