"""What a single line of a Word-style question file is: a heading, a number, a tag, an option, an answer, an explanation."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from learnhub.content.schema import Kind

# What a heading or a tag says of the questions below it; 选择 and 不定项 leave it to the answer how many are right.
_KINDS: dict[str, Kind | None] = {
    "单选": Kind.SINGLE,
    "单项": Kind.SINGLE,
    "多选": Kind.MULTIPLE,
    "多项": Kind.MULTIPLE,
    "不定项": None,
    "选择": None,
    "判断": Kind.TRUE_FALSE,
    "是非": Kind.TRUE_FALSE,
    "填空": Kind.BLANK,
    "排序": Kind.ORDERING,
    "连线": Kind.MATCHING,
    "配对": Kind.MATCHING,
}
_FREE = ("简答", "问答", "论述", "名词解释", "案例分析", "材料分析", "写作", "计算")
_KIND_WORDS = re.compile("|".join((*_KINDS, *_FREE)))
_KIND_NAME = rf"(?:{'|'.join((*_KINDS, *_FREE))})(?:选择)?"

_NUMERAL = "[一二三四五六七八九十]{1,3}"
_SECTION = re.compile(
    rf"\s*(?:{_NUMERAL}\s*[、.．]|[（(]{_NUMERAL}[)）]|第(?:{_NUMERAL}|\d{{1,2}})(?:部分|大题|单元|[章节篇])\s*[:：、.．]?)\s*(?P<name>.*)"
)
_BARE_SECTION = re.compile(rf"\s*[【\[（(]?(?P<name>{_KIND_NAME}题?)[】\]）)]?\s*(?:[（(][^()（）]*[)）])?\s*[:：]?\s*")
_TAG = rf"[【\[（(]\s*(?P<name>{_KIND_NAME}题?)?\s*[，,、；;:：]?\s*(?:(?:本题|每题|共)?\s*(?P<score>\d+(?:\.\d+)?\s*分))?\s*[】\]）)]"
_TAG_BEFORE, _TAG_AFTER = re.compile(rf"\s*{_TAG}\s*"), re.compile(rf"\s*{_TAG}\s*$")
_NUMBER = re.compile(
    r"\s*(?:[（(]\s*(?P<lead>[A-Z]{1,8}|√|×|✓|✔|✗|✘|对|错)?\s*[)）]\s*(?=\d{1,4}\s*[.、．]))?"
    r"(?:第\s*(?P<a>\d{1,4}|[一二三四五六七八九]?十?[一二三四五六七八九]|[一二三四五六七八九]?十)\s*题\s*[.、．:：]?|[（(]\s*(?P<b>\d{1,4})\s*[)）]|(?P<c>\d{1,4})\s*[.、．)）:：](?!\d))\s*(?P<rest>.*)"
)
_OPTION = re.compile(
    r"(?:^|(?<=[\s）)。；;，,”》\d\u4e00-\u9fff]))(?:[（(]\s*(?P<a>[A-Za-z])\s*[)）]|(?P<b>[A-Za-z])\s*[.、．:：)）])\s*"
)
_ALL_INLINE = re.compile(
    r"(?:^|[\s）)？?。:：])(?:[（(]A[)）]|A\s*[.、．]).*[^A-Za-z](?:[（(]B[)）]|B\s*[.、．])"
    r"|(?:^|[\s）)？?])(?:[（(]a[)）]|a\s*[.、．]).*\s(?:[（(]b[)）]|b\s*[.、．])"
)
ANSWER = re.compile(
    r"\s*[【\[（(]\s*(?:正确|参考|标准)?答案\s*[】\]）)]\s*[:：]?(?P<boxed>.*)"
    r"|\s*(?:(?:正确|参考|标准)?答案|答)\s*[:：](?P<text>.*)"
    r"|\s*(?:正确|参考|标准)?答案\s+(?P<bare>\S.*)"
)
WHY = re.compile(
    r"\s*[【\[（(]\s*(?:试题|答案)?(?:解析|解释|依据|出处|说明)\s*[】\]）)]\s*[:：]?(?P<boxed>.*)"
    r"|\s*(?:试题|答案)?(?:解析|解释|依据|出处|说明)\s*[:：](?P<text>.*)"
)
_INLINE_ANSWER = re.compile(
    r"(?<=\S)(?<!正确)(?<!参考)(?<!标准)\s*(?=[【\[（(]\s*(?:正确|参考|标准)?答案\s*[】\]）)]|(?:正确|参考|标准)?答案\s*[:：])"
)
_NUMBER_ALONE = re.compile(r"\s*(?:第\s*\d{1,4}\s*题|\d{1,4})\s*[.、．)）:：]?\s*")
_ANSWERS_HEADING = re.compile(
    r"[\s【\[]*(?:附\s*[:：]?)?\s*(?:参考|标准|正确|试题)?答案(?:\s*(?:和|与|及|、)?\s*(?:解析|详解))?[\s】\]]*(?P<colon>[:：]?)\s*"
)
_WIDE = str.maketrans(
    {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a part: what its questions are; `is_known` when its words say so."""

    name: str
    kind: Kind | None
    is_free: bool
    is_known: bool


