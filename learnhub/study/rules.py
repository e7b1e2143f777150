"""What can be marked as studied, and by which name: `month:2026-11:film`, `course:first-response:burns`."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Literal, TypeVar

from learnhub.content.schema import (
    GROUPS,
    LONGEST_WORDS,
    MEDIA_TYPES,
    TOPICS,
    Catalogue,
    Course,
    Film,
    Hit,
    MonthUnit,
    NotInCatalogue,
    Part,
    shown,
)
from learnhub.core.text import N_

# The practice is not among them: the branch records it on the theme day, nobody ticks it off alone.
MonthPart = Literal["lesson", "film"]
T = TypeVar("T")
_DIGEST = re.compile(r"[0-9a-f]{32}")
_MEDIA = re.compile(r'src="(/media/[^"]+)"')


@dataclasses.dataclass(frozen=True, slots=True)
class Studied:
    """Something of the catalogue that a member may mark: its name, the hash of its content, where it stands."""

    unit: str
    content_hash: str
    url: str


def unit_of(catalogue: Catalogue, month: str) -> MonthUnit | None:
    """The unit of a month, or None while nothing is published for it."""
    try:
        return catalogue.unit(month)
    except NotInCatalogue:
        return None


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


def chosen(courses: Sequence[Course], topic: str, group: str) -> tuple[Course, ...]:
    """The courses of a topic and for a group of people; an empty word asks for all."""
    return tuple(course for course in courses if topic in ("", course.topic) and (not group or group in course.groups))


def choices(courses: Sequence[Course]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The topics and the groups of people that some course has, in their own order."""
    topics, groups = {course.topic for course in courses}, {group for course in courses for group in course.groups}
    return tuple(each for each in TOPICS if each in topics), tuple(each for each in GROUPS if each in groups)


# How many results of a kind stand on the page of all kinds, and how many on a page of one kind.
FEW, MANY = 3, 20
PART_NAMES: Mapping[Part, str] = {
    Part.COURSE: N_("课程"),
    Part.LESSON: N_("课文"),
    Part.UNIT: N_("每月主题"),
    Part.FILM: N_("片子"),
    Part.PRACTICE: N_("实践"),
    Part.PAGE: N_("说明"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """What a search found of one kind: how many in all, and those on this page, the first being number `first`."""

    part: Part
    count: int
    first: int
    hits: tuple[Hit, ...]

    @property
    def last(self) -> int:
        """The number of the last one on this page."""
        return self.first + len(self.hits) - 1


def asked(text: str) -> str:
    """The words of a search as a page may show them: single spaces, nothing invisible, not longer than is looked for."""
    plain = "".join(character for character in " ".join(text.split()) if character.isprintable())
    return plain[:LONGEST_WORDS].strip()


def found(catalogue: Catalogue, words: str, part: Part | None = None, page: int = 1) -> tuple[Found, ...]:
    """What has all of `words`, by kind: the first few of every kind, or one page (the last at most) of the kind `part`."""
    entries = catalogue.index.find(words)
    groups = []
    for kind in Part if part is None else (part,):
        of_kind = [entry for entry in entries if entry.part is kind]
        last_page = (len(of_kind) - 1) // MANY
        start = 0 if part is None else MANY * min(page - 1, last_page)
        here = of_kind[start : start + (FEW if part is None else MANY)]
        if here:
            groups.append(Found(kind, len(of_kind), start + 1, tuple(shown(entry, words) for entry in here)))
    return tuple(groups)


def is_digest(text: str) -> bool:
    """Whether `text` can name a file by its bytes; nothing else ever becomes part of a path."""
    return _DIGEST.fullmatch(text) is not None


@dataclasses.dataclass(frozen=True, slots=True)
class FilmFile:
    """One of the files that a film comes in: its site path, its type, what its author calls it, its size in bytes."""

    url: str
    kind: str
    label: str
    size: int


def film_files(catalogue: Catalogue, film: Film) -> tuple[FilmFile, ...]:
    """The files of a film, the largest first; none when it is only elsewhere."""
    if film.file is None:
        return ()
    named = [(film.file, ""), *((each.file, each.label) for each in film.variants)]
    found = [
        FilmFile(url, MEDIA_TYPES[PurePath(url).suffix.lower()], label, _size(catalogue, url)) for url, label in named
    ]
    return tuple(sorted(found, key=lambda each: -each.size))


def film_index(files: Sequence[FilmFile], asked: str, *, saves_data: bool) -> int:
    """Which of `files` to show: the one asked for by its number, else the smallest where data is to be saved."""
    if asked.isascii() and asked.isdigit() and int(asked[:3]) < len(files):
        return int(asked[:3])
    return len(files) - 1 if saves_data and files else 0


# What the frame of the pages weighs on a phone, once: styles, scripts, icons.
FRAME_BYTES = 150_000


def text_size(catalogue: Catalogue, unit: MonthUnit) -> int:
    """How many bytes a month's pages with their pictures are on a phone, without the film."""
    texts = [unit.introduction_html, unit.lesson.html, unit.film.html, unit.practice.html]
    texts += [each.stem_html + each.material_html for each in unit.quiz]
    urls = {url for text in texts for url in _MEDIA.findall(text)} | {unit.film.poster, unit.film.captions} - {None}
    media = sum(_size(catalogue, url) for url in urls if url)
    return FRAME_BYTES + media + sum(len(text.encode()) for text in texts)


def _size(catalogue: Catalogue, url: str) -> int:
    return catalogue.media_file(url.split("/")[2]).size
