"""The whole folder becomes a catalogue, or a list of everything that is wrong with it.

`python -m learnhub.content.load FOLDER OUT` does it in a process of its own, so that text which chokes a parser costs a
child and not the site: it writes the catalogue as JSON to OUT when there are no errors, the problems as JSON to standard
output, the name of each file on standard error before reading it, and ends with 0, or 1 when there are errors.
"""

import json
import os
import re
import resource
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from learnhub.content.fields import Fields
from learnhub.content.links import LESSON, Links, address
from learnhub.content.media import CAPTIONS, FILMS, PICTURES
from learnhub.content.parse import Source, read
from learnhub.content.problems import Problem, Problems, has_errors
from learnhub.content.questions import Questions
from learnhub.content.render import Rendered, Renderer
from learnhub.content.schema import Catalogue, Course, Film, Lesson, MonthUnit, Page, Practice, Question, content_hash
from learnhub.content.tree import Trees
from learnhub.core.text import N_

MOST_FILES = 50_000
MEMORY = 1024 * 1024 * 1024
LARGEST_RESULT = 256 * 1024 * 1024
UNIT_FILES = ("unit.md", "lesson.md", "film.md", "practice.md")


@dataclass(frozen=True)
class Loaded:
    """What became of a folder: the catalogue when there are no errors, and all problems."""

    catalogue: Catalogue | None
    problems: tuple[Problem, ...]


def load(folder: Path, progress: bool = False) -> Loaded:
    """Read, check and render `folder`. With `progress`, name each file on standard error before reading it."""
    problems = Problems()
    files = _listing(folder, problems)
    catalogue = _Loader(folder, files, problems, progress).catalogue()
    found = tuple(problems.sorted())
    return Loaded(None if has_errors(found) else catalogue, found)


