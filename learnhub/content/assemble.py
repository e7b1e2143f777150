"""The files of a folder put together: lessons into courses, lesson, film, practice and questions into month units."""

import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from learnhub.content.bias import warn_of_bias
from learnhub.content.draw import draw_of
from learnhub.content.fields import Fields
from learnhub.content.links import LESSON, Links, address
from learnhub.content.media import CAPTIONS, FILMS, PICTURES
from learnhub.content.parse import Source, read
from learnhub.content.part import WHOLE, Part
from learnhub.content.problems import Problems
from learnhub.content.questions import questions
from learnhub.content.render import Rendered, Renderer
from learnhub.content.schema import (
    GROUPS,
    TOPICS,
    Catalogue,
    Course,
    Draw,
    Film,
    Lesson,
    MonthUnit,
    Page,
    Practice,
    Question,
    Value,
    Variant,
    content_hash,
    hashed,
)
from learnhub.content.tree import Trees
from learnhub.core.text import N_

_NO_HASH = "0" * 32
_NOT_A_PAGE = N_(
    "这个文件放错了地方，或者名字不对。课程是 courses/名字/course.md、10-课文名.md 和 quiz.md，"
    "月份是 themedays/2026-11/ 下的 unit.md、lesson.md、film.md、practice.md 和 quiz.md，"
    "单页是 pages/名字.md；名字只用小写字母、数字和连字符。"
)

V = TypeVar("V", bound=Value)


