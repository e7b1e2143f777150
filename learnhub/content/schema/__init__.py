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

from learnhub.content.schema.addresses import (
    COURSE_LESSON_URL,
    COURSE_QUIZ_URL,
    COURSE_URL,
    MEDIA_TYPES,
    MEDIA_URL,
    PAGE_URL,
    UNIT_FILM_URL,
    UNIT_LESSON_URL,
    UNIT_PRACTICE_URL,
    UNIT_QUIZ_URL,
    UNIT_URL,
)
from learnhub.content.schema.catalogue import Catalogue, NotInCatalogue
from learnhub.content.schema.search import LONGEST_WORDS, Hit, Index, Part, SearchEntry, shown
from learnhub.content.schema.values import (
    GROUPS,
    TOPICS,
    Basis,
    Course,
    Draw,
    Film,
    Hash,
    Heading,
    Kind,
    Lesson,
    Media,
    Month,
    MonthUnit,
    Option,
    Page,
    Practice,
    Question,
    Slug,
    Value,
    Variant,
    content_hash,
    hashed,
)

__all__ = [
    "COURSE_LESSON_URL",
    "COURSE_QUIZ_URL",
    "COURSE_URL",
    "GROUPS",
    "LONGEST_WORDS",
    "MEDIA_TYPES",
    "MEDIA_URL",
    "PAGE_URL",
    "TOPICS",
    "UNIT_FILM_URL",
    "UNIT_LESSON_URL",
    "UNIT_PRACTICE_URL",
    "UNIT_QUIZ_URL",
    "UNIT_URL",
    "Basis",
    "Catalogue",
    "Course",
    "Draw",
    "Film",
    "Hash",
    "Heading",
    "Hit",
    "Index",
    "Kind",
    "Lesson",
    "Media",
    "Month",
    "MonthUnit",
    "NotInCatalogue",
    "Option",
    "Page",
    "Part",
    "Practice",
    "Question",
    "SearchEntry",
    "Slug",
    "Value",
    "Variant",
    "content_hash",
    "hashed",
    "shown",
]