class _Loader:
    def __init__(self, folder: Path, files: frozenset[str], problems: Problems, progress: bool) -> None:
        self._folder = folder
        self._files = files
        self._problems = problems
        self._progress = progress
        self._links = Links(folder, files, problems)
        self._renderer = Renderer(Trees(problems), self._links, problems)
        self._questions = Questions(self._renderer, problems)

    def catalogue(self) -> Catalogue:
        places: dict[str, dict[str, list[str]]] = {"courses": defaultdict(list), "themedays": defaultdict(list)}
        pages: list[Page | None] = []
        for path in sorted(self._files):
            parts = path.split("/")
            if not path.endswith(".md") or parts[-1] == "README.md":
                continue
            if address(path) is None:
                self._problems.error(path, (1, 1), _NOT_A_PAGE)
            elif parts[0] == "pages":
                pages.append(self._page(path))
            else:
                places[parts[0]][parts[1]].append(parts[2])
        courses = [self._course(slug, names) for slug, names in places["courses"].items()]
        units = [self._unit(month) for month in places["themedays"]]
        self._links.check_anchors()
        return _catalogue(courses, units, pages, self._links)

    def _course(self, slug: str, names: list[str]) -> Course | None:
        lessons = tuple(filter(None, [self._course_lesson(slug, name) for name in names if LESSON.fullmatch(name)]))
        self._numbers(slug, lessons)
        quiz_title, quiz = self._quiz(f"courses/{slug}/quiz.md")
        source = self._read(f"courses/{slug}/course.md")
        if source is None:
            return None
        fields = Fields(source, ("title", "summary", "hours", "audience", "basis"), self._problems)
        body = self._renderer.page(source)
        if not lessons:
            self._problems.error(source.path, (1, 1), N_("这门课还没有课文；课文的文件名像 10-first-lesson.md。"))
        course = Course(
            slug=slug,
            title=self._title(fields, source, body),
            summary=fields.text("summary"),
            hours_quarters=fields.quarters("hours"),
            audience=fields.text("audience"),
            basis=fields.basis("basis", required=True),
            introduction_html=body.html,
            text=body.text,
            lessons=lessons,
            quiz=quiz,
            quiz_title=quiz_title,
            hash=_NO_HASH,
            source=source.path,
        )
        return _hashed(course)

    def _numbers(self, slug: str, lessons: tuple[Lesson, ...]) -> None:
        seen: dict[int | str, Lesson] = {}
        for lesson in lessons:
            for mark in (lesson.order, lesson.id):
                if mark in seen:
                    reason = N_("“%(mark)s” 和 %(other)s 重复了。")
                    self._problems.error(lesson.source, (1, 1), reason, mark=mark, other=seen[mark].source)
                seen[mark] = lesson

    def _course_lesson(self, slug: str, name: str) -> Lesson | None:
        match = LESSON.fullmatch(name)
        assert match is not None
        return self._lesson(f"courses/{slug}/{name}", match["lesson"], int(match["order"]))

    def _lesson(self, path: str, id: str, order: int) -> Lesson | None:
        source = self._read(path)
        if source is None:
            return None
        fields = Fields(source, ("title", "summary", "lecturer", "basis"), self._problems)
        body = self._renderer.page(source)
        self._not_empty(source, body)
        lesson = Lesson(
            id=id,
            order=order,
            title=self._title(fields, source, body),
            summary=fields.optional("summary"),
            lecturer=fields.optional("lecturer"),
            basis=fields.basis("basis", required=False),
            html=body.html,
            text=body.text,
            outline=body.outline,
            hash=_NO_HASH,
            source=path,
        )
        return _hashed(lesson)

    def _unit(self, month: str) -> MonthUnit | None:
        base = f"themedays/{month}"
        source = self._read(f"{base}/unit.md")
        lesson = self._lesson(f"{base}/lesson.md", "lesson", 0)
        film, practice = self._film(f"{base}/film.md"), self._practice(f"{base}/practice.md")
        quiz_title, quiz = self._quiz(f"{base}/quiz.md")
        if source is None:
            return None
        fields = Fields(source, ("title", "summary", "basis"), self._problems)
        body = self._renderer.page(source)
        title, summary = self._title(fields, source, body), fields.text("summary")
        basis = fields.basis("basis", required=True)
        if not (lesson and film and practice):
            return None
        unit = MonthUnit(
            month=month,
            title=title,
            summary=summary,
            basis=basis,
            introduction_html=body.html,
            text=body.text,
            lesson=lesson,
            film=film,
            practice=practice,
            quiz=quiz,
            quiz_title=quiz_title,
            hash=_NO_HASH,
            source=source.path,
        )
        return _hashed(unit)

    def _film(self, path: str) -> Film | None:
        source = self._read(path)
        if source is None:
            return None
        known = ("title", "source", "minutes", "summary", "file", "link", "captions", "poster")
        fields = Fields(source, known, self._problems)
        body = self._renderer.page(source, "film")
        needed = "file" in source.front.value
        if not needed and "link" not in source.front.value:
            self._problems.error(path, (1, 1), N_("片子要有 file（文件）或者 link（网址）。"))
        film = Film(
            title=self._title(fields, source, body),
            source_name=fields.text("source"),
            summary=fields.optional("summary"),
            minutes=fields.minutes("minutes"),
            file=self._file(fields, path, "file", FILMS, needed=needed),
            link=fields.web_link("link"),
            captions=self._file(fields, path, "captions", CAPTIONS, needed=needed),
            poster=self._file(fields, path, "poster", PICTURES, needed=needed),
            html=body.html,
            text=body.text,
            hash=_NO_HASH,
            source=path,
        )
        return _hashed(film)

    def _file(self, fields: Fields, path: str, key: str, kinds: tuple[str, ...], *, needed: bool) -> str | None:
        name = fields.text(key) if needed else fields.optional(key)
        return self._links.file(path, fields.place(key), name, kinds) if name else None

    def _practice(self, path: str) -> Practice | None:
        source = self._read(path)
        if source is None:
            return None
        fields = Fields(source, ("title", "summary"), self._problems)
        body = self._renderer.page(source, "practice")
        self._not_empty(source, body)
        title, summary = self._title(fields, source, body), fields.optional("summary")
        return _hashed(Practice(title=title, summary=summary, html=body.html, text=body.text, hash=_NO_HASH, source=path))

    def _page(self, path: str) -> Page | None:
        source = self._read(path)
        if source is None:
            return None
        fields = Fields(source, ("title", "summary"), self._problems)
        body = self._renderer.page(source)
        self._not_empty(source, body)
        page = Page(
            slug=Path(path).stem,
            title=self._title(fields, source, body),
            summary=fields.optional("summary"),
            html=body.html,
            text=body.text,
            outline=body.outline,
            hash=_NO_HASH,
            source=path,
        )
        return _hashed(page)

    def _quiz(self, path: str) -> tuple[str, tuple[Question, ...]]:
        source = self._read(path) if path in self._files else None
        if source is None:
            return "", ()
        fields = Fields(source, ("title",), self._problems)
        questions = self._questions.read(source)
        self._links.anchors(path, frozenset(question.id for question in questions))
        if not questions:
            self._problems.error(path, (1, 1), N_("这里没有一道能用的题。"))
        return fields.optional("title"), questions
