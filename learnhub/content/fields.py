"""Front matter read against a closed list of keys: what is missing, unknown or mistyped becomes a problem."""

import re
from decimal import Decimal

from learnhub.content.parse import Node, Place, Source
from learnhub.content.problems import Problems, nearest
from learnhub.content.schema import Basis
from learnhub.core.text import N_

LONGEST = 500
LONGEST_TITLE = 100
MOST_HOURS = 400
MOST_MINUTES = 300
_NUMBER = re.compile(r"\d{1,4}(\.\d{1,4})?")
_EMPTY = frozenset({"", "~", "null"})


class Fields:
    """The front matter of one file. Every reader notes what is wrong and returns something harmless in its place."""

    def __init__(self, source: Source, known: tuple[str, ...], problems: Problems) -> None:
        self._source = source
        self._problems = problems
        self._unknown(source.front, known)

    def title(self) -> str:
        """The title, which must be there."""
        title = self.text("title")
        if len(title) > LONGEST_TITLE:
            self._error(self.place("title"), N_("标题太长（最多 %(limit)s 个字）。"), limit=LONGEST_TITLE)
        return title

    def text(self, key: str) -> str:
        """A text that must be there."""
        text = self.optional(key)
        if not text and not self._has(key):
            self._error((1, 1), N_("缺少 “%(key)s”。"), key=key)
        elif not text and isinstance(self._node(key).value, str):
            self._error(self.place(key), N_("“%(key)s” 是空的。"), key=key)
        return text

    def optional(self, key: str) -> str:
        """A text, empty when it is not there."""
        return self._string(self._node(key), key) if self._has(key) else ""

    def quarters(self, key: str) -> int:
        """Credit hours, in quarters: 1.5 gives 6. 依据：学时登记以四分之一学时为单位。"""
        text = self.text(key)
        if not text:
            return 1
        quarters = Decimal(text) * 4 if _NUMBER.fullmatch(text) else Decimal(0)
        if quarters != int(quarters) or not 0 < quarters <= MOST_HOURS * 4:
            self._error(
                self.place(key), N_("学时 “%(text)s” 不对：应当是 0.25 的整数倍，例如 0.5、2、3.75。"), text=text
            )
            return 1
        return int(quarters)

    def minutes(self, key: str) -> int:
        """Whole minutes, at least one."""
        text = self.text(key)
        if text and not (text.isascii() and text.isdigit() and 0 < int(text[:6]) <= MOST_MINUTES):
            self._error(self.place(key), N_("分钟数 “%(text)s” 不对：应当是整数，例如 2。"), text=text)
            return 1
        return int(text or "1")

    def web_link(self, key: str) -> str | None:
        """An https address, or None when it is not there."""
        return self._https(self._node(key), key) if self._has(key) else None

    def basis(self, key: str, *, required: bool) -> tuple[Basis, ...]:
        """A list of bases (依据): plain texts, or `text:` with an optional `link:`."""
        if not self._has(key):
            if required:
                self._error((1, 1), N_("缺少 “%(key)s”。"), key=key)
            return ()
        node = self._node(key)
        items = node.value if isinstance(node.value, list) else [node]
        found = [self._one_basis(item, key) for item in items]
        return tuple(basis for basis in found if basis)

    def one_of(self, key: str, known: tuple[str, ...]) -> str:
        """One of the `known` words, empty when the key is not there."""
        return self._known(self._node(key), key, known) if self._has(key) else ""

    def several_of(self, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
        """Some of the `known` words, each once, in their own order; a single one needs no list."""
        if not self._has(key):
            return ()
        node = self._node(key)
        items = node.value if isinstance(node.value, list) else [node]
        named = {self._known(item, key, known) for item in items}
        return tuple(word for word in known if word in named)

    def entries(self, key: str, known: tuple[str, str]) -> tuple[tuple[Place, str, str], ...]:
        """A list of what `known` names first, each with its place and what `known` names second, if it is there."""
        if not self._has(key):
            return ()
        node = self._node(key)
        items = node.value if isinstance(node.value, list) else [node]
        return tuple(entry for item in items if (entry := self._entry(item, known)))

    def _entry(self, item: Node, known: tuple[str, str]) -> tuple[Place, str, str] | None:
        first, second = known
        if not isinstance(item.value, dict):
            text = self._string(item, first)
            return (item.place, text, "") if text else None
        self._unknown(item, known)
        if first not in item.value:
            self._error(item.place, N_("缺少 “%(key)s”。"), key=first)
            return None
        wanted, beside = item.value[first], item.value.get(second)
        return wanted.place, self._string(wanted, first), self._string(beside, second) if beside else ""

    def place(self, key: str) -> Place:
        """Where the value of `key` stands, or the top of the file."""
        return self._node(key).place if self._has(key) else (1, 1)

    def _one_basis(self, item: Node, key: str) -> Basis | None:
        if not isinstance(item.value, dict):
            text = self._string(item, key)
            return Basis(text=text) if text else None
        self._unknown(item, ("text", "link"))
        if "text" not in item.value:
            self._error(item.place, N_("缺少 “%(key)s”。"), key="text")
            return None
        text = self._string(item.value["text"], "text")
        link = self._https(item.value["link"], "link") if "link" in item.value else None
        return Basis(text=text, link=link)

    def _known(self, node: Node, key: str, known: tuple[str, ...]) -> str:
        text = self._string(node, key)
        if text in known:
            return text
        meant = nearest(text, known)
        if meant:
            reason = N_("“%(key)s” 里没有 “%(text)s”，是不是想写 “%(meant)s”？")
            self._error(node.place, reason, key=key, text=text, meant=meant)
        elif isinstance(node.value, str):
            reason = N_("“%(key)s” 里没有 “%(text)s”；这里可以写：%(known)s。")
            self._error(node.place, reason, key=key, text=text, known="、".join(known))
        return ""

    def _unknown(self, node: Node, known: tuple[str, ...]) -> None:
        for key in node.value:
            if key in known:
                continue
            meant = nearest(key, [name for name in known if name not in node.value])
            if meant:
                self._error(node.keys[key], N_("不认识 “%(key)s”，是不是想写 “%(meant)s”？"), key=key, meant=meant)
            else:
                reason = N_("不认识 “%(key)s”；这里可以写：%(known)s。")
                self._error(node.keys[key], reason, key=key, known=", ".join(known))

    def _string(self, node: Node, key: str) -> str:
        if not isinstance(node.value, str):
            self._error(node.place, N_("“%(key)s” 应当是一段文字。"), key=key)
            return ""
        text = " ".join(node.value.split())
        if len(text) > LONGEST:
            self._error(node.place, N_("“%(key)s” 太长（最多 %(limit)s 个字）。"), key=key, limit=LONGEST)
        return "" if text in _EMPTY else text

    def _https(self, node: Node, key: str) -> str | None:
        text = self._string(node, key)
        if re.fullmatch(r"https?://[^\s\"'<>\\]+", text):
            return text
        self._error(node.place, N_("网址 “%(text)s” 不对，应当以 https:// 开头。"), text=text)
        return None

    def _node(self, key: str) -> Node:
        node: Node = self._source.front.value[key]
        return node

    def _has(self, key: str) -> bool:
        return key in self._source.front.value

    def _error(self, place: Place, reason: str, **values: object) -> None:
        self._problems.error(self._source.path, place, reason, **values)
