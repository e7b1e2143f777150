"""What a notice says, and the shapes in which it goes out."""

import base64
import dataclasses
import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urlencode

from learnhub.notices.rules.choices import Channel

# WeCom takes 4 096 bytes of Markdown, DingTalk 20 000; what does not fit is on the page that the notice leads to.
MARKDOWN_BYTES = {Channel.WECOM: 4096, Channel.DINGTALK: 20000}


@dataclasses.dataclass(frozen=True, slots=True)
class Voice:
    """How notices say things in a person's language: words by message id, a civil day, its weekday, a time of day."""

    say: Callable[[str], str]
    day: Callable[[dt.date | dt.datetime], str]
    weekday: Callable[[dt.date | dt.datetime], str]
    time: Callable[[dt.datetime], str]
    month: Callable[[str], str]


@dataclasses.dataclass(frozen=True, slots=True)
class Item:
    """One line, and the page (`/…`, on this site) where it is done; empty when there is nothing to open."""

    words: str
    path: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """Lines under a heading: one branch, or one meeting."""

    heading: str
    items: tuple[Item, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Content:
    """A notice: its title, its sections, and what stands below them."""

    title: str
    sections: tuple[Section, ...]
    closing: tuple[Item, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As plain JSON values, for the outbox."""
        return dataclasses.asdict(self)

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Self:
        """The content that `as_json` wrote."""
        sections = tuple(Section(one["heading"], _items(one["items"])) for one in found["sections"])
        return cls(found["title"], sections, _items(found["closing"]))

    def closed(self, *closing: Item) -> Self:
        """The same with these lines below it."""
        return dataclasses.replace(self, closing=closing)


def _items(found: list[dict[str, str]]) -> tuple[Item, ...]:
    return tuple(Item(each["words"], each["path"]) for each in found)


def plain_line(words: str) -> str:
    """`words` on one line without anything that could end a header or that nothing can show."""
    return " ".join("".join(each if each.isprintable() else " " for each in words).split())


def as_text(content: Content, site: str) -> str:
    """The plain text of a mail; `site` is the site's own address, without a slash at its end."""
    lines = [content.title, ""]
    for section in content.sections:
        if section.heading:
            lines += [section.heading]
        for item in section.items:
            lines += [f"- {plain_line(item.words)}", *([f"  {site}{item.path}"] if item.path else [])]
        lines.append("")
    for item in content.closing:
        lines += [plain_line(item.words), *([f"{site}{item.path}"] if item.path else [])]
    return "\n".join(lines) + "\n"


def as_markdown(content: Content, site: str, limit: int) -> str:
    """Markdown as the robots of group chats read it, at most `limit` bytes of UTF-8; lines that do not fit are left out.

    The lines below the sections always stand: they are how to be sent nothing more.
    """
    closing = [_linked(each, site) for each in content.closing]
    free = limit - len("\n\n".join(["", *closing]).encode())
    kept: list[str] = []
    for line in [f"### {_escaped(content.title)}", *_lines(content, site)]:
        if len("\n\n".join([*kept, line]).encode()) > free:
            break
        kept.append(line)
    return "\n\n".join([*kept, *closing])


def _lines(content: Content, site: str) -> list[str]:
    found = []
    for section in content.sections:
        if section.heading:
            found.append(f"**{_escaped(section.heading)}**")
        found += [f"- {_linked(each, site)}" for each in section.items]
    return found


def _linked(item: Item, site: str) -> str:
    words = _escaped(item.words)
    return f"[{words}]({site}{item.path})" if item.path else words


def _escaped(words: str) -> str:
    """Without what Markdown of these robots would read as more than words: marks, links, mentions."""
    return re.sub(r"[\[\]()*_`#<>|\\@]", " ", plain_line(words))


def payload(channel: Channel, content: Content, site: str) -> dict[str, Any]:
    """The JSON that a robot of WeCom or DingTalk takes."""
    words = as_markdown(content, site, MARKDOWN_BYTES[channel])
    if channel is Channel.WECOM:
        return {"msgtype": "markdown", "markdown": {"content": words}}
    return {"msgtype": "markdown", "markdown": {"title": plain_line(content.title), "text": words}}


def dingtalk_query(secret: str, at: dt.datetime) -> str:
    """What a signed DingTalk robot wants at the end of its address: `&timestamp=…&sign=…`; empty without a secret.

    The signature is HMAC-SHA-256 over the milliseconds and the secret, with the secret as its key, in base 64.
    """
    if not secret:
        return ""
    stamp = str(int(at.timestamp() * 1000))
    mark = hmac.new(secret.encode(), f"{stamp}\n{secret}".encode(), hashlib.sha256).digest()
    return "&" + urlencode({"timestamp": stamp, "sign": base64.b64encode(mark).decode()})
