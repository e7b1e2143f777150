"""The values a catalogue is made of: frozen, strictly typed, unknown keys refused."""

import hashlib
import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints

from learnhub.core.text import N_

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


def content_hash(*parts: object) -> str:
    """The hash of JSON values, 32 hex digits: equal exactly when the content is."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()[:32]


class Value(BaseModel):
    """A frozen value: strict types, unknown keys refused."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


V = TypeVar("V", bound=Value)


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


class Variant(Value):
    """The same film in another file, mostly a smaller one; `label` is what the author calls it, perhaps nothing."""

    file: str
    label: str


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
    variants: tuple[Variant, ...] = ()
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
    topic          the first-level heading above it, where questions are drawn by topic
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
    topic: str = ""
    hash: Hash
    source: str
    line: int


# How many questions of each topic an attempt asks; empty where all are asked.
Draw = tuple[tuple[str, int], ...]


def asked(quiz: tuple[Question, ...], draw: Draw) -> int:
    """How many questions of `quiz` one attempt asks."""
    return sum(count for _topic, count in draw) if draw else len(quiz)


# 依据：中国共产党党员教育管理工作条例第七条至第十三条，党员教育的七项基本任务。
TOPICS = (
    N_("政治理论教育"),
    N_("政治教育和政治训练"),
    N_("党章党规党纪教育"),
    N_("党的宗旨教育"),
    N_("革命传统教育"),
    N_("形势政策教育"),
    N_("知识技能教育"),
)
GROUPS = (
    N_("全体党员"),
    N_("党组织书记和委员"),
    N_("村和社区干部"),
    N_("农村党员"),
    N_("流动党员"),
    N_("新党员和发展对象"),
)


class Course(Value):
    """A course: lessons in order, questions of its quiz. `hours_quarters` are quarters of a credit hour (学时).

    `topic` and `groups` are what the list of courses can be narrowed by, of `TOPICS` and `GROUPS`; `audience` is what
    its author says of it in words.
    """

    slug: Slug
    title: str
    summary: str
    hours_quarters: int
    audience: str
    topic: str = ""
    groups: tuple[str, ...] = ()
    basis: tuple[Basis, ...]
    introduction_html: str
    text: str
    lessons: tuple[Lesson, ...]
    quiz: tuple[Question, ...]
    quiz_title: str = ""
    draw: Draw = ()
    hash: Hash
    source: str

    @property
    def questions_asked(self) -> int:
        """How many questions one attempt at the quiz asks."""
        return asked(self.quiz, self.draw)


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
    draw: Draw = ()
    hash: Hash
    source: str

    @property
    def questions_asked(self) -> int:
        """How many questions one attempt at the quiz asks."""
        return asked(self.quiz, self.draw)


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


_PARTS = frozenset({"hash", "source", "lessons", "quiz", "lesson", "film", "practice"})


def hashed(value: V, parts: Sequence[str] = ()) -> V:
    """The value with its hash: of its own fields and of the hashes of its `parts`; where it stands does not matter."""
    own = value.model_dump(mode="json", exclude=set(_PARTS))
    return value.model_copy(update={"hash": content_hash(own, list(parts))})
