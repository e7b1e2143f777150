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
from learnhub.content.schema.values import Course, Hash, Lesson, Media, MonthUnit, Page, Question, Value
from learnhub.core.errors import NotFound
from learnhub.core.text import N_

K = TypeVar("K")
V = TypeVar("V")


class NotInCatalogue(NotFound):
    """What was asked for is not in this version of the catalogue; the web answers 404."""

    def __init__(self) -> None:
        super().__init__(N_("现在的学习内容里没有这一项。"))


class SearchEntry(Value):
    """One thing a search can find: where it is, what it is called, its plain text."""

    url: str
    title: str
    text: str


class Catalogue(Value):
    """All content of one version. `version` changes when any of it does. Courses stand by slug, units by month."""

    version: Hash
    courses: tuple[Course, ...]
    units: tuple[MonthUnit, ...]
    pages: tuple[Page, ...]
    media: tuple[Media, ...]

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
        """Everything a search should find."""
        for course in self.courses:
            yield SearchEntry(
                url=COURSE_URL.format(slug=course.slug), title=course.title, text=f"{course.summary}\n{course.text}"
            )
            for lesson in course.lessons:
                url = COURSE_LESSON_URL.format(slug=course.slug, lesson=lesson.id)
                yield SearchEntry(url=url, title=lesson.title, text=lesson.text)
        for unit in self.units:
            month = unit.month
            yield SearchEntry(url=UNIT_URL.format(month=month), title=unit.title, text=f"{unit.summary}\n{unit.text}")
            yield SearchEntry(url=UNIT_LESSON_URL.format(month=month), title=unit.lesson.title, text=unit.lesson.text)
            yield SearchEntry(url=UNIT_FILM_URL.format(month=month), title=unit.film.title, text=unit.film.text)
            yield SearchEntry(
                url=UNIT_PRACTICE_URL.format(month=month), title=unit.practice.title, text=unit.practice.text
            )
        for page in self.pages:
            yield SearchEntry(url=PAGE_URL.format(slug=page.slug), title=page.title, text=page.text)

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


def _found(index: dict[K, V], key: K) -> V:
    try:
        return index[key]
    except KeyError:
        raise NotInCatalogue from None
