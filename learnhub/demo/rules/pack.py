"""What meetings and sessions of the demonstration are about: the catalogue's titles, or generic ones where it has none."""

import dataclasses
from collections.abc import Mapping

from learnhub.content.schema import Catalogue
from learnhub.core.errors import DomainError
from learnhub.core.text import N_
from learnhub.demo.rules import words


@dataclasses.dataclass(frozen=True, slots=True)
class MonthPack:
    """One month's theme with its lesson, film (and who made it) and practice: titles only."""

    theme: str
    lesson: str
    film: str
    practice: str
    film_source: str = words.FILM_SOURCE


@dataclasses.dataclass(frozen=True, slots=True)
class Pack:
    """Titles by month (`YYYY-MM`), and the courses that have a quiz as (slug, title)."""

    months: Mapping[str, MonthPack] = dataclasses.field(default_factory=dict)
    courses: tuple[tuple[str, str], ...] = ()

    def month(self, month: str) -> MonthPack:
        """The titles of `month`, generic ones of that season where the catalogue has none."""
        return self.months.get(month) or MonthPack(*words.MONTHS[int(month[5:]) - 1])


def pack_of(catalogue: Catalogue) -> Pack:
    """The titles in `catalogue`. Raises DomainError when there is nothing in it to study."""
    if catalogue.is_empty:
        raise DomainError(N_("还没有发布学习内容，不能生成演示数据。请先运行 flask content publish。"))
    months = {
        unit.month: MonthPack(
            unit.title, unit.lesson.title, unit.film.title, unit.practice.title, unit.film.source_name
        )
        for unit in catalogue.units
    }
    return Pack(months, tuple((course.slug, course.title) for course in catalogue.courses if course.quiz))
