"""Questions out of a quiz file's tree: what kind each is, its options and key, and whether the key can be right."""

import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field

from learnhub.content.parse import Source
from learnhub.content.problems import Problems, nearest
from learnhub.content.render import Renderer, plain
from learnhub.content.schema import Kind, Option, Question, content_hash
from learnhub.content.tree import BLANK
from learnhub.core.text import N_

TRUE_FALSE = {N_("对"): "true", N_("错"): "false"}

_BOX = re.compile(r"\s*\[(?P<mark>[ xX])\]\s*")
_ALTERNATIVES = re.compile(r"\s+[|\uff5c]\s+")
_BLANK_HTML = '<span class="blank">____</span>'


@dataclass
class _Parts:
    """The pieces of one question as they stand in the file."""

    heading: ET.Element
    material: list[ET.Element] = field(default_factory=list)
    boxes: list[ET.Element] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    steps: list[ET.Element] = field(default_factory=list)
    rows: list[ET.Element] = field(default_factory=list)
    explanation: list[ET.Element] = field(default_factory=list)

    @property
    def answers(self) -> list[str]:
        """Which kinds of answer part there are."""
        parts = {"boxes": self.boxes, "written": self.written, "steps": self.steps, "rows": self.rows}
        return [name for name, items in parts.items() if items]


