"""From tree to page: links and pictures resolved, headings given anchors, the result sanitised, once per version."""

import copy
import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass

import nh3

from learnhub.content.links import Links
from learnhub.content.parse import Source
from learnhub.content.problems import Problems, nearest
from learnhub.content.schema import Heading
from learnhub.content.tree import Trees
from learnhub.core.text import N_

NOTICES = {N_("要点"): "point", N_("案例"): "case", N_("思考题"): "think"}

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    {*_HEADINGS, "p", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "table", "thead", "tbody", "tr", "th", "td"}
    | {"figure", "figcaption", "aside", "div", "pre", "hr"}
)
_HEADING_END = re.compile(r"\s*\{\s*#(?P<id>[^\s{}]+)(?P<kind>\s+\.[a-z]+)?\s*\}\s*$")
_BRACES = re.compile(r"\{[#.][^{}]*\}\s*$")
_ANCHOR = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NO_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]")
_CJK = r"[\u2e80-\u9fff\u3000-\u303f\uff00-\uffef\u2018-\u201d\U00020000-\U0003ffff]"
_CHINESE = re.compile(_CJK)
_SOFT_BREAK = re.compile(rf"(?<={_CJK})\n(?={_CJK})")
_FIRST_BREAK = re.compile(rf"^\n(?={_CJK})")
# What is written otherwise in HTML, or what the engine put in place of something.
_NEEDS_CARE = re.compile(r"[&<>\xa0\x02\x03]")
_TAG = re.compile(r"<[^>]*>")