class Assembly:
    """One pass over a folder, or over a `part` of it; what is wrong goes to `problems`. `progress` names files before
    they are read."""

    def __init__(
        self,
        folder: Path,
        files: frozenset[str],
        problems: Problems,
        progress: bool,
        part: Part = WHOLE,
        *,
        media_root: Path | None = None,
    ) -> None:
        self._part = part
        self._folder = folder
        self._files = files
        self._problems = problems
        self._progress = progress
        self.links = Links(folder, files, problems, media_root)
        self._renderer = Renderer(Trees(problems), self.links, problems)

    def catalogue(self) -> Catalogue:
        """Everything that could be read; only fit to serve when no errors were noted."""
        places: dict[str, dict[str, list[str]]] = {"courses": defaultdict(list), "themedays": defaultdict(list)}
        pages: list[Page | None] = []
        for path in sorted(self._files):
            parts = path.split("/")
            if not path.endswith(".md") or parts[-1] == "README.md" or not self._part.has(path):
                continue
            if address(path) is None:
                self._problems.error(path, (1, 1), _NOT_A_PAGE)
            elif parts[0] == "pages":
                pages.append(self._page(path))
            else:
                places[parts[0]][parts[1]].append(parts[2])
        courses = [self._course(slug, names) for slug, names in places["courses"].items()]
        units = [self._unit(month) for month in places["themedays"]]
        self.links.check_anchors(self._part)
        return self._frozen(_present(courses), _present(units), _present(pages))

    def _frozen(self, courses: tuple[Course, ...], units: tuple[MonthUnit, ...], pages: tuple[Page, ...]) -> Catalogue:
        media = self.links.served
        version = content_hash(
            [[thing.source, thing.hash] for group in (courses, units, pages) for thing in group],
            [[one.path, one.digest] for one in media],
        )
        return Catalogue(version=version, courses=courses, units=units, pages=pages, media=media)

    def _course(self, slug: str, names: list[str]) -> Course | None:
        matches = [match for name in names if (match := LESSON.fullmatch(name))]
        lessons = _present(
            [self._lesson(f"courses/{slug}/{match[0]}", match["lesson"], int(match["order"])) for match in matches]
        )
        self._numbers(slug, lessons)
        quiz_title, quiz, draw = self._quiz(f"courses/{slug}/quiz.md")
        source = self._read(f"courses/{slug}/course.md")
        if source is None:
            return None
        fields = Fields(source, ("title", "summary", "hours", "audience", "topic", "groups", "basis"), self._problems)
        body = self._renderer.page(source)
        if not lessons:
            self._problems.error(source.path, (1, 1), N_("这门课还没有课文；课文的文件名像 10-first-lesson.md。"))
        course = Course(
            slug=slug,
            title=self._title(fields, source, body),
            summary=fields.text("summary"),
            hours_quarters=fields.quarters("hours"),
            audience=fields.text("audience"),
            topic=fields.one_of("topic", TOPICS),
            groups=fields.several_of("groups", GROUPS),
            basis=fields.basis("basis", required=True),
            introduction_html=body.html,
            text=body.text,
            lessons=lessons,
            quiz=quiz,
            quiz_title=quiz_title,
            draw=draw,
            hash=_NO_HASH,
            source=source.path,
        )
        return hashed(course, [lesson.hash for lesson in lessons] + [question.hash for question in quiz])

    def _numbers(self, slug: str, lessons: tuple[Lesson, ...]) -> None:
        seen: dict[int | str, Lesson] = {}
        for lesson in lessons:
            for mark in (lesson.order, lesson.id):
                if mark in seen:
                    reason = N_("“%(mark)s” 和 %(other)s 重复了。")
                    self._problems.error(lesson.source, (1, 1), reason, mark=mark, other=seen[mark].source)
                seen[mark] = lesson

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
        return hashed(lesson)

    def _unit(self, month: str) -> MonthUnit | None:
        base = f"themedays/{month}"
        source = self._read(f"{base}/unit.md")
        lesson = self._lesson(f"{base}/lesson.md", "lesson", 0)
        film, practice = self._film(f"{base}/film.md"), self._practice(f"{base}/practice.md")
        quiz_title, quiz, draw = self._quiz(f"{base}/quiz.md")
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
            draw=draw,
            hash=_NO_HASH,
            source=source.path,
        )
        return hashed(unit, [lesson.hash, film.hash, practice.hash] + [question.hash for question in quiz])

    def _film(self, path: str) -> Film | None:
        source = self._read(path)
        if source is None:
            return None
        known = ("title", "source", "minutes", "summary", "file", "variants", "link", "captions", "poster")
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
            variants=self._variants(fields, path),
            link=fields.web_link("link"),
            captions=self._file(fields, path, "captions", CAPTIONS, needed=needed),
            poster=self._file(fields, path, "poster", PICTURES, needed=needed),
            html=body.html,
            text=body.text,
            hash=_NO_HASH,
            source=path,
        )
        return hashed(film)

    def _variants(self, fields: Fields, path: str) -> tuple[Variant, ...]:
        named = fields.entries("variants", ("file", "label"))
        made = ((self.links.film(path, place, name), label) for place, name, label in named)
        found = [Variant(file=file, label=label) for file, label in made if file]
        if found and not fields.optional("file"):
            self._problems.error(path, fields.place("variants"), N_("有 variants 的片子还要有 file。"))
        return tuple(found)

    def _file(self, fields: Fields, path: str, key: str, kinds: tuple[str, ...], *, needed: bool) -> str | None:
        name = fields.text(key) if needed else fields.optional(key)
        if name and kinds is FILMS:
            return self.links.film(path, fields.place(key), name)
        return self.links.file(path, fields.place(key), name, kinds) if name else None

    def _practice(self, path: str) -> Practice | None:
        source = self._read(path)
        if source is None:
            return None
        fields = Fields(source, ("title", "summary"), self._problems)
        body = self._renderer.page(source, "practice")
        self._not_empty(source, body)
        title, summary = self._title(fields, source, body), fields.optional("summary")
        return hashed(
            Practice(title=title, summary=summary, html=body.html, text=body.text, hash=_NO_HASH, source=path)
        )

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
        return hashed(page)

    def _quiz(self, path: str) -> tuple[str, tuple[Question, ...], Draw]:
        source = self._read(path) if path in self._files else None
        if source is None:
            return "", (), ()
        fields = Fields(source, ("title", "draw"), self._problems)
        shares = fields.entries("draw", ("topic", "count"))
        found = questions(source, self._renderer, self._problems, topics=bool(shares))
        self.links.anchors(path, frozenset(question.id for question in found))
        warn_of_bias(source, found, self._problems)
        if not found:
            self._problems.error(path, (1, 1), N_("这里没有一道能用的题。"))
        return fields.optional("title"), found, draw_of(source, shares, found, self._problems)

    def _read(self, path: str) -> Source | None:
        if path not in self._files:
            self._problems.error(path, (1, 1), N_("缺少这个文件。"))
            return None
        if self._progress:
            sys.stderr.write(f"{path}\n")
            sys.stderr.flush()
        return read(self._folder, path, self._problems)

    def _title(self, fields: Fields, source: Source, body: Rendered) -> str:
        return body.title if body.title and "title" not in source.front.value else fields.title()

    def _not_empty(self, source: Source, body: Rendered) -> None:
        if not body.text:
            self._problems.error(source.path, (source.first_line, 1), N_("这个文件没有正文。"))


def _present(things: Sequence[V | None]) -> tuple[V, ...]:
    return tuple(thing for thing in things if thing is not None)