@dataclass(frozen=True)
class _Answer:
    kind: Kind
    options: tuple[Option, ...] = ()
    targets: tuple[Option, ...] = ()
    correct: tuple[str, ...] = ()
    blanks: tuple[tuple[str, ...], ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


def questions(source: Source, renderer: Renderer, problems: Problems, *, topics: bool = False) -> tuple[Question, ...]:
    """The questions of a quiz file, in its order; one that cannot be used is left out, with a problem.

    With `topics` first-level headings part them by topic.
    """
    return _Reader(source, renderer, problems).read(topics=topics)


class _Reader:
    def __init__(self, source: Source, renderer: Renderer, problems: Problems) -> None:
        self._source = source
        self._renderer = renderer
        self._problems = problems
        self._place = (1, 1)
        self._offset = 0
        self._ids: set[str] = set()
        self._topic = ""

    def read(self, *, topics: bool) -> tuple[Question, ...]:
        root = self._renderer.trees.tree(self._source, blanks=True)
        if not topics:
            self._renderer.take_title(self._source, root)
        self._renderer.polish(self._source, root)
        found: dict[str, Question] = {}
        for heading, body in self._sections(root):
            question = self._question(heading, body)
            if question is not None:
                found[question.id] = question
        return tuple(found.values())

    def _sections(self, root: ET.Element) -> Iterator[tuple[ET.Element, list[ET.Element]]]:
        heading: ET.Element | None = None
        body: list[ET.Element] = []
        topic = ""
        for element in root:
            if element.tag in ("h1", "h2"):
                if heading is not None:
                    self._topic = topic
                    yield heading, body
                if element.tag == "h1":
                    heading, topic = None, "".join(element.itertext()).strip()
                else:
                    heading, body = element, []
            elif heading is None:
                place = self._source.at("".join(element.itertext()).strip()[:20])
                self._problems.error(self._source.path, place, N_("这里的内容不属于任何一题；每题以 “## ” 开头。"))
            else:
                body.append(element)
        if heading is not None:
            self._topic = topic
            yield heading, body

    def _question(self, heading: ET.Element, body: list[ET.Element]) -> Question | None:
        self._go_to("".join(heading.itertext()).replace(BLANK, "___").strip())
        mark = self._renderer.mark(self._source, heading)
        if mark is None:
            self._error(N_("题目没有编号，请在题目后面写 {#编号}，例如 {#how-often}。"))
            return None
        self._go_to("{#" + mark.id)
        if mark.id in self._ids:
            self._error(N_("编号 “%(id)s” 用了两次。"), id=mark.id)
        self._ids.add(mark.id)
        parts = self._parts(heading, body, mark.kind)
        answer = self._answer(parts, mark.kind)
        if answer is None:
            return None
        stem, material = self._inner(heading), "\n".join(self._outer(element) for element in parts.material)
        explanation = "\n".join(self._inner(element) for element in parts.explanation)
        fields = {**vars(answer), "stem_html": stem, "material_html": material, "explanation_html": explanation}
        digest = content_hash(
            answer.kind.value,
            [stem, material, explanation],
            [[option.html for option in group] for group in (answer.options, answer.targets)],
            [answer.correct, answer.blanks, answer.pairs],
        )
        return Question(
            id=mark.id,
            title=plain(stem),
            topic=self._topic,
            hash=digest,
            source=self._source.path,
            line=self._place[0],
            **fields,
        )

    def _parts(self, heading: ET.Element, body: list[ET.Element], kind: str) -> _Parts:
        parts = _Parts(heading)
        for element in body:
            text = "".join(element.itertext()).strip()
            if element.tag == "blockquote":
                parts.explanation.append(element)
            elif element.tag == "ul" and any(_BOX.match(_lead(item)) for item in element):
                parts.boxes.extend(element)
            elif element.tag == "p" and text.startswith("="):
                parts.written.extend(text.split("\n"))
            elif kind == "order" and element.tag == "ol":
                parts.steps.extend(element)
            elif kind == "match" and element.tag == "div" and (rows := element.findall(".//tbody/tr")):
                parts.rows.extend(rows)
            elif parts.answers or parts.explanation:
                self._error(N_("答案后面的 “%(text)s” 不知道是什么；解析请以 “> ” 开头。"), text=text)
            else:
                parts.material.append(element)
        return parts

    def _answer(self, parts: _Parts, kind: str) -> _Answer | None:
        wanted = {"": None, "order": "steps", "match": "rows"}
        if kind not in wanted:
            meant = nearest(kind, ["order", "match"]) or "order, match"
            self._error(N_("不认识 “.%(kind)s”，是不是想写 “.%(meant)s”？"), kind=kind, meant=meant)
            return None
        answers = parts.answers
        if len(answers) != 1 or wanted[kind] not in (None, answers[0]):
            self._error(_shape_reason(kind, answers))
            return None
        read = {"boxes": self._choice, "written": self._blank, "steps": self._ordering, "rows": self._matching}
        return read[answers[0]](parts)

    def _choice(self, parts: _Parts) -> _Answer | None:
        options: list[Option] = []
        correct: list[str] = []
        for item in parts.boxes:
            box = _BOX.match(_lead(item))
            if box is None:
                self._error(N_("选项 “%(text)s” 前面没有 [ ] 或 [x]。"), text="".join(item.itertext()))
                return None
            option = self._option(_without(item, box.end()))
            options.append(option)
            if box["mark"] != " ":
                correct.append(option.key)
        if not self._fit(options) or not self._key_fits(options, correct):
            return None
        if {option.text for option in options} == set(TRUE_FALSE):
            return _true_false(options, correct)
        kind = Kind.SINGLE if len(correct) == 1 else Kind.MULTIPLE
        return _Answer(kind, options=tuple(options), correct=tuple(correct))

    def _key_fits(self, options: list[Option], correct: list[str]) -> bool:
        if not correct:
            self._error(N_("没有一个选项是对的；请把对的写成 [x]。"))
        elif len(correct) == len(options):
            self._error(N_("所有选项都是对的，这样的题没有意义。"))
        return 0 < len(correct) < len(options)

    def _blank(self, parts: _Parts) -> _Answer | None:
        count = sum("".join(element.itertext()).count(BLANK) for element in (parts.heading, *parts.material))
        lines = [line.strip().removeprefix("=").strip() for line in parts.written]
        if count == 0:
            self._error(N_("题目里没有要填的空，请用 ___ 表示。"))
        elif not all(lines) or not all(line.strip().startswith("=") for line in parts.written):
            self._error(N_("填空题的答案要一行一个，每行以 “= ” 开头，不能是空的。"))
        elif count > 1 and len(lines) != count:
            reason = N_("题目里有 %(blanks)s 个空，答案有 %(lines)s 行；每空一行，几种写法之间用 “ | ” 隔开。")
            self._error(reason, blanks=count, lines=len(lines))
        else:
            accepted = [tuple(_ALTERNATIVES.split(line)) for line in lines]
            return _Answer(Kind.BLANK, blanks=tuple(accepted) if count > 1 else (sum(accepted, ()),))
        return None

    def _ordering(self, parts: _Parts) -> _Answer | None:
        options = [self._option(item) for item in parts.steps]
        if not self._fit(options):
            return None
        by_key = sorted(options, key=lambda option: option.key)
        return _Answer(Kind.ORDERING, options=tuple(by_key), correct=tuple(option.key for option in options))

    def _matching(self, parts: _Parts) -> _Answer | None:
        if any(len(row) != 2 or not all("".join(cell.itertext()).strip() for cell in row) for row in parts.rows):
            self._error(N_("连线题的表格应当正好两列，每格都要有内容。"))
            return None
        lefts = [self._option(row[0]) for row in parts.rows]
        rights = [self._option(row[1]) for row in parts.rows]
        targets = {option.key: option for option in rights}
        if not self._fit(lefts):
            return None
        if len(targets) < 2:
            self._error(N_("连线题右边的内容都一样，这样的题没有意义。"))
            return None
        pairs = tuple((left.key, right.key) for left, right in zip(lefts, rights, strict=True))
        by_key = tuple(targets[key] for key in sorted(targets))
        return _Answer(Kind.MATCHING, options=tuple(lefts), targets=by_key, pairs=pairs)

    def _fit(self, options: list[Option]) -> bool:
        # What the eye tells apart: neither spaces nor full and half width.
        words = ["".join(unicodedata.normalize("NFKC", option.text or option.html).split()) for option in options]
        twins = sorted({word for word in words if words.count(word) > 1})
        if twins:
            self._error(N_("有两个选项一样：%(text)s"), text=twins[0])
        elif len(options) < 2:
            self._error(N_("至少要有两个选项。"))
        elif not all(words):
            self._error(N_("有一个选项是空的。"))
        return not twins and len(options) >= 2 and all(words)

    def _option(self, element: ET.Element) -> Option:
        only = len(element) == 1 and element[0].tag == "p" and not (element.text or "").strip()
        inner = self._inner(element[0] if only else element)
        return Option(key=content_hash(inner)[:10], html=inner, text=plain(inner))

    def _inner(self, element: ET.Element) -> str:
        return self._renderer.clean(element).replace(BLANK, _BLANK_HTML)

    def _outer(self, element: ET.Element) -> str:
        box = ET.Element("div")
        box.append(element)
        return self._inner(box)

    def _go_to(self, needle: str) -> None:
        """Problems from now on stand where `needle` next occurs; where it does not, where they stood."""
        found = self._source.body.find(needle, self._offset)
        if found >= 0:
            self._place, self._offset = self._source.at(needle, self._offset), found

    def _error(self, reason: str, **values: object) -> None:
        self._problems.error(self._source.path, self._place, reason, **values)


def _true_false(options: list[Option], correct: list[str]) -> _Answer:
    renamed = tuple(option.model_copy(update={"key": TRUE_FALSE[option.text]}) for option in options)
    right = tuple(new.key for old, new in zip(options, renamed, strict=True) if old.key in correct)
    return _Answer(Kind.TRUE_FALSE, options=renamed, correct=right)


def _shape_reason(kind: str, answers: list[str]) -> str:
    if kind == "order":
        return N_("排序题（.order）要有一个编号列表，按正确的顺序写，不能再有别的答案。")
    if kind == "match":
        return N_("连线题（.match）要有一个两列的表格，不能再有别的答案。")
    if answers:
        return N_("一道题只能有一种答案：选项、“= ” 开头的填空、排序或连线。")
    return N_("这道题没有答案：选项写成 “- [ ] ” 和 “- [x] ”，填空写成 “= ”。")


def _holder(item: ET.Element) -> ET.Element:
    is_loose = len(item) > 0 and item[0].tag == "p" and not (item.text or "").strip()
    return item[0] if is_loose else item


def _lead(item: ET.Element) -> str:
    return _holder(item).text or ""


def _without(item: ET.Element, length: int) -> ET.Element:
    holder = _holder(item)
    holder.text = (holder.text or "")[length:]
    return item