_CLEANER = nh3.Cleaner(
    tags=set(_BLOCKS - {"h1"}) | {"a", "img", "strong", "em", "code", "br", "sup"},
    attributes={
        "a": {"href", "rel", "title", "id"},
        "img": {"src", "alt", "width", "height", "loading"},
        "th": {"scope"},
        "div": {"role", "tabindex", "aria-label"},
        "ol": {"start"},
    }
    | {tag: {"id"} for tag in ("h2", "h3", "h4", "h5", "h6", "li", "sup")},
    allowed_classes={
        "a": {"footnote-ref", "footnote-backref"},
        "aside": {"notice", *(f"notice-{kind}" for kind in NOTICES.values())},
        "p": {"notice-title"},
        "div": {"scroll", "footnote"},
        "table": {"table"},
        "th": {"num", "mid"},
        "td": {"num", "mid"},
    },
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page: safe HTML, plain text, the outline of its headings, and the title when the body begins with one."""

    html: str
    text: str
    outline: tuple[Heading, ...]
    title: str


@dataclass(frozen=True, slots=True)
class HeadingMark:
    """What stands in braces after a heading: `{#id .order}`."""

    id: str
    kind: str


class Renderer:
    """Renders the files of one folder; keeps nothing of one file for the next but the engine."""

    def __init__(self, trees: Trees, links: Links, problems: Problems) -> None:
        self.trees = trees
        self._links = links
        self._problems = problems
        self._polish: dict[str, Callable[[Source, ET.Element], None]] = {
            "a": self._link,
            "img": self._picture,
            "pre": self._code,
            "p": self._paragraph,
            "div": self._notice,
        }

    def page(self, source: Source, prefix: str = "") -> Rendered:
        """Render a body. `prefix` goes before every id, for pages made of several files."""
        root = self.trees.tree(source)
        title = self.take_title(source, root)
        self.polish(source, root)
        outline = self._anchors(source, root, prefix)
        if prefix:
            _prefix_footnotes(root, prefix)
        safe = self.clean(root)
        return Rendered(safe, plain(safe), outline, title)

    def clean(self, element: ET.Element) -> str:
        """The safe HTML inside `element`."""
        if not len(element) and not _NEEDS_CARE.search(element.text or ""):
            return (element.text or "").strip()  # words alone, as most options are, are what they are
        wrapper = copy.copy(element)
        wrapper.tag, wrapper.tail = "div", None
        wrapper.attrib = {}
        raw = self.trees.html(wrapper)
        return _CLEANER.clean(raw[raw.index(">") + 1 : raw.rindex("</")]).strip()

    def polish(self, source: Source, root: ET.Element) -> None:
        """Resolve links and pictures, and give tables, figures and notices their final form, in place."""
        tables = 0
        for parent in list(root.iter()):
            self._texts(source, parent)
            for place, child in enumerate(list(parent)):
                if child.tag == "table":
                    tables += 1
                    parent[place] = _scrolling(child, tables)
                elif child.tag in self._polish:
                    self._polish[child.tag](source, child)

    def mark(self, source: Source, heading: ET.Element) -> HeadingMark | None:
        """Take `{#id .kind}` off a heading; None when there is none. A malformed one is a problem."""
        last = heading[-1] if len(heading) else None
        text = (heading.text if last is None else last.tail) or ""
        match = _HEADING_END.search(text)
        if match is None:
            if _BRACES.search(text):
                self._problems.error(source.path, source.at(text.strip()), N_("标题后面应当写成 {#编号}。"))
            return None
        kept = text[: match.start()]
        if last is None:
            heading.text = kept
        else:
            last.tail = kept
        if not _ANCHOR.fullmatch(match["id"]):
            reason = N_("编号 “%(id)s” 只能用小写字母、数字和连字符。")
            self._problems.error(source.path, source.at("#" + match["id"]), reason, id=match["id"])
            return None
        return HeadingMark(match["id"], (match["kind"] or "").strip(" ."))

    def take_title(self, source: Source, root: ET.Element) -> str:
        """Take the first-level heading off a tree: its words, or nothing. One too many is a problem."""
        title = ""
        for place, heading in enumerate([child for child in root if child.tag == "h1"]):
            words = "".join(heading.itertext())
            if place or "title" in source.front.value:
                self._problems.error(
                    source.path, source.at(words), N_("一级标题（#）只有一个，就是本文的标题；文中的小标题用 ## 。")
                )
            title = title or words.strip()
            root.remove(heading)
        return title

    def _anchors(self, source: Source, root: ET.Element, prefix: str) -> tuple[Heading, ...]:
        outline: list[Heading] = []
        seen: set[str] = set()
        above = 1
        for heading in (element for element in root.iter() if element.tag in _HEADINGS):
            mark = self.mark(source, heading)
            anchor = mark.id if mark else f"s{len(outline) + 1}"
            words = "".join(heading.itertext()).strip()
            if anchor in seen:
                self._problems.error(source.path, source.at(words), N_("编号 “%(id)s” 用了两次。"), id=anchor)
            level = _HEADINGS[heading.tag]
            if level > above + 1:
                self._problems.warn(source.path, source.at(words), N_("标题跳了一级，请从 ## 起逐级往下写。"))
            seen.add(anchor)
            above = level
            full = f"{prefix}-{anchor}" if prefix else anchor
            heading.set("id", full)
            outline.append(Heading(level=level, id=full, text=words))
        self._links.anchors(source.path, frozenset(seen))
        return tuple(outline)

    def _texts(self, source: Source, element: ET.Element) -> None:
        if element.tag == "code":
            return
        for text in (element.text, element.tail):
            if text and "[^" in text and (missing := _NO_FOOTNOTE.search(text)):
                reason = N_("脚注 %(note)s 没有写内容。")
                self._problems.error(source.path, source.at(missing.group()), reason, note=missing.group())
        # Most text has no break inside; looking for one costs less than the patterns.
        if element.text and "\n" in element.text:
            element.text = _SOFT_BREAK.sub("", element.text)
        if element.tail and "\n" in element.tail:
            inline = element.tag not in _BLOCKS and element.tag != "br"
            element.tail = _SOFT_BREAK.sub("", _FIRST_BREAK.sub("", element.tail) if inline else element.tail)
        if element.tag in _BLOCKS and not (element.tail or "").strip():
            element.tail = "\n"

    def _code(self, source: Source, block: ET.Element) -> None:
        """A paragraph that was indented, as one does on paper, has become code."""
        first = "".join(block.itertext()).strip().partition("\n")[0]
        if _CHINESE.search(first):
            reason = N_("这一段缩进了四格，会显示成代码；正文请顶格写，段首不用空格。")
            self._problems.warn(source.path, source.at(first), reason)

    def _link(self, source: Source, link: ET.Element) -> None:
        href = html.unescape(link.get("href", ""))
        if "footnote" in link.get("class", ""):
            return
        if not "".join(link.itertext()).strip() and not len(link):
            self._problems.error(source.path, source.at(href), N_("链接没有文字。"))
        target = self._links.link(source.path, source.at(href), href)
        link.attrib = {"href": target} if target else {}
        if target and re.match(r"https?:", target):
            link.set("rel", "noopener noreferrer")

    def _picture(self, source: Source, image: ET.Element) -> None:
        src, place = image.get("src", ""), source.at(image.get("src", ""))
        if not image.get("alt", "").strip():
            self._problems.error(source.path, place, N_("图片 “%(src)s” 没有说明文字，请写在 ![ ] 里。"), src=src)
        picture = self._links.picture(source.path, place, src)
        image.set("src", picture.url if picture else "")
        image.set("loading", "lazy")
        if picture and picture.size:
            image.set("width", str(picture.size[0]))
            image.set("height", str(picture.size[1]))

    def _paragraph(self, _source: Source, paragraph: ET.Element) -> None:
        if _is_figure(paragraph):
            _make_figure(paragraph)

    def _notice(self, source: Source, block: ET.Element) -> None:
        if "admonition" not in block.get("class", ""):
            return
        name = block.get("class", "").replace("admonition", "").strip()
        kind = NOTICES.get(name)
        if kind is None:
            meant = nearest(name, NOTICES) or ", ".join(NOTICES)
            reason = N_("不认识 “!!! %(name)s”，是不是想写 “%(meant)s”？")
            self._problems.error(source.path, source.at(f"!!! {name}"), reason, name=name, meant=meant)
        block.tag = "aside"
        block.set("class", f"notice notice-{kind}")
        for title in block[:1]:
            title.set("class", "notice-title")


def plain(safe: str) -> str:
    """The words of sanitised HTML, one block a line."""
    lines = html.unescape(_TAG.sub("", safe)).replace("\xa0↩", "").split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())


def _scrolling(table: ET.Element, number: int) -> ET.Element:
    """A table that scrolls by itself on a narrow screen, and by keyboard."""
    box = ET.Element("div", {"class": "scroll", "tabindex": "0", "role": "region"})
    box.set("aria-label", N_("表格") + f" {number}")
    box.tail, table.tail = "\n", None
    table.set("class", "table")
    for cell in table.iter():
        align = cell.attrib.pop("style", "")
        if cell.tag == "th":
            cell.set("scope", "col")
        if "right" in align or "center" in align:
            cell.set("class", "num" if "right" in align else "mid")
    box.append(table)
    return box


def _is_figure(paragraph: ET.Element) -> bool:
    only = len(paragraph) == 1 and paragraph[0].tag == "img" and paragraph[0].get("title") is not None
    return only and not (paragraph.text or "").strip() and not (paragraph[0].tail or "").strip()


def _make_figure(paragraph: ET.Element) -> None:
    paragraph.tag = "figure"
    caption = ET.SubElement(paragraph, "figcaption")
    caption.text = paragraph[0].attrib.pop("title")


def _prefix_footnotes(root: ET.Element, prefix: str) -> None:
    for element in root.iter():
        if element.get("id", "").startswith("fn"):
            element.set("id", f"{prefix}-{element.get('id')}")
        if "footnote" in element.get("class", "") and element.tag == "a":
            element.set("href", f"#{prefix}-{element.get('href', '#')[1:]}")
