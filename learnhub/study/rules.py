"""What can be marked as studied, and by which name: `month:2026-11:film`, `course:first-response:burns`."""

import dataclasses
import re
from collections.abc import Sequence
from typing import Literal, TypeVar

from learnhub.content.schema import Catalogue, Course, NotInCatalogue
from learnhub.core.text import search_key

# The practice is not among them: the branch records it on the theme day, nobody ticks it off alone.
MonthPart = Literal["lesson", "film"]
T = TypeVar("T")
_DIGEST = re.compile(r"[0-9a-f]{32}")


@dataclasses.dataclass(frozen=True, slots=True)
class Studied:
    """Something of the catalogue that a member may mark: its name, the hash of its content, where it stands."""

    unit: str
    content_hash: str
    url: str


def month_part(month: str, part: MonthPart) -> str:
    """The name of a month's lesson or film."""
    return f"month:{month}:{part}"


def course_lesson(slug: str, lesson: str) -> str:
    """The name of a course's lesson."""
    return f"course:{slug}:{lesson}"


def studied(catalogue: Catalogue, unit: str) -> Studied:
    """What `unit` names in `catalogue`; raises NotInCatalogue when it names nothing there."""
    kind, _, rest = unit.partition(":")
    place, _, part = rest.partition(":")
    if kind == "month" and part == "lesson":
        return Studied(unit, catalogue.unit(place).lesson.hash, f"/months/{place}/lesson#done")
    if kind == "month" and part == "film":
        return Studied(unit, catalogue.unit(place).film.hash, f"/months/{place}#film")
    if kind == "course":
        return Studied(unit, catalogue.lesson(place, part).hash, f"/courses/{place}/{part}#done")
    raise NotInCatalogue


def neighbours(items: Sequence[T], index: int) -> tuple[T | None, T | None]:
    """What stands before and after `items[index]`, None at the ends."""
    before = items[index - 1] if index > 0 else None
    after = items[index + 1] if index + 1 < len(items) else None
    return before, after


def matching(courses: Sequence[Course], words: str) -> tuple[Course, ...]:
    """The courses whose title, summary or audience has every word of `words`; all for no words.

    Width, case and separators make no difference.
    """
    keys = [search_key(word) for word in words.split()]
    return tuple(
        course
        for course in courses
        if all(key in search_key(f"{course.title}{course.summary}{course.audience}") for key in keys)
    )


def is_digest(text: str) -> bool:
    """Whether `text` can name a file by its bytes; nothing else ever becomes part of a path."""
    return _DIGEST.fullmatch(text) is not None
