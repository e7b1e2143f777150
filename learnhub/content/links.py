"""Where content files live on the site, and where their links lead: all are checked, and rewritten to site paths."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, quote, unquote, urlsplit

from learnhub.content import media, schema
from learnhub.content.parse import Place
from learnhub.content.part import Part
from learnhub.content.problems import UNREADABLE, Problems, nearest
from learnhub.content.schema import Media, Value
from learnhub.core.text import N_

_SLUG = r"(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)"
_MONTH = r"(?P<month>[0-9]{4}-(?:0[1-9]|1[0-2]))"
LESSON = re.compile(r"(?P<order>\d{1,3})-(?P<lesson>[a-z0-9]+(?:-[a-z0-9]+)*)\.md")
_PLACES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"courses/{_SLUG}/course\.md"), schema.COURSE_URL),
    (re.compile(rf"courses/{_SLUG}/quiz\.md"), schema.COURSE_QUIZ_URL),
    (re.compile(rf"courses/{_SLUG}/{LESSON.pattern}"), schema.COURSE_LESSON_URL),
    (re.compile(rf"themedays/{_MONTH}/unit\.md"), schema.UNIT_URL),
    (re.compile(rf"themedays/{_MONTH}/lesson\.md"), schema.UNIT_LESSON_URL),
    (re.compile(rf"themedays/{_MONTH}/quiz\.md"), schema.UNIT_QUIZ_URL),
    (re.compile(rf"themedays/{_MONTH}/film\.md"), schema.UNIT_FILM_URL),
    (re.compile(rf"themedays/{_MONTH}/practice\.md"), schema.UNIT_PRACTICE_URL),
    (re.compile(rf"pages/{_SLUG}\.md"), schema.PAGE_URL),
)
_RESERVED_LESSONS = frozenset({"quiz", "lesson"})


def address(path: str) -> str | None:
    """The site path of a content file (`courses/x/10-y.md`), or None when no page is made of it."""
    for pattern, url in _PLACES:
        match = pattern.fullmatch(path)
        if match and match.groupdict().get("lesson") not in _RESERVED_LESSONS:
            return url.format(**match.groupdict())
    return None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's site path and its size in pixels, where it is known."""

    url: str
    size: tuple[int, int] | None


class Use(Value):
    """A link at `place` of the file `path` to the part `anchor` of the page made of `target`."""

    path: str
    place: Place
    target: str
    anchor: str


class Seams(Value):
    """What the parts of a folder that were read apart must know of each other: the anchors of their pages, and the
    links that lead out of them."""

    anchored: dict[str, frozenset[str]]
    pending: tuple[Use, ...]


def note_missing(problems: Problems, use: Use, anchored: Mapping[str, frozenset[str]]) -> None:
    """Note the link when its target has no such place."""
    if use.anchor not in anchored.get(use.target, ()):
        reason = N_("链接指向 %(target)s 里的 “#%(anchor)s”，那里没有这一处。")
        problems.error(use.path, use.place, reason, target=use.target, anchor=use.anchor)