@dataclass(frozen=True, slots=True)
class NumberedLine:
    """The number a line begins with, how it is written (第1题, (1) or 1.), the answer before it, and the rest."""

    number: int
    style: str
    lead: str
    rest: str


def read_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, by number, letters and digits in their usual width; an answer behind a question or an
    option is a line of its own."""
    for number, line in enumerate(text.translate(_WIDE).split("\n"), 1):
        head, *rest = _INLINE_ANSWER.split(line)
        # Behind a number alone it is an answer in a list of them.
        for part in [line] if _NUMBER_ALONE.fullmatch(head) else [head, *rest]:
            if part.strip():
                yield number, part.strip()


def read_heading(line: str) -> Heading | None:
    """The heading of a part, or None."""
    match = _SECTION.fullmatch(line) or _BARE_SECTION.fullmatch(line)
    return _heading(match["name"].strip()) if match else None


def _heading(name: str) -> Heading:
    word = _KIND_WORDS.search(name)
    is_free = word is not None and word.group() in _FREE
    return Heading(name, _KINDS.get(word.group()) if word else None, is_free, word is not None)


def is_answers_heading(line: str) -> tuple[bool, bool]:
    """Whether the answers to all questions may follow, and whether that is certain: a colon may begin a single one."""
    match = _ANSWERS_HEADING.fullmatch(line)
    return match is not None, match is not None and not match["colon"] and "【" not in line


def read_number(line: str) -> NumberedLine | None:
    """The number at the beginning of a line; alone it counts only as 第1题."""
    tag = _TAG_BEFORE.match(line)
    if tag and tag["name"] and (numbered := read_number(line[tag.end() :])):
        return replace(numbered, rest=f"{tag.group().strip()} {numbered.rest}")
    match = _NUMBER.fullmatch(line)
    if match is None or not (match["rest"] or match["a"]):
        return None
    style = "a" if match["a"] else "b" if match["b"] else "c"
    return NumberedLine(_read_numeral(match[style]), style, match["lead"] or "", match["rest"].strip())


def _read_numeral(text: str) -> int:
    """A number in digits, or one up to ninety-nine in Chinese numerals."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    digits = "零一二三四五六七八九"
    return (10 * (digits.index(tens) if tens else 1) if ten else 0) + (digits.index(ones) if ones else 0)


def take_tags(rest: str) -> tuple[str, Heading | None]:
    """`rest` without what it says of its kind and score (【多选题】, (填空题，2.0分)) before and after, and what that was."""
    tag = None
    for pattern in (_TAG_BEFORE, _TAG_AFTER):
        match = pattern.match(rest) if pattern is _TAG_BEFORE else pattern.search(rest)
        if match and (match["name"] or match["score"]):
            tag = _heading(match["name"]) if match["name"] else tag
            rest = f"{rest[: match.start()]} {rest[match.end() :]}".strip()
    return rest, tag


def split_inline_options(rest: str) -> tuple[str, list[str]]:
    """The stem and the options that stand on its line."""
    inline = _ALL_INLINE.search(rest)
    if inline is None:
        return rest, []
    begin = inline.start() + (rest[inline.start()] in "）)？?。:：")
    options = list(read_options(rest[begin:].strip(), 0))
    return (rest[:begin].strip(), options) if len(options) > 1 else (rest, [])


def read_options(line: str, known: int) -> Iterator[str]:
    """The options that begin in `line`, when they go on from the `known` ones in the order of the letters."""
    starts: list[tuple[int, int]] = []
    for match in _OPTION.finditer(line):
        letter = (match["a"] or match["b"]).upper()
        if ord(letter) - ord("A") == known + len(starts) and (starts or match.start() == 0):
            starts.append((match.start(), match.end()))
    for place, (_, begin) in enumerate(starts):
        end = starts[place + 1][0] if place + 1 < len(starts) else len(line)
        text = line[begin:end].strip()
        # Between options on one line a semicolon only parts them.
        yield text.rstrip("；;") if len(starts) > 1 else text
