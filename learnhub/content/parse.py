"""A content file's text, taken apart: front matter with the place of every value, and the body.

Front matter is read from YAML events: every scalar stays the text its author wrote (no `no` that becomes false),
nothing is nested deeper than the schema asks for, and aliases, of which YAML bombs are made, are refused.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from learnhub.content.problems import UNREADABLE, Problems
from learnhub.core.text import N_

LARGEST = 256 * 1024
LONGEST_FRONT = 16 * 1024
DEEPEST = 3
# Control characters (the Markdown engine uses some for itself) and private use (造字).
UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ue000-\uf8ff\ufffe\uffff\U000f0000-\U0010ffff]")
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Node:
    """A YAML value and where it stands: a str, a list of nodes or a mapping of nodes with the places of its keys."""

    value: Any
    place: Place
    keys: Mapping[str, Place] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its path under the content folder, its front matter, its body and the line on which the body starts."""

    path: str
    front: Node
    body: str
    first_line: int

    def at(self, needle: str, start: int = 0) -> Place:
        """Line and column of `needle`, searched in the body from `start`; the body's first line when it is absent."""
        offset = self.body.find(needle, start) if needle else -1
        if offset < 0:
            return self.first_line, 1
        before = self.body[:offset]
        return self.first_line + before.count("\n"), offset - before.rfind("\n")


class _Refused(Exception):
    def __init__(self, reason: str, place: Place, **values: object) -> None:
        super().__init__(reason)
        self.reason, self.place, self.values = reason, place, values


def read(folder: Path, path: str, problems: Problems) -> Source | None:
    """Read and take apart one file. What is wrong goes to `problems`; None when nothing can be made of it."""
    try:
        text = _text(folder / path)
        front, body, first_line = _split(text)
        root = _mapping(front)
    except _Refused as refusal:
        problems.error(path, refusal.place, refusal.reason, **refusal.values)
        return None
    except OSError as error:
        problems.error(path, (1, 1), UNREADABLE, why=error.strerror or "?")
        return None
    return Source(path, root, body, first_line)


def _text(file: Path) -> str:
    with file.open("rb") as stream:
        raw = stream.read(LARGEST + 1)
    if len(raw) > LARGEST:
        raise _Refused(N_("文件太大（超过 %(limit)s KB），请拆成几课。"), (1, 1), limit=LARGEST // 1024)
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _Refused(N_("文件不是 UTF-8 编码，请另存为 UTF-8。"), (line, 1)) from None
    if bad := UNSHOWABLE.search(text):
        before = text[: bad.start()]
        place = before.count("\n") + 1, bad.start() - before.rfind("\n")
        raise _Refused(N_("文件里有别的电脑显示不了的字符（造字或控制字符）。"), place)
    return text


def _split(text: str) -> tuple[str, str, int]:
    if not text.startswith("---\n"):
        return "", text, 1
    end = text.find("\n---\n", 3)
    if end < 0 and text.endswith("\n---"):
        end = len(text) - 4
    if end < 0:
        raise _Refused(N_("开头的 “---” 没有配对的 “---” 结尾。"), (1, 1))
    front = text[4 : end + 1]
    if len(front) > LONGEST_FRONT:
        raise _Refused(N_("“---” 之间的内容太长。"), (1, 1))
    return front, text[end + 5 :], front.count("\n") + 3


def _mapping(front: str) -> Node:
    try:
        root = _Builder(front).root()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = (mark.line + 2, mark.column + 1) if mark else (2, 1)
        raise _Refused(N_("这一行的写法不对，应当是 “名称: 内容”。内容里有冒号时请加引号。"), place) from None
    if root is None:
        return Node({}, (1, 1))
    if not isinstance(root.value, dict):
        raise _Refused(N_("“---” 之间应当一行一项，写成 “名称: 内容”。"), (2, 1))
    return root


class _Builder:
    """Builds nodes from YAML events, keeping marks. Lines are counted in the file, whose first line is `---`."""

    def __init__(self, front: str) -> None:
        self._events = yaml.parse(front, Loader=_Loader)

    def root(self) -> Node | None:
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                return self._node(event, 0)
        return None

    def _node(self, event: Any, depth: int) -> Node:
        place = (event.start_mark.line + 2, event.start_mark.column + 1)
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise _Refused(N_("这里不能用 YAML 的引用（& 和 *）；文字里有这些符号时请加引号。"), place)
        if isinstance(event, yaml.ScalarEvent):
            return Node(event.value, place)
        if depth >= DEEPEST:
            raise _Refused(N_("这里嵌套得太深。"), place)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node([self._node(item, depth + 1) for item in self._until(yaml.SequenceEndEvent)], place)
        return self._map(place, depth)

    def _map(self, place: Place, depth: int) -> Node:
        values: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for event in self._until(yaml.MappingEndEvent):
            key = self._node(event, DEEPEST)
            if key.value in values:
                raise _Refused(N_("“%(key)s” 写了两遍。"), key.place, key=key.value)
            keys[key.value] = key.place
            values[key.value] = self._node(next(self._events), depth + 1)
        return Node(values, place, keys)

    def _until(self, end: type[Any]) -> Iterator[Any]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event
