"""The catalogue: everything authors wrote, rendered, checked and frozen.

Workers load it from JSON; only `content.load` builds it. Looking up: `Catalogue.course(slug)`, `.lesson(slug, id)`,
`.unit(month)`, `.page(slug)`, `.quiz(place)`, `.question(place, id)`, `.media_file(digest)` return the thing or raise
`NotInCatalogue` (a `core.errors.NotFound`, so 404); iterate over `.courses`, `.units`, `.pages` for lists.

Addresses. Links inside rendered HTML are already final site paths; whoever maps URLs keeps to these:

    /courses/<slug>               a course              /months/<YYYY-MM>            a month unit
    /courses/<slug>/<lesson id>   one of its lessons    /months/<YYYY-MM>/lesson     its lesson
    /courses/<slug>/quiz          its questions         /months/<YYYY-MM>/quiz       its questions
    /pages/<slug>                 a single page         /months/<YYYY-MM>#film       its film (element id `film`)
    /media/<digest>/<file name>   picture, film, …      /months/<YYYY-MM>#practice   its practice (id `practice`)

`digest` names the bytes (32 hex digits of their SHA-256). Publishing copies every file to
`<folder of the published JSON>/media/<digest>` and never deletes one, so the address may be cached for ever and an old
attempt keeps its pictures. The type to answer with is `MEDIA_TYPES[suffix of the file name]`; any other suffix is 404.

All `html` and `*_html` fields are sanitised and safe to print with `|safe`. Headings inside them start at h2.
"""

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

from learnhub.core.errors import NotFound
from learnhub.core.text import N_

COURSE_URL = "/courses/{slug}"
COURSE_LESSON_URL = "/courses/{slug}/{lesson}"
COURSE_QUIZ_URL = "/courses/{slug}/quiz"
UNIT_URL = "/months/{month}"
UNIT_LESSON_URL = "/months/{month}/lesson"
UNIT_QUIZ_URL = "/months/{month}/quiz"
UNIT_FILM_URL = "/months/{month}#film"
UNIT_PRACTICE_URL = "/months/{month}#practice"
PAGE_URL = "/pages/{slug}"
MEDIA_URL = "/media/{digest}/{name}"

MEDIA_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
    ".vtt": "text/vtt; charset=utf-8",
    ".pdf": "application/pdf",
}

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


K = TypeVar("K")
V = TypeVar("V")


class NotInCatalogue(NotFound):
    """What was asked for is not in this version of the catalogue; the web answers 404."""

    def __init__(self) -> None:
        super().__init__(N_("现在的学习内容里没有这一项。"))


class Value(BaseModel):
    """A frozen value: strict types, unknown keys refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Basis(Value):
    """A legal basis (依据): its words and, where there is one, the https address of the authoritative text."""

    text: str
    link: str | None = None


class Heading(Value):
    """One entry of a lesson's outline: level 2 to 6, the anchor in its HTML, the words as plain text."""

    level: int
    id: str
    text: str


class Lesson(Value):
    """A lesson of a course (`id` is its slug) or of a month unit (`id` is `lesson`)."""

    id: Slug
    order: int
    title: str
    summary: str
    lecturer: str
    basis: tuple[Basis, ...]
    html: str
    text: str
    outline: tuple[Heading, ...]
    hash: Hash
    source: str

    @property
    def characters(self) -> int:
        """How many characters a reader has before them, blanks not counted."""
        return len("".join(self.text.split()))


class Film(Value):
    """A month's film: `file` (ours), `link` (elsewhere) or both; a file always has captions and a poster.

    `minutes` is what the author states, `source_name` who made it, `html` the text of the film; `file`, `captions` and
    `poster` are site paths (/media/…).
    """

    title: str
    source_name: str
    summary: str
    minutes: int
    file: str | None
    link: str | None
    captions: str | None
    poster: str | None
    html: str
    text: str
    hash: Hash
    source: str


class Practice(Value):
    """A month's practice: what to do, as HTML and plain text."""

    title: str
    summary: str
    html: str
    text: str
    hash: Hash
    source: str


class Kind(StrEnum):
    """The six kinds of question."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    BLANK = "blank"
    ORDERING = "ordering"
    MATCHING = "matching"


class Option(Value):
    """Something to choose, order or match. The key follows the words, not the place, and gives nothing away."""

    key: str
    html: str
    text: str


class Question(Value):
    """A question with its key. `id` is lasting and unique within its quiz; `title` is the stem as plain text.

    stem_html      inline (fits a legend); in a blank's stem each blank is `<span class="blank">`
    material_html  blocks between stem and options (a picture, a case), mostly empty
    options        what is chosen (single, multiple; true_false has the keys `true`, `false`) or put in order,
                   or stands on the left of a matching
    targets        the right side of a matching
    correct        keys of the correct options (one for single, true_false); for an ordering all, in the right order
    blanks         for each blank the answers that are accepted, the first being the one to show
    pairs          for a matching (option key, target key)
    """

    id: Slug
    kind: Kind
    title: str
    stem_html: str
    material_html: str = ""
    options: tuple[Option, ...]
    targets: tuple[Option, ...]
    correct: tuple[str, ...]
    blanks: tuple[tuple[str, ...], ...]
    pairs: tuple[tuple[str, str], ...]
    explanation_html: str
    hash: Hash
    source: str
    line: int


class Course(Value):
    """A course: lessons in order, questions of its quiz. `hours_quarters` are quarters of a credit hour (学时)."""

    slug: Slug
    title: str
    summary: str
    hours_quarters: int
    audience: str
    basis: tuple[Basis, ...]
    introduction_html: str
    text: str
    lessons: tuple[Lesson, ...]
    quiz: tuple[Question, ...]
    quiz_title: str = ""
    hash: Hash
    source: str


class MonthUnit(Value):
    """One month's theme Party day: one lesson, one film, one practice, perhaps questions. `title` is the theme."""

    month: Month
    title: str
    summary: str
    basis: tuple[Basis, ...]
    introduction_html: str
    text: str
    lesson: Lesson
    film: Film
    practice: Practice
    quiz: tuple[Question, ...]
    quiz_title: str = ""
    hash: Hash
    source: str


class Page(Value):
    """A single page: about, privacy notice, what this software does not do."""

    slug: Slug
    title: str
    summary: str
    html: str
    text: str
    outline: tuple[Heading, ...]
    hash: Hash
    source: str


class Media(Value):
    """A file that is served as it is: path under the content folder, digest of its bytes, size in bytes."""

    path: str
    digest: Hash
    size: int


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
