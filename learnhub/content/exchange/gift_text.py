"""The texts of a GIFT file: escapes, format marks, and HTML or Markdown reduced to the words that they show.

What is reduced shows the same words as in Moodle; what would lose or change them (a picture, a link, raised digits, a
formula) raises `Refusal`.
"""

import html
import re

from learnhub.content.exchange.drafts import paragraphs
from learnhub.core.text import N_

FORMATS = ("html", "moodle", "plain", "markdown")
# What Moodle takes for the format of a text in which none is named.
USUAL = "moodle"

_ESCAPE = re.compile(r"\\([~=#{}:\\n])")
# While a question is taken apart an escaped character is kept from being taken for a mark.
_HIDDEN = {character: chr(0xF700 + place) for place, character in enumerate("~=#{}:\\n")}
_SHOWN = str.maketrans({hidden: "\n" if character == "n" else character for character, hidden in _HIDDEN.items()})

_FORMAT = re.compile(r"\s*\[(?P<name>[A-Za-z]+)\]")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ATTRIBUTES = r"""(?:\s+[a-zA-Z-]+(?:\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+))?)*\s*/?"""
_LINE_TAG = re.compile(rf"</?(?:p|br|div|h[1-6]){_ATTRIBUTES}>", re.IGNORECASE)
_WORD_TAG = re.compile(rf"</?(?:b|i|u|em|strong|span|font|small|big|mark|code){_ATTRIBUTES}>", re.IGNORECASE)
_ANY_TAG = re.compile(r"<[/!?a-zA-Z]")
_HIDING_STYLE = re.compile(r"<[^<>]*\bstyle\s*=[^<>]*(?:display|visibility|line-through|vertical-align)", re.IGNORECASE)
_FORMULA = re.compile(r"\$\$|\\[(\[]")
_EMPHASIS = re.compile(r"(?P<mark>\*\*|\*|(?<!_)_(?!_))(?P<words>[^*_\n]+)(?P=mark)")
_GAP = re.compile(r"_{2,}")
_MARKDOWN = re.compile(
    r"[*_`\\\[\]]|^\s*(?:[-+>#|]|\d{1,9}[.)]\s)|^ {4}|^\t|(?:^|\n)\s*[-=]{2,}\s*(?:$|\n)", re.MULTILINE
)


class Refusal(Exception):
    """A question that cannot be read to the meaning it has in Moodle; `reason` is a message id."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


def hide_escapes(row: str) -> str:
    """`row` with each escaped character as one that no mark is mistaken for."""
    return _ESCAPE.sub(lambda match: _HIDDEN[match[1]], row)


def show_escapes(text: str) -> str:
    """The characters that were escaped, as they are shown."""
    return text.translate(_SHOWN)


def take_format(text: str, usual: str = USUAL) -> tuple[str, str]:
    """The format that `text` names at its beginning, else the `usual` one, and the text without that mark.

    Raises Refusal for a name in capitals, which Moodle would show as text.
    """
    match = _FORMAT.match(text)
    if match is None or match["name"].lower() not in FORMATS:
        return usual, text
    if match["name"] not in FORMATS:
        raise Refusal(N_("格式标记 “%(text)s” 要用小写字母。"), text=match.group().strip())
    return match["name"], text[match.end() :]


def reduce_text(text: str, usual: str = USUAL) -> str:
    """The words of a text of a question, one paragraph a line; raises Refusal when words alone would mislead."""
    form, rest = take_format(text, usual)
    shown = show_escapes(rest)
    if form == "plain":
        return paragraphs(shown)
    if _FORMULA.search(shown):
        raise Refusal(N_("这里有公式，只用文字放不下：%(text)s"), text=shown)
    if form == "markdown":
        shown = _reduce_markdown(shown)
    if form == "html":
        shown = " ".join(shown.split())
    return paragraphs(_reduce_html(shown))


def _reduce_html(text: str) -> str:
    if _HIDING_STYLE.search(text):
        raise Refusal(N_("HTML 里的格式有意思在内，只用文字放不下：%(text)s"), text=text)
    words = _WORD_TAG.sub("", _LINE_TAG.sub("\n", _COMMENT.sub("", text)))
    if _ANY_TAG.search(words):
        raise Refusal(N_("HTML 里有图片、链接、表格、上下标等，只用文字放不下：%(text)s"), text=text)
    return html.unescape(words)


def _reduce_markdown(text: str) -> str:
    words = _EMPHASIS.sub(lambda match: match["words"], text)
    if _MARKDOWN.search(_GAP.sub("", words)):
        raise Refusal(N_("Markdown 里有列表、链接等格式，只用文字放不下：%(text)s"), text=text)
    return re.sub(r"(?<!\n)\n(?!\n)", " ", words)