class Links:
    """Resolves the links of all files of one folder and remembers which files are served and which anchors are used."""

    def __init__(self, folder: Path, files: frozenset[str], problems: Problems, media_root: Path | None = None) -> None:
        self._folder = folder
        self._media_root = media_root
        self._files = files
        self._problems = problems
        self._measured: dict[str, media.Measured | None] = {}
        self._uses: list[Use] = []
        self._anchored: dict[str, frozenset[str]] = {}
        self._pending: list[Use] = []

    @property
    def served(self) -> tuple[Media, ...]:
        """Every file that some page uses, by path."""
        found = [measured.media for measured in self._measured.values() if measured]
        return tuple(sorted(found, key=lambda one: one.path))

    def anchors(self, path: str, ids: frozenset[str]) -> None:
        """Tell which anchors the page made of `path` has."""
        self._anchored[path] = ids

    def link(self, path: str, place: Place, href: str) -> str | None:
        """Where a link in `path` leads, or None when it leads nowhere (a problem has been noted)."""
        parts = _split(href)
        if parts is None or parts.scheme in ("http", "https"):
            return self._outside(path, place, href, bool(parts and parts.netloc))
        if parts.scheme in ("mailto", "tel"):
            return href
        if parts.scheme or parts.netloc or parts.path.startswith("/") or parts.query:
            self._problems.error(
                path, place, N_("链接 “%(href)s” 不能用；站内的写相对路径，站外的写 https://。"), href=href
            )
            return None
        target = _join(path, parts.path) if parts.path else path
        if target not in self._files:
            self._missing(path, place, href, target)
            return None
        if target.endswith(".md"):
            return self._page(path, place, target, unquote(parts.fragment))
        return self.file(path, place, href, media.PICTURES + media.FILMS + media.DOCUMENTS)

    def picture(self, path: str, place: Place, src: str) -> Picture | None:
        """A picture used in `path`, or None (a problem has been noted)."""
        url = self.file(path, place, src, media.PICTURES)
        measured = self._measured.get(_join(path, src)) if url else None
        return Picture(url, measured.size) if url and measured else None

    def file(self, path: str, place: Place, name: str, kinds: tuple[str, ...]) -> str | None:
        """The site path of a file used in `path`, of one of these suffixes, or None (a problem has been noted)."""
        if re.match(r"[a-z]+:|//", name, re.IGNORECASE):
            reason = N_("“%(name)s” 在别的网站上；图片、视频和字幕要放进内容文件夹。")
            self._problems.error(path, place, reason, name=name)
            return None
        target = _join(path, name)
        if target not in self._files:
            self._missing(path, place, name, target)
            return None
        if Path(target).suffix.lower() not in kinds:
            reason = N_("“%(name)s” 不是这里能用的文件，可以用：%(kinds)s。")
            self._problems.error(path, place, reason, name=name, kinds=" ".join(kinds))
            return None
        measured = self._measure(path, place, target)
        if measured is None:
            return None
        return schema.MEDIA_URL.format(digest=measured.media.digest, name=quote(posixpath.basename(target)))

    def film(self, path: str, place: Place, name: str) -> str | None:
        """The site path of a film used in `path`: beside it, or at the same place below the folder of large files.

        None when there is none (a problem has been noted).
        """
        target = _join(path, name)
        outside = None if self._media_root is None or target in self._files else media.inside(self._media_root, target)
        if outside is None:
            return self.file(path, place, name, media.FILMS)
        if Path(target).suffix.lower() not in media.FILMS:
            reason = N_("“%(name)s” 不是这里能用的文件，可以用：%(kinds)s。")
            self._problems.error(path, place, reason, name=name, kinds=" ".join(media.FILMS))
            return None
        measured = self._measured.get(target) or self._measure_large(path, place, target, outside)
        if measured is None:
            return None
        return schema.MEDIA_URL.format(digest=measured.media.digest, name=quote(posixpath.basename(target)))

    def check_anchors(self, part: Part) -> None:
        """When all pages of `part` are known: note every link to a place that is not on its page, and put those that
        lead out of it aside."""
        for use in self._uses:
            if part.has(use.target):
                note_missing(self._problems, use, self._anchored)
            else:
                self._pending.append(use)

    def seams(self) -> Seams:
        """What other parts of the folder must know of this one."""
        return Seams(anchored=self._anchored, pending=tuple(self._pending))

    def _page(self, path: str, place: Place, target: str, anchor: str) -> str | None:
        url = address(target)
        if url is None:
            self._problems.error(path, place, N_("链接指向 %(target)s，它不是网站上的一页。"), target=target)
            return None
        if not anchor:
            return url
        self._uses.append(Use(path=path, place=place, target=target, anchor=anchor))
        page, _, part = url.partition("#")
        return f"{page}#{part}-{anchor}" if part else f"{page}#{anchor}"

    def _outside(self, path: str, place: Place, href: str, has_host: bool) -> str | None:
        if not has_host or re.search(r"[\s\"'<>\\]", href):
            self._problems.error(path, place, N_("网址 “%(href)s” 不对。"), href=href)
            return None
        return href

    def _missing(self, path: str, place: Place, name: str, target: str) -> None:
        meant = nearest(posixpath.basename(target), _names_beside(target, self._files))
        if meant:
            reason = N_("找不到 “%(name)s”，是不是 “%(meant)s”？")
            self._problems.error(path, place, reason, name=name, meant=meant)
        else:
            self._problems.error(path, place, N_("找不到 “%(name)s”。"), name=name)

    def _measure_large(self, path: str, place: Place, target: str, file: Path) -> media.Measured | None:
        try:
            self._measured[target] = media.measure_large(file, target)
        except media.Unfit as unfit:
            self._problems.error(path, place, unfit.reason, **unfit.values)
        except OSError as error:
            self._problems.error(path, place, UNREADABLE, why=error.strerror or "?")
        return self._measured.get(target)

    def _measure(self, path: str, place: Place, target: str) -> media.Measured | None:
        if target not in self._measured:
            self._measured[target] = None
            try:
                self._measured[target] = media.measure(self._folder, target)
            except media.Unfit as unfit:
                self._problems.error(path, place, unfit.reason, **unfit.values)
            except OSError as error:
                self._problems.error(target, (1, 1), UNREADABLE, why=error.strerror or "?")
        return self._measured[target]


def _split(href: str) -> SplitResult | None:
    try:
        return urlsplit(href)
    except ValueError:
        return None


def _join(path: str, relative: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(relative)))


def _names_beside(target: str, files: frozenset[str]) -> list[str]:
    folder = posixpath.dirname(target)
    return [posixpath.basename(file) for file in files if posixpath.dirname(file) == folder]
