"""The catalogue of one version and its look-ups."""

from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

from learnhub.content.schema.addresses import (
    COURSE_LESSON_URL,
    COURSE_URL,
    PAGE_URL,
    UNIT_FILM_URL,
    UNIT_LESSON_URL,
    UNIT_PRACTICE_URL,
    UNIT_URL,
)
from learnhub.content.schema.search import Index, Part, SearchEntry
from learnhub.content.schema.values import Basis, Course, Hash, Lesson, Media, MonthUnit, Page, Question, Value
from learnhub.core.errors import NotFound
from learnhub.core.text import N_

K = TypeVar("K")
V = TypeVar("V")


class NotInCatalogue(NotFound):
    """What was asked for is not in this version of the catalogue; the web answers 404."""

    def __init__(self) -> None:
        super().__init__(N_("现在的学习内容里没有这一项。"))


class Catalogue(Value):
    """All content of one version. `version` changes when any of it does. Courses stand by slug, units by month."""

    version: Hash
    courses: tuple[Course, ...]
    units: tuple[MonthUnit, ...]
    pages: tuple[Page, ...]
    media: tuple[Media, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it to study: neither a course nor a month."""
        return not (self.courses or self.units)

    def course(self, slug: str) -> Course:
        """The course of that slug, or NotInCatalogue."""
        return _found(self._courses, slug)

    def lesson(self, slug: str, lesson: str) -> Lesson:
        """A course's lesson by its id, or NotInCatalogue."""
        return _found(self._lessons, (slug, lesson))

    def unit(self, month: str) -> MonthUnit:
        """The unit of a month (`2026-11`), or NotInCatalogue."""
        return _found(self._units, month)

    def page(self, slug: str) -> Page:
        """The single page of that slug, or NotInCatalogue."""
        return _found(self._pages, slug)

    def quiz(self, place: str) -> tuple[Question, ...]:
        """The questions, perhaps none, of a course (by slug) or of a unit (by month), or NotInCatalogue."""
        return _found(self._quizzes, place)

    def question(self, place: str, id: str) -> Question:
        """One question of a course (by slug) or of a unit (by month), or NotInCatalogue."""
        return _found(self._questions, (place, id))

    def media_file(self, digest: str) -> Media:
        """The file with these bytes, or NotInCatalogue."""
        return _found(self._media, digest)

    def entries(self) -> Iterator[SearchEntry]:
        """Everything a search should find: all that any visitor may read. Questions and their keys are not among it."""
        for course in self.courses:
            yield from _of_course(course)
        for unit in self.units:
            yield from _of_unit(unit)
        for page in self.pages:
            url = PAGE_URL.format(slug=page.slug)
            yield SearchEntry(part=Part.PAGE, url=url, title=page.title, text=f"{page.summary}\n{page.text}")

    @cached_property
    def index(self) -> Index:
        """The search over all entries, made ready once for a version."""
        return Index(self.entries())

    @cached_property
    def _courses(self) -> dict[str, Course]:
        return {course.slug: course for course in self.courses}

    @cached_property
    def _lessons(self) -> dict[tuple[str, str], Lesson]:
        return {(course.slug, lesson.id): lesson for course in self.courses for lesson in course.lessons}

    @cached_property
    def _units(self) -> dict[str, MonthUnit]:
        return {unit.month: unit for unit in self.units}

    @cached_property
    def _pages(self) -> dict[str, Page]:
        return {page.slug: page for page in self.pages}

    @cached_property
    def _quizzes(self) -> dict[str, tuple[Question, ...]]:
        return {course.slug: course.quiz for course in self.courses} | {unit.month: unit.quiz for unit in self.units}

    @cached_property
    def _questions(self) -> dict[tuple[str, str], Question]:
        return {(place, question.id): question for place, quiz in self._quizzes.items() for question in quiz}

    @cached_property
    def _media(self) -> dict[str, Media]:
        return {media.digest: media for media in self.media}


def _of_course(course: Course) -> Iterator[SearchEntry]:
    about = [course.summary, course.text, course.audience, *_words(course.basis), course.topic, *course.groups]
    url = COURSE_URL.format(slug=course.slug)
    yield SearchEntry(part=Part.COURSE, url=url, title=course.title, text="\n".join(about))
    for lesson in course.lessons:
        url = COURSE_LESSON_URL.format(slug=course.slug, lesson=lesson.id)
        yield SearchEntry(
            part=Part.LESSON, url=url, title=lesson.title, text=_lesson_words(lesson), within=course.title
        )


def _of_unit(unit: MonthUnit) -> Iterator[SearchEntry]:
    month, film, practice = unit.month, unit.film, unit.practice
    about = "\n".join([unit.summary, unit.text, *_words(unit.basis)])
    yield SearchEntry(part=Part.UNIT, url=UNIT_URL.format(month=month), title=unit.title, text=about)
    yield SearchEntry(
        part=Part.LESSON,
        url=UNIT_LESSON_URL.format(month=month),
        title=unit.lesson.title,
        text=_lesson_words(unit.lesson),
        within=unit.title,
    )
    told = "\n".join([film.summary, film.text, film.source_name])
    url = UNIT_FILM_URL.format(month=month)
    yield SearchEntry(part=Part.FILM, url=url, title=film.title, text=told, within=unit.title)
    url = UNIT_PRACTICE_URL.format(month=month)
    asked = f"{practice.summary}\n{practice.text}"
    yield SearchEntry(part=Part.PRACTICE, url=url, title=practice.title, text=asked, within=unit.title)


def _lesson_words(lesson: Lesson) -> str:
    return "\n".join([lesson.summary, lesson.text, lesson.lecturer, *_words(lesson.basis)])


def _words(basis: tuple[Basis, ...]) -> list[str]:
    return [one.text for one in basis]


def _found(index: dict[K, V], key: K) -> V:
    try:
        return index[key]
    except KeyError:
        raise NotInCatalogue from None
